"""Table of slots: the local dates for which a digest or recap was made. digests.schedule decides when one is due."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from bot.state.table import Table

_KEPT_SECONDS = 400 * 86_400

# SQLite accepts at most 32,766 values per statement.
_AT_ONCE = 10_000

CREDIBLE = timedelta(days=7)
"""A slot, or a subscription's creation, further than this in the future was written while the clock was wrong."""


def blocking(day: date) -> tuple[str, str]:
    """Return the first and last local date (ISO) whose slots block that of `day`: itself and credible later ones."""
    return day.isoformat(), (day + CREDIBLE).isoformat()


class Slots(Table):
    """The slots taken by each subscription or scheduled recap, each local date at most once."""

    owns = ("slot",)

    def claim(self, subscription_id: str, day: date, now: int) -> bool:
        """Take a slot in the caller's transaction. Returns False if it, or one of the seven days after it, is taken."""
        taken = self._write(
            """INSERT INTO slot (subscription_id, local_date, at)
               SELECT ?, ?, ? WHERE NOT EXISTS (
                   SELECT 1 FROM slot WHERE subscription_id = ? AND local_date BETWEEN ? AND ?)
               ON CONFLICT (subscription_id, local_date) DO NOTHING""",
            *(subscription_id, day.isoformat(), now, subscription_id, *blocking(day)),
        )
        return taken == 1

    def newest(self, subscription_id: str) -> date | None:
        """Return the newest local date of a subscription's slots, None without one."""
        row = self._read(
            "SELECT max(local_date) FROM slot WHERE subscription_id = ?", subscription_id
        ).fetchone()
        return date.fromisoformat(row[0]) if row[0] else None

    def newest_of(self, subscription_ids: Iterable[str]) -> dict[str, date]:
        """Return the newest local date of each subscription's slots, by id; subscriptions without one are left out."""
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
        """Return the second when a subscription's newest slot up to `now` was taken, None without one."""
        row = self._read(
            "SELECT max(at) FROM slot WHERE subscription_id = ? AND at <= ?", subscription_id, now
        ).fetchone()
        last: int | None = row[0]
        return last

    def drop(self, *subscription_ids: str) -> None:
        """Delete the slots of subscriptions that have ended."""
        with self._store.write() as db:
            db.executemany(
                "DELETE FROM slot WHERE subscription_id = ?", [(number,) for number in subscription_ids]
            )

    def expire(self, now: int) -> int:
        """Delete slots taken more than 400 days ago and return how many."""
        return self._write("DELETE FROM slot WHERE at < ?", now - _KEPT_SECONDS)
