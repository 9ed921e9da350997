"""Table of the files of originals, for the other machines that share the database; and files that are still being written.

It stays empty in SQLite: the one machine keeps its files in sources/. A file is written beside its final name; those that a
process left when it died are removed.
"""

from __future__ import annotations

import fcntl
import hashlib
import logging
import os
from pathlib import Path
from typing import BinaryIO

from bot.sqlite.errors import StorageError
from bot.state.table import Table

SUFFIX = ".part"


_log = logging.getLogger(__name__)

LARGEST = 256 << 20
"""Largest file, in bytes, that is shared; a larger one stays on the machine that took it in."""

_PIECE = 1 << 20


def open_unfinished(path: Path) -> BinaryIO:
    """Create the file `path`, which ends in SUFFIX, locked for as long as it is open. Raises OSError."""
    while True:
        file = path.open("w+b")
        fcntl.flock(file, fcntl.LOCK_EX)
        if os.fstat(file.fileno()).st_nlink:  # not deleted by clear_unfinished before it was locked
            return file
        file.close()


def clear_unfinished(folder: Path) -> None:
    """Delete unfinished files in `folder` that no process holds open; the kernel releases a dead one's lock."""
    for path in folder.glob(f"*{SUFFIX}"):
        try:
            with path.open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                path.unlink(missing_ok=True)
        except OSError:
            continue  # being written, or gone meanwhile


class StoredFiles(Table):
    """Files by their SHA-256, in pieces of 1 MiB. A file is there once its last piece is."""

    owns = ("stored_file",)
    rewritten = False

    def has(self, digest: str) -> bool:
        """Return whether all pieces of a file are there."""
        sql = "SELECT 1 FROM stored_file WHERE sha256 = ? AND last = 1"
        return self._read(sql, digest).fetchone() is not None

    def put(self, digest: str, file: BinaryIO) -> None:
        """Store a seekable file, if machines share the database; its position is kept.

        Each piece has its own transaction and the last one is written last, so after a kill the file is not there
        and the next call completes it. Skips a file above LARGEST, with a warning. Raises OSError and StorageError.
        """
        if not self._store.shared or self.has(digest):
            return
        before = file.tell()
        try:
            if (size := file.seek(0, os.SEEK_END)) > LARGEST:
                _log.warning("%s has %d MiB, which is too much for other machines.", digest, size >> 20)
                return
            file.seek(0)
            for piece in range(max(1, -(-size // _PIECE))):
                body = file.read(_PIECE)
                self._write(
                    """INSERT INTO stored_file (sha256, piece, last, body) VALUES (?, ?, ?, ?)
                       ON CONFLICT (sha256, piece) DO NOTHING""",
                    *(digest, piece, int(file.tell() >= size), body),
                )
        finally:
            file.seek(before)

    def fetch(self, digest: str, target: Path) -> bool:
        """Write a file to `target`, whole or not at all. Return False if missing or damaged. Raises StorageError."""
        if not self.has(digest):
            return False
        part = target.with_suffix(f".{os.getpid()}{SUFFIX}")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with open_unfinished(part) as copy:
                if self._copy_verified(digest, copy):
                    copy.flush()
                    part.replace(target)
                    return True
        except OSError as error:
            raise StorageError(f"{target} cannot be written ({error.strerror}).") from error
        finally:
            part.unlink(missing_ok=True)
        return False

    def remove(self, digest: str) -> None:
        """Delete a file, if it is there."""
        self._write("DELETE FROM stored_file WHERE sha256 = ?", digest)

    def _copy_verified(self, digest: str, copy: BinaryIO) -> bool:
        """Copy a file piece by piece and return whether it is complete and matches its hash."""
        seen = hashlib.sha256()
        piece, last = 0, False
        while not last:
            row = self._read(
                "SELECT last, body FROM stored_file WHERE sha256 = ? AND piece = ?", digest, piece
            ).fetchone()
            if row is None:  # removed meanwhile
                return False
            last, piece = bool(row["last"]), piece + 1
            seen.update(row["body"])
            copy.write(row["body"])
        if seen.hexdigest() != digest:
            _log.error("The file %s is damaged in the database.", digest)
            return False
        return True
