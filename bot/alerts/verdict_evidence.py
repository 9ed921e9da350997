"""Finds the evidence for a topic's verdict: the leading points of its briefing, from the days that the verdict judges."""

from __future__ import annotations

from collections.abc import Sequence

from bot.alerts.matches import Match, publishers
from bot.library.glossary import Glossary
from bot.library.library import Library
from bot.library.query import Query
from bot.library.search import Search
from bot.models import Language
from bot.trends.evidence import Evidence, EvidenceReader
from bot.trends.ranking import Ranked, choose, doubted_last, rank
from bot.trends.spread_points import choose_spread
from bot.trends.statements import Statement, statements
from bot.trends.verdict import Span

_POINTS = 2
"""Maximum points. The verdict's counts tell how many reports there are; these show what they are about."""


class VerdictEvidence:
    """Search for the evidence of verdicts in one library."""

    def __init__(self, library: Library, glossary: Glossary, search: Search) -> None:
        self._library = library
        self._reader = EvidenceReader(library, glossary, search)

    def on(self, query: Query, language: Language, span: Span) -> list[Match]:
        """Return up to two points on a topic or name from reports published in `span`, with their counts of publishers."""
        evidence = self._reader.on(query, language, span)
        told = statements(evidence.passages.values(), evidence.reports, query, language)
        recent = [one for one in told if one.direct and _is_of(one, span)]
        ranked = doubted_last(evidence.weighed(rank(recent, query.asked)))
        points = _leading(ranked, evidence, language)
        stories = self._library.stories_of(point.statement.report.id for point in points)
        return [
            Match(
                point.statement.report,
                point.statement,
                evidence.headline(point, language) if evidence.sources else "",
                publishers(self._library, {own, *(stories[own].reports if own in stories else ())}),
            )
            for point in points
            for own in (point.statement.report.id,)
        ]


def _is_of(statement: Statement, span: Span) -> bool:
    published = statement.report.published
    return published is not None and span.first <= published <= span.last


def _leading(ranked: Sequence[Ranked], evidence: Evidence, language: Language) -> list[Ranked]:
    if evidence.sources:
        return choose_spread(ranked, _POINTS, evidence, language)
    own_language_first = sorted(ranked, key=lambda one: language not in one.statement.wordings)
    return choose(own_language_first, _POINTS)
