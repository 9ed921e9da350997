"""Table of the outbox: messages to be sent to Telegram and the state of each. Retry times are decided by bot.outbox.

ready: not tried yet. sending: a request is under way, or the process died in one. failed: refused or not delivered, to
be retried. unknown: may have arrived. sent and dead are final and hold no payload.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence

from msgspec import Struct

from bot.messages import Place
from bot.state.database import Database, Row, Writer
from bot.state.delivered import DeliveredSentences
from bot.state.subscriptions import Subscriptions
from bot.state.table import Table

WAITING = ("ready", "sending", "failed", "unknown")
"""States of a part still to be sent, in the order of the schema's partial index, which SQLite matches by text."""

OPEN = f"({', '.join(map(repr, WAITING))})"
"""WAITING as an SQL list."""

CLOSED = "closed"
"""Error of parts that are dead because their chat was closed to the bot."""

_FIRST = f"SELECT min(id) FROM outbox WHERE state IN {OPEN} GROUP BY chat_id"  # noqa: S608  # our own states
_DIGEST = "delivery, subscription_id, created, since"
_DIED = "The process ended while sending."
_SENT_SECONDS = 7 * 86_400
_DEAD_SECONDS = 30 * 86_400
# No retry waits this long; if one seems to, the clock has been set back since.
_LONGEST_WAIT = 2 * 86_400
_RECAPS, _ALERTS = "recap:%", "alert:%"


class Part(Struct, frozen=True):
    """One Telegram message to be sent. `payload` is a messages.Message as JSON, `attempts` counts failed attempts.

    `error` is the error of the last attempt, "" without one; `plain` means that it is sent without markup.
    """

    id: int
    delivery: str
    chat_id: int
    thread_id: int
    payload: str
    silent: bool
    state: str
    attempts: int
    plain: bool
    error: str


