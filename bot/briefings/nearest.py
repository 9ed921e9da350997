"""Topics to offer: those with the most passages, and those nearest to a query that found nothing."""

from __future__ import annotations

from bot.models import Topic
from bot.reports.topics import Glossary
from bot.storage.library import Library
from bot.text.normalise import fold


def richest_topics(library: Library, glossary: Glossary, count: int) -> list[Topic]:
    """The topics with the most passages, but none that is on half of them: it would tell a newcomer nothing."""
    counts = library.topic_counts()
    half = counts.get("", 0) / 2
    known = [topic for topic, passages in counts.items() if topic in glossary.topics and passages < half]
    return [glossary.topics[topic] for topic in sorted(known, key=lambda t: (-counts[t], t))[:count]]


def nearest_topics(text: str, library: Library, glossary: Glossary, count: int) -> list[Topic]:
    """Topics with evidence whose written forms share most pairs of characters with `text` (Dice 1945).

    Filled up with the richest topics where fewer than `count` share anything.
    """
    counts = library.topic_counts()
    pairs = _pairs(fold(text))
    scored = []
    for topic in glossary.topics.values():
        if topic.id not in counts:
            continue
        score = max((_dice(pairs, _pairs(fold(form))) for form in topic.written("en")), default=0.0)
        if score > 0.2:
            scored.append((-score, topic.id))
    near = [glossary.topics[topic] for _, topic in sorted(scored)[:count]]
    more = (topic for topic in richest_topics(library, glossary, count) if topic not in near)
    return [*near, *more][:count]


def _pairs(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)} or {text}


def _dice(one: set[str], other: set[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other))
