"""Table of alerts: events of the library that chats want to hear of at once, and how far each was checked."""

from __future__ import annotations

from typing import Literal, NamedTuple

from msgspec import Struct

from bot.languages import entry_of
from bot.messages import Place
from bot.models import Language
from bot.state.database import Row
from bot.state.table import Table

Watch = Literal["reports", "rising", "steady", "fading", "change"]
"""The event of an alert: a new report, a verdict (a new topic counts as rising), or any change of verdict."""

_COLUMNS = "id, chat_id, thread_id, user_id, query, watch, verdict, quiet_from, quiet_until, language, created, since"


class Quiet(NamedTuple):
    """Hours without alerts, in minutes from local midnight: from `start` until before `end`, none if equal."""

    start: int
    end: int


class Alert(Struct, frozen=True):
    """An alert: which chat and person want to hear of which event.

    `query` is the text as after /trend. `verdict` is the query's last verdict, "" if the alert watches reports. Times
    are UTC seconds; reports that came in after `since` are still to be checked.
    """

    id: str
    chat_id: int
    thread_id: int
    user_id: int
    query: str
    watch: Watch
    verdict: str
    quiet: Quiet
    language: Language
    created: int
    since: int

    @property
    def place(self) -> Place:
        """Return the chat and forum topic that gets its messages."""
        return Place(self.chat_id, self.thread_id)


class Alerts(Table):
    """Alerts by place (chat and forum topic); each query and event at most once per place."""

    owns = ("alert",)

    def put(self, alert: Alert) -> None:
        """Store an alert; one of the same place, query and event stays as it is."""
        a = alert
        self._write(
            f"""INSERT INTO alert ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (chat_id, thread_id, query, watch) DO NOTHING""",  # noqa: S608  # names of columns
            *(a.id, a.chat_id, a.thread_id, a.user_id, a.query, a.watch, a.verdict, *a.quiet),
            *(a.language, a.created, a.since),
        )

    def get(self, alert_id: str) -> Alert | None:
        """Return the alert with this id, None if there is none."""
        return next(iter(self._select("WHERE id = ?", alert_id)), None)

    def of_place(self, place: Place) -> list[Alert]:
        """Return the alerts of a chat's forum topic (0 without one), oldest first."""
        return self._select("WHERE chat_id = ? AND thread_id = ? ORDER BY created, id", *place)

    def of_chat(self, chat_id: int) -> list[Alert]:
        """Return the alerts of a chat and its forum topics, oldest first."""
        return self._select("WHERE chat_id = ? ORDER BY created, id", chat_id)

    def all(self) -> list[Alert]:
        """Return the alerts of all chats that are not closed to the bot, by place, oldest first."""
        return self._select(
            """WHERE chat_id NOT IN (SELECT chat_id FROM chat WHERE closed_at IS NOT NULL)
               ORDER BY chat_id, thread_id, created, id"""
        )

    def record_check(self, alert_id: str, until: int, verdict: str) -> None:
        """Record the second up to which an alert was checked, and its query's verdict."""
        self._write("UPDATE alert SET since = ?, verdict = ? WHERE id = ?", until, verdict, alert_id)

    def set_quiet(self, place: Place, quiet: Quiet) -> None:
        """Set the quiet hours of all alerts of a place."""
        self._write(
            "UPDATE alert SET quiet_from = ?, quiet_until = ? WHERE chat_id = ? AND thread_id = ?",
            *(*quiet, *place),
        )

    def remove(self, alert_id: str) -> None:
        """Delete an alert."""
        self._write("DELETE FROM alert WHERE id = ?", alert_id)

    def migrate_chat(self, old: int, new: int) -> None:
        """Move a group's alerts to its new id; those that the new id already has win."""
        self._write(
            """UPDATE alert SET chat_id = ? WHERE chat_id = ? AND NOT EXISTS (
                   SELECT 1 FROM alert AS there WHERE there.chat_id = ? AND there.thread_id = alert.thread_id
                     AND there.query = alert.query AND there.watch = alert.watch)""",
            *(new, old, new),
        )
        self._write("DELETE FROM alert WHERE chat_id = ?", old)

    def forget(self, user_id: int) -> None:
        """Delete the alerts of a person's private chat, and remove their id from those of groups."""
        self._write("DELETE FROM alert WHERE chat_id = ?", user_id)
        self._write("UPDATE alert SET user_id = 0 WHERE user_id = ?", user_id)

    def _select(self, where: str, *values: object) -> list[Alert]:
        rows = self._read(f"SELECT {_COLUMNS} FROM alert {where}", *values)  # noqa: S608  # our own clauses
        return [_alert(row) for row in rows]


def _alert(row: Row) -> Alert:
    values = dict(row)
    quiet = Quiet(values.pop("quiet_from"), values.pop("quiet_until"))
    return Alert(**values | {"quiet": quiet, "language": entry_of(values["language"]).code})
