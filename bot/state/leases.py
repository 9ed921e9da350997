"""Table of leases: which machine does a named job.

The file lock of the data folder keeps two processes of one machine apart. A lease does the same for machines that share
the folder or the database: it expires by itself, and its term, which only grows, fences off a process that has lost it.
Machines that share a database measure time by its clock, since their own may differ.
"""

from __future__ import annotations

import hashlib
import secrets
import socket
from pathlib import Path

from bot.state.table import Table

WORK = "digests"
"""The job of polling, answering, making digests and sending; earlier versions gave it this name."""


_BOOT = Path("/proc/sys/kernel/random/boot_id")
"""The kernel's id of this start of the machine: copies of one system image have different ones."""


class LeaseLost(Exception):
    """Another process holds the lease now."""


class Leases(Table):
    """The holder of each named job, until its lease expires."""

    owns = ("lease",)

    def acquire(self, name: str, owner: str, now: int, seconds: int) -> int | None:
        """Take the lease for `seconds` and return its term, None while another owner holds it.

        `owner` names a machine (state.machine), whose own lease is free: its file lock has shown that the last process is gone.
        A lease that expires later than `seconds` from now was written by a clock that was ahead; it is free too.
        """
        now = self._store.now(now)
        row = self._read("SELECT owner, expires FROM lease WHERE name = ?", name).fetchone()
        if row and row["owner"] != owner and now < row["expires"] <= now + seconds:
            return None  # asking must not hold up writers
        with self._store.write() as db:
            # The holder may renew meanwhile, so the statement itself checks again.
            taken = db.execute(
                """INSERT INTO lease (name, owner, term, expires) VALUES (?, ?, 1, ?)
                   ON CONFLICT (name) DO UPDATE SET
                       owner = excluded.owner, term = lease.term + 1, expires = excluded.expires
                   WHERE lease.owner = excluded.owner OR lease.expires <= ? OR lease.expires > ?""",
                (name, owner, now + seconds, now, now + seconds),
            )
            if taken.rowcount != 1:
                return None
            return int(db.execute("SELECT term FROM lease WHERE name = ?", (name,)).fetchone()["term"])

    def holder(self, name: str, now: int) -> tuple[str, int] | None:
        """Return the holder of a job and the seconds until its lease expires, None if nobody holds it."""
        row = self._read("SELECT owner, expires FROM lease WHERE name = ?", name).fetchone()
        left = row["expires"] - self._store.now(now) if row else 0
        return (row["owner"], left) if left > 0 else None

    def renew(self, name: str, term: int, now: int, seconds: int) -> None:
        """Extend the lease to `seconds` from now, without waiting for other writers. Raises LeaseLost."""
        expires = self._store.now(now) + seconds
        if not self._store.change_concurrently(
            "UPDATE lease SET expires = ? WHERE name = ? AND term = ?", expires, name, term
        ):
            raise LeaseLost(name)

    def check(self, name: str, term: int) -> None:
        """Fence a change that only the holder may make: call it in the same transaction. Raises LeaseLost."""
        with self._store.write() as db:
            row = db.execute("SELECT term FROM lease WHERE name = ?", (name,)).fetchone()
            if row is None or row["term"] != term:
                raise LeaseLost(name)

    def release(self, name: str, term: int, now: int, pause: int) -> None:
        """Give up the lease: this machine can take it at once, another after `pause` seconds. No effect if lost."""
        with self._store.write() as db:
            expires = self._store.now(now) + pause if pause else 0
            db.execute("UPDATE lease SET expires = ? WHERE name = ? AND term = ?", (expires, name, term))


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
