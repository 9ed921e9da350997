"""Ingests documents into the library: keeps their bytes, indexes them, replaces those that changed.

for each file, in order:
    hold its bytes, hash them                      # a large file is copied to the disk as it is read
    for each document that a parser finds in it:
        decode, clean, read declared metadata      # readers; an unreadable document becomes a failed outcome
        keep the bytes under their hash            # before any record refers to them
        identify its report, index it, store it    # storing, in batches
    report the outcome of each document once it is stored
    delete the bytes again if every document of the file was refused
"""

from __future__ import annotations

import ctypes
import functools
import os
import time
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from datetime import UTC, date, datetime
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from bot.intake.defaults import UNSAID, Defaults, FolderDefaults
from bot.intake.formats.magic import HEAD
from bot.intake.originals import OriginalFiles
from bot.intake.reading import Beside, beside, documents_in, plain_name, too_large
from bot.intake.rereading import Rebuild
from bot.intake.storing import Ingested, ParsedDocument, Storing, failed
from bot.library.glossary import Glossary
from bot.library.library import Library
from bot.models import Problem
from bot.state.originals import Original
from bot.state.state import State
from bot.text.segment import Segmenter
from bot.text.unreadable import Unreadable

if TYPE_CHECKING:
    from bot.intake.following import PeerFollower
    from bot.intake.formats.feed import Feed
    from bot.intake.readers import Parser


_MANY: Final = 200
"""Number of ingested passages after which megabytes of memory are free to give back."""


def no_siblings(_name: str) -> None:
    """Return None: this document has no files beside it."""


def ignore_progress(_count: int) -> None:
    """Ignore progress."""


