"""Decides which report a document is an edition of. Stores nothing.

its issue key (publisher, title and day) is known?                  -> that report
its key is known, and the report is not another issue of a series?  -> that report
it translates a report of its day?                                  -> that report
else a new report, by the first of its keys that is free

A translation that nothing declares is published on the same day, is as long as its original in proportion to what their
scripts need, and keeps its numbers and its names in Latin script. Only a text in Han characters is paired with one in
letters: two languages in letters share too many words.
"""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import count
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from msgspec import Struct

from bot.languages import is_written_in_han
from bot.library.library import Library
from bot.models import Document
from bot.state.originals import Original
from bot.state.state import State

if TYPE_CHECKING:
    from bot.intake.storing import ParsedDocument


_LETTERS_PER_HAN = (1.2, 6.0)
"""Fewest and most characters of a text in letters for one of its Chinese translation."""

_SIGNS = 6
"""Fewest names and numbers that both texts must share."""

_LEAST_LIKENESS = 1.25
"""Lowest likeness: share of the Chinese text's names in the other, plus share of both texts' numbers in common.

Of 743 pairs of one day in an archive of newsletters, translations have 1.29 and more, other pairs 1.20 at most.
"""

_FEW_NUMBERS = 3
_LEAST_AT_SAME_ADDRESS = 0.6

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]{2,}")
_NUMBER = re.compile(r"(?<![\w.])\d+(?:[.,]\d+)*")


class Candidate(Struct, frozen=True):
    """An edition that a document may be a translation of, or the original of."""

    report_id: str
    language: str
    text: str
    url: str = ""


class _Signs(Struct, frozen=True):
    names: frozenset[str]
    numbers: frozenset[str]


def translated_report(document: Document, candidates: Iterable[Candidate]) -> str | None:
    """Return the report of the candidate most alike in the other script; None if there is none, or a tie.

    The candidates must be published on the document's day, and their reports have no edition in its language.
    """
    fitting = [(likeness, one.report_id) for one in candidates if (likeness := _likeness(document, one))]
    fitting.sort(reverse=True)
    if not fitting or (len(fitting) > 1 and fitting[0][0] == fitting[1][0]):
        return None
    return fitting[0][1]


def _likeness(document: Document, candidate: Candidate) -> float:
    """Return the likeness of two texts by their names and numbers (see _LEAST_LIKENESS); 0 if they are not the same text."""
    han, letters = document.text, candidate.text
    if not is_written_in_han(document.language):
        han, letters = letters, han
    if is_written_in_han(document.language) == is_written_in_han(candidate.language):
        return 0.0
    least, most = _LETTERS_PER_HAN
    if not least * len(han) <= len(letters) <= most * len(han):
        return 0.0
    own, other = _signs(han), _signs(letters)
    names, numbers = own.names & other.names, own.numbers & other.numbers
    if len(names) + len(numbers) < _SIGNS:
        return 0.0
    named, written = len(names) / max(1, len(own.names)), own.numbers | other.numbers
    counted = len(numbers) / len(written) if len(written) >= _FEW_NUMBERS else named / 2
    slug = _slug(document.url)
    least = _LEAST_AT_SAME_ADDRESS if slug and slug == _slug(candidate.url) else _LEAST_LIKENESS
    return named + counted if named + counted >= least else 0.0


@lru_cache(maxsize=32)
def _signs(text: str) -> _Signs:
    """Return the names in Latin script, in lower case, and the numbers of two or more digits in a text."""
    numbers = (number.replace(",", "") for number in _NUMBER.findall(text))
    return _Signs(
        frozenset(map(str.lower, _NAME.findall(text))),
        frozenset(number for number in numbers if len(number) > 1),
    )


def _slug(url: str) -> str:
    """Return the last part of an address's path, without its ending."""
    return urlsplit(url).path.rstrip("/").rpartition("/")[2].partition(".")[0]


def keys_of(document: Document) -> tuple[str, ...]:
    """Return the keys that identify a document's report."""
    return (document.source_key, document.issue_key) if document.issue_key else (document.source_key,)


class Identity:
    """Matcher of documents to reports: those in the library and the state, and those about to be stored."""

    def __init__(self, library: Library, state: State) -> None:
        self._library = library
        self._originals = state.originals

    def report_of(
        self, document: Document, original: Original | None, waiting: Sequence[ParsedDocument]
    ) -> str:
        """Return the id of a document's report, which may be new.

        `original` records the file that it comes from; `waiting` holds the documents that will be stored before it.
        """
        key = document.source_key
        if document.issue_key and (report := self._originals.report_id(document.issue_key)):
            return report
        if report := self._originals.report_id(key):
            if not self._is_other_issue(report, document, original):
                return report
            key = document.issue_key
        return self._translated(document, waiting) or new_report_id(key, self._originals.has_key)

    def _is_other_issue(self, report: str, document: Document, original: Original | None) -> bool:
        """Return whether the report with a document's title is another day's issue: a daily's issues share a title.

        The same text in the same file is not another issue: its day was corrected.
        """
        if not document.issue_key:
            return False
        place = (original.name, original.position) if original else None
        files = {(known.name, known.position) for known in self._originals.of_report(report)}
        if not self._originals.has_issue(report, document.source_key):
            return place not in files
        return place not in files or self._library.text(report, document.language) != document.text

    def _translated(self, document: Document, waiting: Sequence[ParsedDocument]) -> str | None:
        """Return the report, stored or waiting, that a document translates without declaring it; None for none."""
        day, language = document.published, document.language
        if day is None:
            return None
        near = [
            Candidate(one.report_id, one.document.language, one.document.text, one.document.url)
            for one in waiting
            if one.document.published == day and one.document.language != language
            if self._library.content_hash(one.report_id, language) is None
        ]
        stored = itertools.starmap(Candidate, self._library.editions_lacking(language, day))
        return translated_report(document, [*near, *stored])


def new_report_id(key: str, taken: Callable[[str], bool] = lambda _: False) -> str:
    """Return an id for the report whose source has this key: 12 hexadecimal digits, the same for the same key.

    If `taken` says that another report has it (earlier rules gave that one this key), return the next free one.
    """
    for number in count():
        text = f"{key}\0{number}" if number else key
        identity = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
        if not taken(identity):
            return identity
    raise AssertionError  # count() does not end
