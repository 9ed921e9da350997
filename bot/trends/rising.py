"""What rises: terms whose count in a window is far above what the days before predict. Pure: days are passed in.

volumes    = items per source and day, of sources that report both before the window and in it
for each term:
    mean       = what each source would have said at its earlier pace     a new feed changes nothing
    dispersion = how much more its days varied than by chance
    tail       = the probability of this many items or more               negative_binomial
    it rises if the tail is below RISING, and ranks by count / mean
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, timedelta
from functools import cache
from typing import Final

from msgspec import Struct

from bot.text.normalise import has_han
from bot.trends.negative_binomial import Expectation
from bot.trends.source_days import EVERY, SourceDays

RISING: Final = 1e-4
"""Tail probability below which a term rises or falls; so small because thousands of terms are tested."""
LEAST_HISTORY: Final = 14
"""Days of reports that a source needs before the window; with fewer there is too little data."""
LEAST_ITEMS: Final = 3
"""Items that a term needs in a window of one day; a longer window needs two more, in two reports."""

_WINDOWS = 12
_LEAST_DAYS = 28
_UNSEEN = 0.5
"""Items that a term is assumed to have had before it was first seen, so that its mean is above 0."""
_SMOOTHING = 100
"""In ranking, one in this many items of the window is added to count and mean."""
_BARS = 4
_SAME = 0.5
"""Share of the smaller set of reports from which two rises are one, if each report is about one thing."""
_MOST = 0.6
"""Share of a phrase's items that a longer phrase needs to replace it."""

_ABBREVIATED = 3
"""Words of a name from which its initials may stand for it."""


class Occurrence(Struct, frozen=True):
    """The items of one report of `source`, published on `day` (ordinal), that hold a term."""

    day: int
    source: str
    report: str
    items: int


class Window(Struct, frozen=True):
    """The days up to `last` that are judged, and the days before that they are compared with."""

    last: date
    days: int

    @property
    def first(self) -> date:
        """Its first day."""
        return self.last - timedelta(days=self.days - 1)

    @property
    def least(self) -> int:
        """The items that a term needs in it."""
        return LEAST_ITEMS if self.days == 1 else LEAST_ITEMS + 2

    @property
    def least_reports(self) -> int:
        """The reports that a term needs in it."""
        return 1 if self.days == 1 else 2

    @property
    def history(self) -> date:
        """The first of the earlier days that count: twelve windows back, at least 28 days."""
        return self.first - timedelta(days=max(_LEAST_DAYS, _WINDOWS * self.days))


class Rise(Struct, frozen=True):
    """A term with its count in the window and the count to expect from the days before.

    It ranks by `ratio`. `before` is its number of items in all the days before; `bars` its items in the last
    windows, the judged one last; `since` the first day of the window with more items than expected.
    """

    term: str
    count: int
    expected: Expectation
    tail: float
    ratio: float
    before: int
    bars: tuple[int, ...]
    since: date
    reports: tuple[str, ...]

    @property
    def rises(self) -> bool:
        """Whether chance is ruled out."""
        return self.tail < RISING and self.count > self.expected.mean


