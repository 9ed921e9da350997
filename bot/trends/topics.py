"""Topics to offer a reader: the most frequent, those near a query that found nothing, those related to a briefing."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping

from bot.library.glossary import Glossary, places
from bot.library.library import Library
from bot.library.query import Query
from bot.library.terms import term_of
from bot.models import IndexedPassage, Mention, Topic
from bot.text.normalise import fold

_EXAMPLES = 6


def richest_topics(library: Library, glossary: Glossary, count: int) -> list[Topic]:
    """Return the topics with the most passages, except names and topics on half of all passages."""
    counts = library.topic_counts()
    half = counts.get("", 0) / 2
    known = [
        topic
        for topic, passages in counts.items()
        if topic in glossary.topics and passages < half and not glossary.topics[topic].proper
    ]
    return [glossary.topics[topic] for topic in sorted(known, key=lambda t: (-counts[t], t))[:count]]


def unlike_topics(library: Library, glossary: Glossary) -> list[Topic]:
    """Return two topics that show what the library covers: the richest, and the one of the next five least beside it."""
    richest = richest_topics(library, glossary, _EXAMPLES)
    if len(richest) <= 2:
        return richest
    first, *others = richest
    counts = library.topic_counts()

    def beside(topic: Topic) -> float:
        return len(library.mentioning((first.id, topic.id), counts[topic.id])) / counts[topic.id]

    return [first, min(others, key=beside)]


def nearest_topics(query: Query, library: Library, glossary: Glossary, count: int) -> list[Topic]:
    """Return up to `count` topics with evidence near a question; none when nothing is near.

    In order: those it names, those that the glossary relates to them, and those spelled most like it. A named
    topic on half of all passages is left out, as it is near everything.
    """
    counts = library.topic_counts()
    named = [topic for topic in query.topics if counts.get(topic, 0) * 2 < counts.get("", 0)]
    related = [other for topic in named for other in glossary.topics[topic].related]
    spelled = (*misspelt_topics(query, library, glossary), *glossary.forms.nearest(fold(query.text)))
    near = dict.fromkeys((*named, *related, *spelled))
    return [glossary.topics[topic] for topic in near if topic in counts][:count]


def misspelt_topics(query: Query, library: Library, glossary: Glossary) -> list[str]:
    """Return the topics that a question in Han misspells by one character, if no report has what it says."""
    if query.topics or query.name is None or library.term_days(query.name):
        return []
    return [topic for topic in glossary.forms.misspelt(fold(query.text)) if topic not in places()]


def names_held(query: Query, library: Library) -> dict[str, int]:
    """Return the names in a question that are no topics, as typed, each with the number of reports that contain it."""
    found = [(name, query.text.lower().find(name)) for name in query.names]
    terms = {query.text[start : start + len(name)]: term_of(name) for name, start in found if start >= 0}
    counts = {typed: len(library.term_days(term)) for typed, term in terms.items() if term}
    return {typed: count for typed, count in counts.items() if count}


def topics_in(mentions: Iterable[Mention], library: Library, glossary: Glossary, count: int) -> list[Topic]:
    """Return the topics that a text mentions most, rarer ones first among equals; none on half of all passages."""
    counts = library.topic_counts()
    half = counts.get("", 0) / 2
    mentioned = Counter(m.topic for m in mentions if 0 < counts.get(m.topic, 0) < half)
    ordered = sorted(mentioned, key=lambda topic: (-mentioned[topic], counts[topic], topic))
    return [glossary.topics[topic] for topic in ordered[:count]]


def related_topics(
    passages: Iterable[IndexedPassage],
    asked: Collection[str],
    counts: Mapping[str, int],
    glossary: Glossary,
    *,
    least: int,
) -> list[Topic]:
    """Return topics more often beside those `asked` than their own frequency explains, closest first.

    Topics on a third of all passages are left out, as they say nothing about the query; so are those of at most
    `least` passages that are all here, as they would lead back to the same points. Being in several reports
    makes a topic closer. `counts` are those of the library.
    """
    beside: Counter[str] = Counter()
    reports: defaultdict[str, set[str]] = defaultdict(set)
    for indexed in passages:
        beside.update(indexed.mentions.keys())
        for topic in indexed.mentions:
            reports[topic].add(indexed.passage.report_id)
    third = max(counts.get("", 0), 1) / 3
    telling = [
        topic
        for topic, number in beside.items()
        if topic in glossary.topics and topic not in asked
        if min(number, least) < counts.get(topic, 0) < third
    ]
    closeness = {
        topic: len(reports[topic]) * beside[topic] / math.sqrt(max(counts.get(topic, 1), beside[topic]))
        for topic in telling
    }
    return [glossary.topics[topic] for topic in sorted(telling, key=lambda topic: (-closeness[topic], topic))]
