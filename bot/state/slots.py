"""Which local dates have had their digest or recap. A part of state.db."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from bot.state.table import Table

_KEPT_SECONDS = 400 * 86_400

# SQLite takes 32,766 values in a statement.
_AT_ONCE = 10_000

CREDIBLE = timedelta(days=7)
"""A slot this far ahead, or a subscription made so much later than now, was written while the clock was wrong."""


def blocking(day: date) -> tuple[str, str]:
    """The first and the last local date whose slot keeps that of `day` from being made."""
    return day.isoformat(), (day + CREDIBLE).isoformat()


class Slots(Table):
    """The local dates that each subscription or scheduled recap has had, each at most once."""

    owns = ("slot",)

    def claim(self, subscription_id: str, day: date, now: int) -> bool:
        """Takes a slot in the caller's transaction. False when it, or a later one, has been taken."""
        taken = self._write(
            """INSERT INTO slot (subscription_id, local_date, at)
               SELECT ?, ?, ? WHERE NOT EXISTS (
                   SELECT 1 FROM slot WHERE subscription_id = ? AND local_date BETWEEN ? AND ?)
               ON CONFLICT (subscription_id, local_date) DO NOTHING""",
            *(subscription_id, day.isoformat(), now, subscription_id, *blocking(day)),
        )
        return taken == 1

    def newest(self, subscription_id: str) -> date | None:
        """The newest local date that a subscription has had."""
        row = self._read(
            "SELECT max(local_date) FROM slot WHERE subscription_id = ?", subscription_id
        ).fetchone()
        return date.fromisoformat(row[0]) if row[0] else None

    def newest_of(self, subscription_ids: Iterable[str]) -> dict[str, date]:
        """The newest local date that each of these subscriptions has had; those that had none are left out."""
        newest: dict[str, date] = {}
        ids = list(subscription_ids)
        for start in range(0, len(ids), _AT_ONCE):
            some = ids[start : start + _AT_ONCE]
            rows = self._read(
                f"""SELECT subscription_id, max(local_date) FROM slot
                    WHERE subscription_id IN ({", ".join("?" * len(some))}) GROUP BY subscription_id""",  # noqa: S608  # question marks only
                *some,
            )
            newest |= {row[0]: date.fromisoformat(row[1]) for row in rows}
        return newest

    def last_made(self, subscription_id: str, now: int) -> int | None:
        """When the newest slot that was made up to `now` was made."""
        row = self._read(
            "SELECT max(at) FROM slot WHERE subscription_id = ? AND at <= ?", subscription_id, now
        ).fetchone()
        last: int | None = row[0]
        return last

    def drop(self, *subscription_ids: str) -> None:
        """Forgets the dates of subscriptions that have ended."""
        with self._store.write() as db:
            db.executemany(
                "DELETE FROM slot WHERE subscription_id = ?", [(number,) for number in subscription_ids]
            )

    def expire(self, now: int) -> int:
        """Deletes slots of more than a year ago."""
        return self._write("DELETE FROM slot WHERE at < ?", now - _KEPT_SECONDS)
