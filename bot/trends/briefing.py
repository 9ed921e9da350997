"""The answer to `/trend`: what is said about a query, with its evidence. Data only, no words of its own."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.library.glossary import Glossary
from bot.library.library import Library
from bot.library.query import Query
from bot.library.search import Search
from bot.library.statements import Statement, statements
from bot.models import Coverage, IndexedPassage, Language, Report, Topic
from bot.trends.quotes import Citations, Cited, FigurePoint, Point, figures_of
from bot.trends.ranking import Ranked, choose, doubted_last, rank
from bot.trends.verdict import Verdict, judge, windows

POINTS = 5
MORE_POINTS = 7
FIGURES = 5
MORE_FIGURES = 7
RELATED = 2
SUBTOPICS = 5
# The newest that are on the query themselves; weighing more would cost time and change little.
_WEIGHED = 110
_FOREIGN = 0.3
_ENOUGH = 3


@dataclass(frozen=True, slots=True)
class Briefing:
    """Everything a briefing may show; what a message shows of it is the template's choice.

    `points[0]` is the lead. `citations` are passage ids, the first one cited as [1].
    """

    query: Query
    topics: tuple[Topic, ...]
    verdict: Verdict
    points: tuple[Point, ...]
    more_points: tuple[Point, ...]
    figures: tuple[FigurePoint, ...]
    more_figures: tuple[FigurePoint, ...]
    citations: tuple[str, ...]
    sources: tuple[Cited, ...]
    related: tuple[Topic, ...]
    broad: bool
    coverage: Coverage

    @property
    def last_citation(self) -> int:
        """The highest number that its lines cite."""
        points = [point.citation for point in (*self.points, *self.more_points)]
        return max(points + [line.citation for line in (*self.figures, *self.more_figures)])

    def shortened(self) -> Briefing | None:
        """The same with one line less, the least important first; None when only the lead is left."""
        for name in ("more_points", "more_figures", "figures", "points"):
            lines = getattr(self, name)
            if len(lines) > (name == "points"):
                return replace(self, **{name: lines[:-1]})
        return None


class TrendBriefer:
    """Briefs on queries from one library."""

    def __init__(self, library: Library, glossary: Glossary, search: Search) -> None:
        self._library = library
        self._glossary = glossary
        self._search = search

    def brief(self, query: Query, language: Language, today: date) -> Briefing | None:
        """The briefing on `query`, None when the library holds nothing on it.

        Where no passage has everything that was asked for, any one of its topics is briefed on.
        """
        with self._library.snapshot():
            return self._brief(query, language, today)

    def _brief(self, query: Query, language: Language, today: date) -> Briefing | None:
        found = self._search.evidence(query)
        if not found and query.topics and not query.phrases:
            query = replace(query, loose=True)
            found = self._search.evidence(query)
        if not found:
            return None
        reports = self._library.reports(p.passage.report_id for p in found.values())
        told = _on_point(found.values(), reports, query, language)
        if not told:
            return None
        ranked = _own_language_first(rank(told[:_WEIGHED], query.asked), language)
        sound = doubted_last(ranked)
        points = choose(sound, POINTS)
        figures = figures_of(ranked, points, language, FIGURES + MORE_FIGURES)
        # Numbers that already stand in the figures would only be read twice.
        more = choose(sound, MORE_POINTS, [*points, *(r for r, _ in figures[:FIGURES])])
        points.sort(key=lambda r: language not in r.statement.wordings)
        cite = Citations(language)
        shown = cite.points(r.statement for r in points)
        first_figures = [cite.figure(r.statement, f) for r, f in figures[:FIGURES]]
        more_points = cite.points(r.statement for r in more)
        more_figures = [cite.figure(r.statement, f) for r, f in figures[FIGURES:]]
        counts = self._library.topic_counts()
        broad = query.plain and counts.get(query.topics[0], 0) * 2 >= counts.get("", 0)
        return Briefing(
            query=query,
            topics=tuple(self._glossary.topics[topic] for topic in query.topics),
            verdict=self._verdict(query, reports, today),
            points=tuple(shown),
            more_points=tuple(more_points),
            figures=tuple(first_figures),
            more_figures=tuple(more_figures),
            citations=tuple(cite.passages),
            sources=cite.sources(reports),
            related=self._related(query, found.values(), counts, SUBTOPICS if broad else RELATED),
            broad=broad,
            coverage=self._library.coverage(),
        )

    def _verdict(self, query: Query, reports: Iterable[str], today: date) -> Verdict:
        days = self._library.topic_days(query.topics) if query.plain else self._library.report_days(reports)
        recent, earlier = (self._library.origins_between(*window) for window in windows(today))
        return judge(days, (recent, earlier), today)

    def _related(
        self, query: Query, found: Iterable[IndexedPassage], counts: Mapping[str, int], count: int
    ) -> tuple[Topic, ...]:
        """Topics that stand beside the query more than their own frequency explains, in several reports.

        Those on a third of all passages say nothing of the query and are left out, and so are those of few passages,
        all of which are here: they would lead back to the same points.
        """
        beside: Counter[str] = Counter()
        reports: dict[str, set[str]] = {}
        for indexed in found:
            for topic in indexed.mentions:
                beside[topic] += 1
                reports.setdefault(topic, set()).add(indexed.passage.report_id)
        known = [
            topic
            for topic in beside
            if topic in self._glossary.topics
            and topic not in query.topics
            and counts.get(topic, 0) * 3 < max(counts.get("", 0), 1)
            and counts.get(topic, 0) > min(beside[topic], POINTS)
        ]

        def closeness(topic: str) -> float:
            return len(reports[topic]) * beside[topic] / math.sqrt(max(counts.get(topic, 1), beside[topic]))

        best = sorted(known, key=lambda topic: (-closeness(topic), topic))
        return tuple(self._glossary.topics[topic] for topic in best[:count])


def _on_point(
    found: Collection[IndexedPassage], reports: Mapping[str, Report], query: Query, language: Language
) -> list[Statement]:
    """The sentences on the query itself; where they are few, also those that have a part of it beside them.

    What has nothing of it is said only where nothing else is.
    """
    told = statements(found, reports, query, language)
    wanted = {statement.key for statement in told if statement.direct}
    if len(wanted) < _ENOUGH:
        part = statements(found, reports, replace(query, loose=True), language)
        wanted |= {statement.key for statement in part if statement.direct}
    return [statement for statement in told if statement.key in wanted] or told


def _own_language_first(ranked: Sequence[Ranked], language: Language) -> list[Ranked]:
    """The ranking with what is not told in the reader's language lowered: it is shown where nothing else is."""
    weighed = [
        r if language in r.statement.wordings else replace(r, weight=r.weight * _FOREIGN) for r in ranked
    ]
    return sorted(weighed, key=lambda r: -r.weight)
