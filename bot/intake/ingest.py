"""Takes documents into the library: keeps their bytes, indexes them, replaces what changed."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from bot.intake.originals import Sources
from bot.library.glossary import Glossary
from bot.library.indexing import content_hash, index_document, report_id
from bot.library.library import Library
from bot.models import Document, IndexedEdition, Problem
from bot.state.originals import Original
from bot.state.state import State
from bot.text.segment import Segmenter
from bot.text.unreadable import Unreadable

READABLE = (".txt", ".md", ".markdown", ".html", ".htm", ".jsonl", ".ndjson")
# Documents and characters that are stored in one transaction: some tenths of a second of work.
_MOST_DOCUMENTS, _MOST_CHARACTERS = 100, 400_000


@dataclass(frozen=True, slots=True)
class Ingested:
    """What became of one document. `status` is added, replaced, unchanged or failed.

    `remarks` name what in a document that was taken in was not understood.
    """

    id: str
    title: str
    language: str
    published: str | None
    passages: int
    cut: int
    status: str
    error: Problem | None = None
    remarks: tuple[Problem, ...] = ()


_Found = tuple[Document, tuple[str, str] | None] | Ingested
"""A document with the hash and name of its kept bytes (None for one that is packaged), or why there is none."""


def alone(_name: str) -> None:
    """The bytes of the file beside one that stands alone."""


def ignore(_bytes: int) -> None:
    """Tells nobody how far it is."""


class Ingest:
    """Puts documents into the library, and can do so again from the kept bytes."""

    def __init__(
        self, library: Library, state: State, glossary: Glossary, segmenter: Segmenter, sources: Path
    ) -> None:
        self._library = library
        self._state = state
        self._glossary = glossary
        self._segmenter = segmenter
        self._sources = Sources(sources)

    def path(self, path: Path, now: int) -> Iterator[Ingested]:
        """Ingests one file; `now` is a UTC second. A failure is an outcome, never an exception."""
        return self.paths([path], now)

    def paths(
        self, paths: Iterable[Path], now: int, read: Callable[[int], None] = ignore
    ) -> Iterator[Ingested]:
        """Ingests files in their order; `read` is told how many bytes more have been read."""
        return self._stored((found for path in paths for found in self._file(path, read, _day(now))), now)

    def content(
        self, name: str, raw: bytes, now: int, original: Callable[[str], bytes | None]
    ) -> Iterator[Ingested]:
        """Ingests the documents in `raw`; `original` gives the bytes of the file a translation names."""
        return self.stream(name, BytesIO(raw), now, original)

    def stream(
        self, name: str, file: BinaryIO, now: int, original: Callable[[str], bytes | None] = alone
    ) -> Iterator[Ingested]:
        """Ingests the documents in an open file, which may be a pipe."""
        return self._stored(self._held(name, file, original, ignore, _day(now)), now)

    def rebuild(self, seeds: Path, now: int, fingerprint: str) -> Iterator[Ingested]:
        """Fills the library anew: the packaged seeds, then every source that was ever kept."""
        with self._library.rebuilding(fingerprint):
            yield from self._stored(self._packaged(seeds), now)
            yield from self._stored(self._again(_day(now)), now)

    def _file(self, path: Path, read: Callable[[int], None], today: date) -> Iterator[_Found]:
        try:
            with path.open("rb") as file:
                size = os.fstat(file.fileno()).st_size
                from bot.intake.readers import check_size

                try:
                    check_size(path.name, size)
                except Unreadable as error:
                    read(size)
                    yield failed(path.name, error.problem)
                    return
                yield from self._held(str(path.resolve()), file, partial(_sibling, path), read, today)
        except OSError as error:
            yield failed(path.name, Problem("cannot_read", (str(path), error.strerror or str(error))))

    def _held(
        self,
        name: str,
        file: BinaryIO,
        original: Callable[[str], bytes | None],
        read: Callable[[int], None],
        today: date,
    ) -> Iterator[_Found]:
        """The documents of a file, whose bytes are kept as soon as there is one."""
        title = Path(name).name
        try:
            with self._sources.held(file) as held:
                done = 0
                for document in self._documents(name, held.file, original, today):
                    if isinstance(document, Document):
                        title = document.title
                        held.keep()
                        yield document, (held.digest, name)
                    else:
                        yield document
                    read(held.file.tell() - done)
                    done = held.file.tell()
        except OSError as error:
            yield failed(title, Problem("cannot_keep", (error.strerror or str(error),)))

    def _documents(
        self, name: str, file: BinaryIO, original: Callable[[str], bytes | None], today: date = date.max
    ) -> Iterator[Document | Ingested]:
        # With all their rules: nothing that a question needs.
        from bot.intake.readers import read_stream, siblings_of

        needed = siblings_of(name, file)
        siblings = {beside: raw for beside in needed if (raw := original(beside)) is not None}
        documents = read_stream(name, file, siblings, today)
        while True:
            try:
                document = next(documents, None)
            except Unreadable as error:
                yield failed(Path(name).name, error.problem)
                continue
            if document is None:
                return
            yield document

    def _packaged(self, seeds: Path) -> Iterator[_Found]:
        for path in files_in(seeds):
            with path.open("rb") as file:
                for document in self._documents(path.name, file, partial(_sibling, path)):
                    yield (document, None) if isinstance(document, Document) else document

    def _again(self, today: date) -> Iterator[_Found]:
        kept = {source.name: source.sha256 for source in self._state.originals.all()}
        editions = {(s.sha256, s.name, s.report_id, s.language) for s in self._state.originals.all()}
        for digest, name in sorted({(s[0], s[1]) for s in editions}, key=lambda pair: pair[1]):
            if not self._sources.path(digest).is_file():
                missing = Problem("source_missing", (str(self._sources.path(digest)), name))
                yield failed(Path(name).name, missing)
                continue

            def original(other: str, name: str = name) -> bytes | None:
                digest = kept.get(str(Path(name).parent / other))
                return self._sources.path(digest).read_bytes() if digest else None

            with self._sources.path(digest).open("rb") as file:
                for document in self._documents(name, file, original, today):
                    if isinstance(document, Ingested):
                        yield document
                    elif (digest, name, report_id(document.source_key), document.language) in editions:
                        yield document, None

    def _stored(self, found: Iterable[_Found], now: int) -> Iterator[Ingested]:
        """Stores what was found and says what became of it, in order.

        Several documents share a transaction, since committing takes as long as indexing one. Each outcome is told
        once its document is safe. One without a source is known to be no part of the library yet.
        """
        batch, began = _Batch(), time.monotonic()

        def moment() -> int:
            """What a long run stores last came in last: a digest that was made meanwhile did not know it."""
            return now + int(time.monotonic() - began)

        for one in found:
            if isinstance(one, Ingested):
                batch.outcomes.append(one)
                continue
            document, source = one
            report = report_id(document.source_key)
            if batch.full or report in batch.reports:  # what is stored decides about the next one
                yield from self._flush(batch, moment())
                batch = _Batch()
            batch.add(report, document, Original(report, document.language, *source) if source else None)
            self._index(batch, report, document, known=source is not None)
        yield from self._flush(batch, moment())

    def _index(self, batch: _Batch, report: str, document: Document, *, known: bool) -> None:
        """Adds one document's edition and outcome to the batch, unless the library has exactly this one."""
        before = self._library.content_hash(report, document.language) if known else None
        if before is not None and before == content_hash(document):
            passages = self._library.reports([report])[report].edition(document.language).passages
            batch.outcomes.append(_taken(document, report, passages, "unchanged"))
            return
        edition = index_document(document, report, self._glossary, self._segmenter)
        if not edition.passages:
            batch.outcomes.append(
                failed(document.title or Path(document.source_key).name, Problem("nothing_left"))
            )
            del batch.seen[-1]
            return
        batch.editions.append(edition)
        status = "replaced" if before else "added"
        batch.outcomes.append(_taken(document, report, len(edition.passages), status))

    def _flush(self, batch: _Batch, now: int) -> Iterator[Ingested]:
        """Stores a batch. What state.db records comes first: after a crash in between all is ingested again.

        Such a report is news from then on, since no digest in between knew it.
        """
        if batch.seen:
            held = self._library.reports(report for report, source in batch.seen if source)
            with self._state.transaction():
                for report, source in batch.seen:
                    anew = source is not None and report not in held
                    self._state.arrivals.record(report, now, anew=anew)
                    if source is not None:
                        self._state.originals.put(source)
        if batch.editions:
            self._library.put_all(batch.editions)
        yield from batch.outcomes


