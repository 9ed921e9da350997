"""When a named part of the bot last did its work, for itself and for other processes. A part of state.db."""

from __future__ import annotations

from bot.state.table import Table

RECEIVED = "poll"
"""The heartbeat of the last answer to getUpdates, or of the last update that a webhook brought."""

HEALTH = "health"
"""The heartbeat of the last question about the bot's health: a small write that proves that the file can be written."""

CONFLICT = "conflict"
"""The heartbeat of the last answer that said that another process polls with the same token."""


class Heartbeats(Table):
    """The second of the last work of each part, by its name."""

    owns = ("heartbeat",)

    def beat(self, name: str, now: int) -> None:
        """Records that the part `name` has just done its work."""
        self._write(
            "INSERT INTO heartbeat (name, at) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET at = excluded.at",
            name,
            now,
        )

    def last(self, name: str) -> int | None:
        """When the part `name` last did its work."""
        row = self._read("SELECT at FROM heartbeat WHERE name = ?", name).fetchone()
        return row[0] if row else None
