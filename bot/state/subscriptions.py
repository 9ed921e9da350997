"""Who wants which topics when, what they muted, and the zone of each chat. A part of state.db."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import asdict, replace
from typing import Any

from bot.models import Language, Subscription
from bot.sqlite.connection import Store

_DRAFT_SECONDS = 90 * 86_400
COLUMNS = (
    "id, chat_id, thread_id, user_id, queries, minute, days, timezone, language, news_only, silent, created, "
    "since, paused_until, spent, outcome, outcome_at"
)


class Subscriptions:
    """Reads and writes subscriptions in the file of `store`. Every time is a UTC second."""

    def __init__(self, store: Store) -> None:
        self._store = store

    # -- subscriptions ---------------------------------------------------------------------------------

    def put(self, subscription: Subscription) -> None:
        """Keeps a new subscription, or what its owner changed of a known one.

        What digests have done to a known one (`created`, `since`, `outcome`) stays; other queries have a backlog
        of their own, so they are not `spent`.
        """
        values = _row(subscription)
        marks = ", ".join("?" * len(values))
        with self._store.write() as db:
            db.execute(
                f"""INSERT INTO subscription ({COLUMNS}) VALUES ({marks})
                    ON CONFLICT (id) DO UPDATE SET
                        spent = CASE WHEN subscription.queries = excluded.queries THEN subscription.spent END,
                        queries = excluded.queries, minute = excluded.minute, days = excluded.days,
                        timezone = excluded.timezone, language = excluded.language,
                        news_only = excluded.news_only, silent = excluded.silent,
                        paused_until = excluded.paused_until""",  # noqa: S608  # names of columns, nothing typed
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

    def remove(self, subscription_id: str) -> None:
        """Ends a subscription; what its reader has been told stays known."""
        with self._store.write() as db:
            db.execute("DELETE FROM subscription WHERE id = ?", (subscription_id,))
            db.execute("DELETE FROM slot WHERE subscription_id = ?", (subscription_id,))

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
        at: int,
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
            at,
            since,
            spent,
            subscription_id,
        )

    # -- readers ---------------------------------------------------------------------------------------

    def mute(self, reader: tuple[int, int], query: str, until: int) -> None:
        """Leaves `query` out of a reader's digests before `until`."""
        self._write(
            """INSERT INTO mute (chat_id, thread_id, query, until) VALUES (?, ?, ?, ?)
               ON CONFLICT (chat_id, thread_id, query) DO UPDATE SET until = excluded.until""",
            *reader,
            query,
            until,
        )

    def muted(self, reader: tuple[int, int], now: int) -> dict[str, int]:
        """The queries that a reader does not want at `now`, each with the second when it comes back."""
        rows = self._read(
            "SELECT query, until FROM mute WHERE chat_id = ? AND thread_id = ? AND until > ? ORDER BY query",
            *reader,
            now,
        )
        return {row["query"]: row["until"] for row in rows}

    # -- chats -----------------------------------------------------------------------------------------

    def timezone(self, chat_id: int) -> str | None:
        """The zone that a chat chose, None where it was not asked yet."""
        row = self._read("SELECT timezone FROM chat WHERE chat_id = ?", chat_id).fetchone()
        return row["timezone"] if row else None

    def set_timezone(self, chat_id: int, timezone: str) -> None:
        """Records the zone that a chat chose."""
        self._write(
            """INSERT INTO chat (chat_id, timezone) VALUES (?, ?)
               ON CONFLICT (chat_id) DO UPDATE SET timezone = excluded.timezone""",
            chat_id,
            timezone,
        )

    def close_chat(self, chat_id: int, at: int) -> None:
        """Records that Telegram lets the bot no longer write to a chat; the first time stays."""
        self._write(
            """INSERT INTO chat (chat_id, closed_at) VALUES (?, ?)
               ON CONFLICT (chat_id) DO UPDATE SET closed_at = coalesce(chat.closed_at, excluded.closed_at)""",
            chat_id,
            at,
        )

    def closed(self, chat_id: int) -> bool:
        """Whether the bot may not write to a chat, as far as it knows."""
        row = self._read("SELECT 1 FROM chat WHERE chat_id = ? AND closed_at IS NOT NULL", chat_id).fetchone()
        return row is not None

    def open_chat(self, chat_id: int) -> None:
        """Records that the bot may write to a chat again."""
        self._write("UPDATE chat SET closed_at = NULL WHERE chat_id = ?", chat_id)

    def migrate_chat(self, old: int, new: int) -> None:
        """Moves everything that is kept of a chat to its new id, in one transaction.

        A row that the new id has already stays as it is there. Panels that are open become too old.
        """
        with self._store.write() as db:
            db.execute(
                """INSERT INTO chat (chat_id, language, timezone)
                   SELECT ?, language, timezone FROM chat WHERE chat_id = ?
                   ON CONFLICT (chat_id) DO UPDATE SET
                       language = coalesce(chat.language, excluded.language),
                       timezone = coalesce(chat.timezone, excluded.timezone)""",
                (new, old),
            )
            for table, columns in (("sent_mark", "sentence, at, delivery"), ("mute", "query, until")):
                db.execute(
                    f"""INSERT INTO {table} (chat_id, thread_id, {columns})
                        SELECT ?, thread_id, {columns} FROM {table} WHERE chat_id = ?
                        ON CONFLICT DO NOTHING""",  # noqa: S608  # our own names
                    (new, old),
                )
            for table in ("chat", "sent_mark", "mute", "draft"):
                db.execute(f"DELETE FROM {table} WHERE chat_id = ?", (old,))  # noqa: S608  # our own names
            for table in ("subscription", "outbox", "view"):
                db.execute(
                    f"UPDATE {table} SET chat_id = ? WHERE chat_id = ?",  # noqa: S608  # our own names
                    (new, old),
                )

    def forget(self, user_id: int) -> None:
        """Deletes the digests of a person's private chat, and their name under those of groups.

        A private chat has the id of its person (Bot API, Chat).
        """
        with self._store.write() as db:
            db.execute(
                "DELETE FROM slot WHERE subscription_id IN (SELECT id FROM subscription WHERE chat_id = ?)",
                (user_id,),
            )
            for table in ("subscription", "sent_mark", "mute", "outbox"):
                db.execute(f"DELETE FROM {table} WHERE chat_id = ?", (user_id,))  # noqa: S608  # our own names
            db.execute("DELETE FROM draft WHERE chat_id = ? OR user_id = ?", (user_id, user_id))
            db.execute("UPDATE subscription SET user_id = 0 WHERE user_id = ?", (user_id,))

    # -- drafts ----------------------------------------------------------------------------------------

    def put_draft(self, draft_id: str, draft: Subscription, at: int) -> None:
        """Keeps a subscription that is being made, for 90 days."""
        with self._store.write() as db:
            db.execute("DELETE FROM draft WHERE at < ?", (at - _DRAFT_SECONDS,))
            db.execute(
                """INSERT INTO draft (id, chat_id, thread_id, user_id, body, at) VALUES (?, ?, ?, ?, ?, ?)
                   ON CONFLICT (id) DO UPDATE SET body = excluded.body, at = excluded.at""",
                (draft_id, draft.chat_id, draft.thread_id, draft.user_id, json.dumps(asdict(draft)), at),
            )

    def draft(self, draft_id: str) -> Subscription | None:
        """The draft with this id."""
        row = self._read("SELECT body FROM draft WHERE id = ?", draft_id).fetchone()
        return _draft(row["body"]) if row else None

    def latest_draft(self, chat_id: int, thread_id: int, user_id: int, after: int) -> str | None:
        """The id of the draft that a person worked on last in a place, None when that was before `after`."""
        row = self._read(
            """SELECT id FROM draft WHERE chat_id = ? AND thread_id = ? AND user_id = ? AND at >= ?
               ORDER BY at DESC, id LIMIT 1""",
            chat_id,
            thread_id,
            user_id,
            after,
        ).fetchone()
        return row["id"] if row else None

    def drop_draft(self, draft_id: str) -> None:
        """Forgets a draft that was saved or given up."""
        self._write("DELETE FROM draft WHERE id = ?", draft_id)

    def _select(self, where: str, *values: object) -> list[Subscription]:
        rows = self._read(f"SELECT {COLUMNS} FROM subscription {where}", *values)  # noqa: S608  # our own clauses
        return [subscription_of(row) for row in rows]

    def _read(self, sql: str, *values: object) -> sqlite3.Cursor:
        return self._store.read().execute(sql, values)

    def _write(self, sql: str, *values: object) -> None:
        with self._store.write() as db:
            db.execute(sql, values)


def _row(subscription: Subscription) -> tuple[Any, ...]:
    s = subscription
    queries = json.dumps(s.queries, ensure_ascii=False)
    chosen = (queries, s.minute, s.days, s.timezone, s.language, int(s.news_only), int(s.silent))
    told = (s.created, s.since, s.paused_until, s.spent, s.outcome, s.outcome_at)
    return (s.id, s.chat_id, s.thread_id, s.user_id, *chosen, *told)


def subscription_of(row: sqlite3.Row) -> Subscription:
    """The subscription of a row of `COLUMNS`."""
    values: dict[str, Any] = dict(row)
    language: Language = "zh" if values["language"] == "zh" else "en"
    return Subscription(
        **values
        | {
            "queries": tuple(json.loads(values["queries"])),
            "language": language,
            "news_only": bool(values["news_only"]),
            "silent": bool(values["silent"]),
        }
    )


def _draft(body: str) -> Subscription:
    draft = Subscription(**json.loads(body))
    return replace(draft, queries=tuple(draft.queries))
