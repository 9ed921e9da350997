"""How much was published when, in so few entries that a phone shows them. Pure."""

from __future__ import annotations

from collections.abc import Sequence

MOST_MONTHS = 6
"""So many months stand one by one; more are summed, those of each year but the last."""

Month = tuple[tuple[int, int], int]
"""(year, month) and the number of reports in it."""


def timeline(months: Sequence[Month]) -> list[tuple[int, int, int]]:
    """Return (year, month, reports) from the earliest to the latest; month 0 is a whole year. No report is left out."""
    if len(months) <= MOST_MONTHS:
        return [(year, month, count) for (year, month), count in months]
    last = months[-1][0][0]
    years = dict.fromkeys(year for (year, _), _ in months if year < last)
    summed = [(y, 0, sum(count for (year, _), count in months if year == y)) for y in years]
    return [*summed, *((year, month, count) for (year, month), count in months if year == last)]
