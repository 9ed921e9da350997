"""What the buttons under messages belong to. A part of state.db."""

from __future__ import annotations

from dataclasses import dataclass

from bot.state.table import Table

_KEPT_SECONDS = 90 * 86_400


@dataclass(frozen=True, slots=True)
class View:
    """What the buttons under a message belong to: the query, or the group and forum topic whose recap they offer.

    `came_from` is the id of the view of the briefing that was open before, "" where there was none.
    """

    id: str
    chat_id: int
    user_id: int
    query: str
    group_id: int | None = None
    thread_id: int = 0
    came_from: str = ""


class Views(Table):
    """The query behind each message with buttons, for 90 days."""

    owns = ("view",)

    def put(self, view: View, now: int) -> None:
        """Records what a message's buttons belong to; an id is never given twice."""
        self._write(
            """INSERT INTO view (id, chat_id, user_id, query, group_id, thread_id, came_from, at)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING""",
            *(
                view.id,
                view.chat_id,
                view.user_id,
                view.query,
                view.group_id,
                view.thread_id,
                view.came_from,
                now,
            ),
        )

    def get(self, view_id: str) -> View | None:
        """The view with this id."""
        row = self._read(
            "SELECT id, chat_id, user_id, query, group_id, thread_id, came_from FROM view WHERE id = ?",
            view_id,
        ).fetchone()
        return View(*row) if row else None

    def last_question(self, chat_id: int, since: int = 0) -> View | None:
        """The view of the newest question of a chat from the second `since` on."""
        row = self._read(
            """SELECT id, chat_id, user_id, query, group_id, thread_id, came_from FROM view
               WHERE chat_id = ? AND at >= ? AND query <> '' AND group_id IS NULL ORDER BY at DESC LIMIT 1""",
            *(chat_id, since),
        ).fetchone()
        return View(*row) if row else None

    def opened(self, view_id: str) -> int | None:
        """When a view was opened, None for one that is not known."""
        row = self._read("SELECT at FROM view WHERE id = ?", view_id).fetchone()
        return row[0] if row else None

    def questions(self, chat_id: int, user_id: int, before: int) -> list[tuple[str, int]]:
        """What a person asked in a chat before a second, each with its own, the newest first; at most 200."""
        rows = self._read(
            """SELECT query, at FROM view WHERE chat_id = ? AND user_id = ? AND at < ? AND query <> ''
               AND group_id IS NULL ORDER BY at DESC LIMIT 200""",
            *(chat_id, user_id, before),
        )
        return [(row[0], row[1]) for row in rows]

    def migrate_chat(self, old: int, new: int) -> None:
        """Moves the views of a group to its new id."""
        self._write("UPDATE view SET chat_id = ? WHERE chat_id = ?", new, old)
        self._write("UPDATE view SET group_id = ? WHERE group_id = ?", new, old)

    def forget(self, user_id: int) -> None:
        """Deletes what a person asked, wherever it was."""
        self._write("DELETE FROM view WHERE user_id = ? OR chat_id = ?", user_id, user_id)

    def forget_in_groups(self, user_id: int) -> None:
        """Deletes what a person asked where others read it."""
        self._write("DELETE FROM view WHERE user_id = ? AND chat_id <> ?", user_id, user_id)

    def expire(self, now: int) -> int:
        """Deletes views older than 90 days."""
        return self._write("DELETE FROM view WHERE at < ?", now - _KEPT_SECONDS)
