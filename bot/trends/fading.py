"""What fades: terms whose count in a window is far below what the days before predict. Pure: days are passed in.

The test is the lower tail of the one in rising.py, at the same level. A term that comes in bursts varies so
much that its silence proves nothing, so only terms in steady use can fade.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
from typing import Final

from msgspec import Struct

from bot.trends.negative_binomial import Expectation
from bot.trends.rising import RISING, Occurrence, Volumes, name_one_thing

LEAST_BEFORE: Final = 10
"""Items needed in the earlier windows of the bars; with fewer, silence may be chance."""
_MOST_OF_EXPECTED = 0.5
"""Share of the expected count that a fading term has at most: a drop of a tenth is no news, however certain."""


class Fall(Struct, frozen=True):
    """A term with its count in the window and the count to expect from the days before.

    `bars` are its items per window, the judged one last; `reports` are those of the earlier windows.
    """

    term: str
    count: int
    expected: Expectation
    tail: float
    bars: tuple[int, ...]
    reports: tuple[str, ...]

    @property
    def falls(self) -> bool:
        """Whether chance is ruled out, the drop is large, and the term was common in the windows before."""
        lately = sum(self.bars[:-1])
        return (
            self.tail < RISING
            and self.count <= _MOST_OF_EXPECTED * self.expected.mean
            and lately >= max(LEAST_BEFORE, self.expected.mean)
        )


def may_fall(volumes: Volumes, count: int, expected: float) -> bool:
    """Return whether a term would fall if it varied as little as counts can: a cheap test before its days are read.

    `expected` is the count that the paces of its sources predict.
    """
    least = volumes.least_varied(expected)
    return count <= _MOST_OF_EXPECTED * least.mean and least.at_most(count) < RISING


def fall_of(volumes: Volumes, term: str, occurrences: Iterable[Occurrence]) -> Fall:
    """Return the fall of a term; its `falls` says whether it is one."""
    counted = [o for o in occurrences if o.source in volumes.sources]
    bars = volumes.bars(counted)
    expected = volumes.expectation(counted)
    first = volumes.window.first.toordinal()
    before = sorted((o for o in counted if o.day < first), key=lambda o: (-o.day, -o.items, o.report))
    lately = dict.fromkeys(o.report for o in before if o.day >= volumes.bars_from.toordinal())
    return Fall(term, bars[-1], expected, expected.at_most(bars[-1]), bars, tuple(lately))


def steepest_falls(
    falls: Iterable[Fall],
    limit: int,
    smoothing: float,
    is_told: Callable[[Fall], bool],
    words_of: Callable[[str], AbstractSet[str]],
) -> list[Fall]:
    """Return up to `limit` falls, those with the smallest share of their expected count first, no two about one thing.

    `smoothing` items are added to both counts, or the rarest terms would always come first.
    """
    kept: list[Fall] = []

    def part(fall: Fall) -> tuple[float, str]:
        return (fall.count + smoothing) / (fall.expected.mean + smoothing), fall.term

    for fall in sorted(falls, key=part):
        is_repeated = any(name_one_thing(fall.term, other.term, words_of) for other in kept)
        if not is_repeated and len(kept) < limit and is_told(fall):
            kept.append(fall)
    return kept
