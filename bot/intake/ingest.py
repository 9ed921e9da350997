"""Takes documents into the library: keeps their bytes, indexes them, replaces what changed.

for each file, in its order:
    hold its bytes, hash them                      # a large one is copied to the disk as it is read
    for each document that a reader finds in it:
        decode, clean, read what is declared       # readers; what cannot be read is that document's outcome
        keep the bytes under their hash            # before anything names them
        find its report, index it, store it        # storing, in batches
    tell what became of each document, once it is safe
    remove the bytes again where every document was refused
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from bot.intake import free_memory
from bot.intake.defaults import UNSAID, Defaults, FolderDefaults
from bot.intake.following import Following
from bot.intake.formats.magic import HEAD
from bot.intake.originals import Sources
from bot.intake.reading import Beside, beside, documents_in, plain_name, too_large
from bot.intake.rebuild import Rebuild
from bot.intake.storing import Arrived, Ingested, Storing, failed
from bot.library.glossary import Glossary
from bot.library.library import Library
from bot.models import Problem
from bot.state.originals import Original
from bot.state.state import State
from bot.text.segment import Segmenter
from bot.text.unreadable import Unreadable

if TYPE_CHECKING:
    from bot.intake.formats.feed import Feed
    from bot.intake.readers import Parser

_MANY: Final = 200
"""Passages taken in that leave megabytes of free memory behind."""


def alone(_name: str) -> None:
    """The bytes of the file beside one that stands alone."""


def ignore(_bytes: int) -> None:
    """Tells nobody how far it is."""


class Ingest:
    """Puts documents into the library, and can do so again from the kept bytes.

    A failure is an outcome, never an exception, but for StorageError. `now` is a UTC second. What comes from outside
    is read by `parser`.
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
        self._sources = Sources(sources, state.files)
        self._parser = parser
        self._storing = Storing(library, state, glossary, segmenter)

    def path(self, path: Path, now: int) -> Iterator[Ingested]:
        """Ingests one file."""
        return self.paths([path], now)

    def paths(
        self,
        paths: Iterable[Path],
        now: int,
        read: Callable[[int], None] = ignore,
        given: Defaults = UNSAID,
    ) -> Iterator[Ingested]:
        """Ingests files in their order; `read` is told how many bytes more have been read.

        `given` is what the operator says of all of them, before what their folders say.
        """
        defaults = FolderDefaults(given)
        kept: set[str] = set()
        arrivals = (one for path in paths for one in self._file(path, read, _day(now), defaults, kept))
        return self._stored(arrivals, now, kept)

    def content(self, name: str, raw: bytes, now: int, original: Beside) -> Iterator[Ingested]:
        """Ingests the documents in `raw`; `original` gives the bytes of the file a translation names."""
        return self.stream(name, BytesIO(raw), now, original)

    def stream(self, name: str, file: BinaryIO, now: int, original: Beside = alone) -> Iterator[Ingested]:
        """Ingests the documents in an open file, which may be a pipe."""
        kept: set[str] = set()
        held = self._held(name, Path(name).name, file, original, ignore, _day(now), UNSAID, kept)
        return self._stored(held, now, kept)

    def take_out(self, report_id: str) -> None:
        """Takes a report that came in out of the library again, and its bytes off the disk; a packaged one stays.

        The library first: after a crash in between the state still knows the report, and it can be asked for again.
        """
        if self._state.originals.of_report(report_id):
            self._library.remove(report_id)
            for digest in self._state.originals.remove(report_id):
                self._sources.remove(digest)

    def feed(self, raw: bytes, charset: str = "") -> Feed:
        """The feed in `raw`, whose server declares `charset`. Raises Unreadable where there is none."""
        outcome = self._parser.feed(raw, charset)
        if isinstance(outcome, Unreadable):
            raise outcome
        return outcome

    def rebuild(self, seeds: Path, now: int, parts: dict[str, str]) -> Iterator[Ingested]:
        """Fills the library anew: the packaged seeds, then every original that was ever kept.

        `parts` is what it is built with (see library.fingerprint). What cannot be taken in again is in
        Library.missing() from then on.
        """
        return Rebuild(self._library, self._state, self._storing, self._sources, self._parser).run(
            seeds, now, _day(now), parts
        )

    def following(self, monotonic: Callable[[], float] = time.monotonic) -> Following:
        """What takes in what other machines have taken in."""
        return Following(self._library, self._state, self._storing, self._sources, self._parser, monotonic)

    def _stored(
        self, arrivals: Iterator[Arrived | Ingested], now: int, kept: AbstractSet[str]
    ) -> Iterator[Ingested]:
        """Stores documents; of the files that were `kept`, by their hash, those stay that one was stored of."""
        refused, passages = False, 0
        for outcome in self._storing.store(arrivals, now):
            refused = refused or outcome.status == "failed"
            passages += outcome.passages
            yield outcome
        for digest in kept if refused else ():
            if not self._state.originals.has_file(digest):
                self._sources.remove(digest)
        if passages >= _MANY:
            free_memory.give_back()

    def _file(
        self,
        path: Path,
        read: Callable[[int], None],
        today: date,
        defaults: FolderDefaults,
        kept: set[str],
    ) -> Iterator[Arrived | Ingested]:
        shown = plain_name(path)
        try:
            with path.open("rb") as file:
                size = os.fstat(file.fileno()).st_size
                if problem := too_large(path.name, file.peek(HEAD), size):
                    read(size)
                    yield failed(shown, problem)
                    return
                name, own = plain_name(path.resolve()), defaults.of(path)
                yield from self._held(name, shown, file, beside(path), read, today, own, kept)
        except Unreadable as error:
            yield failed(shown, error.problem)
        except OSError as error:
            yield failed(shown, Problem("cannot_read", (shown, error.strerror or str(error))))

    def _held(
        self,
        name: str,
        shown: str,
        file: BinaryIO,
        original: Beside,
        read: Callable[[int], None],
        today: date,
        defaults: Defaults,
        kept: set[str],
    ) -> Iterator[Arrived | Ingested]:
        """The documents of a file, whose bytes are kept as soon as there is one; then its hash is added to `kept`."""
        try:
            with self._sources.held(file) as held:
                done = 0
                for position, one in enumerate(
                    documents_in(self._parser, name, held.file, original, today, shown)
                ):
                    if isinstance(one, Ingested):
                        yield one
                    else:
                        if held.digest not in kept:
                            self._sources.keep(held)
                            kept.add(held.digest)
                        document = defaults.applied(one)
                        origin = Original(
                            "", document.language, held.digest, name, position, defaults.dumped()
                        )
                        yield Arrived(document, shown, origin)
                    read(held.file.tell() - done)
                    done = held.file.tell()
        except OSError as error:
            yield failed(shown, Problem("cannot_keep", (error.strerror or str(error),)))


def _day(now: int) -> date:
    """The day of a UTC second."""
    return datetime.fromtimestamp(now, UTC).date()
