"""Names this machine among those that share a database."""

from __future__ import annotations

import hashlib
import secrets
import socket
from pathlib import Path

_BOOT = Path("/proc/sys/kernel/random/boot_id")
"""The kernel's id of this start of the machine: copies of one system image have different ones."""


def machine_name(data: Path, boot: Path = _BOOT) -> str:
    """Return the owner of this machine's leases: its host, this start of it with the folder's place on disk, and the folder.

    Nothing of it is stored, so no copy of a folder or of a whole machine brings it along: two with one name would take each
    other's lease for their own. Where the system does not tell its start, each process is an owner of its own, and waits
    until the lease of the one before it has run out. Raises OSError where the folder cannot be read.
    """
    place = data.stat()
    try:
        start = boot.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):  # no Linux, or a unit of systemd that hides /proc/sys
        start = secrets.token_hex(16)
    number = hashlib.sha256(f"{start} {place.st_dev} {place.st_ino}".encode()).hexdigest()[:6]
    return f"{socket.gethostname()}-{number}:{data}"