class Outbox(Table):
    """Every part once, in the order of queueing.

    The id of an erased row may be given to the next one, so a part is identified by id and delivery.
    """

    owns = ("outbox",)

    def __init__(self, store: Database, delivered: DeliveredSentences, subscriptions: Subscriptions) -> None:
        super().__init__(store)
        self._delivered = delivered
        self._subscriptions = subscriptions

    def put(
        self,
        delivery: str,
        place: Place,
        payloads: Sequence[str],
        now: int,
        *,
        silent: bool,
        digest: tuple[str, int] | None = None,
    ) -> None:
        """Queue the parts of a delivery for a place; parts already queued stay as they are.

        `digest` is a digest's subscription and the second after which reports were news for it before: restored if the
        delivery fails. A part is due at once, whatever the clock says later.
        """
        with self._store.write() as db:
            for number, payload in enumerate(payloads):
                db.execute(
                    """INSERT INTO outbox (id, delivery, part, chat_id, thread_id, payload, silent, state, attempts,
                           plain, not_before, created, subscription_id, since)
                       SELECT coalesce(max(id), 0) + 1, ?, ?, ?, ?, ?, ?, 'ready', 0, 0, 0, ?, ?, ?
                       FROM outbox WHERE true
                       ON CONFLICT (delivery, part) DO NOTHING""",
                    (delivery, number, *place, payload, int(silent), now, *(digest or (None, None))),
                )

    def withdraw(self, subscriptions: Container[str]) -> int:
        """Delete queued digests of these subscriptions of which no part was tried yet; return how many.

        For subscriptions that are due again: their next digest contains the news of these.
        """
        with self._store.write() as db:
            rows = db.execute(
                f"""SELECT {_DIGEST} FROM outbox
                    WHERE delivery IN (SELECT delivery FROM outbox WHERE state IN {OPEN})
                      AND subscription_id IS NOT NULL
                    GROUP BY {_DIGEST} HAVING max(CASE WHEN state = 'ready' THEN 0 ELSE 1 END) = 0
                    ORDER BY created DESC"""  # noqa: S608  # our own columns and states
            ).fetchall()
            unsent = [row for row in rows if row["subscription_id"] in subscriptions]
            self._undo(unsent)
            db.executemany("DELETE FROM outbox WHERE delivery = ?", [(row["delivery"],) for row in unsent])
            return len(unsent)

    def alerts_since(self, place: Place, second: int) -> int:
        """Return the number of alert parts queued for a place from `second` on."""
        row = self._read(
            """SELECT count(*) FROM outbox
               WHERE chat_id = ? AND thread_id = ? AND delivery LIKE ? AND created >= ?""",
            *(*place, _ALERTS, second),
        ).fetchone()
        return int(row[0])

    def alert_waits(self, place: Place) -> bool:
        """Return whether an alert for a place is still to be sent."""
        row = self._read(
            f"""SELECT 1 FROM outbox WHERE chat_id = ? AND thread_id = ? AND delivery LIKE ?
                AND state IN {OPEN}""",  # noqa: S608  # our own states
            *(*place, _ALERTS),
        ).fetchone()
        return row is not None

    def recover(self) -> int:
        """Mark parts that a dead process was sending as unknown; return how many. Called once at start."""
        with self._store.write() as db:
            return db.execute(
                "UPDATE outbox SET state = 'unknown', last_error = ? WHERE state = 'sending'", (_DIED,)
            ).rowcount

    def next(self, now: int, limit: int) -> list[Part]:
        """Return the oldest waiting part of each chat, oldest first, at most `limit`, where that part is due."""
        rows = self._read(
            f"""SELECT id, delivery, chat_id, thread_id, payload, silent, state, attempts, plain,
                    coalesce(last_error, '') AS error FROM outbox
                WHERE id IN ({_FIRST})
                  AND (not_before <= ? OR not_before > ?) ORDER BY id LIMIT ?""",  # noqa: S608  # our own states
            *(now, now + _LONGEST_WAIT, limit),
        )
        return [_part(row) for row in rows]

    def next_at(self) -> int | None:
        """Return the second when the next part is due, None if nothing waits."""
        row = self._read(f"SELECT min(not_before) FROM outbox WHERE id IN ({_FIRST})").fetchone()  # noqa: S608  # our own states
        earliest: int | None = row[0]
        return earliest

    def take(self, part: Part) -> bool:
        """Mark a part as sending. Returns False if it has changed meanwhile: sent, dead or moved to another chat."""
        with self._store.write() as db:
            changed = db.execute(
                "UPDATE outbox SET state = 'sending' WHERE id = ? AND delivery = ? AND state = ? AND chat_id = ?",
                (part.id, part.delivery, part.state, part.chat_id),
            )
            return changed.rowcount == 1

    def sent(self, part: Part, message_id: int, now: int) -> None:
        """Record that a part arrived, and erase its payload."""
        self._write(
            """UPDATE outbox SET state = 'sent', message_id = ?, payload = NULL, last_error = NULL, not_before = ?
               WHERE id = ? AND delivery = ?""",
            message_id,
            now,
            part.id,
            part.delivery,
        )

    def put_back(
        self, part: Part, state: str, error: str, not_before: int, *, counts: bool = True, plain: bool = False
    ) -> None:
        """Put a part that is being sent back as `state`, to be retried from the second `not_before`.

        `counts`: this was one of its attempts. `plain`: send it without markup from now on.
        """
        self._write(
            """UPDATE outbox SET state = ?, last_error = ?, not_before = ?, attempts = ?, plain = ?
               WHERE id = ? AND delivery = ? AND state = 'sending'""",
            state,
            error,
            not_before,
            part.attempts + int(counts),
            int(plain or part.plain),
            part.id,
            part.delivery,
        )

    def give_up(self, part: Part, error: str, now: int) -> None:
        """Give up a part and the rest of its delivery; a digest of which nothing arrived is undone."""
        with self._store.write() as db:
            db.execute(
                f"""UPDATE outbox SET state = 'dead', payload = NULL, last_error = ?, not_before = ?
                    WHERE delivery = ? AND state IN {OPEN}""",  # noqa: S608  # our own states
                (error, now, part.delivery),
            )
            self._undo(self._undelivered(db, "delivery = ?", part.delivery))

    def give_up_chat(self, chat_id: int, now: int) -> int:
        """Give up all waiting parts for a chat that was closed to the bot; return how many."""
        with self._store.write() as db:
            changed = db.execute(
                f"""UPDATE outbox SET state = 'dead', payload = NULL, last_error = ?, not_before = ?
                    WHERE chat_id = ? AND state IN {OPEN}""",  # noqa: S608  # our own states
                (CLOSED, now, chat_id),
            )
            self._undo(self._undelivered(db, "chat_id = ?", chat_id))
            return changed.rowcount

    def _undelivered(self, db: Writer, which: str, value: object) -> list[Row]:
        """Return deliveries that were given up and of which no part arrived, newest first."""
        return db.execute(
            f"""SELECT {_DIGEST} FROM outbox WHERE {which} GROUP BY {_DIGEST}
                HAVING max(CASE WHEN state = 'dead' THEN 1 ELSE 0 END) = 1
                   AND max(CASE WHEN state = 'sent' THEN 1 ELSE 0 END) = 0
                ORDER BY created DESC""",  # noqa: S608  # our own clauses
            (value,),
        ).fetchall()

    def _undo(self, deliveries: Iterable[Row]) -> None:
        """Undo deliveries that never arrived, given newest first.

        Their sentences count as not delivered. A subscription without a later digest gets its earlier `since` back.
        """
        for row in deliveries:
            self._delivered.withdraw(row["delivery"])
            self._subscriptions.rewind(row["subscription_id"], row["created"], row["since"])

    def counts(self) -> dict[str, int]:
        """Return the number of parts per state; dead parts of closed chats count as "closed"."""
        rows = self._read(
            """SELECT CASE WHEN last_error = ? AND state = 'dead' THEN ? ELSE state END, count(*)
               FROM outbox GROUP BY 1""",
            *(CLOSED, CLOSED),
        )
        return {row[0]: row[1] for row in rows}

    def oldest(self) -> int | None:
        """Return the second when the oldest waiting part was queued, None if nothing waits."""
        row = self._read(f"SELECT min(created) FROM outbox WHERE state IN {OPEN}").fetchone()  # noqa: S608  # our own states
        created: int | None = row[0]
        return created

    def dead_letters(self, limit: int) -> list[tuple[int, str, int]]:
        """Return (chat, error, second) of the last `limit` dead parts, newest first, without those of closed chats."""
        rows = self._read(
            """SELECT chat_id, last_error, not_before FROM outbox WHERE state = 'dead' AND last_error <> ?
               ORDER BY not_before DESC, id DESC LIMIT ?""",
            *(CLOSED, limit),
        )
        return [(row[0], row[1], row[2]) for row in rows]

    def drop_recaps(self, chat_id: int) -> None:
        """Delete the recaps of a group from the outbox: unsent ones, and what is left of sent ones."""
        self._write("DELETE FROM outbox WHERE chat_id = ? AND delivery LIKE ?", chat_id, _RECAPS)

    def drop_recaps_quoting(self, user_id: int) -> None:
        """Delete the recaps of all groups in which messages of a person are kept."""
        self._write(
            """DELETE FROM outbox WHERE delivery LIKE ?
               AND chat_id IN (SELECT chat_id FROM captured WHERE author_id = ?)""",
            _RECAPS,
            user_id,
        )

    def migrate_chat(self, old: int, new: int) -> None:
        """Move a group's parts to its new id."""
        self._write("UPDATE outbox SET chat_id = ? WHERE chat_id = ?", new, old)

    def forget(self, user_id: int) -> None:
        """Delete the parts of a person's private chat, and recaps that may quote them."""
        self._write("DELETE FROM outbox WHERE chat_id = ?", user_id)
        self.drop_recaps_quoting(user_id)

    def expire(self, now: int) -> int:
        """Delete parts sent more than a week ago and parts dead for 30 days; return how many."""
        return self._write(
            """DELETE FROM outbox WHERE (state = 'sent' AND not_before < ?)
               OR (state = 'dead' AND not_before < ?)""",
            now - _SENT_SECONDS,
            now - _DEAD_SECONDS,
        )


def _part(row: Row) -> Part:
    values = dict(row)
    return Part(**values | {"silent": bool(values["silent"]), "plain": bool(values["plain"])})
