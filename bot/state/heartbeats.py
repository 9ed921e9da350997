"""Table of heartbeats: when each named part of the bot last did its work, readable by other processes."""

from __future__ import annotations

from bot.state.table import Table

RECEIVED = "poll"
"""Heartbeat of the last answer to getUpdates, or of the last update that a webhook brought."""

HEALTH = "health"
"""Heartbeat of the last health check: a small write, which proves that the state can be written."""

CONFLICT = "conflict"
"""Heartbeat of Telegram's last answer that another process polls with the same token."""


class Heartbeats(Table):
    """The second of the last work of each part, by name."""

    owns = ("heartbeat",)

    def beat(self, name: str, now: int) -> None:
        """Record that the part `name` did its work at `now`."""
        self._write(
            "INSERT INTO heartbeat (name, at) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET at = excluded.at",
            name,
            now,
        )

    def last(self, name: str) -> int | None:
        """Return the second when the part `name` last did its work, None if never."""
        row = self._read("SELECT at FROM heartbeat WHERE name = ?", name).fetchone()
        return row[0] if row else None
