"""Table of subscriptions: who wants which topics when, and what became of the last digest."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

from bot.languages import entry_of
from bot.models import Subscription
from bot.state.database import Database, Row
from bot.state.slots import CREDIBLE, Slots, blocking
from bot.state.table import Table

_COLUMNS = (
    "id, chat_id, thread_id, user_id, queries, minute, days, timezone, language, news_only, silent, created, "
    "since, paused_until, spent, outcome, outcome_at, says_quiet"
)


class Subscriptions(Table):
    """Subscriptions with their owner's settings, and the state that digests leave in them."""

    owns = ("subscription",)

    def __init__(self, store: Database, slots: Slots) -> None:
        super().__init__(store)
        self._slots = slots

    def put(self, subscription: Subscription) -> None:
        """Store a new subscription, or its owner's changes to a known one.

        A known one keeps what is not the owner's to change (`created`, `since`, `outcome`). Changed queries have
        a new backlog, so `spent` is cleared.
        """
        values = _row(subscription)
        marks = ", ".join("?" * len(values))
        with self._store.write() as db:
            db.execute(
                f"""INSERT INTO subscription ({_COLUMNS}) VALUES ({marks})
                    ON CONFLICT (id) DO UPDATE SET
                        spent = CASE WHEN subscription.queries = excluded.queries THEN subscription.spent END,
                        queries = excluded.queries, minute = excluded.minute, days = excluded.days,
                        timezone = excluded.timezone, language = excluded.language,
                        news_only = excluded.news_only, silent = excluded.silent,
                        paused_until = excluded.paused_until, says_quiet = excluded.says_quiet""",  # noqa: S608  # names of columns, nothing typed
                values,
            )

    def get(self, subscription_id: str) -> Subscription | None:
        """Return the subscription with this id, None if there is none."""
        return next(iter(self._select("WHERE id = ?", subscription_id)), None)

    def of_chat(self, chat_id: int) -> list[Subscription]:
        """Return the subscriptions of a chat and its forum topics, oldest first."""
        return self._select("WHERE chat_id = ? ORDER BY created, id", chat_id)

    def of_reader(self, chat_id: int, thread_id: int) -> list[Subscription]:
        """Return the subscriptions of one forum topic (0: a chat without topics), oldest first."""
        return self._select("WHERE chat_id = ? AND thread_id = ? ORDER BY created, id", chat_id, thread_id)

    def all(self) -> list[Subscription]:
        """Return the subscriptions of all chats that are not closed to the bot, by chat, oldest first."""
        return self._select(
            """WHERE chat_id NOT IN (SELECT chat_id FROM chat WHERE closed_at IS NOT NULL)
               ORDER BY chat_id, created, id"""
        )

    def count(self) -> int:
        """Return the number of subscriptions, closed chats included."""
        return int(self._read("SELECT count(*) FROM subscription").fetchone()[0])

    def shapes(self) -> list[tuple[int, int, str]]:
        """Return every distinct (minute of the day, mask of weekdays, time zone) among the subscriptions."""
        rows = self._read("SELECT DISTINCT minute, days, timezone FROM subscription")
        return [(row[0], row[1], row[2]) for row in rows]

    def due(self, shape: tuple[int, int, str], day: date, moment: int, now: int) -> list[Subscription]:
        """Return the subscriptions of a shape whose slot of `day`, due at the UTC second `moment`, is not yet taken.

        Leaves out those created after that second or still paused at it, and those of chats closed to the bot.
        A creation too far after `now` to be credible does not count: the clock was wrong.
        """
        credible = now + CREDIBLE // timedelta(seconds=1)
        return self._select(
            """AS s WHERE minute = ? AND days = ? AND timezone = ? AND coalesce(paused_until, 0) <= ?
                 AND (created <= ? OR created > ?)
                 AND NOT EXISTS (SELECT 1 FROM slot WHERE subscription_id = s.id AND local_date BETWEEN ? AND ?)
                 AND NOT EXISTS (SELECT 1 FROM chat WHERE chat_id = s.chat_id AND closed_at IS NOT NULL)
               ORDER BY id""",
            *(*shape, moment, moment, credible, *blocking(day)),
        )

    def remove(self, subscription_id: str) -> None:
        """Delete a subscription and its slots; the record of sentences delivered to its reader stays."""
        with self._store.write() as db:
            db.execute("DELETE FROM subscription WHERE id = ?", (subscription_id,))
            self._slots.drop(subscription_id)

    def pause(self, subscription_id: str, until: int | None) -> None:
        """Pause a subscription until the second `until`; None resumes it."""
        self._write("UPDATE subscription SET paused_until = ? WHERE id = ?", until, subscription_id)

    def only_news(self, subscription_id: str) -> None:
        """Limit a subscription to news: no more from the library's backlog."""
        self._write("UPDATE subscription SET news_only = 1 WHERE id = ?", subscription_id)

    def record_outcome(
        self,
        subscription_id: str,
        outcome: str,
        now: int,
        *,
        since: int | None = None,
        spent: int | None = None,
    ) -> None:
        """Record the outcome of a slot: a code such as "news", "library", "end", "nothing", "failed".

        `since` is the new second after which a report is news, `spent` the second when the reader was told that the
        backlog is at its end; None leaves either as it is.
        """
        self._write(
            """UPDATE subscription SET outcome = ?, outcome_at = ?, since = coalesce(?, since),
               spent = coalesce(?, spent) WHERE id = ?""",
            outcome,
            now,
            since,
            spent,
            subscription_id,
        )

    def rewind(self, subscription_id: str, made: int, since: int) -> None:
        """Undo the digest made at `made`: reports after `since` are news again, unless a later one was made."""
        self._write(
            """UPDATE subscription SET since = ?, outcome = 'failed',
                   spent = CASE WHEN spent = ? THEN NULL ELSE spent END
               WHERE id = ? AND since = ?""",
            *(since, made, subscription_id, made),
        )

    def migrate_chat(self, old: int, new: int) -> None:
        """Move a group's subscriptions to its new id."""
        self._write("UPDATE subscription SET chat_id = ? WHERE chat_id = ?", new, old)

    def forget(self, user_id: int) -> None:
        """Delete the subscriptions of a person's private chat, and remove their id from those of groups."""
        with self._store.write() as db:
            ids = db.execute("SELECT id FROM subscription WHERE chat_id = ?", (user_id,)).fetchall()
            self._slots.drop(*(row["id"] for row in ids))
            db.execute("DELETE FROM subscription WHERE chat_id = ?", (user_id,))
            db.execute("UPDATE subscription SET user_id = 0 WHERE user_id = ?", (user_id,))

    def _select(self, where: str, *values: object) -> list[Subscription]:
        rows = self._read(f"SELECT {_COLUMNS} FROM subscription {where}", *values)  # noqa: S608  # our own clauses
        return [_subscription(row) for row in rows]


def _row(subscription: Subscription) -> tuple[Any, ...]:
    s = subscription
    queries = json.dumps(s.queries, ensure_ascii=False)
    chosen = (queries, s.minute, s.days, s.timezone, s.language, int(s.news_only), int(s.silent))
    told = (s.created, s.since, s.paused_until, s.spent, s.outcome, s.outcome_at, int(s.says_quiet))
    return (s.id, s.chat_id, s.thread_id, s.user_id, *chosen, *told)


def _subscription(row: Row) -> Subscription:
    values: dict[str, Any] = dict(row)
    return Subscription(
        **values
        | {
            "queries": tuple(json.loads(values["queries"])),
            "language": entry_of(values["language"]).code,
            "news_only": bool(values["news_only"]),
            "silent": bool(values["silent"]),
            "says_quiet": bool(values["says_quiet"]),
        }
    )
