"""Topics to offer: those with the most passages, and those nearest to a query that found nothing."""

from __future__ import annotations

from bot.library.glossary import Glossary
from bot.library.library import Library
from bot.models import Topic
from bot.text.normalise import fold


def richest_topics(library: Library, glossary: Glossary, count: int) -> list[Topic]:
    """The topics with the most passages, but none that is on half of them, and no names."""
    counts = library.topic_counts()
    half = counts.get("", 0) / 2
    known = [
        topic
        for topic, passages in counts.items()
        if topic in glossary.topics and passages < half and not glossary.topics[topic].proper
    ]
    return [glossary.topics[topic] for topic in sorted(known, key=lambda t: (-counts[t], t))[:count]]


def nearest_topics(text: str, library: Library, glossary: Glossary, count: int) -> list[Topic]:
    """Topics with evidence that are written most like `text`, filled up with the richest ones."""
    counts = library.topic_counts()
    near = [glossary.topics[topic] for topic in glossary.nearest(fold(text)) if topic in counts][:count]
    more = (topic for topic in richest_topics(library, glossary, count) if topic not in near)
    return [*near, *more][:count]
