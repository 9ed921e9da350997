"""Files that are being written beside their final name, and the removal of those left by a process that died."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import BinaryIO

SUFFIX = ".part"


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
