"""Publishers that readers want less of in their digests, for a while. A part of state.db."""

from __future__ import annotations

from collections import defaultdict

from bot.messages import Place
from bot.state.table import Table


class SourceMutes(Table):
    """The publishers that each reader's digests leave out, each with the second when it comes back."""

    owns = ("source_mute",)

    def put(self, reader: Place, publisher: str, until: int) -> None:
        """Leaves a publisher out of a reader's digests before `until`; with a second that is over, it comes back."""
        self._write(
            """INSERT INTO source_mute (chat_id, thread_id, publisher, until) VALUES (?, ?, ?, ?)
               ON CONFLICT (chat_id, thread_id, publisher) DO UPDATE SET until = excluded.until""",
            *(*reader, publisher, until),
        )

    def all(self, now: int) -> dict[Place, frozenset[str]]:
        """The publishers that are left out of digests at `now`, by reader."""
        publishers: dict[Place, set[str]] = defaultdict(set)
        for chat_id, thread_id, publisher in self._read(
            "SELECT chat_id, thread_id, publisher FROM source_mute WHERE until > ?", now
        ):
            publishers[Place(chat_id, thread_id)].add(publisher)
        return {reader: frozenset(muted) for reader, muted in publishers.items()}

    def migrate_chat(self, old: int, new: int) -> None:
        """Moves a group's choices to its new id; what was chosen there already stays."""
        self._write(
            """INSERT INTO source_mute (chat_id, thread_id, publisher, until)
               SELECT ?, thread_id, publisher, until FROM source_mute WHERE chat_id = ? ON CONFLICT DO NOTHING""",
            *(new, old),
        )
        self._write("DELETE FROM source_mute WHERE chat_id = ?", old)

    def forget(self, user_id: int) -> None:
        """Deletes what a person chose in private."""
        self._write("DELETE FROM source_mute WHERE chat_id = ?", user_id)

    def expire(self, now: int) -> int:
        """Deletes choices that are over; returns how many."""
        return self._write("DELETE FROM source_mute WHERE until <= ?", now)
