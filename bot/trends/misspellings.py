"""Finds the word of the library that a reader most likely meant by a misspelled one: Antropic, midjorney, deepseak."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from string import ascii_lowercase
from typing import Final

from bot.library.library import Library
from bot.library.terms import term_of

_WORD: Final = re.compile(r"[a-z]{5,20}", re.ASCII)
"""Words of fewer letters are one letter away from too many others."""
_MOST_PASSAGES: Final = 10
"""Most passages with a word that may be a misspelling; texts misspell names too."""
_TIMES_MORE: Final = 20
_LEAST: Final = 10


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
