"""How texts write a term: the pattern that finds it, its usual spelling, and whether it is written as a name. Pure."""

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
"""A title before a colon; titles capitalise every word."""
_INSIDE = re.compile(r"[a-z0-9,;] $")
"""Text before a word that does not begin a sentence."""
_CAPITAL_OR_DIGIT = re.compile(r"[A-Z0-9]")
_BEFORE = re.compile(r"(?<![\w.])[A-Z][\w’']*[ -]$")
_AFTER = re.compile(r"[ -][A-Z0-9][A-Za-z0-9]*(?:[.][0-9]+)*(?![\w-])")
_ALWAYS = 0.75
"""Share of a term's mentions that must have a word beside them for it to belong to the name."""
_LEAST_MENTIONS = 4
_BESIDE = 40
"""Characters before a mention that are searched for the word before it."""


def topic_of(term: str, glossary: Glossary) -> Topic | None:
    """Return the topic that a term stands for; None for a word or phrase."""
    return glossary.topics.get(term.removeprefix(TOPIC)) if term.startswith(TOPIC) else None


def mentions_of(term: str, topic: Topic | None) -> re.Pattern[str]:
    """Return the pattern that finds a term, or any form of its topic, in texts."""
    forms = sorted(map(fold, topic.written()), key=len, reverse=True) if topic else [term]
    spelled = (re.sub(r"[ -]|\\ |\\-", r"[ -]?", re.escape(form)) for form in forms)
    bounded = (s if has_han(s) else rf"(?<![A-Za-z0-9]){s}(?![A-Za-z0-9])" for s in spelled)
    return re.compile("|".join(bounded), re.IGNORECASE)


def name_in(texts: Sequence[str], term: str) -> str:
    """Return the most common spelling of a term with the words nearly always beside it: Reka Flash 3, not Reka Flash."""
    met = [(text, match) for text in texts for match in mentions_of(term, None).finditer(text)]
    spellings = Counter(match[0] for _, match in met)
    name = max(spellings, key=lambda spelling: (spellings[spelling], spelling), default=term)
    before = (_BEFORE.search(text[max(0, m.start() - _BESIDE) : m.start()]) for text, m in met)
    after = (_AFTER.match(text, m.end()) for text, m in met)
    return f"{_constant_neighbour(before, len(met))}{name}{_constant_neighbour(after, len(met))}"


def _constant_neighbour(beside: Iterable[re.Match[str] | None], mentions: int) -> str:
    """Return the word beside nearly all mentions, with its space or hyphen; "" if there is none."""
    words = Counter(match[0] for match in beside if match and fold(match[0].strip(" -")) not in STOPWORDS)
    word, count = next(iter(words.most_common(1)), ("", 0))
    return word if mentions >= _LEAST_MENTIONS and count >= _ALWAYS * mentions else ""


def is_written_as_name(term: str, sentences: Iterable[str]) -> bool:
    """Return whether sentences capitalise a term of Latin words at least as often as not.

    Beginnings of sentences do not count. Also true for a term with digits or Han characters, where capitals say
    nothing.
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
