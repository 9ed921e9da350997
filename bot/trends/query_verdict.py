"""Chooses what the verdict on a query is computed from: the span of days and the origins counted. verdict.py judges."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from msgspec.structs import replace

from bot.library.library import Library
from bot.library.query import Query
from bot.models import Topic
from bot.trends.narrower_phrases import narrower_phrase
from bot.trends.verdict import ENDS, RECENT_DAYS, Published, Span, Verdict, judge, published, span_of


def span_on(library: Library, query: Query, today: date) -> Span:
    """Return the period that was asked for, else the latest days, which end with the library if it is old."""
    return span_of(query.period, today, library.last_day(ENDS, RECENT_DAYS))


def subject_to_judge(query: Query, library: Library, topics: Mapping[str, Topic]) -> Query | None:
    """Return the query on the topic, name or narrower phrase that is to be judged; None for a question.

    `topics` is the glossary.
    """
    if query.names_one_topic:
        return narrower_phrase(query, library, topics) or query
    return query.as_name() if query.name else None


def verdict_on_subject(library: Library, subject: Query, today: date) -> Verdict:
    """Return the verdict that the briefing on a subject gives."""
    with library.snapshot():
        return verdict_on(library, subject, (), today)


def verdict_on(library: Library, query: Query, reports: Iterable[str], today: date) -> Verdict:
    """Return the verdict on a query.

    For a topic or a name it counts all its reports in the library; for a question those in `reports`, the cited
    ones. `newest_age` is in days before `today`.
    """
    if query.plain:
        days = library.topic_days(query.topics)
    elif query.is_name and query.name:
        days = library.term_days(query.name)
    else:
        days = library.report_days(reports)
    span = span_on(library, query, today)
    if span.window:
        last = span.last.toordinal()
        days = [one for one in days if (one[1] is None and not span.asked) or (one[1] and one[1] <= last)]
    verdict = judge(days, published_around(library, span.last, span.days))
    age = verdict.newest_age
    return replace(
        verdict,
        newest_age=None if age is None else age + (today - span.last).days,
        window=span.window,
        library_ends=span.library_ends,
    )


def published_around(library: Library, last: date, days: int = RECENT_DAYS) -> Published:
    """Return what a library published in the `days` up to `last` and before; computed once per state of the library."""
    known: Published = library.remembered(
        ("published", last, days), lambda: published(library.dated_origins(), last, days)
    )
    return known
