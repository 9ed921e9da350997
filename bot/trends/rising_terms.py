"""Finds what rises and fades in the library: reads the counts, lets rising.py judge them, and selects what is shown.

candidates = terms frequent enough in the window                  library/term_counts
rises      = those far above the days before                      rising.Volumes
shown      = the first that are news, no two about one thing      headlines, tellings, rising.distinct_rises
The same for terms that were frequent before and have become rare
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
from datetime import date
from typing import Final

from msgspec import Struct

from bot.languages import DEFAULT
from bot.library.glossary import Glossary
from bot.library.library import Library
from bot.library.term_counts import DatedEdition
from bot.trends.headlines import Newsworthy
from bot.trends.negative_binomial import Expectation
from bot.trends.rising import RISING, Occurrence, Rise, Volumes, Window, distinct_rises, name_one_thing
from bot.trends.tellings import Tellings

LEAST_BEFORE: Final = 10
"""Items needed in the earlier windows of the bars; with fewer, silence may be chance."""
_MOST_OF_EXPECTED = 0.5
"""Share of the expected count that a fading term has at most: a drop of a tenth is no news, however certain."""


SHOWN = 10

_LATELY_TIMES = 2
"""Items that a fading term needs in the windows before, as a multiple of the smoothing; rarer terms are not tested."""

_END_REPORTS = 3

_END_DAYS = 30
"""The library's end is the last day whose preceding 30 days have _END_REPORTS reports: a single later one is ignored."""


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


class Rising(Struct, frozen=True):
    """What rises in a window in which `items` items of `reports` reports were counted.

    `enough` is false when the library does not go back far enough. `falls` are the terms that fade, the
    steepest first.
    """

    window: Window
    reports: int
    items: int
    rises: tuple[Rise, ...]
    enough: bool
    falls: tuple[Fall, ...] = ()


class RisingTerms:
    """Tells what rises in one library."""

    def __init__(self, library: Library, glossary: Glossary) -> None:
        self._library = library
        self._glossary = glossary
        self._newsworthy = Newsworthy(library, glossary)

    def window(self, last: date, days: int) -> Window:
        """Return the window of `days` days up to `last`, or up to the library's end if that is earlier."""
        newest = self._library.last_day(_END_REPORTS, _END_DAYS)
        return Window(min(last, newest) if newest else last, days)

    def rising(self, window: Window, limit: int = SHOWN) -> Rising:
        """Return the terms that rise, highest first, and that fall, at most `limit` of each; the same for every reader; computed once per state of the library."""
        key = ("rising", window, limit)
        known: Rising = self._library.remembered(key, lambda: self._rising(window, limit))
        return known

    def _rising(self, window: Window, limit: int) -> Rising:
        with self._library.snapshot():
            counted = _CountedEditions(self._library.dated_editions(window.history, window.last))
            volumes = Volumes(window, counted.items)
            now = counted.since(window.first)
            if not volumes.sources:
                return Rising(window, len(now), 0, (), enough=False)
            terms = self._newsworthy.named(self._candidates(counted, volumes), volumes.sources)
            totals = self._library.totals(terms, now, counted.paces(volumes))
            likely = {
                total.key: volumes.may_rise(total.items, total.reports, total.expected)
                for total in totals
                if volumes.may_rise(total.items, total.reports, total.expected)
                or may_fall(volumes, total.items, total.expected)
            }
            by_term = self._library.occurrences(likely, counted.editions)
            candidates = [
                (terms[key], likely[key], counted.occurrences(where)) for key, where in by_term.items()
            ]
            rises = [volumes.judge(term, where) for term, may_rise, where in candidates if may_rise]
            falls = [fall_of(volumes, term, where) for term, may_rise, where in candidates if not may_rise]
            return Rising(
                window,
                len(now),
                volumes.size,
                self._shown_rises(
                    rises, volumes, Tellings(self._library, self._glossary, window, counted.editions), limit
                ),
                enough=True,
                falls=self._shown_falls(falls, volumes, limit),
            )

    def _candidates(self, counted: _CountedEditions, volumes: Volumes) -> dict[int, str]:
        """Return the texts, by key, of the terms worth testing.

        These are frequent in the window, or were frequent before it and are at most half as frequent now.
        """
        first = volumes.window.first
        now = self._library.frequent_terms(counted.since(first), volumes.window.least)
        least = max(LEAST_BEFORE, round(_LATELY_TIMES * volumes.smoothing))
        lately = self._library.frequent_terms(counted.since(volumes.bars_from, first), least)
        fewer = {term for term, items in lately.items() if 2 * now.get(term, 0) <= items}
        return self._library.term_texts(fewer.union(now))

    def _shown_rises(
        self, rises: Iterable[Rise | None], volumes: Volumes, tellings: Tellings, limit: int
    ) -> tuple[Rise, ...]:
        """Return the rises to show, highest first."""
        return tuple(
            distinct_rises(
                (rise for rise in rises if rise and rise.rises),
                limit,
                lambda rise: self._newsworthy.rises(rise, volumes.size) and tellings.are_news(rise),
                self._newsworthy.words_of,
                tellings.are_same,
            )
        )

    def _shown_falls(self, falls: Iterable[Fall], volumes: Volumes, limit: int) -> tuple[Fall, ...]:
        """Return the falls to show, steepest first."""
        return tuple(
            steepest_falls(
                (fall for fall in falls if fall.falls),
                limit,
                volumes.smoothing,
                lambda fall: self._newsworthy.falls(fall.term, fall.reports),
                self._newsworthy.words_of,
            )
        )


class _CountedEditions:
    """The editions that are counted: one per report for all readers, and of reprints the largest.

    The English edition counts where a report has one: Chinese translations vary in the words for a thing, and
    counting both editions would count every word twice.
    """

    def __init__(self, editions: Iterable[DatedEdition]) -> None:
        known = list(editions)
        spoken = {e.report for e in known if e.language == DEFAULT.code}
        self.editions = {e.key: e for e in known if e.language == DEFAULT.code or e.report not in spoken}
        self._largest: dict[str, DatedEdition] = {}
        for e in self.editions.values():
            if e.origin not in self._largest or e.items > self._largest[e.origin].items:
                self._largest[e.origin] = e
        self.items: Counter[tuple[str, int]] = Counter()
        for e in self._largest.values():
            self.items[e.source, e.day] += e.items

    def since(self, first: date, until: date = date.max) -> list[int]:
        """Return the keys of the editions published on or after `first` and before `until`."""
        return [key for key, e in self.editions.items() if first.toordinal() <= e.day < until.toordinal()]

    def paces(self, volumes: Volumes) -> dict[int, float]:
        """Return the items in the window that one item of each edition before it predicts, by key.

        Smaller reprints are left out.
        """
        first = volumes.window.first.toordinal()
        before = (e for e in self._largest.values() if e.day < first and e.source in volumes.sources)
        return {e.key: volumes.pace(e.source) for e in before}

    def occurrences(self, where: Iterable[tuple[int, int]]) -> list[Occurrence]:
        """Return the occurrences of one term: for each origin the edition with most items that hold it."""
        most: dict[str, Occurrence] = {}
        for key, items in where:
            e = self.editions[key]
            if e.origin not in most or items > most[e.origin].items:
                most[e.origin] = Occurrence(e.day, e.source, e.report, items)
        return list(most.values())
