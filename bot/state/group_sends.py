"""How many messages each group was sent a moment ago, for the machine that takes over. A part of state.db.

Telegram counts them by the bot, whichever machine sends. Digests are in the outbox; replies and edits are only here.
"""

from __future__ import annotations

from bot.state.table import Table

_KEPT_SECONDS = 3_600


class GroupSends(Table):
    """Messages by group and second. Whose they were and what they said is not kept."""

    owns = ("group_send",)
    rewritten = False

    def put(self, group_id: int, now: int) -> None:
        """Counts one message that is about to leave for a group. Raises StorageError."""
        self._store.change_alone(
            """INSERT INTO group_send (group_id, at, messages) VALUES (?, ?, 1)
               ON CONFLICT (group_id, at) DO UPDATE SET messages = group_send.messages + 1""",
            *(group_id, self._store.now(now)),
        )

    def within(self, seconds: int, now: int) -> list[tuple[int, int]]:
        """The group of each message of the last `seconds`, and how many seconds ago it was; the oldest first."""
        now = self._store.now(now)
        rows = self._read(
            "SELECT group_id, at, messages FROM group_send WHERE at > ? ORDER BY at", now - seconds
        )
        return [(row["group_id"], max(0, now - row["at"])) for row in rows for _ in range(row["messages"])]

    def expire(self, now: int) -> int:
        """Deletes what was sent more than an hour ago."""
        return self._write("DELETE FROM group_send WHERE at < ?", now - _KEPT_SECONDS)
