"""Table of recent messages per group, so that a machine that takes over keeps to Telegram's limit per minute.

Telegram counts a bot's messages, whichever machine sends them. The outbox has only digests; replies and edits are here.
"""

from __future__ import annotations

from bot.state.table import Table

_KEPT_SECONDS = 3_600


class GroupSends(Table):
    """Number of messages by group and second, without their authors or texts."""

    owns = ("group_send",)
    rewritten = False

    def put(self, group_id: int, now: int) -> None:
        """Count one message about to be sent to a group. Raises StorageError."""
        self._store.change_concurrently(
            """INSERT INTO group_send (group_id, at, messages) VALUES (?, ?, 1)
               ON CONFLICT (group_id, at) DO UPDATE SET messages = group_send.messages + 1""",
            *(group_id, self._store.now(now)),
        )

    def within(self, seconds: int, now: int) -> list[tuple[int, int]]:
        """Return (group, age in seconds) of each message of the last `seconds`, oldest first."""
        now = self._store.now(now)
        rows = self._read(
            "SELECT group_id, at, messages FROM group_send WHERE at > ? ORDER BY at", now - seconds
        )
        return [(row["group_id"], max(0, now - row["at"])) for row in rows for _ in range(row["messages"])]

    def expire(self, now: int) -> int:
        """Delete counts older than an hour and return how many."""
        return self._write("DELETE FROM group_send WHERE at < ?", now - _KEPT_SECONDS)
