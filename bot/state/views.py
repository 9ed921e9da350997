"""Table of views: the query or recap behind the buttons of each message, which buttons name by id."""

from __future__ import annotations

from msgspec import Struct

from bot.state.table import Table

_KEPT_SECONDS = 90 * 86_400


class View(Struct, frozen=True):
    """Context of a message's buttons: the query, or the group and forum topic whose recap they offer.

    `came_from` is the id of the view of the briefing opened before, "" if there was none.
    """

    id: str
    chat_id: int
    user_id: int
    query: str
    group_id: int | None = None
    thread_id: int = 0
    came_from: str = ""


class Views(Table):
    """The view of each message with buttons, kept for 90 days."""

    owns = ("view",)

    def put(self, view: View, now: int) -> None:
        """Store a view; one that has the same id already stays as it is."""
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
        """Return the view with this id, None if there is none."""
        row = self._read(
            "SELECT id, chat_id, user_id, query, group_id, thread_id, came_from FROM view WHERE id = ?",
            view_id,
        ).fetchone()
        return View(*row) if row else None

    def last_question(self, chat_id: int, since: int = 0) -> View | None:
        """Return the view of a chat's newest question from the second `since` on, None without one."""
        row = self._read(
            """SELECT id, chat_id, user_id, query, group_id, thread_id, came_from FROM view
               WHERE chat_id = ? AND at >= ? AND query <> '' AND group_id IS NULL ORDER BY at DESC LIMIT 1""",
            *(chat_id, since),
        ).fetchone()
        return View(*row) if row else None

    def stored_at(self, view_id: str) -> int | None:
        """Return the second when a view was stored, None for an unknown one."""
        row = self._read("SELECT at FROM view WHERE id = ?", view_id).fetchone()
        return row[0] if row else None

    def questions(self, chat_id: int, user_id: int, before: int) -> list[tuple[str, int]]:
        """Return (query, second) of a person's questions in a chat before a second, newest first, at most 200."""
        rows = self._read(
            """SELECT query, at FROM view WHERE chat_id = ? AND user_id = ? AND at < ? AND query <> ''
               AND group_id IS NULL ORDER BY at DESC LIMIT 200""",
            *(chat_id, user_id, before),
        )
        return [(row[0], row[1]) for row in rows]

    def migrate_chat(self, old: int, new: int) -> None:
        """Move a group's views to its new id."""
        self._write("UPDATE view SET chat_id = ? WHERE chat_id = ?", new, old)
        self._write("UPDATE view SET group_id = ? WHERE group_id = ?", new, old)

    def forget(self, user_id: int) -> None:
        """Delete a person's questions in all chats."""
        self._write("DELETE FROM view WHERE user_id = ? OR chat_id = ?", user_id, user_id)

    def forget_in_groups(self, user_id: int) -> None:
        """Delete a person's questions in groups."""
        self._write("DELETE FROM view WHERE user_id = ? AND chat_id <> ?", user_id, user_id)

    def expire(self, now: int) -> int:
        """Delete views older than 90 days and return how many."""
        return self._write("DELETE FROM view WHERE at < ?", now - _KEPT_SECONDS)
