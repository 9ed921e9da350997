"""Which reports are news for a subscription: those that first came in after its last digest."""

from __future__ import annotations

from datetime import UTC, date, datetime

from bot.digests.candidates import Window
from bot.library.library import Library
from bot.models import Subscription
from bot.state.state import State

# A report is recorded as seen before the library holds it: a digest made in between did not know it. What it did
# know is marked as told.
_ON_ITS_WAY = 30


class Arrivals:
    """Which reports are news at one moment, for whom."""

    def __init__(self, state: State, library: Library, now: datetime) -> None:
        self._state = state
        self._library = library
        self._now = int(now.timestamp())
        self._seen: list[tuple[int, str]] = []
        self._windows: dict[int, Window] = {}
        self.newest: date | datetime | None = None

    def look_back_to(self, after: int) -> None:
        """Reads what came in after a second; windows begin there at the earliest."""
        self._seen = self._state.marks.arrivals(after)
        arrived = self._state.marks.arrived(self._now)
        published = self._library.coverage().last
        self.newest = datetime.fromtimestamp(arrived, UTC) if arrived is not None else published

    def window(self, after: int) -> Window:
        """The reports that came in after a second."""
        if after not in self._windows:
            self._windows[after] = self.between(after, self._now)
        return self._windows[after]

    def between(self, after: int, until: int) -> Window:
        """The reports that came in after a second and not after another."""
        return Window(
            frozenset(report for at, report in self._seen if after < at <= until),
            later=frozenset(report for at, report in self._seen if at > until),
        )


def news_after(s: Subscription) -> int:
    """The second after which a report is news: the last digest, or a later look that found nothing to send."""
    looked = s.outcome_at if s.outcome == "nothing" else None
    return max(s.since, looked or 0) - _ON_ITS_WAY
