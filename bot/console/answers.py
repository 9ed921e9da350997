"""Converts briefings, reports and verdicts to plain values for programs, each with the citations that support it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bot.library.library import Library
from bot.models import Language, Passage, Report, Topic
from bot.trends.briefing import Briefing
from bot.trends.quotes import FigurePoint, Point
from bot.trends.verdict import EARLIER_DAYS, RECENT_DAYS, Verdict

Value = dict[str, Any]


def briefing_value(briefing: Briefing, library: Library, language: Language) -> Value:
    """Return a briefing with every passage that it cites."""
    return {
        "query": briefing.query.text,
        "topics": [topic.names[language] for topic in briefing.topics],
        "verdict": verdict_value(briefing.verdict),
        "points": [_point(point) for point in (*briefing.points, *briefing.more_points)],
        "figures": [_figure(line) for line in (*briefing.figures, *briefing.more_figures)],
        "citations": list(_citations(briefing, library)),
    }


def verdict_value(verdict: Verdict) -> Value:
    """Return a verdict with the counts behind it and their windows in days."""
    return {
        "verdict": verdict.name,
        "dated_sources": verdict.dated,
        "undated_sources": verdict.undated,
        "recent": verdict.recent,
        "recent_days": RECENT_DAYS,
        "earlier": verdict.earlier,
        "earlier_days": EARLIER_DAYS,
        "newest_age_days": verdict.newest_age,
        "months": {f"{year}-{month:02}": count for (year, month), count in verdict.months},
    }


def topic_value(topic: Topic, verdict: Verdict, language: Language) -> Value:
    """Return a topic with its verdict."""
    return {"topic": topic.id, "name": topic.names[language], **verdict_value(verdict)}


def passage_value(passage: Passage, report: Report, score: float | None = None) -> Value:
    """Return a passage with the report that it belongs to, and its `score` where given."""
    value = {"passage": passage.id, "text": passage.text, "language": passage.language}
    value |= _source(report, passage.language)
    return value if score is None else value | {"score": round(score, 3)}


def report_value(report: Report, library: Library, language: Language) -> Value:
    """Return a whole report in its edition in `language`, or in its first edition."""
    edition = report.edition(language)
    passages = library.passages_at(report.id, edition.language, range(edition.passages))
    return {
        **_source(report, edition.language),
        "language": edition.language,
        "text": library.text(report.id, edition.language) or "",
        "passages": [{"passage": passage.id, "text": passage.text} for passage in passages],
        "note": edition.note,
    }


def _source(report: Report, language: str) -> Value:
    edition = report.edition(language)
    return {
        "report": report.id,
        "title": edition.title,
        "publisher": edition.publisher,
        "published": report.published.isoformat() if report.published else None,
        "published_is_inferred": report.inferred,
        "url": report.url,
        "retold_by_trendbot": edition.brief,
    }


def _point(point: Point) -> Value:
    return {
        "text": point.text,
        "citation": point.citation,
        "pages": list(point.pages),
        "language": point.language,
    }


def _figure(line: FigurePoint) -> Value:
    figure = line.figure
    return {
        "clause": figure.clause,
        "value": figure.value,
        "unit": figure.unit,
        "period": figure.period,
        "modality": figure.modality,
        "citation": line.citation,
        "pages": list(line.pages),
    }


def _citations(briefing: Briefing, library: Library) -> Iterable[Value]:
    reports = {number: cited.report for cited in briefing.sources for number in cited.numbers}
    for number, passage_id in enumerate(briefing.citations, 1):
        passage, report = library.passage(passage_id), reports.get(number)
        if passage is not None and report is not None:
            yield {"citation": number, **passage_value(passage, report)}
