"""Keeps the bytes of ingested files under their hash, so that the library can be rebuilt from them.

Machines that share a state also share these files: one that another machine keeps is fetched on demand.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct

from bot.state.stored_files import SUFFIX, StoredFiles, open_unfinished

IN_MEMORY = 16 << 20
"""Largest file held in memory, in bytes; a larger one is copied to the disk as it is read."""
_CHUNK = 1 << 20


class HeldFile(Struct, frozen=True):
    """A file's bytes, seekable, and the path at which they are kept. `unfinished` is their copy on the disk, if any."""

    file: BinaryIO
    digest: str
    target: Path
    unfinished: Path | None

    def keep(self) -> None:
        """Store the bytes under their hash, atomically. Raises OSError."""
        if self.target.exists():
            return
        self.target.parent.mkdir(parents=True, exist_ok=True)
        if self.unfinished is not None:
            self.unfinished.replace(self.target)
            return
        part = self.target.with_suffix(f".{os.getpid()}{SUFFIX}")
        offset = self.file.tell()
        try:
            self.file.seek(0)
            with open_unfinished(part) as copy:
                copy.write(self.file.read())
                copy.flush()
                part.replace(self.target)
        except OSError:
            part.unlink(missing_ok=True)
            raise
        finally:
            self.file.seek(offset)


class OriginalFiles:
    """Store of the kept files of one data folder, and of those of the other machines."""

    def __init__(self, folder: Path, others: StoredFiles) -> None:
        self._folder = folder
        self._others = others

    def path(self, digest: str) -> Path:
        """Return the path of the bytes with this hash, whether they exist or not."""
        return self._folder / digest

    def file(self, digest: str) -> Path | None:
        """Return the path of the bytes with this hash; None if no machine has them.

        Fetches them from another machine if need be. Raises StorageError.
        """
        path = self.path(digest)
        return path if path.is_file() or self._others.fetch(digest, path) else None

    def keep(self, held: HeldFile) -> None:
        """Store the bytes here and for the other machines. Raises OSError and StorageError."""
        held.keep()
        self._others.put(held.digest, held.file)

    def share(self, digest: str) -> bool:
        """Give the other machines a file kept here; return whether they have it now.

        Raises OSError and StorageError.
        """
        path = self.path(digest)
        if not path.is_file():
            return False
        with path.open("rb") as file:
            self._others.put(digest, file)
        return self._others.has(digest)

    def remove(self, digest: str) -> None:
        """Delete the bytes here and for the other machines. Raises OSError and StorageError."""
        self._others.remove(digest)
        self.path(digest).unlink(missing_ok=True)

    @contextmanager
    def held(self, file: BinaryIO) -> Iterator[HeldFile]:
        """Hold the rest of `file`, which may be a pipe.

        Leaves nothing on the disk unless it is kept. Raises OSError.
        """
        head = file.read(IN_MEMORY + 1)
        if len(head) <= IN_MEMORY:
            digest = hashlib.sha256(head).hexdigest()
            yield HeldFile(BytesIO(head), digest, self.path(digest), None)
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        part = self._folder / f"{os.getpid()}.{id(file)}{SUFFIX}"
        try:
            with open_unfinished(part) as copy:
                digest = _copied(head, file, copy)
                copy.seek(0)
                yield HeldFile(copy, digest, self.path(digest), part)
        finally:
            part.unlink(missing_ok=True)


def _copied(head: bytes, rest: BinaryIO, copy: BinaryIO) -> str:
    """Copy `head` and `rest`; return the SHA-256 of both, in hexadecimal."""
    digest = hashlib.sha256()
    chunk = head
    while chunk:
        digest.update(chunk)
        copy.write(chunk)
        chunk = rest.read(_CHUNK)
    copy.flush()
    return digest.hexdigest()
