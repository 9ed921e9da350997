"""Names this machine among those that share a database."""

from __future__ import annotations

import secrets
import socket
from pathlib import Path

_FILE = "machine-id"


def machine_name(data: Path) -> str:
    """Return the owner of this machine's leases: its host, an id that its data folder keeps, and the folder.

    The id keeps apart machines with one host name and one folder, such as copies of a system image: each would take the
    other's lease for its own. Call it while the folder is locked. Raises OSError where the folder cannot be written.
    """
    path = data / _FILE
    number = path.read_text("ascii", "replace").strip() if path.exists() else ""
    if not number:
        number = secrets.token_hex(3)
        path.write_text(number, "ascii")
    return f"{socket.gethostname()}-{number}:{data}"
