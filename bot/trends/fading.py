"""What fades: which counts of a window are far below what the days before let expect. Pure: days are passed in.

The test is the other tail of that of what rises (trends/rising), at the same level. A term that bursts varies so much that
its silence shows nothing; so what fades is what was told all the time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from bot.trends.negative_binomial import Expectation
from bot.trends.rising import RISING, Occurrence, Volumes, name_one_thing

LEAST_BEFORE: Final = 10
"""Items in the windows of the bars before the last; with fewer, silence is what chance brings."""
_PART = 0.5
"""What fades has at most this part of what was expected: a tenth less is no news, however sure."""


@dataclass(frozen=True, slots=True)
class Fall:
    """A term with its count in the window, and what the days before let expect.

    `bars` are its items in the last windows, the one that is looked at last; `reports` those of the windows before it.
    """

    term: str
    count: int
    expected: Expectation
    tail: float
    bars: tuple[int, ...]
    reports: tuple[str, ...]

    @property
    def falls(self) -> bool:
        """Whether chance is ruled out, and it was still told of shortly before."""
        lately = sum(self.bars[:-1])
        return (
            self.tail < RISING
            and self.count <= _PART * self.expected.mean
            and lately >= max(LEAST_BEFORE, self.expected.mean)
        )


def may_fall(volumes: Volumes, count: int, expected: float) -> bool:
    """Whether a term falls if its days before varied as little as counts can; `expected` follows from the paces."""
    least = volumes.least_varied(expected)
    return count <= _PART * least.mean and least.at_most(count) < RISING


def fall_of(volumes: Volumes, term: str, occurrences: Iterable[Occurrence]) -> Fall:
    """What is to be said of a term that may fall."""
    counted = [o for o in occurrences if o.source in volumes.sources]
    bars = volumes.bars(counted)
    expected = volumes.expectation(counted)
    first = volumes.window.first.toordinal()
    before = sorted((o for o in counted if o.day < first), key=lambda o: (-o.day, -o.items, o.report))
    lately = dict.fromkeys(o.report for o in before if o.day >= volumes.bars_from.toordinal())
    return Fall(term, bars[-1], expected, expected.at_most(bars[-1]), bars, tuple(lately))


def steepest(
    falls: Iterable[Fall],
    limit: int,
    smoothing: float,
    is_told: Callable[[Fall], bool],
    words_of: Callable[[str], AbstractSet[str]],
) -> list[Fall]:
    """The falls whose count is the smallest part of what was expected, no two of one thing.

    `smoothing` items are added to both, or what is rarest would always come first.
    """
    kept: list[Fall] = []

    def part(fall: Fall) -> tuple[float, str]:
        return (fall.count + smoothing) / (fall.expected.mean + smoothing), fall.term

    for fall in sorted(falls, key=part):
        told = any(name_one_thing(fall.term, other.term, words_of) for other in kept)
        if not told and len(kept) < limit and is_told(fall):
            kept.append(fall)
    return kept
