"""Chooses the reports that a briefing on a topic reads: those most about it, newer ones first, spread over time. Pure.

A report is about a topic if it names it in its title or at its beginning, not if it only mentions it. Of
equally fitting reports the newer comes first, and each report lowers those of the days around it, so that one
week does not speak for a verdict over months.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from heapq import nsmallest
from itertools import chain, islice
from typing import NamedTuple

from bot.text.stopwords import STOPWORDS
from bot.trends.verdict import RECENT_DAYS

IN_TITLE, IN_HEAD = 3.0, 1.5
"""Added to a report's weight of 1 if its title, or its headings or beginning, name the topic."""

_HALVED_AFTER = 10.0
"""Days after which a report weighs half."""

MONTHS = 3
"""Parts of the verdict's window, each of which gets a share of the sources."""

LATEST_DAYS = 3
"""Days up to the newest report on a topic that a briefing begins with."""

_UNDATED = 0.2
_FOREIGN = 0.3
# Sentences of the latest days that must hold a word, and the share added to both sides so that none is 0.
_LEAST_SENTENCES, _PRIOR_SHARE = 2, 0.02
_NEWEST_WORDS = 3
_LONG_NUMBER = 3
_SAME_DAYS = 0.6
_NEIGHBOURS = 3
# Reports compared with each other; those further back are old and say little.
_POOL = 150


class WeighedReport(NamedTuple):
    """A report on a topic: its day (None if unknown) and its weight as a source of a briefing."""

    report_id: str
    day: int | None
    weight: float


def sources_of(
    reports: Collection[tuple[str, int | None, bool]], salience: Mapping[str, float], today: int, count: int
) -> list[WeighedReport]:
    """Return the reports that `count` sources can be chosen from, best first.

    `reports` has their id, day, and whether the reader can read them. A report without `salience` only mentions
    the topic. Of a month of the verdict's window, and of all days outside it, more than are compared are left out.
    """
    days = {day for _, day, _ in reports}
    fresh = {day: _freshness(day, today) for day in days}
    months = {day: month_of(day, today) for day in days}
    by_month: dict[int | None, list[tuple[float, int, str]]] = defaultdict(list)
    for report, day, readable in reports:
        weight = (1 + salience.get(report, 0.0)) * fresh[day] * (1.0 if readable else _FOREIGN)
        by_month[months[day]].append((-weight, -(day or 0), report))
    best = (nsmallest(_POOL + count, of_month) for of_month in by_month.values())
    return [WeighedReport(report, -day or None, -weight) for weight, day, report in sorted(chain(*best))]


def spread(sources: Iterable[WeighedReport], count: int, today: int) -> list[WeighedReport]:
    """Return the best `count` sources, a quarter of them from each month of the verdict's window as far as it has any.

    Each source lowers those within three days of it.
    """
    known = list(sources)
    chosen: list[WeighedReport] = []
    for month in range(MONTHS):
        of_month = (source for source in known if month_of(source.day, today) == month)
        _choose(chosen, of_month, len(chosen) + count // 4)
    _choose(chosen, known, count)
    return chosen


def _choose(chosen: list[WeighedReport], sources: Iterable[WeighedReport], most: int) -> None:
    """Append the best of the sources to `chosen` until it has `most`."""
    present = {source.report_id for source in chosen}
    waiting = list(islice((source for source in sources if source.report_id not in present), _POOL))
    beside = Counter(near for source in chosen for near in _days_around(source.day))
    while waiting and len(chosen) < most:
        best = max(waiting, key=lambda source: source.weight * _crowding_factor(beside[source.day]))
        waiting.remove(best)
        chosen.append(best)
        beside.update(_days_around(best.day))


def _days_around(day: int | None) -> Iterable[int | None]:
    """Return the days whose sources a source of this day lowers; none for an unknown day."""
    return () if day is None else range(day - _NEIGHBOURS, day + _NEIGHBOURS + 1)


def month_of(day: int | None, today: int) -> int | None:
    """Return the 30-day part of the verdict's window that a day is in, 0 the newest; None outside the window."""
    month = None if day is None else max(0, today - day) * MONTHS // RECENT_DAYS
    return month if month is not None and month < MONTHS else None


def crowding(day: int | None, chosen: Iterable[WeighedReport]) -> float:
    """Return the factor by which the sources already chosen lower a report of this day."""
    if day is None:
        return 1.0
    beside = sum(one.day is not None and abs(one.day - day) <= _NEIGHBOURS for one in chosen)
    return _crowding_factor(beside)


def _crowding_factor(beside: int) -> float:
    """Return the factor for a source with `beside` chosen ones near it."""
    return float(_SAME_DAYS**beside)


def latest_of(sources: Iterable[WeighedReport]) -> frozenset[str]:
    """Return the reports of the latest days among the sources."""
    dated = {source.report_id: source.day for source in sources if source.day is not None}
    newest = max(dated.values(), default=0)
    return frozenset(report for report, day in dated.items() if day > newest - LATEST_DAYS)


def new_words(latest: Collection[frozenset[str]], earlier: Collection[frozenset[str]]) -> dict[str, float]:
    """Return the words that are more frequent in sentences of the latest days than in earlier ones, with how much more.

    That is the binary logarithm of the ratio of their shares of sentences, always above 0.
    """
    now, before = (
        Counter(w for words in latest for w in words),
        Counter(w for words in earlier for w in words),
    )
    rises = {
        word: math.log2(
            (count / len(latest) + _PRIOR_SHARE) / (before[word] / max(1, len(earlier)) + _PRIOR_SHARE)
        )
        for word, count in now.items()
        if count >= _LEAST_SENTENCES and is_telling_word(word)
    }
    return {word: rise for word, rise in rises.items() if rise > 0}


def is_telling_word(word: str) -> bool:
    """Return whether a word says what something is about: no stop word, single character or number below three digits."""
    return len(word) > 1 and word not in STOPWORDS and not (word.isdigit() and len(word) < _LONG_NUMBER)


def newness(words: Iterable[str], rises: Mapping[str, float]) -> float:
    """Return how much a sentence says that is new: the mean rise of its three words that rise most."""
    best = sorted((rises.get(word, 0.0) for word in words), reverse=True)[:_NEWEST_WORDS]
    return sum(best) / _NEWEST_WORDS


def _freshness(day: int | None, today: int) -> float:
    return _UNDATED if day is None else 1 / (1 + max(0, today - day) / _HALVED_AFTER)
