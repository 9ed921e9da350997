"""Table of the inbox: updates received from Telegram, and how their handling ended.

new: still to be handled. done, failed and poison are final and hold no body.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from bot.state.table import Table

# Telegram keeps unconfirmed updates for a day, so an older one cannot come again.
_KEPT_SECONDS = 7 * 86_400


class Received(Struct, frozen=True):
    """An update still to be handled; `body` is Telegram's JSON."""

    update_id: int
    body: str


class Inbox(Table):
    """Each update once; a handled one is kept until a week after it was received."""

    owns = ("inbox",)

    def receive(self, updates: Iterable[tuple[int, str | None]], now: int) -> set[int]:
        """Store (update_id, body) pairs in one transaction; return the ids that were new. Known ones stay as they are.

        The body None means that there is nothing to handle: only the id is kept, as done.
        """
        insert = "INSERT INTO inbox (update_id, body, state, at) VALUES (?, ?, ?, ?) ON CONFLICT (update_id) DO NOTHING"
        with self._store.write() as db:
            return {
                number
                for number, body in updates
                if db.execute(insert, (number, body, "new" if body is not None else "done", now)).rowcount
            }

    def waiting(self, after: int, limit: int) -> list[Received]:
        """Return up to `limit` updates still to be handled with an id above `after`, in order of id."""
        rows = self._read(
            "SELECT update_id, body FROM inbox WHERE state = 'new' AND update_id > ? ORDER BY update_id LIMIT ?",
            after,
            limit,
        )
        return [Received(*row) for row in rows]

    def last_update(self, now: int) -> int | None:
        """Return the highest update_id received in the last six days, None without one.

        After a week without updates Telegram continues with a random, perhaps lower, id (Bot API, Update).
        """
        row = self._read("SELECT max(update_id) FROM inbox WHERE at > ?", now - 6 * 86_400).fetchone()
        return row[0] if row else None

    def finish(self, update_id: int, outcome: str) -> None:
        """Mark a new update done, failed or poison and erase its body; the first mark stays."""
        self._write(
            "UPDATE inbox SET state = ?, body = NULL WHERE update_id = ? AND state = 'new'",
            outcome,
            update_id,
        )

    def counts(self) -> dict[str, int]:
        """Return the number of updates per state."""
        return {row[0]: row[1] for row in self._read("SELECT state, count(*) FROM inbox GROUP BY state")}

    def expire(self, now: int) -> int:
        """Delete handled updates received more than a week ago and return how many."""
        return self._write("DELETE FROM inbox WHERE state <> 'new' AND at < ?", now - _KEPT_SECONDS)
