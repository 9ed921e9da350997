"""Chart data: a bar per bin of one history, stacked by publisher or language, or bars of several histories. Pure.

charts/ draws them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from typing import Literal

from msgspec import Struct

from bot.trends.history import History, Origin, Unit, counted

By = Literal["publisher", "language"]
"""What the bars of a chart are stacked by."""

OTHERS = "+others"
"""Key of the series that sums all publishers without a colour of their own."""

_SERIES = 5


class Series(Struct, frozen=True):
    """Counts of one colour, one per bin. `key` is a publisher ("" if unknown), languages joined by "+", or OTHERS."""

    key: str
    counts: tuple[int, ...]


class Mark(Struct, frozen=True):
    """An event above a bin, shown as the number of its citation."""

    bin: int
    number: int


class Chart(Struct, frozen=True):
    """Counts by bin; `starts` are the bins' first days. `stacked`: series on top of each other, else side by side."""

    unit: Unit
    starts: tuple[date, ...]
    series: tuple[Series, ...]
    marks: tuple[Mark, ...] = ()
    stacked: bool = True

    @property
    def totals(self) -> tuple[int, ...]:
        """The sum of all series in each bin."""
        return tuple(sum(s.counts[place] for s in self.series) for place in range(len(self.starts)))

    @property
    def peak(self) -> tuple[date, int] | None:
        """First day and count of the fullest bin, the latest among equals; None when all bins are empty."""
        count, start = max(zip(self.totals, self.starts, strict=True), default=(0, date.min))
        return (start, count) if count else None


def stacked(history: History, starts: Sequence[date], unit: Unit, by: By) -> Chart:
    """Return a stacked chart of one history: a series for each of its most frequent keys.

    Up to six keys have a series each; of more, the first five do and OTHERS sums the rest.
    """
    key = _KEYS[by]
    shown = [origin for origin in history.origins if origin.day >= starts[0]]
    frequent = Counter(key(origin) for origin in shown)
    keys = sorted(frequent, key=lambda k: (-frequent[k], k))
    own, rest = (keys, []) if len(keys) <= _SERIES + 1 else (keys[:_SERIES], keys[_SERIES:])
    series = [Series(k, counted([o.day for o in shown if key(o) == k], starts)) for k in own]
    if rest:
        others = set(rest)
        series.append(Series(OTHERS, counted([o.day for o in shown if key(o) in others], starts)))
    return Chart(unit, tuple(starts), tuple(series))


def beside(histories: Sequence[tuple[str, History]], starts: Sequence[date], unit: Unit) -> Chart:
    """Return a chart of several histories side by side, one series per key."""
    series = [Series(key, counted([o.day for o in history.origins], starts)) for key, history in histories]
    return Chart(unit, tuple(starts), tuple(series), stacked=False)


_KEYS: dict[By, Callable[[Origin], str]] = {
    "publisher": lambda origin: origin.publisher,
    "language": lambda origin: "+".join(origin.languages),
}
