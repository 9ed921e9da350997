"""The history of a topic: its dated origins, each once on its first day, and their counts by bins of time. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Literal

from msgspec import Struct

from bot.library.counts import MentioningReport

Unit = Literal["week", "month", "quarter", "year"]
"""The length of a bin."""

MOST_BINS = 36
"""Bins of the longest chart; more bars cannot be told apart on a phone."""

_MONTHS: Mapping[Unit, int] = {"month": 1, "quarter": 3, "year": 12}
_WEEKS = 26

EARLY = 0.05
"""Share of the oldest reports that a chart may leave out so that the rest can be shown by month."""


class Origin(Struct, frozen=True):
    """An independent source: its first report, with its day, publisher and languages."""

    report: str
    day: date
    publisher: str
    languages: tuple[str, ...]


class History(Struct, frozen=True):
    """The dated origins of a topic in order of time, and the number of undated ones."""

    origins: tuple[Origin, ...]
    undated: int = 0

    @property
    def first(self) -> date | None:
        """The day of the first origin; None without a dated one."""
        return self.origins[0].day if self.origins else None

    @property
    def last(self) -> date | None:
        """The day of the newest origin; None without a dated one."""
        return self.origins[-1].day if self.origins else None

    def since(self, first: date) -> History:
        """Return the history from the day `first` on."""
        return History(tuple(origin for origin in self.origins if origin.day >= first), self.undated)


def history_of(reports: Iterable[MentioningReport], language: str, last: date) -> History:
    """Return the history of a set of reports: each origin once, on its first known day.

    Days after `last` count as `last`. The publisher is that of the edition in `language`, else the first known
    one.
    """
    first: dict[str, MentioningReport] = {}
    for one in reports:
        known = first.get(one.origin)
        if known is None or (one.day is not None and (known.day is None or one.day < known.day)):
            first[one.origin] = one
    dated = [
        Origin(
            one.report,
            min(date.fromordinal(one.day), last),
            one.publishers.get(language) or next(filter(None, one.publishers.values()), ""),
            tuple(sorted(one.publishers)),
        )
        for one in first.values()
        if one.day is not None
    ]
    return History(tuple(sorted(dated, key=lambda o: (o.day, o.report))), len(first) - len(dated))


def bins(first: date, last: date, unit: Unit, least: int = 1) -> tuple[date, ...]:
    """Return the first days of the bins that cover `first` to `last`, with earlier ones added until there are `least`."""
    starts = [start_of(first, unit)]
    while (following := _next(starts[-1], unit)) <= last:
        starts.append(following)
    while len(starts) < least and starts[0].year > 1:
        starts.insert(0, start_of(starts[0] - timedelta(days=1), unit))
    return tuple(starts)


def place_of(day: date, starts: Sequence[date]) -> int:
    """Return the index of the bin that holds a day; -1 before the first."""
    return bisect_right(starts, day) - 1


def start_of(day: date, unit: Unit) -> date:
    """Return the first day of the bin that holds a day; weeks begin on Monday."""
    if unit == "week":
        return day - timedelta(days=day.weekday())
    months = _MONTHS[unit]
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def fitting_unit(first: date, last: date, most: int = MOST_BINS) -> Unit:
    """Return the shortest of month, quarter and year by which `first` to `last` fills at most `most` bins, else year."""
    units: tuple[Unit, ...] = ("month", "quarter")
    return next((unit for unit in units if len(bins(first, last, unit)) <= most), "year")


def charted_from(history: History, last: date) -> date:
    """Return the day from which a chart shows a history with a dated origin.

    That is its first day, or a later one when leaving out the oldest 5% of its origins lets the chart use
    months.
    """
    days = [origin.day for origin in history.origins]
    bulk = days[int(len(days) * EARLY)]
    fits = fitting_unit(days[0], last) == "month" or fitting_unit(bulk, last) != "month"
    return days[0] if fits else bulk


def latest_weeks(histories: Sequence[History], last: date) -> tuple[date, date]:
    """Return the first and last day of 26 weeks: up to `last`, or to the newest origin if none falls in those."""
    newest = max((history.last for history in histories if history.last), default=last)
    first = start_of(last, "week") - timedelta(weeks=_WEEKS - 1)
    if newest >= first:
        return first, last
    return start_of(newest, "week") - timedelta(weeks=_WEEKS - 1), newest


def counted(days: Iterable[date], starts: Sequence[date]) -> tuple[int, ...]:
    """Return the number of days in each bin; days before the first bin are left out."""
    places = Counter(place_of(day, starts) for day in days)
    return tuple(places[place] for place in range(len(starts)))


def _next(start: date, unit: Unit) -> date:
    if unit == "week":
        return start + timedelta(weeks=1)
    months = start.year * 12 + start.month - 1 + _MONTHS[unit]
    return date(months // 12, months % 12 + 1, 1)
