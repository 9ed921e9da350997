"""The items of each source on each day, and what these predict for a term, summed over days. Pure arithmetic.

The expected count of a day is linear in the items of each source, so the sum of its squares over the days
consists of sums of products of two sources. Those are the same for every term and computed once.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Final

EVERY: Final = None
"""Stands for all sources together; "" is a source without a name."""

Rates = Mapping[str | None, float]
"""For each source the share of its items that hold a term."""


class SourceDays:
    """The items of several sources by day."""

    def __init__(self, counts: Mapping[tuple[str, int], int]) -> None:
        """Store `counts`, the items of each (source, day)."""
        self.items: Counter[str | None] = Counter()
        self._by_source: defaultdict[str | None, Counter[int]] = defaultdict(Counter)
        for (source, day), count in counts.items():
            for name in (source, EVERY):
                self.items[name] += count
                self._by_source[name][day] += count
        self._products: dict[tuple[str | None, str | None], int] = {}

    @property
    def days(self) -> int:
        """The number of days that have items."""
        return len(self._by_source[EVERY])

    def expected(self, rates: Rates, day: int) -> float:
        """Return the items with a term to expect on a day."""
        return sum(rate * self._by_source[source][day] for source, rate in rates.items())

    def sum(self, rates: Rates) -> float:
        """Return the items with a term to expect on all days."""
        return sum(rate * self.items[source] for source, rate in rates.items())

    def sum_of_squares(self, rates: Rates) -> float:
        """Return the sum over the days of the squared expected items."""
        return sum(
            rate * other_rate * self._product(source, other)
            for source, rate in rates.items()
            for other, other_rate in rates.items()
        )

    def _product(self, source: str | None, other: str | None) -> int:
        """Return the sum over the days of the product of two sources' items."""
        known = self._products.get((source, other))
        if known is None:
            fewer, more = sorted((self._by_source[source], self._by_source[other]), key=len)
            known = sum(items * more[day] for day, items in fewer.items())
            self._products[source, other] = self._products[other, source] = known
        return known
