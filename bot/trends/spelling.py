"""How texts write a term: what finds it, the name that it goes by, and whether it is written as one. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from bot.library.document_terms import TOPIC
from bot.library.glossary import Glossary
from bot.models import Topic
from bot.text.normalise import fold, has_han
from bot.text.stopwords import STOPWORDS

_LABEL = re.compile(r"^[^:.!?\n]{2,110}: ")
"""A title before a colon has capitals everywhere."""
_INSIDE = re.compile(r"[a-z0-9,;] $")
"""Stands before what does not begin a sentence."""
_CAPITAL_OR_DIGIT = re.compile(r"[A-Z0-9]")
_BEFORE = re.compile(r"(?<![\w.])[A-Z][\w’']*[ -]$")
_AFTER = re.compile(r"[ -][A-Z0-9][A-Za-z0-9]*(?:[.][0-9]+)*(?![\w-])")
_ALWAYS = 0.75
"""The share of a term's mentions beside which a word stands that belongs to it."""
_LEAST_MENTIONS = 4
_BESIDE = 40
"""Characters before a mention in which the word before it is looked for."""


def topic_of(term: str, glossary: Glossary) -> Topic | None:
    """The topic that a term is, None for a word or phrase."""
    return glossary.topics.get(term.removeprefix(TOPIC)) if term.startswith(TOPIC) else None


def mentions_of(term: str, topic: Topic | None) -> re.Pattern[str]:
    """Finds a term, or a form of a topic, as texts write it."""
    forms = sorted(map(fold, topic.written()), key=len, reverse=True) if topic else [term]
    spelled = (re.sub(r"[ -]|\\ |\\-", r"[ -]?", re.escape(form)) for form in forms)
    bounded = (s if has_han(s) else rf"(?<![A-Za-z0-9]){s}(?![A-Za-z0-9])" for s in spelled)
    return re.compile("|".join(bounded), re.IGNORECASE)


def name_in(texts: Sequence[str], term: str) -> str:
    """The spelling of a term that is met most, with the words that nearly always stand beside it: Reka Flash 3, not Reka Flash."""
    met = [(text, match) for text in texts for match in mentions_of(term, None).finditer(text)]
    spellings = Counter(match[0] for _, match in met)
    name = max(spellings, key=lambda spelling: (spellings[spelling], spelling), default=term)
    before = (_BEFORE.search(text[max(0, m.start() - _BESIDE) : m.start()]) for text, m in met)
    after = (_AFTER.match(text, m.end()) for text, m in met)
    return f"{_always(before, len(met))}{name}{_always(after, len(met))}"


def _always(beside: Iterable[re.Match[str] | None], mentions: int) -> str:
    """The word, with what joins it, that stands beside nearly all of so many mentions; "" for none."""
    words = Counter(match[0] for match in beside if match and fold(match[0].strip(" -")) not in STOPWORDS)
    word, count = next(iter(words.most_common(1)), ("", 0))
    return word if mentions >= _LEAST_MENTIONS and count >= _ALWAYS * mentions else ""


def is_written_as_name(term: str, sentences: Iterable[str]) -> bool:
    """Whether sentences write a term of Latin words with capitals as often as not, where these are no mark of a beginning.

    Of a term with digits or Han characters there is no telling.
    """
    if has_han(term) or not term.replace(" ", "").isalpha():
        return True
    capital = small = 0
    mentions = mentions_of(term, None)
    for sentence in sentences:
        text = _LABEL.sub("", sentence)
        for mention in mentions.finditer(text):
            if not all(map(_CAPITAL_OR_DIGIT.search, re.split("[ -]", mention[0]))):
                small += 1
            elif _INSIDE.search(text, 0, mention.start()):
                capital += 1
    return small <= capital
