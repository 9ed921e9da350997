"""Which process does a named job. A part of state.db.

The file lock of the data folder keeps two processes of one machine apart. A lease does so for machines that share
the folder or the database: it runs out by itself, and its term, which only grows, fences off whoever has lost it. Where
machines share a database, its clock counts: theirs may differ.
"""

from __future__ import annotations

from bot.state.table import Table

WORK = "digests"
"""The job of whoever polls, answers, makes digests and sends; named as earlier versions called it."""


class LeaseLost(Exception):
    """Another process does the job now."""


class Leases(Table):
    """The holder of each named job, until its lease runs out."""

    owns = ("lease",)

    def acquire(self, name: str, owner: str, now: int, seconds: int) -> int | None:
        """The term of the lease, None while another owner holds it.

        `owner` names a machine: on one machine the file lock has shown already that the last holder is gone.
        A lease that lasts longer than one can was written by a clock that was ahead; it is free.
        """
        now = self._store.now(now)
        row = self._read("SELECT owner, expires FROM lease WHERE name = ?", name).fetchone()
        if row and row["owner"] != owner and now < row["expires"] <= now + seconds:
            return None  # nobody's turn as a writer is taken by asking
        with self._store.write() as db:
            # The holder may renew it at this very moment, so what was read is asked again in the statement itself.
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
        """Who holds a job, and for how many seconds more; None where nobody does."""
        row = self._read("SELECT owner, expires FROM lease WHERE name = ?", name).fetchone()
        left = row["expires"] - self._store.now(now) if row else 0
        return (row["owner"], left) if left > 0 else None

    def renew(self, name: str, term: int, now: int, seconds: int) -> None:
        """Holds the lease for longer, however long other writers take. Raises LeaseLost."""
        expires = self._store.now(now) + seconds
        if not self._store.change_alone(
            "UPDATE lease SET expires = ? WHERE name = ? AND term = ?", expires, name, term
        ):
            raise LeaseLost(name)

    def check(self, name: str, term: int) -> None:
        """In the transaction of a change that only the holder may make. Raises LeaseLost."""
        with self._store.write() as db:
            row = db.execute("SELECT term FROM lease WHERE name = ?", (name,)).fetchone()
            if row is None or row["term"] != term:
                raise LeaseLost(name)

    def release(self, name: str, term: int, now: int, pause: int) -> None:
        """Lets the next process have it, another machine `pause` seconds from now."""
        with self._store.write() as db:
            expires = self._store.now(now) + pause if pause else 0
            db.execute("UPDATE lease SET expires = ? WHERE name = ? AND term = ?", (expires, name, term))
