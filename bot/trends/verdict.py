"""Whether a topic is rising or fading, from dated origins alone. Pure: `today` is passed in.

The test is that of what rises (trends/rising): how many origins of the window the pace of each source before lets expect,
by the sources that report throughout. One topic that was asked for is judged at another level than thousands of words.
"""

from __future__ import annotations

from bisect import bisect_right
from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from bot.text.periods import Period
from bot.trends.rising import Occurrence, Volumes, Window

VerdictName = Literal["new", "rising", "steady", "fading", "too_little"]

RECENT_DAYS = 90
_TIMES = 4
EARLIER_DAYS = _TIMES * RECENT_DAYS
MIN_ORIGINS: Final = 3
"""Dated origins of a topic, and of these in both windows by sources that report throughout; with fewer there is too little data."""
ENDS: Final = 8
"""So many reports in 90 days make a day the library's end; fewer later ones do not."""
SIGNIFICANT: Final = 0.025
"""On either side: one chance in twenty that a steady topic is called rising or fading."""

# So many days before a short window, or a week's chance would be its pace.
_LEAST_EARLIER = 28


@dataclass(frozen=True, slots=True)
class Verdict:
    """The verdict with its counts: dated origins in all, in the last 90 days and in the 360 before.

    `comparable` of the recent ones are by sources that report throughout, where `expected` were to be expected; None
    where there was nothing to compare with, whatever the reason. `newest_age` is in days, None without a dated origin.
    `months` counts dated origins by (year, month). `window` has the first and the last day of the recent window where
    that does not end today: of a period that was asked for, or, if `library_ends`, since the library has nothing newer.
    `earlier_days` is how long the window before it is. `first` is the day of the first dated origin.
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


@dataclass(frozen=True, slots=True)
class Published:
    """What a library published around a window: the source of each dated origin, and how much each source tells day by day."""

    sources: Mapping[str, str]
    volumes: Volumes

    @property
    def window(self) -> Window:
        """The window that verdicts are on."""
        return self.volumes.window


def published(origins: Sequence[tuple[str, str, int]], last: date, days: int = RECENT_DAYS) -> Published:
    """What is known of the `days` up to `last` from all dated origins (origin, source, day) of a library."""
    window = Window(last, days)
    first = window.first.toordinal() - earlier_days(days)
    items = Counter((source, day) for _, source, day in origins if first <= day <= last.toordinal())
    return Published({origin: source for origin, source, _ in origins}, Volumes(window, items))


def earlier_days(days: int) -> int:
    """How many days before a window of so many it is compared with."""
    return max(_LEAST_EARLIER, _TIMES * days)


def judge(origins: Iterable[tuple[str, int | None]], library: Published) -> Verdict:
    """The verdict over (origin, day of publication or None); an origin counts once, on its first day.

    A topic rises when it is told more often than its sources' pace before lets expect, not when the library grows.
    Days after the window's last count as its last.
    """
    window = library.window
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
    """The name of a verdict, the recent origins that can be compared, and how many were expected."""
    first = library.window.first.toordinal()
    since = first - earlier_days(library.window.days)
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
