"""Lock files, which keep two processes from working in one data folder. Without them no process may work there."""

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
    """Hold a lock file, waiting up to `patience` seconds for another process, forever by default.

    Raises Locked when the time is up, and StorageError if the file system has no locks: a substitute would outlive
    a killed process, or protect nothing.
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
