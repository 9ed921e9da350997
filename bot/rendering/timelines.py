"""Condenses how much was published when into one line that fits a phone. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from bot.models import Coverage
from bot.trends.history import EARLY, Unit, bins, fitting_unit, place_of

MOST_MONTHS = 6
"""Maximum months with reports that are listed one by one with dots; more become bars."""

MOST_BARS = 24
"""Maximum bars: more do not fit beside their dates on a phone."""

_BARS = "▁▂▃▄▅▆▇█"

Month = tuple[tuple[int, int], int]
"""((year, month), number of reports in it)."""


class Bars(Struct, frozen=True):
    """A history as a line of bars, one per `unit` from `first` to `last`; the lowest bar stands for zero."""

    line: str
    unit: Unit
    first: date
    last: date


def bars(months: Sequence[Month], coverage: Coverage, end: date | None = None) -> Bars | None:
    """Return the bars from the library's first month to `end`, or None where the months can be listed one by one.

    In a library of more than 24 months they begin with the topic's first report; a few early reports are left out where
    that allows months instead of quarters or years.
    """
    if len(months) <= MOST_MONTHS:
        return None
    first, last = (date(*months[place][0], 1) for place in (0, -1))
    last = max(last, end or last)
    if coverage.first and len(bins(coverage.first, last, "month")) <= MOST_BARS:
        first = min(first, coverage.first)
    bulk = date(*_bulk(months), 1)
    if fitting_unit(first, last, MOST_BARS) != "month" == fitting_unit(bulk, last, MOST_BARS):
        first = bulk
    unit = fitting_unit(first, last, MOST_BARS)
    starts = bins(first, last, unit)
    counts = [0] * len(starts)
    for (year, month), count in months:
        if (place := place_of(date(year, month, 1), starts)) >= 0:
            counts[place] += count
    return Bars(bar_line(counts), unit, starts[0], starts[-1])


def bar_line(counts: Sequence[int]) -> str:
    """Return a bar character per count, scaled to the highest; the lowest character stands for zero."""
    highest = max(counts) or 1
    return "".join(_BARS[-(-count * (len(_BARS) - 1) // highest)] for count in counts)


def _bulk(months: Sequence[Month]) -> tuple[int, int]:
    """Return the first month before which at most one report in twenty lies."""
    left = EARLY * sum(count for _, count in months)
    for month, count in months:
        left -= count
        if left < 0:
            return month
    return months[-1][0]
