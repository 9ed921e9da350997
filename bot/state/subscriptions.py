"""Who wants which topics when. A part of state.db."""

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
    """Subscriptions as they were chosen, and what their digests have done."""

    owns = ("subscription",)

    def __init__(self, store: Database, slots: Slots) -> None:
        super().__init__(store)
        self._slots = slots

    def put(self, subscription: Subscription) -> None:
        """Keeps a new subscription, or what its owner changed of a known one.

        What digests have done to a known one (`created`, `since`, `outcome`) stays; other queries have a backlog
        of their own, so they are not `spent`.
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
        """The subscription with this id."""
        return next(iter(self._select("WHERE id = ?", subscription_id)), None)

    def of_chat(self, chat_id: int) -> list[Subscription]:
        """The subscriptions of a chat and its forum topics, oldest first."""
        return self._select("WHERE chat_id = ? ORDER BY created, id", chat_id)

    def of_reader(self, chat_id: int, thread_id: int) -> list[Subscription]:
        """The subscriptions that post to one forum topic, or to a chat (topic 0), oldest first."""
        return self._select("WHERE chat_id = ? AND thread_id = ? ORDER BY created, id", chat_id, thread_id)

    def all(self) -> list[Subscription]:
        """Every subscription of chats that the bot may write to, by chat."""
        return self._select(
            """WHERE chat_id NOT IN (SELECT chat_id FROM chat WHERE closed_at IS NOT NULL)
               ORDER BY chat_id, created, id"""
        )

    def count(self) -> int:
        """How many there are, closed chats included."""
        return int(self._read("SELECT count(*) FROM subscription").fetchone()[0])

    def shapes(self) -> list[tuple[int, int, str]]:
        """Every minute, mask of days and zone that a subscription has."""
        rows = self._read("SELECT DISTINCT minute, days, timezone FROM subscription")
        return [(row[0], row[1], row[2]) for row in rows]

    def due(self, shape: tuple[int, int, str], day: date, minute: int, now: int) -> list[Subscription]:
        """The subscriptions of a shape whose slot of `day`, at the second `at`, has still to be made at `now`.

        Left out are those that were made or paused later, and those of chats that are closed to the bot.
        """
        credible = now + CREDIBLE // timedelta(seconds=1)
        return self._select(
            """AS s WHERE minute = ? AND days = ? AND timezone = ? AND coalesce(paused_until, 0) <= ?
                 AND (created <= ? OR created > ?)
                 AND NOT EXISTS (SELECT 1 FROM slot WHERE subscription_id = s.id AND local_date BETWEEN ? AND ?)
                 AND NOT EXISTS (SELECT 1 FROM chat WHERE chat_id = s.chat_id AND closed_at IS NOT NULL)
               ORDER BY id""",
            *(*shape, minute, minute, credible, *blocking(day)),
        )

    def remove(self, subscription_id: str) -> None:
        """Ends a subscription; what its reader has been told stays known."""
        with self._store.write() as db:
            db.execute("DELETE FROM subscription WHERE id = ?", (subscription_id,))
            self._slots.drop(subscription_id)

    def pause(self, subscription_id: str, until: int | None) -> None:
        """Sends nothing before `until`; None resumes."""
        self._write("UPDATE subscription SET paused_until = ? WHERE id = ?", until, subscription_id)

    def only_news(self, subscription_id: str) -> None:
        """Sends no more from the library."""
        self._write("UPDATE subscription SET news_only = 1 WHERE id = ?", subscription_id)

    def record(
        self,
        subscription_id: str,
        outcome: str,
        now: int,
        *,
        since: int | None = None,
        spent: int | None = None,
    ) -> None:
        """Records what came of a slot: a code such as "news", "library", "end", "nothing", "failed".

        `since` moves the moment after which a report is news, `spent` is when the end of the backlog was said.
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
        """Undoes the digest made at `made`: its news begins again at `since`, unless a later one has been made."""
        self._write(
            """UPDATE subscription SET since = ?, outcome = 'failed',
                   spent = CASE WHEN spent = ? THEN NULL ELSE spent END
               WHERE id = ? AND since = ?""",
            *(since, made, subscription_id, made),
        )

    def migrate_chat(self, old: int, new: int) -> None:
        """Moves the subscriptions of a group to its new id."""
        self._write("UPDATE subscription SET chat_id = ? WHERE chat_id = ?", new, old)

    def forget(self, user_id: int) -> None:
        """Deletes the digests of a person's private chat, and their name under those of groups."""
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
