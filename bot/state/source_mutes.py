"""Table of source mutes: publishers left out of a reader's digests until a given second."""

from __future__ import annotations

from collections import defaultdict

from bot.messages import Place
from bot.state.table import Table


class SourceMutes(Table):
    """The muted publishers of each reader (a chat and forum topic), each with the second when its mute ends."""

    owns = ("source_mute",)

    def put(self, reader: Place, publisher: str, until: int) -> None:
        """Mute a publisher in a reader's digests until the second `until`; a past second ends the mute."""
        self._write(
            """INSERT INTO source_mute (chat_id, thread_id, publisher, until) VALUES (?, ?, ?, ?)
               ON CONFLICT (chat_id, thread_id, publisher) DO UPDATE SET until = excluded.until""",
            *(*reader, publisher, until),
        )

    def all(self, now: int) -> dict[Place, frozenset[str]]:
        """Return the publishers that are muted at `now`, by reader."""
        publishers: dict[Place, set[str]] = defaultdict(set)
        for chat_id, thread_id, publisher in self._read(
            "SELECT chat_id, thread_id, publisher FROM source_mute WHERE until > ?", now
        ):
            publishers[Place(chat_id, thread_id)].add(publisher)
        return {reader: frozenset(muted) for reader, muted in publishers.items()}

    def migrate_chat(self, old: int, new: int) -> None:
        """Move a group's mutes to its new id; those that the new id already has win."""
        self._write(
            """INSERT INTO source_mute (chat_id, thread_id, publisher, until)
               SELECT ?, thread_id, publisher, until FROM source_mute WHERE chat_id = ? ON CONFLICT DO NOTHING""",
            *(new, old),
        )
        self._write("DELETE FROM source_mute WHERE chat_id = ?", old)

    def forget(self, user_id: int) -> None:
        """Delete the mutes of a person's private chat."""
        self._write("DELETE FROM source_mute WHERE chat_id = ?", user_id)

    def expire(self, now: int) -> int:
        """Delete mutes that have ended and return how many."""
        return self._write("DELETE FROM source_mute WHERE until <= ?", now)
