"""Topics that operators added in a chat, by their written forms. A part of the state."""

from __future__ import annotations

import json
from collections.abc import Iterable

from bot.state.table import Table


class AddedTopics(Table):
    """The forms of each added topic by its id, the name first. Of people nothing: what a library covers is nobody's."""

    owns = ("added_topic",)

    def put(self, topic: str, forms: Iterable[str]) -> None:
        """Adds a topic, or gives one other forms."""
        self._write(
            """INSERT INTO added_topic (id, forms) VALUES (?, ?)
               ON CONFLICT (id) DO UPDATE SET forms = excluded.forms""",
            *(topic, json.dumps(list(forms), ensure_ascii=False)),
        )

    def remove(self, topic: str) -> None:
        """Takes a topic out again; one that is not there changes nothing."""
        self._write("DELETE FROM added_topic WHERE id = ?", topic)

    def all(self) -> dict[str, tuple[str, ...]]:
        """The forms of every added topic, by id."""
        rows = self._read("SELECT id, forms FROM added_topic ORDER BY id")
        return {row["id"]: tuple(json.loads(row["forms"])) for row in rows}
