"""Tables of daily recaps: their schedules, and the moment up to which recaps cover each forum topic's talk."""

from __future__ import annotations

from msgspec import Struct

from bot.languages import entry_of
from bot.models import Language
from bot.state.database import Database, Row
from bot.state.slots import Slots
from bot.state.table import Table


class RecapSchedule(Struct, frozen=True):
    """A daily recap of a group's forum topic (`thread_id`, 0 without one), skipped below `least` messages.

    `minute` counts from local midnight; `created` is a UTC second.
    """

    id: str
    chat_id: int
    thread_id: int
    user_id: int
    minute: int
    timezone: str
    language: Language
    silent: bool
    least: int
    created: int

    @property
    def delivery(self) -> str:
        """Return the prefix of its delivery names in the outbox."""
        return f"recap:{self.id}"


class RecapSchedules(Table):
    """Daily recaps by group and forum topic, at most one for each minute of the day."""

    owns = ("recap_schedule", "recapped")

    def __init__(self, store: Database, slots: Slots) -> None:
        super().__init__(store)
        self._slots = slots

    def covered_until(self, chat_id: int, thread_id: int) -> int | None:
        """Return the second up to which recaps cover a forum topic's talk, None before the first."""
        row = self._read(
            "SELECT at FROM recapped WHERE chat_id = ? AND thread_id = ?", chat_id, thread_id
        ).fetchone()
        return row[0] if row else None

    def mark_covered(self, chat_id: int, thread_id: int, now: int) -> None:
        """Record that recaps cover a forum topic's talk up to `now`."""
        self._write(
            """INSERT INTO recapped (chat_id, thread_id, at) VALUES (?, ?, ?)
               ON CONFLICT (chat_id, thread_id) DO UPDATE SET at = excluded.at""",
            chat_id,
            thread_id,
            now,
        )

    def all(self, chat_id: int | None = None) -> list[RecapSchedule]:
        """Return every scheduled recap, or those of one group, by group, forum topic and time of day."""
        where, values = ("WHERE chat_id = ?", (chat_id,)) if chat_id is not None else ("", ())
        rows = self._read(
            f"""SELECT id, chat_id, thread_id, user_id, minute, timezone, language, silent, least, created
                FROM recap_schedule {where} ORDER BY chat_id, thread_id, minute""",  # noqa: S608  # our own clause
            *values,
        )
        return [_schedule(row) for row in rows]

    def put(self, schedule: RecapSchedule) -> None:
        """Store a daily recap; it replaces the settings of one for the same forum topic and time."""
        s = schedule
        self._write(
            """INSERT INTO recap_schedule (id, chat_id, thread_id, user_id, minute, timezone, language, silent,
               least, created) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
               ON CONFLICT (chat_id, thread_id, minute) DO UPDATE SET user_id = excluded.user_id,
               timezone = excluded.timezone, language = excluded.language, silent = excluded.silent,
               least = excluded.least""",
            *(s.id, s.chat_id, s.thread_id, s.user_id, s.minute, s.timezone, s.language),
            *(int(s.silent), s.least, s.created),
        )

    def drop(self, chat_id: int, thread_id: int) -> None:
        """Delete a forum topic's daily recaps and their slots."""
        with self._store.write() as db:
            topic = (chat_id, thread_id)
            ids = db.execute(
                "SELECT id FROM recap_schedule WHERE chat_id = ? AND thread_id = ?", topic
            ).fetchall()
            self._slots.drop(*(row["id"] for row in ids))
            db.execute("DELETE FROM recap_schedule WHERE chat_id = ? AND thread_id = ?", topic)

    def drop_chat(self, chat_id: int) -> None:
        """Delete a group's daily recaps, their slots, and the moments up to which recaps cover its talk."""
        with self._store.write() as db:
            ids = db.execute("SELECT id FROM recap_schedule WHERE chat_id = ?", (chat_id,)).fetchall()
            self._slots.drop(*(row["id"] for row in ids))
            db.execute("DELETE FROM recap_schedule WHERE chat_id = ?", (chat_id,))
            db.execute("DELETE FROM recapped WHERE chat_id = ?", (chat_id,))

    def migrate_chat(self, old: int, new: int) -> None:
        """Move a group's daily recaps to its new id; those that the new id already has win."""
        self._write(
            """INSERT INTO recapped (chat_id, thread_id, at)
               SELECT ?, thread_id, at FROM recapped WHERE chat_id = ? ON CONFLICT DO NOTHING""",
            new,
            old,
        )
        self._write("DELETE FROM recapped WHERE chat_id = ?", old)
        self._write(
            """UPDATE recap_schedule SET chat_id = ? WHERE chat_id = ? AND NOT EXISTS (
                   SELECT 1 FROM recap_schedule AS there WHERE there.chat_id = ?
                     AND there.thread_id = recap_schedule.thread_id AND there.minute = recap_schedule.minute)""",
            *(new, old, new),
        )
        self._write("DELETE FROM recap_schedule WHERE chat_id = ?", old)

    def forget(self, user_id: int) -> None:
        """Remove a person's id from the recaps that they scheduled."""
        self._write("UPDATE recap_schedule SET user_id = 0 WHERE user_id = ?", user_id)


def _schedule(row: Row) -> RecapSchedule:
    values = dict(row)
    return RecapSchedule(
        **values | {"silent": bool(values["silent"]), "language": entry_of(values["language"]).code}
    )
