"""Queries that readers do not want in digests for a while. A part of state.db."""

from __future__ import annotations

from collections import defaultdict

from bot.messages import Place
from bot.state.table import Table


class Mutes(Table):
    """The muted queries of each reader, each with the second when it comes back."""

    owns = ("mute",)

    def put(self, reader: Place, query: str, until: int) -> None:
        """Leaves `query` out of a reader's digests before `until`."""
        self._write(
            """INSERT INTO mute (chat_id, thread_id, query, until) VALUES (?, ?, ?, ?)
               ON CONFLICT (chat_id, thread_id, query) DO UPDATE SET until = excluded.until""",
            *reader,
            query,
            until,
        )

    def of_reader(self, reader: Place, now: int) -> dict[str, int]:
        """The queries that a reader does not want at `now`, each with the second when it comes back."""
        rows = self._read(
            "SELECT query, until FROM mute WHERE chat_id = ? AND thread_id = ? AND until > ? ORDER BY query",
            *reader,
            now,
        )
        return {row["query"]: row["until"] for row in rows}

    def all(self, now: int) -> dict[Place, frozenset[str]]:
        """The queries that are left out of digests at `now`, by reader."""
        queries: dict[Place, set[str]] = defaultdict(set)
        for chat_id, thread_id, query in self._read(
            "SELECT chat_id, thread_id, query FROM mute WHERE until > ?", now
        ):
            queries[Place(chat_id, thread_id)].add(query)
        return {reader: frozenset(muted) for reader, muted in queries.items()}

    def migrate_chat(self, old: int, new: int) -> None:
        """Moves a group's mutes to its new id; what was muted there already stays."""
        self._write(
            """INSERT INTO mute (chat_id, thread_id, query, until)
               SELECT ?, thread_id, query, until FROM mute WHERE chat_id = ? ON CONFLICT DO NOTHING""",
            new,
            old,
        )
        self._write("DELETE FROM mute WHERE chat_id = ?", old)

    def forget(self, user_id: int) -> None:
        """Deletes what a person muted in private."""
        self._write("DELETE FROM mute WHERE chat_id = ?", user_id)
