"""Table of mutes: queries left out of a reader's digests until a given second."""

from __future__ import annotations

from collections import defaultdict

from bot.messages import Place
from bot.state.table import Table


class Mutes(Table):
    """The muted queries of each reader (a chat and forum topic), each with the second when its mute ends."""

    owns = ("mute",)

    def put(self, reader: Place, query: str, until: int) -> None:
        """Mute a query in a reader's digests until the second `until`, which replaces an earlier one."""
        self._write(
            """INSERT INTO mute (chat_id, thread_id, query, until) VALUES (?, ?, ?, ?)
               ON CONFLICT (chat_id, thread_id, query) DO UPDATE SET until = excluded.until""",
            *reader,
            query,
            until,
        )

    def of_reader(self, reader: Place, now: int) -> dict[str, int]:
        """Return a reader's queries that are muted at `now`, each with the second when its mute ends."""
        rows = self._read(
            "SELECT query, until FROM mute WHERE chat_id = ? AND thread_id = ? AND until > ? ORDER BY query",
            *reader,
            now,
        )
        return {row["query"]: row["until"] for row in rows}

    def all(self, now: int) -> dict[Place, frozenset[str]]:
        """Return the queries that are muted at `now`, by reader."""
        queries: dict[Place, set[str]] = defaultdict(set)
        for chat_id, thread_id, query in self._read(
            "SELECT chat_id, thread_id, query FROM mute WHERE until > ?", now
        ):
            queries[Place(chat_id, thread_id)].add(query)
        return {reader: frozenset(muted) for reader, muted in queries.items()}

    def migrate_chat(self, old: int, new: int) -> None:
        """Move a group's mutes to its new id; those that the new id already has win."""
        self._write(
            """INSERT INTO mute (chat_id, thread_id, query, until)
               SELECT ?, thread_id, query, until FROM mute WHERE chat_id = ? ON CONFLICT DO NOTHING""",
            new,
            old,
        )
        self._write("DELETE FROM mute WHERE chat_id = ?", old)

    def forget(self, user_id: int) -> None:
        """Delete the mutes of a person's private chat."""
        self._write("DELETE FROM mute WHERE chat_id = ?", user_id)
