"""Which reports a briefing on a topic looks at: those that are most about it, the newer the sooner, spread over time. Pure.

A report that names a topic in its title or where it begins is about it; one that only mentions it is not. What is as
much about it and newer comes first, and each report lowers the others of its days, so that a verdict over months is
not told by one week.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from bot.text.stopwords import STOPWORDS
from bot.trends.verdict import RECENT_DAYS

IN_TITLE, IN_HEAD = 3.0, 1.5
"""What it adds to a report's weight of 1 that its title, or its headings or beginning, name the topic."""

_FADES = 10.0
"""Days after which a report weighs half."""

MONTHS = 3
"""Parts of the verdict's window, each of which has its say."""

LATEST_DAYS = 3
"""Days up to the newest report on a topic of which it is told first."""

_UNDATED = 0.2
_FOREIGN = 0.3
# Sentences in which a word must stand to be what the latest days are about, and a share that stands for none.
_LEAST_SAID, _NONE = 2, 0.02
_TELLING = 3
_LONG_NUMBER = 3
_SAME_DAYS = 0.6
_NEIGHBOURS = 3
# Reports that are weighed against each other; those further back are old and say little.
_POOL = 150


@dataclass(frozen=True, slots=True)
class Source:
    """A report on a topic: its day (None: unknown), and how much it is to be told of, the higher the more."""

    report_id: str
    day: int | None
    weight: float


def sources_of(
    reports: Iterable[tuple[str, int | None, bool]], salience: Mapping[str, float], today: int
) -> list[Source]:
    """The reports as sources of a briefing on a day, best first: their id, day, and whether the reader can read them.

    `salience` is 0 where there is none.
    """
    sources = [
        Source(
            report,
            day,
            (1 + salience.get(report, 0.0)) * _freshness(day, today) * (1.0 if readable else _FOREIGN),
        )
        for report, day, readable in reports
    ]
    return sorted(sources, key=lambda source: (-source.weight, -(source.day or 0), source.report_id))


def spread(sources: Iterable[Source], count: int, today: int) -> list[Source]:
    """The best `count` sources: a quarter of them of each month of the verdict's window, as far as there are any.

    Each is lowered by those chosen before it that came out within three days of it.
    """
    known = list(sources)
    chosen: list[Source] = []
    for month in range(MONTHS):
        _choose(chosen, [s for s in known if month_of(s.day, today) == month], len(chosen) + count // 4)
    _choose(chosen, known, count)
    return chosen


def _choose(chosen: list[Source], sources: Iterable[Source], most: int) -> None:
    """Adds the best of the sources until `most` are chosen."""
    waiting = [source for source in sources if source not in chosen][:_POOL]
    beside = Counter(near for source in chosen for near in _neighbours(source.day))
    while waiting and len(chosen) < most:
        best = max(waiting, key=lambda source: source.weight * _lowered(beside[source.day]))
        waiting.remove(best)
        chosen.append(best)
        beside.update(_neighbours(best.day))


def _neighbours(day: int | None) -> Iterable[int | None]:
    """The days that a source of a day lowers the sources of."""
    return () if day is None else range(day - _NEIGHBOURS, day + _NEIGHBOURS + 1)


def month_of(day: int | None, today: int) -> int | None:
    """Which 30 days of the verdict's window a day is in, from 0, the newest; None for one outside."""
    month = None if day is None else max(0, today - day) * MONTHS // RECENT_DAYS
    return month if month is not None and month < MONTHS else None


def crowding(day: int | None, chosen: Iterable[Source]) -> float:
    """The factor that lowers what came out on a day, by the sources chosen from the days around it."""
    if day is None:
        return 1.0
    beside = sum(one.day is not None and abs(one.day - day) <= _NEIGHBOURS for one in chosen)
    return _lowered(beside)


def _lowered(beside: int) -> float:
    """The factor of a source with so many chosen beside it."""
    return float(_SAME_DAYS**beside)


def latest_of(sources: Iterable[Source]) -> frozenset[str]:
    """The reports of the newest days among sources."""
    dated = {source.report_id: source.day for source in sources if source.day is not None}
    newest = max(dated.values(), default=0)
    return frozenset(report for report, day in dated.items() if day > newest - LATEST_DAYS)


def new_words(latest: Collection[frozenset[str]], earlier: Collection[frozenset[str]]) -> dict[str, float]:
    """How much more often each word stands in sentences of the latest days than in earlier ones: binary logarithm, above 0."""
    now, before = (
        Counter(w for words in latest for w in words),
        Counter(w for words in earlier for w in words),
    )
    rises = {
        word: math.log2((count / len(latest) + _NONE) / (before[word] / max(1, len(earlier)) + _NONE))
        for word, count in now.items()
        if count >= _LEAST_SAID and tells(word)
    }
    return {word: rise for word, rise in rises.items() if rise > 0}


def tells(word: str) -> bool:
    """Whether a word says what something is about: no stop word, no lone character or digit."""
    return len(word) > 1 and word not in STOPWORDS and not (word.isdigit() and len(word) < _LONG_NUMBER)


def newness(words: Iterable[str], rises: Mapping[str, float]) -> float:
    """How much a sentence says of what is new: the mean rise of its three words that rise most."""
    best = sorted((rises.get(word, 0.0) for word in words), reverse=True)[:_TELLING]
    return sum(best) / _TELLING


def _freshness(day: int | None, today: int) -> float:
    return _UNDATED if day is None else 1 / (1 + max(0, today - day) / _FADES)
