"""What groups that agreed to it have said, and who wants no part in it. A part of state.db; never searched."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from bot.models import ChatMessage, Language
from bot.sqlite.connection import Store

LONGEST_HOURS = 30 * 24
"""The longest time for which a group's messages are kept."""

MOST_MESSAGES = 2_000
"""How many messages one recap reads, the newest."""

# A supergroup numbers its messages from 1 again: older ones keep their order below zero (Bot API, Message).
_BEFORE_SUPERGROUP = 1_000_000_000_000
_COLUMNS = "message_id, author_id, author, text, at, reply_to, thread_id"
_RECAPS = "recap:%"


@dataclass(frozen=True, slots=True)
class Capture:
    """A group's consent: for how many hours its messages are kept, who agreed, and when."""

    chat_id: int
    hours: int
    user_id: int
    since: int


@dataclass(frozen=True, slots=True)
class RecapSchedule:
    """A daily recap of a group's topic (0 where there is none), left out below `least` messages.

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
        """How its messages in the outbox begin."""
        return f"recap:{self.id}"


class Captures:
    """Reads and writes captures in the file of `store`. Every time is a UTC second."""

    def __init__(self, store: Store) -> None:
        self._store = store

    # -- consent ---------------------------------------------------------------------------------------

    def of_chat(self, chat_id: int) -> Capture | None:
        """A group's consent, None where nothing is kept."""
        row = self._read(
            "SELECT chat_id, hours, user_id, since FROM capture WHERE chat_id = ?", chat_id
        ).fetchone()
        return Capture(*row) if row else None

    def turn_on(self, capture: Capture, at: int) -> None:
        """Records a group's consent, or another time for which messages are kept; `since` stays what it was."""
        with self._store.write() as db:
            db.execute(
                """INSERT INTO capture (chat_id, hours, user_id, since) VALUES (?, ?, ?, ?)
                   ON CONFLICT (chat_id) DO UPDATE SET hours = excluded.hours, user_id = excluded.user_id""",
                (capture.chat_id, capture.hours, capture.user_id, capture.since),
            )
            self.expire(at)

    def turn_off(self, chat_id: int) -> None:
        """Ends a group's consent and deletes all that was kept with it, its scheduled recaps too."""
        with self._store.write() as db:
            self.purge(chat_id)
            db.execute(
                "DELETE FROM slot WHERE subscription_id IN (SELECT id FROM recap_schedule WHERE chat_id = ?)",
                (chat_id,),
            )
            for table in ("capture", "recapped", "recap_schedule"):
                db.execute(f"DELETE FROM {table} WHERE chat_id = ?", (chat_id,))  # noqa: S608  # our own names

    def purge(self, chat_id: int) -> None:
        """Deletes what a group has said, and recaps of it that are not sent yet."""
        with self._store.write() as db:
            db.execute("DELETE FROM captured WHERE chat_id = ?", (chat_id,))
            db.execute("DELETE FROM outbox WHERE chat_id = ? AND delivery LIKE ?", (chat_id, _RECAPS))

    # -- people ----------------------------------------------------------------------------------------

    def opt_out(self, user_id: int, at: int) -> None:
        """Keeps nothing of a person in any group from now on, and deletes what was kept."""
        with self._store.write() as db:
            db.execute(
                "INSERT INTO opted_out (user_id, at) VALUES (?, ?) ON CONFLICT (user_id) DO NOTHING",
                (user_id, at),
            )
            self.forget(user_id)

    def opt_in(self, user_id: int) -> None:
        """Ends a person's opt-out."""
        self._write("DELETE FROM opted_out WHERE user_id = ?", user_id)

    def opted_out(self, user_id: int) -> bool:
        """Whether a person wants nothing kept."""
        return bool(self._read("SELECT 1 FROM opted_out WHERE user_id = ?", user_id).fetchall())

    def forget(self, user_id: int) -> None:
        """Deletes a person's messages in all groups, and recaps of these groups that are not sent yet."""
        with self._store.write() as db:
            db.execute(
                """DELETE FROM outbox WHERE delivery LIKE ?
                   AND chat_id IN (SELECT chat_id FROM captured WHERE author_id = ?)""",
                (_RECAPS, user_id),
            )
            db.execute("DELETE FROM captured WHERE author_id = ?", (user_id,))
            db.execute("UPDATE capture SET user_id = 0 WHERE user_id = ?", (user_id,))
            db.execute("UPDATE recap_schedule SET user_id = 0 WHERE user_id = ?", (user_id,))

    # -- messages --------------------------------------------------------------------------------------

    def keep(self, chat_id: int, message: ChatMessage, others: Collection[int] = ()) -> None:
        """Keeps a message where its group has agreed, unless its author has opted out.

        `others` are further people whose words it carries: a message that is passed on is its author's too.
        """
        people = [message.author_id, *others]
        marks = ", ".join("?" * len(people))
        self._write(
            f"""INSERT INTO captured (chat_id, {_COLUMNS})
                SELECT CAST(? AS BIGINT), ?, ?, ?, ?, ?, ?, ? FROM capture WHERE chat_id = ?
                AND NOT EXISTS (SELECT 1 FROM opted_out WHERE user_id IN ({marks}))
                ON CONFLICT (chat_id, message_id) DO NOTHING""",  # noqa: S608  # names of columns, nothing typed
            chat_id,
            message.id,
            message.author_id,
            message.author,
            message.text,
            message.at,
            message.reply_to,
            message.thread_id,
            chat_id,
            *people,
        )

    def edit(self, chat_id: int, message_id: int, text: str) -> None:
        """Puts a message's new text in the place of the old; without a text nothing of it stays."""
        if text:
            self._write(
                "UPDATE captured SET text = ? WHERE chat_id = ? AND message_id = ?", text, chat_id, message_id
            )
        else:
            self._write("DELETE FROM captured WHERE chat_id = ? AND message_id = ?", chat_id, message_id)

    def since(self, chat_id: int, thread_id: int, at: int) -> list[ChatMessage]:
        """A topic's messages from `at` on, oldest first; of very many the newest."""
        return self._messages("AND at >= ?", chat_id, thread_id, at, MOST_MESSAGES)

    def newest(self, chat_id: int, thread_id: int, count: int) -> list[ChatMessage]:
        """A topic's last `count` messages, oldest first."""
        return self._messages("", chat_id, thread_id, min(count, MOST_MESSAGES))

    def count(self, chat_id: int, thread_id: int, at: int) -> int:
        """Return how many messages of a topic are kept from `at` on."""
        row = self._read(
            "SELECT count(*) FROM captured WHERE chat_id = ? AND thread_id = ? AND at >= ?",
            chat_id,
            thread_id,
            at,
        ).fetchone()
        return int(row[0])

    def last_spoke(self, chat_id: int, thread_id: int, user_id: int) -> int | None:
        """When a person last wrote in a topic, None where that is not kept."""
        row = self._read(
            "SELECT max(at) FROM captured WHERE chat_id = ? AND thread_id = ? AND author_id = ?",
            chat_id,
            thread_id,
            user_id,
        ).fetchone()
        return row[0] if row else None

    def expire(self, now: int) -> int:
        """Deletes messages that are older than their group agreed to; returns how many."""
        with self._store.write() as db:
            groups = db.execute("SELECT chat_id, hours FROM capture").fetchall()
            return sum(
                db.execute(
                    "DELETE FROM captured WHERE chat_id = ? AND at < ?", (chat_id, now - hours * 3_600)
                ).rowcount
                for chat_id, hours in groups
            )

    def kept(self, user_id: int) -> int:
        """How many messages of a person are kept in all groups."""
        row = self._read("SELECT count(*) FROM captured WHERE author_id = ?", user_id).fetchone()
        return int(row[0])

    # -- recaps ----------------------------------------------------------------------------------------

    def recapped(self, chat_id: int, thread_id: int) -> int | None:
        """Up to when a topic's members have read a recap."""
        row = self._read(
            "SELECT at FROM recapped WHERE chat_id = ? AND thread_id = ?", chat_id, thread_id
        ).fetchone()
        return row[0] if row else None

    def mark_recapped(self, chat_id: int, thread_id: int, at: int) -> None:
        """Records that a topic's members have read a recap up to `at`."""
        self._write(
            """INSERT INTO recapped (chat_id, thread_id, at) VALUES (?, ?, ?)
               ON CONFLICT (chat_id, thread_id) DO UPDATE SET at = excluded.at""",
            chat_id,
            thread_id,
            at,
        )

    def schedules(self, chat_id: int | None = None) -> list[RecapSchedule]:
        """Every scheduled recap, or those of one group, by their time."""
        where, values = ("WHERE chat_id = ?", (chat_id,)) if chat_id is not None else ("", ())
        rows = self._read(
            f"""SELECT id, chat_id, thread_id, user_id, minute, timezone, language, silent, least, created
                FROM recap_schedule {where} ORDER BY chat_id, thread_id, minute""",  # noqa: S608  # our own clause
            *values,
        )
        return [_schedule(row) for row in rows]

    def put_schedule(self, schedule: RecapSchedule) -> None:
        """Keeps a daily recap; one for the same topic and time takes its place."""
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

    def drop_schedules(self, chat_id: int, thread_id: int) -> None:
        """Ends a topic's daily recaps."""
        with self._store.write() as db:
            ours = (chat_id, thread_id)
            db.execute(
                """DELETE FROM slot WHERE subscription_id IN
                   (SELECT id FROM recap_schedule WHERE chat_id = ? AND thread_id = ?)""",
                ours,
            )
            db.execute("DELETE FROM recap_schedule WHERE chat_id = ? AND thread_id = ?", ours)

    # -- a group that becomes a supergroup --------------------------------------------------------------

    def migrate_chat(self, old: int, new: int) -> None:
        """Moves what is kept of a group to its new id; what the new id has already stays as it is there.

        The numbers of its messages begin anew there, so the old ones are put below zero, in their order.
        """
        with self._store.write() as db:
            for table, columns in (
                ("capture", "hours, user_id, since"),
                ("recapped", "thread_id, at"),
                (
                    "recap_schedule",
                    "id, thread_id, user_id, minute, timezone, language, silent, least, created",
                ),
            ):
                rows = db.execute(f"SELECT {columns} FROM {table} WHERE chat_id = ?", (old,)).fetchall()  # noqa: S608  # our own names
                db.execute(f"DELETE FROM {table} WHERE chat_id = ?", (old,))  # noqa: S608  # our own names
                marks = ", ".join("?" * (len(columns.split(",")) + 1))
                db.executemany(
                    f"INSERT INTO {table} (chat_id, {columns}) VALUES ({marks}) ON CONFLICT DO NOTHING",  # noqa: S608  # our own names
                    [(new, *row) for row in rows],
                )
            db.execute(
                """UPDATE captured SET chat_id = ?, message_id = message_id - ?, reply_to = reply_to - ?
                   WHERE chat_id = ?""",
                (new, _BEFORE_SUPERGROUP, _BEFORE_SUPERGROUP, old),
            )

    def _messages(self, where: str, *values: object) -> list[ChatMessage]:
        rows = self._read(
            f"""SELECT {_COLUMNS} FROM captured WHERE chat_id = ? AND thread_id = ? {where}
                ORDER BY at DESC, message_id DESC LIMIT ?""",  # noqa: S608  # our own clauses
            *values,
        )
        return _oldest_first(rows)

    def _read(self, sql: str, *values: object) -> sqlite3.Cursor:
        return self._store.read().execute(sql, values)

    def _write(self, sql: str, *values: object) -> None:
        with self._store.write() as db:
            db.execute(sql, values)


def _oldest_first(rows: Iterable[sqlite3.Row]) -> list[ChatMessage]:
    found = [
        ChatMessage(
            id=row["message_id"],
            author_id=row["author_id"],
            author=row["author"],
            text=row["text"],
            at=row["at"],
            reply_to=row["reply_to"],
            thread_id=row["thread_id"],
        )
        for row in rows
    ]
    return found[::-1]


def _schedule(row: sqlite3.Row) -> RecapSchedule:
    values = dict(row)
    return RecapSchedule(
        **values
        | {"silent": bool(values["silent"]), "language": "zh" if values["language"] == "zh" else "en"}
    )
