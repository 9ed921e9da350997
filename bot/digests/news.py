"""What is news at one moment: the reports that came in since a reader's last digest. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.digests.candidate import Window
from bot.library.library import Library
from bot.models import Subscription
from bot.state.state import State

# Seconds by which a window starts early: a report's arrival is recorded before the library has it, so a digest made in
# between missed it. What that digest did contain is recorded as delivered.
_ON_ITS_WAY = 30

_FRESH = timedelta(days=7)
"""How long before a window a report may be dated to be news; an older one that came in since is an addition."""

_DAY = 86_400
_LONGEST = 31
"""Days of news that a digest reads as a whole at most: those of a monthly one."""


class NewsSnapshot:
    """What is known at one moment: the reports that are news, the muted queries and publishers, the slots made."""

    def __init__(
        self, state: State, library: Library, subscriptions: Sequence[Subscription], now: int, after: int
    ) -> None:
        """Read what came in after `after`, in Unix seconds; no window may begin before that."""
        self._now = now
        self.made = state.slots.newest_of(s.id for s in subscriptions if s.id)
        self._seen = state.arrivals.after(after)
        arrived = state.arrivals.newest(now)
        self.muted = state.mutes.all(now)
        self.muted_publishers = state.source_mutes.all(now)
        self._windows: dict[int, Window] = {}
        first = datetime.fromtimestamp(after, UTC).date() - _FRESH
        self._old = library.published_before((report for _, report in self._seen), first)
        published = library.coverage().last
        self.newest = datetime.fromtimestamp(arrived, UTC) if arrived is not None else published

    def see_by_publication(self, published: Iterable[tuple[date, str]], zone: ZoneInfo) -> None:
        """Treat each report as having come in at the end of its day of publication."""
        nights = (
            (datetime.combine(day, time(0), zone) + timedelta(days=1), report) for day, report in published
        )
        self._seen = [(int(night.timestamp()), report) for night, report in nights]
        self._old = frozenset()
        self._windows.clear()

    def window(self, after: int) -> Window:
        """Return the reports that came in after `after` (Unix seconds)."""
        if after not in self._windows:
            self._windows[after] = self.between(after, self._now)
        return self._windows[after]

    def between(self, after: int, until: int) -> Window:
        """Return the reports that came in after `after` and not after `until` (Unix seconds)."""
        return Window(
            frozenset(report for moment, report in self._seen if after < moment <= until) - self._old,
            later=frozenset(report for moment, report in self._seen if moment > until) | self._old,
            days=max(1, min(_LONGEST, round((until - after) / _DAY))),
        )


def news_after(s: Subscription) -> int:
    """Return the Unix second after which a report is news: the last digest, or a later look that found nothing to send."""
    looked = s.outcome_at if s.outcome == "nothing" else None
    return max(s.since, looked or 0) - _ON_ITS_WAY
