"""The history of a topic: its dated origins, each once on its first day, and how they are spread over time. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from bot.library.histories import MentioningReport

Unit = Literal["week", "month", "quarter", "year"]
"""How long a bin is."""

MOST_BINS = 36
"""More bars cannot be distinguished on a phone."""

_MONTHS: Mapping[Unit, int] = {"month": 1, "quarter": 3, "year": 12}
_WEEKS = 26

EARLY = 0.05
"""The share of the oldest reports that is left out of a chart where the others can then be shown by month."""


@dataclass(frozen=True, slots=True)
class Origin:
    """An independent source: the first of its reports, with its day, publisher and languages."""

    report: str
    day: date
    publisher: str
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class History:
    """The dated origins of a topic in the order of their days, and how many are undated."""

    origins: tuple[Origin, ...]
    undated: int = 0

    @property
    def first(self) -> date | None:
        """The day of the first mention, None without a dated origin."""
        return self.origins[0].day if self.origins else None

    @property
    def last(self) -> date | None:
        """The day of the newest origin, None without a dated one."""
        return self.origins[-1].day if self.origins else None

    def since(self, first: date) -> History:
        """The same from a day on."""
        return History(tuple(origin for origin in self.origins if origin.day >= first), self.undated)


def history_of(reports: Iterable[MentioningReport], language: str, last: date) -> History:
    """The history that reports make: an origin counts once, on its first known day; days after `last` count as `last`.

    The publisher is that of the edition in `language`, else of the first.
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
    """The first days of the bins from the one with `first` to the one with `last`; of earlier ones too where they are few."""
    starts = [start_of(first, unit)]
    while (following := _next(starts[-1], unit)) <= last:
        starts.append(following)
    while len(starts) < least and starts[0].year > 1:
        starts.insert(0, start_of(starts[0] - timedelta(days=1), unit))
    return tuple(starts)


def place_of(day: date, starts: Sequence[date]) -> int:
    """The place of the bin that holds a day, -1 before the first."""
    return bisect_right(starts, day) - 1


def start_of(day: date, unit: Unit) -> date:
    """The first day of the bin that holds a day; weeks begin on Monday."""
    if unit == "week":
        return day - timedelta(days=day.weekday())
    months = _MONTHS[unit]
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def fitting_unit(first: date, last: date, most: int = MOST_BINS) -> Unit:
    """The smallest unit but weeks by which the days from `first` to `last` fill at most `most` bins."""
    units: tuple[Unit, ...] = ("month", "quarter")
    return next((unit for unit in units if len(bins(first, last, unit)) <= most), "year")


def charted_from(history: History, last: date) -> date:
    """The day from which a chart shows a history: its first, or a later one where a few early mentions would need longer bins."""
    days = [origin.day for origin in history.origins]
    bulk = days[int(len(days) * EARLY)]
    fits = fitting_unit(days[0], last) == "month" or fitting_unit(bulk, last) != "month"
    return days[0] if fits else bulk


def latest_weeks(histories: Sequence[History], last: date) -> tuple[date, date]:
    """The first and the last day of 26 weeks: those up to `last`, or up to the newest origin where these have none."""
    newest = max((history.last for history in histories if history.last), default=last)
    first = start_of(last, "week") - timedelta(weeks=_WEEKS - 1)
    if newest >= first:
        return first, last
    return start_of(newest, "week") - timedelta(weeks=_WEEKS - 1), newest


def counted(days: Iterable[date], starts: Sequence[date]) -> tuple[int, ...]:
    """How many of the days are in each bin; what is before the first is left out."""
    places = Counter(place_of(day, starts) for day in days)
    return tuple(places[place] for place in range(len(starts)))


def _next(start: date, unit: Unit) -> date:
    if unit == "week":
        return start + timedelta(weeks=1)
    months = start.year * 12 + start.month - 1 + _MONTHS[unit]
    return date(months // 12, months % 12 + 1, 1)
