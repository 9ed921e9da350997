"""Keeps two processes from working in one data folder. Where files cannot be locked, nobody does."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from bot.sqlite.errors import StorageError

_UNSUPPORTED = {errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOLCK, errno.EINVAL}


class Locked(Exception):
    """Another process holds the lock."""


@contextmanager
def locked(path: Path, patience: float = -1) -> Iterator[None]:
    """Holds a lock file, waiting `patience` seconds for another process, for ever by default.

    Raises Locked when that is over, and StorageError where the file system has no locks: a lock of another kind
    would outlive a process that was killed, or keep nobody away.
    """
    lock = FileLock(path, timeout=patience, fallback_to_soft=False)
    try:
        lock.acquire()
    except Timeout:
        raise Locked(str(path)) from None
    except NotImplementedError as error:
        raise _unsupported(path, "not supported") from error
    except OSError as error:
        if error.errno in _UNSUPPORTED:
            raise _unsupported(path, error.strerror) from error
        raise
    try:
        yield
    finally:
        lock.release()


def _unsupported(path: Path, reason: str | None) -> StorageError:
    return StorageError(
        f"Files in {path.parent} cannot be locked ({reason}), so two processes could damage what is there; "
        "set TRENDBOT_DATA to a folder on a disk of this machine."
    )
