"""Table of the topics that operators added in a chat, with their written forms."""

from __future__ import annotations

import json
from collections.abc import Iterable

from bot.state.table import Table


class AddedTopics(Table):
    """The written forms of each added topic, by id. Holds nothing about people: topics belong to the library."""

    owns = ("added_topic",)

    def put(self, topic: str, forms: Iterable[str]) -> None:
        """Store a topic's written forms, the name first; replaces those of a known one."""
        self._write(
            """INSERT INTO added_topic (id, forms) VALUES (?, ?)
               ON CONFLICT (id) DO UPDATE SET forms = excluded.forms""",
            *(topic, json.dumps(list(forms), ensure_ascii=False)),
        )

    def remove(self, topic: str) -> None:
        """Delete a topic, if it is there."""
        self._write("DELETE FROM added_topic WHERE id = ?", topic)

    def all(self) -> dict[str, tuple[str, ...]]:
        """Return the written forms of every added topic, by id, the name first."""
        rows = self._read("SELECT id, forms FROM added_topic ORDER BY id")
        return {row["id"]: tuple(json.loads(row["forms"])) for row in rows}
