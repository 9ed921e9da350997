"""How texts write a term: the pattern that finds it, its usual spelling, and whether it is written as a name.

Also which word of the library a reader most likely meant by a misspelled one: Antropic, midjorney, deepseak.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from string import ascii_lowercase
from typing import Final

from bot.library.document_terms import TOPIC
from bot.library.glossary import Glossary
from bot.library.library import Library
from bot.library.terms import term_of
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


_WORD: Final = re.compile(r"[a-z]{5,20}", re.ASCII)
"""Words of fewer letters are one letter away from too many others."""

_MOST_PASSAGES: Final = 10
"""Most passages with a word that may be a misspelling; texts misspell names too."""

_TIMES_MORE: Final = 20

_LEAST: Final = 10


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


def meant_by(words: Iterable[str], library: Library) -> dict[str, str]:
    """Return those of the folded words that are probably misspelled, each with the word that was meant.

    That is the most frequent word one letter away (left out, added, changed, or two exchanged: Damerau 1964), if the library
    has it in at least ten passages and twenty times as often as the word typed.
    """
    own = library.word_counts(word for word in words if _WORD.fullmatch(word))
    meant = {word: _likeliest(word, library) for word, count in own.items() if count <= _MOST_PASSAGES}
    return {
        word: other for word, (other, count) in meant.items() if count >= max(_LEAST, _TIMES_MORE * own[word])
    }


def _likeliest(word: str, library: Library) -> tuple[str, int]:
    """Return the most frequent word one letter away with its number of passages, 0 if no report has it.

    Passages are counted by stems, which may be no words: of "comput", "compute" and "computer" the one that most reports have.
    """
    counts = library.word_counts(sorted(set(_one_away(word)) - {word}))
    most = max(counts.values())
    reports = {other: _reports(other, library) for other, count in counts.items() if count == most > 0}
    best = max(reports, key=lambda other: reports[other], default="")
    return best, most if reports.get(best) else 0


def _reports(word: str, library: Library) -> int:
    term = term_of(word)
    return len(library.term_days(term)) if term else 0


def _one_away(word: str) -> Iterator[str]:
    halves: Iterable[tuple[str, str]] = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    for before, after in halves:
        yield from (f"{before}{letter}{after}" for letter in ascii_lowercase)
        if after:
            yield before + after[1:]
            yield from (f"{before}{letter}{after[1:]}" for letter in ascii_lowercase)
        if len(after) > 1:
            yield f"{before}{after[1]}{after[0]}{after[2:]}"