class _Batch:
    """Documents that are stored together."""

    def __init__(self) -> None:
        self.outcomes: list[Ingested] = []
        self.seen: list[tuple[str, Original | None]] = []
        self.editions: list[IndexedEdition] = []
        self.reports: set[str] = set()
        self._size = 0

    def add(self, report: str, document: Document, source: Original | None) -> None:
        """Counts a document in."""
        self.reports.add(report)
        self.seen.append((report, source))
        self._size += len(document.text)

    @property
    def full(self) -> bool:
        """Whether it would hold others up, or lose much at a crash."""
        return len(self.outcomes) >= _MOST_DOCUMENTS or self._size >= _MOST_CHARACTERS


def _taken(document: Document, report: str, passages: int, status: str) -> Ingested:
    published = document.published.isoformat() if document.published else None
    cut = len(document.cut)
    return Ingested(
        report, document.title, document.language, published, passages, cut, status, remarks=document.remarks
    )


def _day(now: int) -> date:
    """The day of a UTC second."""
    return datetime.fromtimestamp(now, UTC).date()


def failed(title: str, error: Problem) -> Ingested:
    """The outcome of a document that was not taken in."""
    return Ingested("", title, "", None, 0, 0, "failed", error)


def files_in(path: Path) -> list[Path]:
    """The readable files that `path` names: itself, or those in a folder and its folders, sorted.

    Translations follow the files they translate in whichever order they are read, so names decide.
    """
    if not path.is_dir():
        return [path]
    return sorted(p for p in path.rglob("*") if p.is_file() and p.suffix.lower() in READABLE)


def _sibling(path: Path, name: str) -> bytes | None:
    if Path(name).name != name:
        return None
    try:
        return (path.parent / name).read_bytes()
    except OSError:
        return None
