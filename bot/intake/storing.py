"""Stores documents in batches: identifies their reports, indexes them, writes state and library. Reads no file.

for each document:
    find its report: the id that it was given, else see identity
    the library holds exactly this text?  -> unchanged
    index it                              -> failed, whatever is raised; the next document goes on
    batch full, or already an edition of this report in it?  -> store the batch first
store a batch:
    state.db: first-seen time, original, keys   # first: after a crash in between, all is ingested again
    library.db: every edition                   # one transaction, so that none is half stored
    refused for any reason but the disk         -> store each document alone, so that only the bad one fails
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from bot.intake.identity import Identity, keys_of
from bot.library.glossary import Glossary
from bot.library.library import Library
from bot.models import Document, IndexedEdition, Problem, Topic
from bot.sqlite.errors import StorageError
from bot.state.originals import Original, Step
from bot.state.state import State
from bot.text.segment import Segmenter

_log = logging.getLogger(__name__)

# Most documents and characters in one transaction: some tenths of a second of work.
_MOST_DOCUMENTS, _MOST_CHARACTERS = 100, 400_000


class Ingested(Struct, frozen=True):
    """Outcome of one document. `status` is added, replaced, unchanged or failed.

    A failed document has the name of its file as title, and no id unless it had one before. `remarks` name what in an
    ingested document was not understood. `name`: see Edition.
    """

    id: str
    title: str
    language: str
    published: str | None
    publisher: str
    passages: int
    cut: int
    status: str
    error: Problem | None = None
    remarks: tuple[Problem, ...] = ()
    name: str = ""


class ParsedDocument(Struct, frozen=True):
    """A document that was read, with what identifies its report.

    `original` records the file that it comes from; its report is still to be found. It is None for a packaged document
    and in a reread, where `report_id` is the id that the document was given when it was first ingested.
    """

    document: Document
    name: str
    original: Original | None = None
    report_id: str = ""


def failed(title: str, error: Problem, report_id: str = "", language: str = "") -> Ingested:
    """Return the outcome of a document that could not be ingested."""
    return Ingested(report_id, title, language, None, "", 0, 0, "failed", error)


def unexpected(name: str, error: Exception) -> Problem:
    """Return the problem of a document on which a rule raised `error`; log the traceback at DEBUG."""
    _log.debug("%s cannot be taken in.", name, exc_info=error)
    return Problem("unexpected", (type(error).__name__,))


class Storing:
    """Writer of parsed documents into the library and the state."""

    def __init__(self, library: Library, state: State, glossary: Glossary, segmenter: Segmenter) -> None:
        self._library = library
        self._state = state
        self._glossary = glossary
        self._segmenter = segmenter
        self._identity = Identity(library, state)

    def store(self, arrivals: Iterable[ParsedDocument | Ingested], now: int) -> Iterator[Ingested]:
        """Store documents; yield their outcomes, in order, once they are safe. Raises StorageError.

        Several documents share a transaction, since a commit takes as long as indexing one document.
        """
        batch, began = _Batch(self._glossary.own), time.monotonic()

        def moment() -> int:
            """Return the current UTC second: what a long run stores last is newer than a digest made meanwhile."""
            return now + int(time.monotonic() - began)

        for arrived in arrivals:
            if isinstance(arrived, Ingested):
                batch.add(_Item(arrived))
                continue
            try:
                identified = self._identify(arrived, batch)
                if (
                    batch.full or identified.report_id in batch.reports
                ):  # identifying a document depends on what is stored
                    yield from self._flush(batch, moment())
                    batch = _Batch(self._glossary.own)
                    identified = self._identify(arrived, batch)
                batch.add(self._indexed(identified))
            except StorageError:
                raise
            except Exception as error:  # noqa: BLE001  # whatever a rule raises, the other documents go on
                batch.add(_Item(_refused(arrived, unexpected(arrived.name, error))))
        yield from self._flush(batch, moment())

    def _identify(self, parsed: ParsedDocument, batch: _Batch) -> ParsedDocument:
        """Return the document with the id of its report, found or new unless it has one already."""
        report = parsed.report_id or self._identity.report_of(parsed.document, parsed.original, batch.taken)
        return replace(parsed, report_id=report)

    def _indexed(self, parsed: ParsedDocument) -> _Item:
        """Return the outcome of a document, with its new edition if there is one to store."""
        # Not at the top: a start that stores nothing need not load the rules of sentences and figures.
        from bot.library.indexing import content_hash, index_document

        document, report = parsed.document, parsed.report_id
        known = parsed.original is not None
        before = self._library.content_hash(report, document.language) if known else None
        if before is not None and before == content_hash(document):
            passages = self._library.reports([report])[report].edition(document.language).passages
            return _Item(_ingested(parsed, passages, "unchanged"), parsed)
        edition = index_document(document, report, self._glossary, self._segmenter)
        if not edition.passages:
            return _Item(_refused(parsed, Problem("nothing_left")))
        outcome = _ingested(parsed, len(edition.passages), "replaced" if before else "added")
        return _Item(outcome, parsed, edition)

    def _flush(self, batch: _Batch, now: int) -> Iterator[Ingested]:
        """Store a batch; if that fails as a whole, store it document by document. Raises StorageError."""
        try:
            self._write(batch, now)
        except StorageError:
            raise
        except Exception as error:
            if len(batch.items) > 1:
                for item in batch.items:
                    yield from self._flush(_Batch(batch.own_topics, item), now)
                return
            if (parsed := batch.items[0].parsed) is None:
                raise
            yield _refused(parsed, unexpected(parsed.name, error))
            return
        yield from (item.outcome for item in batch.items)

    def _write(self, batch: _Batch, now: int) -> None:
        """Write a batch to the state, then to the library. Raises StorageError.

        A report that the library lacks counts as first seen now, as no digest had it, unless machines share the state.
        """
        if not batch.taken:
            return
        with_keys = [(one, keys_of(one.document)) for one in batch.taken]
        held = self._library.reports(one.report_id for one in batch.taken if one.original)
        steps: dict[str, Step] = {}
        with self._state.transaction():
            for one, keys in with_keys:
                # Machines that share a state ingest what another has announced before they make digests.
                lost = not self._state.shared and one.original is not None and one.report_id not in held
                self._state.arrivals.record(one.report_id, now, anew=lost)
                if one.original is not None:
                    step = self._state.originals.put(replace(one.original, report_id=one.report_id))
                    before = steps.get(one.report_id, step).before
                    steps[one.report_id] = Step(before, step.after)
                    for key in keys:
                        self._state.originals.put_key(key, one.report_id)
        editions = [item.edition for item in batch.items if item.edition is not None]
        self._library.put_all(editions, batch.own_topics, steps)


class _Item(NamedTuple):
    """Outcome of a document, with the document if it counts as stored and its edition if it is to be written."""

    outcome: Ingested
    parsed: ParsedDocument | None = None
    edition: IndexedEdition | None = None


class _Batch:
    """Documents stored in one transaction, and the operators' topics at the time when the batch began."""

    def __init__(self, own_topics: tuple[Topic, ...], *items: _Item) -> None:
        self.own_topics = own_topics
        self.items = list(items)
        self.taken = [item.parsed for item in items if item.parsed is not None]
        self.reports: set[str] = set()
        self._size = 0

    def add(self, item: _Item) -> None:
        """Add a document."""
        self.items.append(item)
        if item.parsed is not None:
            self.taken.append(item.parsed)
            self.reports.add(item.parsed.report_id)
            self._size += len(item.parsed.document.text)

    @property
    def full(self) -> bool:
        """Whether the batch is so large that it would delay others, or lose much in a crash."""
        return len(self.items) >= _MOST_DOCUMENTS or self._size >= _MOST_CHARACTERS


def _refused(parsed: ParsedDocument, problem: Problem) -> Ingested:
    """Return the failed outcome of a document that was read; a document that was never ingested has no id."""
    had = parsed.original is None
    language = parsed.document.language
    return failed(parsed.name, problem, parsed.report_id if had else "", language if had else "")


def _ingested(parsed: ParsedDocument, passages: int, status: str) -> Ingested:
    document = parsed.document
    return Ingested(
        parsed.report_id,
        document.title,
        document.language,
        document.published.isoformat() if document.published else None,
        document.publisher,
        passages,
        len(document.cut),
        status,
        remarks=document.remarks,
        name=document.name,
    )
