"""How much was published when, in so few entries that one line of a phone shows them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.models import Coverage
from bot.trends.history import EARLY, Unit, bins, fitting_unit, place_of

MOST_MONTHS = 6
"""So many months with reports stand one by one, each with its dots; more are bars."""

MOST_BARS = 24
"""More do not fit beside their span on a phone."""

_BARS = "▁▂▃▄▅▆▇█"

Month = tuple[tuple[int, int], int]
"""(year, month) and the number of reports in it."""


@dataclass(frozen=True, slots=True)
class Bars:
    """A history as a line of bars, one for each `unit` from `first` to `last`; the lowest one stands for none."""

    line: str
    unit: Unit
    first: date
    last: date


def bars(months: Sequence[Month], coverage: Coverage, end: date | None = None) -> Bars | None:
    """The bars of all months from the library's first, up to `end`; None where the months can stand one by one.

    Of a library with more than two years they begin with the topic, without a few early reports where that spares bars of
    quarters or years.
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
    """A bar for each count, the highest as high as a letter; the lowest one stands for none."""
    highest = max(counts) or 1
    return "".join(_BARS[-(-count * (len(_BARS) - 1) // highest)] for count in counts)


def _bulk(months: Sequence[Month]) -> tuple[int, int]:
    """The month before which no more than one report in twenty is."""
    left = EARLY * sum(count for _, count in months)
    for month, count in months:
        left -= count
        if left < 0:
            return month
    return months[-1][0]
