"""Keeps library.db complete: fills it where what it is built with has changed, and builds it anew where it is damaged.

at a start:           another fingerprint -> filled in one transaction; readers see the old library until it ends
                      a file that cannot be opened -> an empty one takes its place, and is filled
while the bot runs:   a read has met damage -> a new file is built beside it, then takes its place; until then nobody
                      is answered from the library
"""

from __future__ import annotations

import logging
from contextlib import closing
from datetime import datetime
from pathlib import Path

from bot.intake.ingest import Ingest
from bot.library.fingerprint import fingerprint
from bot.library.glossary import Glossary
from bot.library.library import Library
from bot.sqlite.connection import swap
from bot.sqlite.errors import Damaged
from bot.state.locks import locked

_log = logging.getLogger(__name__)

_FILE, _NEW, _LOCK = "library.db", "library.new.db", "library.lock"


def opened(data: Path) -> Library:
    """Return the library of a data folder; an empty one if its file is too damaged to be opened. Raises StorageError."""
    try:
        library = Library(data / _FILE)
        try:
            library.built()
        except Damaged:
            library.close()
            raise
    except Damaged as error:
        _log.error("%s It is built anew now.", error.fault)
        with locked(data / _LOCK):
            Library(_emptied(data / _NEW)).close()
            swap(data / _NEW, data / _FILE)
        library = Library(data / _FILE)
    return library


class Upkeep:
    """Upkeep of an open library."""

    def __init__(
        self,
        library: Library,
        ingest: Ingest,
        glossary: Glossary,
        segmenter: str,
        seeds: Path,
        data: Path,
    ) -> None:
        """`segmenter` is the name of the one that cuts words."""
        self._library = library
        self._ingest = ingest
        self._glossary = glossary
        self._segmenter = segmenter
        self._seeds = seeds
        self._data = data
        self._stopping = False
        self._told: Damaged | None = None

    def refresh(self, now: int) -> None:
        """Fill the library anew if anything that it was built with has changed; `now` is a UTC second."""
        if self.current(self._library):
            return
        with locked(self._data / _LOCK):
            if not self.current(self._library):
                for _ in self._ingest.rebuild(self._seeds, now, self._parts()):
                    pass

    def current(self, library: Library) -> bool:
        """Return whether a library was built with what there is now."""
        built = library.built()
        return built is not None and built.parts == self._parts()

    def mend(self, now: datetime) -> None:
        """Build the library anew if damage was met in it. Raises StorageError, as when the disk is full."""
        damage = self._library.damage
        if damage is None or self._stopping:
            return
        if self._told is not damage:
            _log.error("%s Until then nobody is answered from it.", damage)
            self._told = damage
        with locked(self._data / _LOCK):
            new = _emptied(self._data / _NEW)
            if self._filled(new, int(now.timestamp())):
                self._library.replace(new)
                _log.warning("%s is built anew: %d reports.", _FILE, self._library.coverage().reports)

    def stop(self) -> None:
        """Make `mend` return early; what it has built so far is lost."""
        self._stopping = True

    def _filled(self, file: Path, now: int) -> bool:
        """Fill a new library. Return False if stopped."""
        with closing(Library(file)) as library:
            for _ in self._ingest.rebuild(self._seeds, now, self._parts(), library):
                if self._stopping:
                    return False
            library.count_own_topics(self._glossary.own)
        return True

    def _parts(self) -> dict[str, str]:
        return fingerprint(self._seeds, self._segmenter)


def _emptied(file: Path) -> Path:
    """Return `file` after deleting it, with its log."""
    for end in ("", "-wal", "-shm"):
        file.with_name(file.name + end).unlink(missing_ok=True)
    return file
