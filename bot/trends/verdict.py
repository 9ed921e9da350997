"""Decides whether a topic is rising or fading, from dated origins alone. Pure: `today` is passed in.

The test is that of rising.py: how many origins the earlier pace of each source predicts for the window,
counting only sources that report throughout. A single topic that was asked for is judged at another level than
thousands of terms.
"""

from __future__ import annotations

from bisect import bisect_right
from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Final, Literal

from msgspec import Struct

from bot.text.periods import Period
from bot.trends.rising import Occurrence, Volumes, Window

VerdictName = Literal["new", "rising", "steady", "fading", "too_little"]

RECENT_DAYS = 90
_TIMES = 4
EARLIER_DAYS = _TIMES * RECENT_DAYS
MIN_ORIGINS: Final = 3
"""Dated origins a topic needs, both in all and, in the two windows, by sources that report throughout.

With fewer there is too little data.
"""
ENDS: Final = 8
"""Reports within 90 days that mark a day as the library's end; fewer later ones do not move it."""
SIGNIFICANT: Final = 0.025
"""Tail probability on either side: a steady topic has one chance in twenty to be called rising or fading."""

# Days before the window at least, or the chance of a week would set the pace for a short one.
_LEAST_EARLIER = 28


class Verdict(Struct, frozen=True):
    """The verdict with its counts: dated origins in all, `recent` in the window and `earlier` in the days before it.

    The window is the last 90 days unless a period was asked for; `earlier_days` is the length of the one before
    it. `comparable` counts the recent origins by sources that report throughout, and `expected` is the number
    predicted for those, None when there was nothing to compare with. `newest_age` is in days, None without a
    dated origin. `months` counts dated origins by (year, month). `window` is the first and last day of the
    recent window if it does not end today: because a period was asked for or, if `library_ends`, because the
    library has nothing newer. `first` is the day of the first dated origin.
    """

    name: VerdictName
    dated: int
    undated: int
    recent: int
    earlier: int
    newest_age: int | None
    months: tuple[tuple[tuple[int, int], int], ...]
    comparable: int = 0
    expected: float | None = None
    window: tuple[date, date] | None = None
    library_ends: bool = False
    earlier_days: int = EARLIER_DAYS
    first: date | None = None

    @property
    def peak(self) -> tuple[tuple[int, int], int] | None:
        """The month with most dated origins, the latest among equals; None without one."""
        return max(self.months, key=lambda month: (month[1], month[0]), default=None)


class Span(Struct, frozen=True):
    """The days that a briefing covers, up to `last`.

    `asked`: a reader named them; `library_ends`: there is nothing newer.
    """

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
        """Its first and last day; None when it is the last 90 days up to today."""
        return (self.first, self.last) if self.asked or self.library_ends else None


def span_of(period: Period | None, today: date, newest: date | None) -> Span:
    """Return the period asked for, else the last 90 days, which end at `newest` if that is 90 or more days ago."""
    if period:
        first, last = period.days(today)
        return Span(last, (last - first).days + 1, asked=True)
    if newest and (today - newest).days >= RECENT_DAYS:
        return Span(newest, library_ends=True)
    return Span(today)


class Published(Struct, frozen=True):
    """What a library published around a window: the source of each dated origin, and the items of each source by day."""

    sources: Mapping[str, str]
    volumes: Volumes


def published(origins: Sequence[tuple[str, str, int]], last: date, days: int = RECENT_DAYS) -> Published:
    """Return what a library published in the `days` up to `last` and before them.

    `origins` are all dated origins: (origin, source, day).
    """
    window = Window(last, days)
    first = window.first.toordinal() - earlier_days(days)
    items = Counter((source, day) for _, source, day in origins if first <= day <= last.toordinal())
    return Published({origin: source for origin, source, _ in origins}, Volumes(window, items))


def earlier_days(days: int) -> int:
    """Return how many days before a window of `days` days it is compared with."""
    return max(_LEAST_EARLIER, _TIMES * days)


def judge(origins: Iterable[tuple[str, int | None]], library: Published) -> Verdict:
    """Return the verdict on origins, given as (origin, day of publication or None); each counts once, on its first day.

    A topic rises when it has more origins than the earlier pace of its sources predicts, not when the library
    grows. Days after the window count as its last day.
    """
    window = library.volumes.window
    now = window.last.toordinal()
    known = _first_days(list(origins))
    days = {origin: min(day, now) for origin, day in known.items() if day is not None}
    dated = sorted(days.values())
    border = bisect_right(dated, now - window.days)
    recent = len(dated) - border
    earlier = border - bisect_right(dated, now - window.days - earlier_days(window.days))
    name, comparable, expected = _judged(days, recent, library)
    return Verdict(
        name=name,
        dated=len(dated),
        undated=len(known) - len(dated),
        recent=recent,
        earlier=earlier,
        newest_age=now - dated[-1] if dated else None,
        months=tuple(_months(dated)),
        comparable=comparable,
        expected=expected,
        earlier_days=earlier_days(window.days),
        first=date.fromordinal(dated[0]) if dated else None,
    )


def _judged(
    days: Mapping[str, int], recent: int, library: Published
) -> tuple[VerdictName, int, float | None]:
    """Return the name of the verdict, the number of comparable recent origins, and the number expected."""
    window = library.volumes.window
    first = window.first.toordinal()
    since = first - earlier_days(window.days)
    throughout = [
        Occurrence(day, source, origin, 1)
        for origin, day in days.items()
        if day >= since and (source := library.sources.get(origin)) in library.volumes.sources
    ]
    if len(days) < MIN_ORIGINS or len(throughout) < MIN_ORIGINS:
        return "too_little", 0, None
    count = sum(o.day >= first for o in throughout)
    expected = library.volumes.expectation(throughout)
    if count > expected.mean and expected.at_least(count) < SIGNIFICANT:
        return "new" if recent == len(days) else "rising", count, expected.mean
    if count < expected.mean and expected.at_most(count) < SIGNIFICANT:
        return "fading", count, expected.mean
    if not recent or recent == len(days):
        return "too_little", 0, None
    return "steady", count, expected.mean


def _first_days(origins: Sequence[tuple[str, int | None]]) -> dict[str, int | None]:
    """Return the first known day of each origin."""
    days = dict(origins)
    if len(days) < len(origins):  # most topics have no reprints
        days.clear()
        for origin, published in origins:
            known = days.get(origin)
            if known is None or (published is not None and published < known):
                days[origin] = published
    return days


def _months(dated: Sequence[int]) -> Iterator[tuple[tuple[int, int], int]]:
    """Yield the months of sorted days, each with its number of days."""
    start = 0
    while start < len(dated):
        day = date.fromordinal(dated[start])
        last = day.replace(day=monthrange(day.year, day.month)[1]).toordinal()
        end = bisect_right(dated, last, start)
        yield (day.year, day.month), end - start
        start = end
