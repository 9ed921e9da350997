"""Finds words in folded text that tell what a number measures, where, and which of several similar quantities it is.

The words of both languages are data beside this module. Knows no topics and no names.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from bot.text.normalise import has_han
from bot.text.rule_data import read_rows, read_table, read_words
from bot.text.stopwords import STOPWORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ahocorasick_rs import AhoCorasick

_HERE = Path(__file__).parent


class Measure(NamedTuple):
    """What a number measures, the units it is stated in, and how it changes.

    `pace` is steady (the same in every report), slow (much the same within a month) or fast (needs a stated time).
    """

    name: str
    units: frozenset[str]
    pace: str


class QuantityWord(NamedTuple):
    """A word at [start, end) of a text and what it may mean: measure, place, qualifier, benchmark; None or "" for none."""

    start: int
    end: int
    measure: Measure | None
    place: str
    qualifier: str
    benchmark: str


_MEASURES = {
    form: Measure(name, frozenset(units.split()), pace)
    for form, name, units, pace in read_rows(_HERE / "measures.tsv")
}
_PLACES = read_table(_HERE / "places.tsv")
_QUALIFIERS = read_table(_HERE / "qualifiers.tsv")
_BENCHMARKS = read_table(_HERE / "benchmarks.tsv")
_FORMS = tuple(dict.fromkeys((*_MEASURES, *_PLACES, *_QUALIFIERS, *_BENCHMARKS)))
_ALL_FORMS = frozenset(_FORMS)
_FILLERS = read_words(_HERE / "filler_words.txt")
_LINKS = read_words(_HERE / "linking_words.txt")


def _han(words: frozenset[str]) -> re.Pattern[str]:
    return re.compile("|".join(sorted(filter(has_han, words), key=len, reverse=True)))


_HAN_FILLERS, _HAN_LINKS = _han(_FILLERS), _han(_LINKS)


@cache
def _matcher() -> AhoCorasick:
    from ahocorasick_rs import AhoCorasick, MatchKind

    return AhoCorasick(_FORMS, matchkind=MatchKind.LeftmostLongest)


def quantity_words(folded: str) -> Iterator[QuantityWord]:
    """Yield the words of folded text that tell what a number measures, the longest at each position."""
    for index, start, end in _matcher().find_matches_as_indexes(folded):
        form = _FORMS[index]
        if _is_whole(folded, form, start, end):
            yield QuantityWord(
                start,
                end,
                _MEASURES.get(form),
                _PLACES.get(form, ""),
                _QUALIFIERS.get(form, ""),
                _BENCHMARKS.get(form, ""),
            )


def is_known(word: str) -> bool:
    """Return whether a folded word is a measure, place, qualifier, benchmark or filler."""
    return word in _ALL_FORMS or is_filler(word)


def is_filler(word: str) -> bool:
    """Return whether a folded word says nothing about what a number measures."""
    return word in _FILLERS or word in STOPWORDS


def is_link(word: str) -> bool:
    """Return whether a folded word may link a name to a statement about it: X, an open model with 7B parameters."""
    return word in _LINKS


def without_links(folded: str) -> str:
    """Return folded text with spaces for Chinese words that link a name to a statement about it."""
    return _HAN_LINKS.sub(" ", folded)


def without_fillers(folded: str) -> str:
    """Return folded text with spaces for Chinese words that say nothing about what a number measures."""
    return _HAN_FILLERS.sub(" ", folded)


def _is_whole(text: str, form: str, start: int, end: int) -> bool:
    """Return whether a Latin form is not part of a longer Latin word or number; a Han form always counts."""
    if has_han(form):
        return True
    return not _is_latin(text[start - 1 : start]) and not _is_latin(text[end : end + 1])


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()
