"""Whether a topic is rising or fading, from dated origins alone. Pure: `today` is passed in."""

from __future__ import annotations

import math
from bisect import bisect_right
from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from bot.text.periods import Period

VerdictName = Literal["new", "rising", "steady", "fading", "too_little"]

RECENT_DAYS = 90
_TIMES = 4
EARLIER_DAYS = _TIMES * RECENT_DAYS
MIN_ORIGINS = 8
# Two standard errors: one chance in about twenty that a steady topic is called rising or fading.
_SIGNIFICANT = 1.96


@dataclass(frozen=True, slots=True)
class Verdict:
    """The verdict with its counts: dated origins in all, in the last 90 days and in the 360 before.

    `incomparable` says that there would be enough, but the library holds next to nothing from before.
    `newest_age` is in days, None without a dated origin. `months` counts dated origins by (year, month). `window` has the
    first and the last day of the recent window where that does not end today: of a period that was asked for, or, if
    `library_ends`, since the library has nothing newer. `earlier_days` is how long the window before it is. `first` is the
    day of the first dated origin.
    """

    name: VerdictName
    dated: int
    undated: int
    recent: int
    earlier: int
    newest_age: int | None
    months: tuple[tuple[tuple[int, int], int], ...]
    incomparable: bool = False
    window: tuple[date, date] | None = None
    library_ends: bool = False
    earlier_days: int = EARLIER_DAYS
    first: date | None = None

    @property
    def peak(self) -> tuple[tuple[int, int], int] | None:
        """The month with most dated origins, the latest of equals; None without one."""
        return max(self.months, key=lambda month: (month[1], month[0]), default=None)


@dataclass(frozen=True, slots=True)
class Span:
    """The days that a briefing speaks of: so many up to `last`. `asked`: a reader named them; `library_ends`: there is nothing newer."""

    last: date
    days: int = RECENT_DAYS
    asked: bool = False
    library_ends: bool = False

    @property
    def first(self) -> date:
        """Its first day."""
        return self.last - timedelta(days=self.days - 1)

    @property
    def window(self) -> tuple[date, date] | None:
        """Its first and last day where it is not simply the last days up to today."""
        return (self.first, self.last) if self.asked or self.library_ends else None


def span_of(period: Period | None, today: date, newest: date | None) -> Span:
    """The days to speak of: the period that was asked for, else the last 90 days; those of a library that is older end with it."""
    if period:
        first, last = period.days(today)
        return Span(last, (last - first).days + 1, asked=True)
    if newest and (today - newest).days >= RECENT_DAYS:
        return Span(newest, library_ends=True)
    return Span(today)


def judge(
    origins: Iterable[tuple[str, int | None]],
    library: tuple[int, int],
    today: date,
    recent_days: int = RECENT_DAYS,
) -> Verdict:
    """The verdict over (origin, day of publication or None); an origin counts once, on its first day.

    `library` holds the dated origins of the whole library in the same two windows: a topic rises when its
    share of them does, not when the library grows. The shares are compared by the two-proportion z-test
    (NIST/SEMATECH e-Handbook, 7.3.3). Days after `today` count as today's. The recent window has `recent_days`, the
    earlier one four times as many.
    """
    days = _first_days(list(origins))
    now = today.toordinal()
    dated = sorted(min(day, now) for day in days.values() if day is not None)
    border = bisect_right(dated, now - recent_days)
    recent = len(dated) - border
    earlier = border - bisect_right(dated, now - recent_days - _TIMES * recent_days)
    name = _name(dated, recent, earlier, library)
    # A library of five weeks finds everything new.
    incomparable = name != "too_little" and max(library[1], earlier) < MIN_ORIGINS
    return Verdict(
        name="too_little" if incomparable else name,
        dated=len(dated),
        undated=len(days) - len(dated),
        recent=recent,
        earlier=earlier,
        newest_age=now - dated[-1] if dated else None,
        months=tuple(_months(dated)),
        incomparable=incomparable,
        earlier_days=_TIMES * recent_days,
        first=date.fromordinal(dated[0]) if dated else None,
    )


def _first_days(origins: Sequence[tuple[str, int | None]]) -> dict[str, int | None]:
    """The first known day of each origin."""
    days = dict(origins)
    if len(days) < len(origins):  # reprints are few, and most topics have none
        days.clear()
        for origin, published in origins:
            known = days.get(origin)
            if known is None or (published is not None and published < known):
                days[origin] = published
    return days


def _months(dated: Sequence[int]) -> Iterator[tuple[tuple[int, int], int]]:
    """The months of sorted days with how many are in each."""
    start = 0
    while start < len(dated):
        day = date.fromordinal(dated[start])
        last = day.replace(day=monthrange(day.year, day.month)[1]).toordinal()
        end = bisect_right(dated, last, start)
        yield (day.year, day.month), end - start
        start = end


def windows(today: date, recent_days: int = RECENT_DAYS) -> tuple[tuple[int, int], tuple[int, int]]:
    """First and last day (ordinals) of the recent window and of the earlier one."""
    now = today.toordinal()
    border = now - recent_days
    return (border + 1, now), (border - _TIMES * recent_days + 1, border)


def _name(dated: list[int], recent: int, earlier: int, library: tuple[int, int]) -> VerdictName:
    if len(dated) < MIN_ORIGINS or not recent:
        return "too_little"
    if recent == len(dated):
        return "new"
    z = _z(recent, max(library[0], recent), earlier, max(library[1], earlier))
    if z > _SIGNIFICANT:
        return "rising"
    return "fading" if z < -_SIGNIFICANT else "steady"


def _z(recent: int, recent_all: int, earlier: int, earlier_all: int) -> float:
    if not recent_all or not earlier_all:
        return 0.0
    pooled = (recent + earlier) / (recent_all + earlier_all)
    spread = math.sqrt(pooled * (1 - pooled) * (1 / recent_all + 1 / earlier_all))
    return (recent / recent_all - earlier / earlier_all) / spread if spread else 0.0
