"""How much each source tells on each of some days, and sums over the days of what that lets expect. Pure arithmetic.

What is expected of a day is linear in what each source tells on it. So the sum of its squares over the days is made of
sums of products of two sources, which are the same for every term and computed once.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Final

EVERY: Final = None
"""Stands for all sources together; "" is a source without a name."""

Rates = Mapping[str | None, float]
"""The part of what a source tells that is on a term."""


class SourceDays:
    """The items of some sources, day by day."""

    def __init__(self, counts: Mapping[tuple[str, int], int]) -> None:
        """`counts` are the items of each (source, day)."""
        self.items: Counter[str | None] = Counter()
        self._by_source: defaultdict[str | None, Counter[int]] = defaultdict(Counter)
        for (source, day), count in counts.items():
            for name in (source, EVERY):
                self.items[name] += count
                self._by_source[name][day] += count
        self._products: dict[tuple[str | None, str | None], int] = {}

    @property
    def days(self) -> int:
        """How many days have items."""
        return len(self._by_source[EVERY])

    def expected(self, rates: Rates, day: int) -> float:
        """The items on a term that a day lets expect."""
        return sum(rate * self._by_source[source][day] for source, rate in rates.items())

    def sum(self, rates: Rates) -> float:
        """The same of all days."""
        return sum(rate * self.items[source] for source, rate in rates.items())

    def sum_of_squares(self, rates: Rates) -> float:
        """The sum over the days of the square of what each lets expect."""
        return sum(
            rate * other_rate * self._product(source, other)
            for source, rate in rates.items()
            for other, other_rate in rates.items()
        )

    def _product(self, source: str | None, other: str | None) -> int:
        """The sum over the days of the items of two sources multiplied."""
        known = self._products.get((source, other))
        if known is None:
            fewer, more = sorted((self._by_source[source], self._by_source[other]), key=len)
            known = sum(items * more[day] for day, items in fewer.items())
            self._products[source, other] = self._products[other, source] = known
        return known
