"""Tables of captures: groups' consent, their messages for recaps, and people who opted out. Never searched."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable

from msgspec import Struct
from msgspec.structs import asdict

from bot.state.database import Row
from bot.state.table import Table
from bot.talk import ChatMessage, Poll

LONGEST_HOURS = 30 * 24
"""The longest retention time of a group's messages, in hours."""

MOST_MESSAGES = 2_000
"""The most messages that one recap reads, the newest ones."""

# A supergroup numbers its messages from 1 again: earlier ones get ids below zero, in their order (Bot API, Message).
_BEFORE_SUPERGROUP = 1_000_000_000_000
_COLUMNS = "message_id, author_id, author, text, at, reply_to, thread_id, forwarded_from, poll"


class Capture(Struct, frozen=True):
    """A group's consent: the retention time in hours, the person who agreed, and since when (UTC second).

    `model`: whether a language model may get the lines that a recap quotes.
    """

    chat_id: int
    hours: int
    user_id: int
    since: int
    model: bool = False


class Captures(Table):
    """Groups' consent, their captured messages, and the people who opted out."""

    owns = ("capture", "captured", "opted_out")

    # -- consent ---------------------------------------------------------------------------------------

    def of_chat(self, chat_id: int) -> Capture | None:
        """Return a group's consent, None if it gave none."""
        row = self._read(
            "SELECT chat_id, hours, user_id, since, model FROM capture WHERE chat_id = ?", chat_id
        ).fetchone()
        return Capture(row[0], row[1], row[2], row[3], bool(row[4])) if row else None

    def turn_on(self, capture: Capture, now: int) -> None:
        """Record a group's consent, or change its retention time; the first `since` stays. Expires old messages."""
        with self._store.write() as db:
            db.execute(
                """INSERT INTO capture (chat_id, hours, user_id, since) VALUES (?, ?, ?, ?)
                   ON CONFLICT (chat_id) DO UPDATE SET hours = excluded.hours, user_id = excluded.user_id""",
                (capture.chat_id, capture.hours, capture.user_id, capture.since),
            )
            self.expire(now)

    def allow_model(self, chat_id: int, allowed: bool) -> None:
        """Record whether a language model may get what recaps quote. No effect for a group without consent."""
        self._write("UPDATE capture SET model = ? WHERE chat_id = ?", int(allowed), chat_id)

    def turn_off(self, chat_id: int) -> None:
        """End a group's consent and delete its messages."""
        with self._store.write():
            self.purge(chat_id)
            self._write("DELETE FROM capture WHERE chat_id = ?", chat_id)

    def purge(self, chat_id: int) -> None:
        """Delete a group's messages."""
        self._write("DELETE FROM captured WHERE chat_id = ?", chat_id)

    # -- people ----------------------------------------------------------------------------------------

    def opt_out(self, user_id: int, now: int) -> None:
        """Stop keeping a person's messages in any group, and delete those kept."""
        with self._store.write() as db:
            db.execute(
                "INSERT INTO opted_out (user_id, at) VALUES (?, ?) ON CONFLICT (user_id) DO NOTHING",
                (user_id, now),
            )
            self.forget(user_id)

    def opt_in(self, user_id: int) -> None:
        """End a person's opt-out."""
        self._write("DELETE FROM opted_out WHERE user_id = ?", user_id)

    def opted_out(self, user_id: int) -> bool:
        """Return whether a person has opted out."""
        return bool(self._read("SELECT 1 FROM opted_out WHERE user_id = ?", user_id).fetchall())

    def forget(self, user_id: int) -> None:
        """Delete a person's messages in all groups, and remove their id from groups' consent.

        Their opt-out stays, or their next message would be kept again.
        """
        with self._store.write() as db:
            db.execute("DELETE FROM captured WHERE author_id = ?", (user_id,))
            db.execute("UPDATE capture SET user_id = 0 WHERE user_id = ?", (user_id,))

    # -- messages --------------------------------------------------------------------------------------

    def keep(self, chat_id: int, message: ChatMessage, others: Collection[int] = ()) -> None:
        """Store a message if its group has agreed and its author has not opted out; a known message stays as it is.

        `others` are further people whose words it carries, as a forwarded message does: their opt-out counts too.
        """
        people = [message.author_id, *others]
        marks = ", ".join("?" * len(people))
        self._write(
            f"""INSERT INTO captured (chat_id, {_COLUMNS})
                SELECT CAST(? AS BIGINT), ?, ?, ?, ?, ?, ?, ?, ?, ? FROM capture WHERE chat_id = ?
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
            message.forwarded_from,
            json.dumps(asdict(message.poll), ensure_ascii=False) if message.poll else None,
            chat_id,
            *people,
        )

    def edit(self, chat_id: int, message_id: int, text: str) -> None:
        """Replace a message's text; an empty text deletes the message."""
        if text:
            self._write(
                "UPDATE captured SET text = ? WHERE chat_id = ? AND message_id = ?", text, chat_id, message_id
            )
        else:
            self._write("DELETE FROM captured WHERE chat_id = ? AND message_id = ?", chat_id, message_id)

    def since(self, chat_id: int, thread_id: int, second: int) -> list[ChatMessage]:
        """Return a forum topic's messages from `second` on, oldest first, limited to the newest MOST_MESSAGES."""
        return self._messages("AND at >= ?", chat_id, thread_id, second, MOST_MESSAGES)

    def newest(self, chat_id: int, thread_id: int, count: int) -> list[ChatMessage]:
        """Return a forum topic's last `count` messages, at most MOST_MESSAGES, oldest first."""
        return self._messages("", chat_id, thread_id, min(count, MOST_MESSAGES))

    def count(self, chat_id: int, thread_id: int, second: int) -> int:
        """Return the number of a forum topic's messages from `second` on."""
        counted = "SELECT count(*) FROM captured WHERE chat_id = ? AND thread_id = ? AND at >= ?"
        return int(self._read(counted, chat_id, thread_id, second).fetchone()[0])

    def last_spoke(self, chat_id: int, thread_id: int, user_id: int) -> int | None:
        """Return the second when a person last wrote in a forum topic, None if no such message is kept."""
        row = self._read(
            "SELECT max(at) FROM captured WHERE chat_id = ? AND thread_id = ? AND author_id = ?",
            chat_id,
            thread_id,
            user_id,
        ).fetchone()
        return row[0] if row else None

    def expire(self, now: int) -> int:
        """Delete messages past their group's retention time and return how many."""
        with self._store.write() as db:
            groups = db.execute("SELECT chat_id, hours FROM capture").fetchall()
            return sum(
                db.execute(
                    "DELETE FROM captured WHERE chat_id = ? AND at < ?", (chat_id, now - hours * 3_600)
                ).rowcount
                for chat_id, hours in groups
            )

    def kept(self, user_id: int) -> int:
        """Return the number of a person's messages in all groups."""
        row = self._read("SELECT count(*) FROM captured WHERE author_id = ?", user_id).fetchone()
        return int(row[0])

    # -- a group that becomes a supergroup --------------------------------------------------------------

    def migrate_chat(self, old: int, new: int) -> None:
        """Move a group's consent and messages to its new id; a consent that the new id already has wins.

        Message ids begin anew there, so the old ones are moved below zero, in their order.
        """
        with self._store.write() as db:
            db.execute(
                """INSERT INTO capture (chat_id, hours, user_id, since, model)
                   SELECT ?, hours, user_id, since, model FROM capture WHERE chat_id = ? ON CONFLICT DO NOTHING""",
                (new, old),
            )
            db.execute("DELETE FROM capture WHERE chat_id = ?", (old,))
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


def _oldest_first(rows: Iterable[Row]) -> list[ChatMessage]:
    names = ("author_id", "author", "text", "at", "reply_to", "thread_id", "forwarded_from")
    return [
        ChatMessage(id=row["message_id"], **{name: row[name] for name in names}, poll=_poll(row["poll"]))
        for row in rows
    ][::-1]


def _poll(stored: str | None) -> Poll | None:
    if stored is None:
        return None
    values = json.loads(stored)
    options = tuple((text, votes) for text, votes in values.pop("options"))
    return Poll(options, **values)
