"""What rises in the library: its counts, the rises among them, and what each is about. Decides nothing about counts itself.

terms that stand in the window often enough       library/term_counts
each judged by its days before                    rising.Volumes
the first ones that are news, none told twice     newsworthy, tellings, rising.distinct
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bot.languages import DEFAULT
from bot.library.glossary import Glossary
from bot.library.library import Library
from bot.library.term_counts import DatedEdition
from bot.trends.fading import LEAST_BEFORE, Fall, fall_of, may_fall, steepest
from bot.trends.newsworthy import Newsworthy
from bot.trends.rising import Occurrence, Rise, Volumes, Window, distinct
from bot.trends.tellings import Tellings

SHOWN = 10
FADING = 3
"""So many terms that fade are told at most."""
_LATELY = 2
"""Of what fades, the items in the windows before, by those that ranking adds: what was ever rare is not looked at."""
_TOGETHER = 3
_MONTH = 30
"""So many reports in so many days make a day the library's end: a single later one does not."""


@dataclass(frozen=True, slots=True)
class Rising:
    """What rises in a window: `items` of `reports` reports were counted. `enough`: the library goes back far enough.

    `falls` are the steepest of the terms that fade.
    """

    window: Window
    reports: int
    items: int
    rises: tuple[Rise, ...]
    enough: bool
    falls: tuple[Fall, ...] = ()


class RisingTerms:
    """Tells what rises from one library."""

    def __init__(self, library: Library, glossary: Glossary) -> None:
        self._library = library
        self._glossary = glossary
        self._newsworthy = Newsworthy(library, glossary)

    def window(self, last: date, days: int) -> Window:
        """So many days up to `last`, or up to where the library ends before that."""
        newest = self._library.last_day(_TOGETHER, _MONTH)
        return Window(min(last, newest) if newest else last, days)

    def rising(self, window: Window, limit: int = SHOWN) -> Rising:
        """The terms that rise, the highest first: the same for every reader."""
        key = ("rising", window, limit)
        known: Rising = self._library.remembered(key, lambda: self._rising(window, limit))
        return known

    def _rising(self, window: Window, limit: int) -> Rising:
        with self._library.snapshot():
            counted = _Counted(self._library.dated_editions(window.history, window.last))
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
            held = self._library.occurrences(likely, counted.editions)
            told = [(terms[key], likely[key], counted.occurrences(where)) for key, where in held.items()]
            rises = [volumes.judge(term, where) for term, rises, where in told if rises]
            falls = [fall_of(volumes, term, where) for term, rises, where in told if not rises]
            return Rising(
                window,
                len(now),
                volumes.size,
                self._told(
                    rises, volumes, Tellings(self._library, self._glossary, window, counted.editions), limit
                ),
                enough=True,
                falls=self._fading(falls, volumes),
            )

    def _candidates(self, counted: _Counted, volumes: Volumes) -> dict[int, str]:
        """The terms, by their keys, that stand often enough in the window, or stood in those before it and do much less now."""
        first = volumes.window.first
        now = self._library.frequent_terms(counted.since(first), volumes.window.least)
        least = max(LEAST_BEFORE, round(_LATELY * volumes.smoothing))
        lately = self._library.frequent_terms(counted.since(volumes.bars_from, first), least)
        fewer = {term for term, items in lately.items() if 2 * now.get(term, 0) <= items}
        return self._library.term_texts(fewer.union(now))

    def _told(
        self, rises: Iterable[Rise | None], volumes: Volumes, tellings: Tellings, limit: int
    ) -> tuple[Rise, ...]:
        """Those of the terms that rise which are told, the highest first."""
        return tuple(
            distinct(
                (rise for rise in rises if rise and rise.rises),
                limit,
                lambda rise: self._newsworthy.rises(rise, volumes.size) and tellings.are_news(rise),
                self._newsworthy.words_of,
                tellings.are_same,
            )
        )

    def _fading(self, falls: Iterable[Fall], volumes: Volumes) -> tuple[Fall, ...]:
        """Those of the terms that fall which are told, the steepest first."""
        return tuple(
            steepest(
                (fall for fall in falls if fall.falls),
                FADING,
                volumes.smoothing,
                lambda fall: self._newsworthy.falls(fall.term, fall.reports),
                self._newsworthy.words_of,
            )
        )


class _Counted:
    """The editions that are counted: one of each report, whoever reads, or its words would be told twice; of reprints the largest.

    A translation into Chinese has ever other words for one thing; names stay. So English counts where a report has it.
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
        """The keys of those that came out on a day or later, and before `until`."""
        return [key for key, e in self.editions.items() if first.toordinal() <= e.day < until.toordinal()]

    def paces(self, volumes: Volumes) -> dict[int, float]:
        """What an item of each edition before the window lets expect in it, smaller reprints left out."""
        first = volumes.window.first.toordinal()
        before = (e for e in self._largest.values() if e.day < first and e.source in volumes.sources)
        return {e.key: volumes.pace(e.source) for e in before}

    def occurrences(self, where: Iterable[tuple[int, int]]) -> list[Occurrence]:
        """Those of one term: of each origin the edition that has it in most items."""
        most: dict[str, Occurrence] = {}
        for key, items in where:
            e = self.editions[key]
            if e.origin not in most or items > most[e.origin].items:
                most[e.origin] = Occurrence(e.day, e.source, e.report, items)
        return list(most.values())
