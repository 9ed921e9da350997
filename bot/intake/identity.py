"""Decides which report a document is an edition of. Stores nothing.

its issue key (publisher, title and day) is known?                  -> that report
its key is known, and the report is not another issue of a series?  -> that report
it translates a report of its day?                                  -> that report
else a new report, by the first of its keys that is free
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable, Sequence
from itertools import count
from typing import TYPE_CHECKING

from bot.intake.translations import Candidate, translated_report
from bot.library.library import Library
from bot.models import Document
from bot.state.originals import Original
from bot.state.state import State

if TYPE_CHECKING:
    from bot.intake.storing import ParsedDocument


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
