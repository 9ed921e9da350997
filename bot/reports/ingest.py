"""Takes documents into the library: keeps their bytes, indexes them, replaces what changed."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from bot.models import Document
from bot.reports.indexing import content_hash, index_document, report_id
from bot.reports.readers import UnreadableDocument, read_documents
from bot.reports.topics import Glossary
from bot.storage.library import Library
from bot.storage.state import Source, State
from bot.text.segment import Segmenter

READABLE = (".txt", ".md", ".html", ".htm", ".jsonl")


@dataclass(frozen=True, slots=True)
class Ingested:
    """What became of one document. `status` is added, replaced, unchanged or failed."""

    id: str
    title: str
    language: str
    published: str | None
    passages: int
    cut: int
    status: str
    error: str | None = None


class Ingest:
    """Puts documents into the library, and can do so again from the kept bytes."""

    def __init__(
        self, library: Library, state: State, glossary: Glossary, segmenter: Segmenter, sources: Path
    ) -> None:
        self._library = library
        self._state = state
        self._glossary = glossary
        self._segmenter = segmenter
        self._sources = sources

    def path(self, path: Path, now: int) -> Iterator[Ingested]:
        """Ingests one file; `now` is a UTC second. A failure is an outcome, never an exception."""
        try:
            raw = path.read_bytes()
        except OSError as error:
            yield failed(path.name, f"{path} cannot be read: {error.strerror or error}.")
            return
        yield from self.content(str(path.resolve()), raw, now, partial(_sibling, path))

    def content(
        self, name: str, raw: bytes, now: int, original: Callable[[str], bytes | None]
    ) -> Iterator[Ingested]:
        """Ingests the documents in `raw`; `original` gives the bytes of the file a translation names."""
        kept = None
        for document in self._documents(name, raw, original):
            if isinstance(document, Ingested):
                yield document
                continue
            try:
                kept = kept or self._keep(raw)
            except OSError as error:
                yield failed(document.title, f"The file cannot be kept: {error.strerror or error}.")
                return
            yield self._update(document, (kept, name), now)

    def _documents(
        self, name: str, raw: bytes, original: Callable[[str], bytes | None]
    ) -> Iterator[Document | Ingested]:
        documents = read_documents(name, raw, original)
        while True:
            try:
                document = next(documents, None)
            except UnreadableDocument as error:
                yield failed(Path(name).name, str(error))
                continue
            if document is None:
                return
            yield document

    def rebuild(self, seeds: Path, now: int, fingerprint: str) -> Iterator[Ingested]:
        """Fills the library anew: the packaged seeds, then every source that was ever kept."""
        with self._library.rebuilding(fingerprint):
            for path in files_in(seeds):
                for document in self._documents(path.name, path.read_bytes(), partial(_sibling, path)):
                    yield document if isinstance(document, Ingested) else self._put(document, None, now)
            yield from self._again(now)

    def _again(self, now: int) -> Iterator[Ingested]:
        kept = {source.name: source.sha256 for source in self._state.sources()}
        editions = {(s.sha256, s.name, s.report_id, s.language) for s in self._state.sources()}
        for digest, name in sorted({(s[0], s[1]) for s in editions}, key=lambda pair: pair[1]):
            file = self._sources / digest
            if not file.is_file():
                yield failed(Path(name).name, f"{file} is missing; ingest {name} again.")
                continue

            def original(other: str, name: str = name) -> bytes | None:
                digest = kept.get(str(Path(name).parent / other))
                return (self._sources / digest).read_bytes() if digest else None

            for document in self._documents(name, file.read_bytes(), original):
                if isinstance(document, Ingested):
                    yield document
                elif (digest, name, report_id(document.source_key), document.language) in editions:
                    yield self._put(document, None, now)

    def _put(self, document: Document, source: tuple[str, str] | None, now: int) -> Ingested:
        """Stores one document; `source` is (hash, name) of its kept bytes, None for one that is packaged.

        What state.db records comes first: after a crash in between the document is ingested again.
        """
        report = report_id(document.source_key)
        edition = index_document(document, report, self._glossary, self._segmenter)
        if not edition.passages:
            return failed(document.title, "No text is left after cleaning; nothing was added.")
        self._state.see(report, Source(report, document.language, *source) if source else None, now)
        self._library.put(edition)
        return _taken(document, report, len(edition.passages), "added")

    def _update(self, document: Document, source: tuple[str, str], now: int) -> Ingested:
        """Stores a document unless the library has exactly this one."""
        report = report_id(document.source_key)
        before = self._library.content_hash(report, document.language)
        if before == content_hash(document):
            self._state.see(report, Source(report, document.language, *source), now)
            passages = self._library.reports([report])[report].edition(document.language).passages
            return _taken(document, report, passages, "unchanged")
        result = self._put(document, source, now)
        return replace(result, status="replaced") if before and result.status == "added" else result

    def _keep(self, raw: bytes) -> str:
        """Writes `raw` under its hash, whole or not at all."""
        digest = hashlib.sha256(raw).hexdigest()
        target = self._sources / digest
        if not target.exists():
            self._sources.mkdir(parents=True, exist_ok=True)
            unfinished = target.with_suffix(f".{os.getpid()}.part")
            try:
                unfinished.write_bytes(raw)
                unfinished.replace(target)
            except OSError:
                unfinished.unlink(missing_ok=True)
                raise
        return digest


def _taken(document: Document, report: str, passages: int, status: str) -> Ingested:
    published = document.published.isoformat() if document.published else None
    return Ingested(report, document.title, document.language, published, passages, len(document.cut), status)


def failed(title: str, error: str) -> Ingested:
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