class Volumes:
    """How many items each source has on each day of the window and before it."""

    def __init__(self, window: Window, items: Mapping[tuple[str, int], int]) -> None:
        """Split `items`, the count for each (source, day), at the window."""
        self.window = window
        self._first = window.first.toordinal()
        began: dict[str, int] = {}
        for source, day in items:
            began[source] = min(day, began.get(source, day))
        now = {source for source, day in items if day >= self._first}
        self.sources = frozenset(s for s in now if self._first - began[s] >= LEAST_HISTORY)
        counted = {key: count for key, count in items.items() if key[0] in self.sources}
        self._before = SourceDays({key: count for key, count in counted.items() if key[1] < self._first})
        self._now = SourceDays({key: count for key, count in counted.items() if key[1] >= self._first})

    @property
    def size(self) -> int:
        """The items of the window."""
        return self._now.items[EVERY]

    @property
    def smoothing(self) -> float:
        """Items added to counts and means in ranking; without them the rarest terms would always come first."""
        return max(1.0, self.size / _SMOOTHING)

    @property
    def bars_from(self) -> date:
        """The first day of the earliest bar."""
        return self.window.first - timedelta(days=(_BARS - 1) * self.window.days)

    def pace(self, source: str) -> float:
        """Return the items of a source in the window per item before it."""
        return self._now.items[source] / self._before.items[source]

    def may_rise(self, count: int, reports: int, expected: float) -> bool:
        """Return whether a term would rise if it varied as little as counts can: a cheap test before its days are read.

        `expected` is the count that the paces of its sources predict.
        """
        if count < self.window.least or reports < self.window.least_reports:
            return False
        least = self.least_varied(expected)
        return count > least.mean and least.exactly(count) < RISING and least.at_least(count) < RISING

    def least_varied(self, expected: float) -> Expectation:
        """Return the distribution with the least possible variance for a term with this number of expected items."""
        return Expectation(expected + _UNSEEN / self._before.items[EVERY] * self.size, -1 / self.size)

    def judge(self, term: str, occurrences: Iterable[Occurrence]) -> Rise | None:
        """Return a term's rise, whose `rises` says whether it is one; None with too few items or reports in the window."""
        counted = [o for o in occurrences if o.source in self.sources]
        now = [o for o in counted if o.day >= self._first]
        reports = {o.report for o in now}
        count = sum(o.items for o in now)
        if count < self.window.least or len(reports) < self.window.least_reports:
            return None
        expected = self.expectation(counted)
        return Rise(
            term,
            count,
            expected,
            expected.at_least(count),
            (count + self.smoothing) / (expected.mean + self.smoothing),
            sum(o.items for o in counted) - count,
            self.bars(counted),
            self._since(now, expected.mean),
            tuple(dict.fromkeys(o.report for o in sorted(now, key=lambda o: (-o.day, -o.items, o.report)))),
        )

    def expectation(self, counted: Iterable[Occurrence]) -> Expectation:
        """Return the mean and dispersion of the window's items, from those of the days before.

        `counted` has only occurrences in the sources that count.
        """
        by_source: Counter[str] = Counter()
        by_day: Counter[int] = Counter()
        for o in counted:
            if o.day < self._first:
                by_source[o.source] += o.items
                by_day[o.day] += o.items
        rates: dict[str | None, float] = {
            source: own / self._before.items[source] for source, own in by_source.items()
        }
        rates[EVERY] = _UNSEEN / self._before.items[EVERY]
        mean = self._now.sum(rates)
        if not by_source:
            return Expectation(mean, 0.0)
        # The squared deviations of the days from their means, less what chance contributes.
        squares = self._before.sum_of_squares(rates)
        beyond = squares - self._before.sum(rates)
        beyond += sum(
            items * (items - 2 * self._before.expected(rates, day)) for day, items in by_day.items()
        )
        # The least possible variance is that of independent draws of single items.
        return Expectation(
            mean, max(-1 / self.size, beyond / squares * self._now.sum_of_squares(rates) / mean**2)
        )

    def bars(self, counted: Sequence[Occurrence]) -> tuple[int, ...]:
        """Return the items of a term in the last windows, the judged one last."""
        last, days = self.window.last.toordinal(), self.window.days
        bars = [0] * _BARS
        for o in counted:
            if (age := (last - o.day) // days) < _BARS:
                bars[_BARS - 1 - age] += o.items
        return tuple(bars)

    def _since(self, now: Sequence[Occurrence], mean: float) -> date:
        by_day: Counter[int] = Counter()
        for o in now:
            by_day[o.day] += o.items
        usual = mean / (self._now.days or 1)
        return date.fromordinal(
            min((day for day, items in by_day.items() if items > usual), default=self._first)
        )


def distinct_rises(
    rises: Iterable[Rise],
    limit: int,
    is_told: Callable[[Rise], bool] = lambda _: True,
    words_of: Callable[[str], AbstractSet[str]] = lambda term: {*term.split()},
    same_passages: Callable[[Rise, Rise], bool] = lambda _, __: False,
) -> list[Rise]:
    """Return the highest-ranking rises, at most `limit`, none about the same thing as another.

    Two are about one thing when they share a word, most reports or most passages. Of several phrases the
    longest is kept that most items have: Stable Diffusion 3.5, not Diffusion 3.5. `is_told` returns whether a
    rise may be shown and is called no more than needed; `words_of` returns the words of a term, or of all forms
    of a topic; `same_passages` returns whether two rises are mostly in the same passages.
    """
    kept: list[Rise] = []
    words_of = cache(words_of)
    for rise in sorted(rises, key=lambda r: (-r.ratio, -len(r.term), r.term)):
        same = next((i for i, k in enumerate(kept) if name_one_thing(rise.term, k.term, words_of)), None)
        if same is not None:
            other = kept[same]
            fuller = words_of(rise.term) > words_of(other.term) and rise.count >= _MOST * other.count
            if fuller and is_told(rise):
                kept[same] = rise
        elif len(kept) == limit or any(_same_reports(rise, other) for other in kept) or not is_told(rise):
            continue
        elif not any(same_passages(rise, other) for other in kept):
            kept.append(rise)
    return kept


def name_one_thing(term: str, other: str, words_of: Callable[[str], AbstractSet[str]]) -> bool:
    """Return whether two terms share a word, or one begins the other (spaces ignored) or is its initials.

    For Chinese, also whether one is part of the other.
    """
    one, two = sorted((term.replace(" ", ""), other.replace(" ", "")), key=len)
    # Qwen 2.5 is also written Qwen2.5, and a Chinese word may be part of a longer one.
    joined = two.startswith(one) or (has_han(one) and one in two)
    return joined or bool(words_of(term) & words_of(other)) or one in {_initials(term), _initials(other)}


def _initials(term: str) -> str:
    """Return the abbreviation of a name, as sd3.5 for stable diffusion 3.5; "" for fewer than three words."""
    words = term.split()
    return (
        "".join(word if word[0].isdigit() else word[0] for word in words)
        if len(words) >= _ABBREVIATED
        else ""
    )


def _same_reports(rise: Rise, other: Rise) -> bool:
    if rise.count > len(rise.reports) or other.count > len(
        other.reports
    ):  # a compilation is about many things
        return False
    shared = len({*rise.reports} & {*other.reports})
    return shared >= _SAME * min(len(rise.reports), len(other.reports))
