"""Chooses what the verdict on a query is computed from: its subject, the span of days and the origins. verdict.py judges.

A phrase that the glossary files under a wider topic, as vibe coding under AI coding, is a subject of its own if 18 reports
or more contain it, but fewer than three in ten of those on the topic, so that the topic's verdict would say little about
it. A phrase that only spells its topic in another way stands for the topic, however rare it is: in full (artificial
general intelligence), in two words (health care) or in the singular.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from msgspec.structs import replace

from bot.library.glossary import Glossary
from bot.library.library import Library
from bot.library.query import Query
from bot.library.terms import term_of
from bot.models import Topic
from bot.text.normalise import fold
from bot.text.segment import latin_words, singular
from bot.trends.verdict import ENDS, RECENT_DAYS, Published, Span, Verdict, judge, published, span_of

# As many reports as a briefing reads, and the share of a topic's reports from which a phrase stands for the topic.
_LEAST_REPORTS = 18
_STANDS_FOR_TOPIC = 0.3


def narrower_phrase(query: Query, library: Library, topics: Mapping[str, Topic]) -> Query | None:
    """Return the query as one on the phrase that it consists of, if that is a subject of its own; None otherwise.

    Only phrases of several words with spaces between them count. `topics` is the glossary.
    """
    phrase = query.typed[0] if query.is_narrow and len(query.typed) == 1 else ""
    words = latin_words(phrase)
    if " " not in phrase or not words or _spells_a_form(words, topics[query.topics[0]].written()):
        return None
    term = term_of(phrase)
    if term is None:
        return None
    reports = len(library.term_days(term))
    is_own = _LEAST_REPORTS <= reports < _STANDS_FOR_TOPIC * len(library.topic_days(query.topics))
    return replace(query.as_name(), name=term, typed=query.typed) if is_own else None


def _spells_a_form(words: list[str], forms: Iterable[str]) -> bool:
    """Return whether the words, their initials or the words written as one are another form of the topic."""
    own = [singular(word) for word in words]
    spellings = {"".join(word[0] for word in words), "".join(own), "".join(words)}
    others = [[singular(word) for word in latin_words(fold(form))] for form in forms]
    return any(len(other) == 1 and other[0] in spellings for other in others)


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


def topic_verdicts(library: Library, glossary: Glossary, today: date) -> list[tuple[Topic, Verdict]]:
    """Return every topic that the library's reports name, with its verdict.

    They are ordered by verdict (rising, new, fading, steady, too little), then by recent and by all dated
    origins.
    """
    with library.snapshot():
        known = published_around(library, today)
        judged = [
            (glossary.topics[topic], judge(library.topic_days((topic,)), known))
            for topic in library.topic_counts()
            if topic in glossary.topics
        ]
    order = {name: place for place, name in enumerate(("rising", "new", "fading", "steady", "too_little"))}
    return sorted(judged, key=lambda pair: (order[pair[1].name], -pair[1].recent, -pair[1].dated, pair[0].id))
