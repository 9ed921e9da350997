"""What chats want to be told of as soon as it comes in. A part of state.db."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from bot.languages import entry_of
from bot.messages import Place
from bot.models import Language
from bot.state.database import Row
from bot.state.table import Table

Watch = Literal["reports", "rising", "steady", "fading", "change"]
"""What an alert waits for: a new report, a verdict (a new topic rises), or any other verdict than before."""

_COLUMNS = "id, chat_id, thread_id, user_id, query, watch, verdict, quiet_from, quiet_until, language, created, since"


class Quiet(NamedTuple):
    """The hours without alerts, in minutes from local midnight: from `start` until before `end`; none where both are equal."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Alert:
    """Who wants to be told of what at once, and where.

    `query` is a text as after /trend. `verdict` is the last one that was seen of it, "" where none is watched. Times are
    UTC seconds; reports that came in after `since` have still to be looked at.
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
        """Where its messages go."""
        return Place(self.chat_id, self.thread_id)


class Alerts(Table):
    """Alerts by chat and forum topic; a place has each at most once."""

    owns = ("alert",)

    def put(self, alert: Alert) -> None:
        """Keeps an alert; one of the same place for the same thing stays as it is."""
        a = alert
        self._write(
            f"""INSERT INTO alert ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (chat_id, thread_id, query, watch) DO NOTHING""",  # noqa: S608  # names of columns
            *(a.id, a.chat_id, a.thread_id, a.user_id, a.query, a.watch, a.verdict, *a.quiet),
            *(a.language, a.created, a.since),
        )

    def get(self, alert_id: str) -> Alert | None:
        """The alert with this id."""
        return next(iter(self._select("WHERE id = ?", alert_id)), None)

    def of_place(self, place: Place) -> list[Alert]:
        """The alerts of a chat's forum topic (0 where there is none), oldest first."""
        return self._select("WHERE chat_id = ? AND thread_id = ? ORDER BY created, id", *place)

    def of_chat(self, chat_id: int) -> list[Alert]:
        """The alerts of a chat and its forum topics, oldest first."""
        return self._select("WHERE chat_id = ? ORDER BY created, id", chat_id)

    def all(self) -> list[Alert]:
        """Every alert of chats that the bot may write to, by place, oldest first."""
        return self._select(
            """WHERE chat_id NOT IN (SELECT chat_id FROM chat WHERE closed_at IS NOT NULL)
               ORDER BY chat_id, thread_id, created, id"""
        )

    def looked(self, alert_id: str, until: int, verdict: str) -> None:
        """Records up to which second an alert has been looked at, and the verdict that was seen."""
        self._write("UPDATE alert SET since = ?, verdict = ? WHERE id = ?", until, verdict, alert_id)

    def set_quiet(self, place: Place, quiet: Quiet) -> None:
        """Gives all alerts of a place other quiet hours."""
        self._write(
            "UPDATE alert SET quiet_from = ?, quiet_until = ? WHERE chat_id = ? AND thread_id = ?",
            *(*quiet, *place),
        )

    def remove(self, alert_id: str) -> None:
        """Ends an alert."""
        self._write("DELETE FROM alert WHERE id = ?", alert_id)

    def migrate_chat(self, old: int, new: int) -> None:
        """Moves a group's alerts to its new id; what the new id has already stays as it is there."""
        self._write(
            """UPDATE alert SET chat_id = ? WHERE chat_id = ? AND NOT EXISTS (
                   SELECT 1 FROM alert AS there WHERE there.chat_id = ? AND there.thread_id = alert.thread_id
                     AND there.query = alert.query AND there.watch = alert.watch)""",
            *(new, old, new),
        )
        self._write("DELETE FROM alert WHERE chat_id = ?", old)

    def forget(self, user_id: int) -> None:
        """Deletes the alerts of a person's private chat, and their name under those of groups."""
        self._write("DELETE FROM alert WHERE chat_id = ?", user_id)
        self._write("UPDATE alert SET user_id = 0 WHERE user_id = ?", user_id)

    def _select(self, where: str, *values: object) -> list[Alert]:
        rows = self._read(f"SELECT {_COLUMNS} FROM alert {where}", *values)  # noqa: S608  # our own clauses
        return [_alert(row) for row in rows]


def _alert(row: Row) -> Alert:
    values = dict(row)
    quiet = Quiet(values.pop("quiet_from"), values.pop("quiet_until"))
    return Alert(**values | {"quiet": quiet, "language": entry_of(values["language"]).code})
