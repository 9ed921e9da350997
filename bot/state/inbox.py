"""Updates received from Telegram, and what became of them. A part of state.db.

new: waits to be handled. done, failed and poison are final and hold no body.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.state.table import Table

# Telegram keeps unconfirmed updates for a day; a handled one that is older than this cannot come again.
_KEPT_SECONDS = 7 * 86_400


@dataclass(frozen=True, slots=True)
class Received:
    """An update that waits to be handled; `body` is Telegram's JSON."""

    update_id: int
    body: str


class Inbox(Table):
    """Each update once, until a week after it was handled."""

    owns = ("inbox",)

    def receive(self, updates: Iterable[tuple[int, str | None]], now: int) -> set[int]:
        """Keeps (update_id, body) in one transaction; an update that is known already is left alone.

        An update with the body None has nothing to be handled; only its id is kept. Returns the ids that were new.
        """
        insert = "INSERT INTO inbox (update_id, body, state, at) VALUES (?, ?, ?, ?) ON CONFLICT (update_id) DO NOTHING"
        with self._store.write() as db:
            return {
                number
                for number, body in updates
                if db.execute(insert, (number, body, "new" if body is not None else "done", now)).rowcount
            }

    def waiting(self, after: int, limit: int) -> list[Received]:
        """Updates still to be handled, oldest first, whose id is above `after`."""
        rows = self._read(
            "SELECT update_id, body FROM inbox WHERE state = 'new' AND update_id > ? ORDER BY update_id LIMIT ?",
            after,
            limit,
        )
        return [Received(*row) for row in rows]

    def last_update(self, now: int) -> int | None:
        """The highest update_id received in the last six days, None without one.

        After a week without updates Telegram goes on with a random, perhaps lower, id (Bot API, Update).
        """
        row = self._read("SELECT max(update_id) FROM inbox WHERE at > ?", now - 6 * 86_400).fetchone()
        return row[0] if row else None

    def finish(self, update_id: int, outcome: str) -> None:
        """Marks a waiting update done, failed or poison, and erases its body; the first mark stays."""
        self._write(
            "UPDATE inbox SET state = ?, body = NULL WHERE update_id = ? AND state = 'new'",
            outcome,
            update_id,
        )

    def counts(self) -> dict[str, int]:
        """How many updates are in each state."""
        return {row[0]: row[1] for row in self._read("SELECT state, count(*) FROM inbox GROUP BY state")}

    def expire(self, now: int) -> int:
        """Deletes updates that were handled a week ago."""
        return self._write("DELETE FROM inbox WHERE state <> 'new' AND at < ?", now - _KEPT_SECONDS)