class Ingest:
    """Service that ingests documents, and can rebuild the library from the kept bytes.

    A failure is an outcome, never an exception, except StorageError. `now` is a UTC second. `parser` reads everything
    that comes from outside.
    """

    def __init__(
        self,
        library: Library,
        state: State,
        glossary: Glossary,
        segmenter: Segmenter,
        sources: Path,
        parser: Parser,
    ) -> None:
        self._library = library
        self._state = state
        self._files = OriginalFiles(sources, state.files)
        self._parser = parser
        self._storing = Storing(library, state, glossary, segmenter)
        self._storing_in = partial(Storing, state=state, glossary=glossary, segmenter=segmenter)

    def path(self, path: Path, now: int) -> Iterator[Ingested]:
        """Ingest one file."""
        return self.paths([path], now)

    def paths(
        self,
        paths: Iterable[Path],
        now: int,
        read: Callable[[int], None] = ignore_progress,
        given: Defaults = UNSAID,
    ) -> Iterator[Ingested]:
        """Ingest files in order; yield the outcome of each document.

        `read` is called after each document with the number of bytes read since the last call. `given` holds the
        operator's defaults for all of them; it precedes the defaults of their folders.
        """
        defaults = FolderDefaults(given)
        kept: set[str] = set()
        arrivals = (one for path in paths for one in self._arrivals_of(path, read, _day(now), defaults, kept))
        return self._store(arrivals, now, kept)

    def content(
        self, name: str, raw: bytes, now: int, original: Beside, given: Defaults = UNSAID
    ) -> Iterator[Ingested]:
        """Ingest the documents in `raw`; `original` returns the bytes of the file that a translation names."""
        return self.stream(name, BytesIO(raw), now, original, given)

    def stream(
        self,
        name: str,
        file: BinaryIO,
        now: int,
        original: Beside = no_siblings,
        given: Defaults = UNSAID,
    ) -> Iterator[Ingested]:
        """Ingest the documents in an open file, which may be a pipe."""
        kept: set[str] = set()
        held = self._documents_of(
            name, Path(name).name, file, original, ignore_progress, _day(now), given, kept
        )
        return self._store(held, now, kept)

    def take_out(self, report_id: str) -> None:
        """Remove an ingested report from the library, and its bytes from the disk; does nothing for a packaged report.

        The library comes first: after a crash in between, the state still knows the report, and it can be removed
        again.
        """
        if self._state.originals.of_report(report_id):
            self._library.remove(report_id)
            for digest in self._state.originals.remove(report_id):
                self._files.remove(digest)

    def feed(self, raw: bytes, charset: str = "") -> Feed:
        """Return the feed in `raw`; `charset` is what its server declares. Raises Unreadable if it is no feed."""
        outcome = self._parser.feed(raw, charset)
        if isinstance(outcome, Unreadable):
            raise outcome
        return outcome

    def rebuild(
        self, seeds: Path, now: int, parts: dict[str, str], another: Library | None = None
    ) -> Iterator[Ingested]:
        """Fill the library, or `another`, from the packaged seeds and every kept original; yield all outcomes.

        `parts` names the rules that it is built with (see library.fingerprint). Library.missing() then lists the
        documents that could not be ingested again.
        """
        library = another or self._library
        storing = self._storing_in(library)
        return Rebuild(library, self._state, storing, self._files, self._parser).run(
            seeds, now, _day(now), parts
        )

    def following(self, monotonic: Callable[[], float] = time.monotonic) -> PeerFollower:
        """Return the service that ingests what other machines with the same state have ingested."""
        from bot.intake.following import PeerFollower  # here: asyncio, which a command does not need

        return PeerFollower(self._library, self._state, self._storing, self._files, self._parser, monotonic)

    def _store(
        self, arrivals: Iterator[ParsedDocument | Ingested], now: int, kept: AbstractSet[str]
    ) -> Iterator[Ingested]:
        """Store documents; then delete those files among `kept` (hashes) of which no document was stored."""
        refused, passages = False, 0
        for outcome in self._storing.store(arrivals, now):
            refused = refused or outcome.status == "failed"
            passages += outcome.passages
            yield outcome
        for digest in kept if refused else ():
            if not self._state.originals.has_file(digest):
                self._files.remove(digest)
        if passages >= _MANY:
            give_back()

    def _arrivals_of(
        self,
        path: Path,
        read: Callable[[int], None],
        today: date,
        defaults: FolderDefaults,
        kept: set[str],
    ) -> Iterator[ParsedDocument | Ingested]:
        shown = plain_name(path)
        try:
            with path.open("rb") as file:
                size = os.fstat(file.fileno()).st_size
                if problem := too_large(path.name, file.peek(HEAD), size):
                    read(size)
                    yield failed(shown, problem)
                    return
                name, own = plain_name(path.resolve()), defaults.of(path)
                yield from self._documents_of(name, shown, file, beside(path), read, today, own, kept)
        except Unreadable as error:
            yield failed(shown, error.problem)
        except OSError as error:
            yield failed(shown, Problem("cannot_read", (shown, error.strerror or str(error))))

    def _documents_of(
        self,
        name: str,
        shown: str,
        file: BinaryIO,
        original: Beside,
        read: Callable[[int], None],
        today: date,
        defaults: Defaults,
        kept: set[str],
    ) -> Iterator[ParsedDocument | Ingested]:
        """Yield the documents of a file. At the first one, keep the file's bytes and add their hash to `kept`."""
        try:
            with self._files.held(file) as held:
                done = 0
                for position, one in enumerate(
                    documents_in(self._parser, name, held.file, original, today, shown)
                ):
                    if isinstance(one, Ingested):
                        yield one
                    else:
                        if held.digest not in kept:
                            self._files.keep(held)
                            kept.add(held.digest)
                        document = defaults.applied(one)
                        origin = Original(
                            "", document.language, held.digest, name, position, defaults.to_json()
                        )
                        yield ParsedDocument(document, shown, origin)
                    read(held.file.tell() - done)
                    done = held.file.tell()
        except OSError as error:
            yield failed(shown, Problem("cannot_keep", (error.strerror or str(error),)))


def _day(now: int) -> date:
    """Return the UTC date of a UTC second."""
    return datetime.fromtimestamp(now, UTC).date()


def give_back() -> None:
    """Return unused memory to the system. Takes some milliseconds; does nothing without glibc.

    Otherwise the memory that one large document needed stays with the thread that read it, as long as the bot runs
    (malloc_trim(3)).
    """
    trim = _trim()
    if trim is not None:
        trim(0)


@functools.cache
def _trim() -> Callable[[int], Any] | None:
    """Return glibc's malloc_trim; None with another C library."""
    try:
        trim: Callable[[int], Any] = ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):
        return None
    return trim
