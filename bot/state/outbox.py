"""Messages on their way to Telegram, and what became of them. A part of state.db.

ready: not tried yet. sending: a request is under way, or the process died in one. failed: refused or not
delivered, to be tried again. unknown: it may have arrived. sent and dead are final and hold no payload.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass

from bot.messages import Place
from bot.state.database import Database, Row, Writer
from bot.state.delivered import DeliveredSentences
from bot.state.subscriptions import Subscriptions
from bot.state.table import Table

WAITING = ("ready", "sending", "failed", "unknown")
"""The states of a part that is still to be sent, in the order in which the partial index of the schema has them."""

OPEN = f"({', '.join(map(repr, WAITING))})"
"""The same as SQL."""

CLOSED = "closed"
"""The error of parts that died because their chat was closed to the bot."""

_FIRST = f"SELECT min(id) FROM outbox WHERE state IN {OPEN} GROUP BY chat_id"  # noqa: S608  # our own states
_DIGEST = "delivery, subscription_id, created, since"
_DIED = "The process ended while sending."
_SENT_SECONDS = 7 * 86_400
_DEAD_SECONDS = 30 * 86_400
# A wait that is longer than any we ask for: the clock has been set back since.
_NOBODY_WAITS = 2 * 86_400
_RECAPS, _ALERTS = "recap:%", "alert:%"


@dataclass(frozen=True, slots=True)
class Part:
    """One Telegram message to be sent. `payload` is its JSON, `attempts` how often it was tried in vain.

    `error` is what its last attempt said; `plain` is whether it goes without markup.
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
    """Each part once, in the order in which it was queued.

    The id of a row that somebody had erased may be given to the next one, so a part is known by its delivery too.
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
        """Queues the parts of a delivery for a place; a known delivery is left alone.

        `digest` is the subscription that a digest is of, and the second after which reports were news for it: where
        the delivery comes to nothing, they are so again. A part is due at once, whatever the clock says later.
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
        """Takes back the digests of which no part has been asked of Telegram; returns how many those were.

        For subscriptions that are due again: their next digest tells what these would have told.
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
            self._untell(unsent)
            db.executemany("DELETE FROM outbox WHERE delivery = ?", [(row["delivery"],) for row in unsent])
            return len(unsent)

    def alerts_since(self, place: Place, second: int) -> int:
        """How many alerts were queued for a place from a second on."""
        row = self._read(
            """SELECT count(*) FROM outbox
               WHERE chat_id = ? AND thread_id = ? AND delivery LIKE ? AND created >= ?""",
            *(*place, _ALERTS, second),
        ).fetchone()
        return int(row[0])

    def alert_waits(self, place: Place) -> bool:
        """Whether an alert for a place is still to be sent."""
        row = self._read(
            f"""SELECT 1 FROM outbox WHERE chat_id = ? AND thread_id = ? AND delivery LIKE ?
                AND state IN {OPEN}""",  # noqa: S608  # our own states
            *(*place, _ALERTS),
        ).fetchone()
        return row is not None

    def recover(self) -> int:
        """Marks what a dead process was sending as unknown, and returns how many that were. Once at a start."""
        with self._store.write() as db:
            return db.execute(
                "UPDATE outbox SET state = 'unknown', last_error = ? WHERE state = 'sending'", (_DIED,)
            ).rowcount

    def next(self, now: int, limit: int) -> list[Part]:
        """The oldest open part of each chat, oldest first; a chat whose oldest part has to wait is left out."""
        rows = self._store.read().execute(
            f"""SELECT id, delivery, chat_id, thread_id, payload, silent, state, attempts, plain,
                    coalesce(last_error, '') AS error FROM outbox
                WHERE id IN ({_FIRST})
                  AND (not_before <= ? OR not_before > ?) ORDER BY id LIMIT ?""",  # noqa: S608  # our own states
            (now, now + _NOBODY_WAITS, limit),
        )
        return [_part(row) for row in rows]

    def next_at(self) -> int | None:
        """When the next part may be tried, None when nothing is open."""
        row = (
            self._store.read()
            .execute(f"SELECT min(not_before) FROM outbox WHERE id IN ({_FIRST})")  # noqa: S608  # our own states
            .fetchone()
        )
        earliest: int | None = row[0]
        return earliest

    def take(self, part: Part) -> bool:
        """Marks a part as under way. False when it is no longer what it was: sent, dead or in another chat."""
        with self._store.write() as db:
            changed = db.execute(
                "UPDATE outbox SET state = 'sending' WHERE id = ? AND delivery = ? AND state = ? AND chat_id = ?",
                (part.id, part.delivery, part.state, part.chat_id),
            )
            return changed.rowcount == 1

    def sent(self, part: Part, message_id: int, now: int) -> None:
        """Records that a part arrived, and erases what it said."""
        self._write(
            """UPDATE outbox SET state = 'sent', message_id = ?, payload = NULL, last_error = NULL, not_before = ?
               WHERE id = ? AND delivery = ?""",
            message_id,
            now,
            part.id,
            part.delivery,
        )

    def again(
        self, part: Part, state: str, error: str, not_before: int, *, counts: bool = True, plain: bool = False
    ) -> None:
        """Puts a part back as `state` to be tried from `not_before`.

        `counts` makes this one of its attempts, `plain` sends it without markup from now on.
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

    def bury(self, part: Part, error: str, now: int) -> None:
        """Gives a part up, and with it the rest of its delivery; what its reader was not told is news again."""
        with self._store.write() as db:
            db.execute(
                f"""UPDATE outbox SET state = 'dead', payload = NULL, last_error = ?, not_before = ?
                    WHERE delivery = ? AND state IN {OPEN}""",  # noqa: S608  # our own states
                (error, now, part.delivery),
            )
            self._untell(self._dead(db, "delivery = ?", part.delivery))

    def bury_chat(self, chat_id: int, now: int) -> int:
        """Gives up all that is open for a chat that was closed to the bot; returns how many parts."""
        with self._store.write() as db:
            changed = db.execute(
                f"""UPDATE outbox SET state = 'dead', payload = NULL, last_error = ?, not_before = ?
                    WHERE chat_id = ? AND state IN {OPEN}""",  # noqa: S608  # our own states
                (CLOSED, now, chat_id),
            )
            self._untell(self._dead(db, "chat_id = ?", chat_id))
            return changed.rowcount

    def _dead(self, db: Writer, which: str, value: object) -> list[Row]:
        """Deliveries that were given up, of which no part arrived; the newest first."""
        return db.execute(
            f"""SELECT {_DIGEST} FROM outbox WHERE {which} GROUP BY {_DIGEST}
                HAVING max(CASE WHEN state = 'dead' THEN 1 ELSE 0 END) = 1
                   AND max(CASE WHEN state = 'sent' THEN 1 ELSE 0 END) = 0
                ORDER BY created DESC""",  # noqa: S608  # our own clauses
            (value,),
        ).fetchall()

    def _untell(self, deliveries: Iterable[Row]) -> None:
        """Undoes what deliveries would have told, the newest first.

        Their marks go. Where a subscription has had nothing since, its news begins again where it did before.
        """
        for row in deliveries:
            self._delivered.withdraw(row["delivery"])
            self._subscriptions.rewind(row["subscription_id"], row["created"], row["since"])

    def counts(self) -> dict[str, int]:
        """How many parts are in each state; those of closed chats count as "closed", not as dead."""
        rows = self._store.read().execute(
            """SELECT CASE WHEN last_error = ? AND state = 'dead' THEN ? ELSE state END, count(*)
               FROM outbox GROUP BY 1""",
            (CLOSED, CLOSED),
        )
        return {row[0]: row[1] for row in rows}

    def oldest(self) -> int | None:
        """When the oldest part that is still to be sent was queued, None when nothing waits."""
        row = self._read(f"SELECT min(created) FROM outbox WHERE state IN {OPEN}").fetchone()  # noqa: S608  # our own states
        created: int | None = row[0]
        return created

    def dead_letters(self, limit: int) -> list[tuple[int, str, int]]:
        """Chat, error and second of the last parts that were given up for another reason than a closed chat."""
        rows = self._store.read().execute(
            """SELECT chat_id, last_error, not_before FROM outbox WHERE state = 'dead' AND last_error <> ?
               ORDER BY not_before DESC, id DESC LIMIT ?""",
            (CLOSED, limit),
        )
        return [(row[0], row[1], row[2]) for row in rows]

    def drop_recaps(self, chat_id: int) -> None:
        """Takes back the recaps of a group that are not sent yet."""
        self._write("DELETE FROM outbox WHERE chat_id = ? AND delivery LIKE ?", chat_id, _RECAPS)

    def drop_recaps_quoting(self, user_id: int) -> None:
        """Takes back the recaps, not sent yet, of groups of which a person's words are kept."""
        self._write(
            """DELETE FROM outbox WHERE delivery LIKE ?
               AND chat_id IN (SELECT chat_id FROM captured WHERE author_id = ?)""",
            _RECAPS,
            user_id,
        )

    def migrate_chat(self, old: int, new: int) -> None:
        """Sends what is queued for a group to its new id."""
        self._write("UPDATE outbox SET chat_id = ? WHERE chat_id = ?", new, old)

    def forget(self, user_id: int) -> None:
        """Deletes what is or was on its way to a person, and recaps that may quote them."""
        self._write("DELETE FROM outbox WHERE chat_id = ?", user_id)
        self.drop_recaps_quoting(user_id)

    def expire(self, now: int) -> int:
        """Deletes parts sent more than a week ago, and dead ones after 30 days."""
        return self._write(
            """DELETE FROM outbox WHERE (state = 'sent' AND not_before < ?)
               OR (state = 'dead' AND not_before < ?)""",
            now - _SENT_SECONDS,
            now - _DEAD_SECONDS,
        )


def _part(row: Row) -> Part:
    values = dict(row)
    return Part(**values | {"silent": bool(values["silent"]), "plain": bool(values["plain"])})
