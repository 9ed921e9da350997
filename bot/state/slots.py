"""Which local dates have had their digest. A part of state.db."""

from __future__ import annotations

from datetime import date, timedelta

from bot.models import Subscription
from bot.sqlite.connection import Store
from bot.state.subscriptions import COLUMNS, subscription_of

_KEPT_SECONDS = 400 * 86_400
# A slot this far ahead, or a subscription made so much later than now, was written while the clock was wrong.
_CREDIBLE = timedelta(days=7)


class Slots:
    """Reads and writes slots in the file of `store`; a subscription has each local date at most once."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def shapes(self) -> list[tuple[int, int, str]]:
        """Every minute, mask of days and zone that a subscription has."""
        rows = self._store.read().execute("SELECT DISTINCT minute, days, timezone FROM subscription")
        return [(row[0], row[1], row[2]) for row in rows]

    def due(self, shape: tuple[int, int, str], day: date, at: int, now: int) -> list[Subscription]:
        """The subscriptions of a shape whose slot of `day`, at the second `at`, has still to be made at `now`.

        Left out are those that were made or paused later, and those of chats that are closed to the bot.
        """
        credible = now + _CREDIBLE // timedelta(seconds=1)
        rows = self._store.read().execute(
            f"""SELECT {COLUMNS} FROM subscription AS s
                WHERE minute = ? AND days = ? AND timezone = ? AND coalesce(paused_until, 0) <= ?
                  AND (created <= ? OR created > ?)
                  AND NOT EXISTS (SELECT 1 FROM slot WHERE subscription_id = s.id AND local_date BETWEEN ? AND ?)
                  AND NOT EXISTS (SELECT 1 FROM chat WHERE chat_id = s.chat_id AND closed_at IS NOT NULL)
                ORDER BY id""",  # noqa: S608  # our own columns
            (*shape, at, at, credible, *_from(day)),
        )
        return [subscription_of(row) for row in rows]

    def claim(self, subscription_id: str, day: date, at: int) -> bool:
        """Takes a slot in the caller's transaction. False when it, or a later one, has been taken."""
        with self._store.write() as db:
            changed = db.execute(
                """INSERT INTO slot (subscription_id, local_date, at)
                   SELECT ?, ?, ? WHERE NOT EXISTS (
                       SELECT 1 FROM slot WHERE subscription_id = ? AND local_date BETWEEN ? AND ?)
                   ON CONFLICT (subscription_id, local_date) DO NOTHING""",
                (subscription_id, day.isoformat(), at, subscription_id, *_from(day)),
            )
            return changed.rowcount == 1

    def newest(self, subscription_id: str) -> date | None:
        """The newest local date that a subscription has had."""
        row = (
            self._store.read()
            .execute("SELECT max(local_date) FROM slot WHERE subscription_id = ?", (subscription_id,))
            .fetchone()
        )
        return date.fromisoformat(row[0]) if row[0] else None

    def last_made(self, subscription_id: str, now: int) -> int | None:
        """When the newest slot that was made up to `now` was made."""
        row = self._store.read().execute(
            "SELECT max(at) FROM slot WHERE subscription_id = ? AND at <= ?", (subscription_id, now)
        )
        last: int | None = row.fetchone()[0]
        return last

    def forget_old(self, now: int) -> None:
        """Deletes slots of more than a year ago."""
        with self._store.write() as db:
            db.execute("DELETE FROM slot WHERE at < ?", (now - _KEPT_SECONDS,))


def _from(day: date) -> tuple[str, str]:
    """The first and the last local date whose slot keeps that of `day` from being made."""
    return day.isoformat(), (day + _CREDIBLE).isoformat()
