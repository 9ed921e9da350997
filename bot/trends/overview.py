"""The verdicts on all topics of a library at once. verdict.py decides them; nothing here ranks reports."""

from __future__ import annotations

from datetime import date

from bot.library.glossary import Glossary
from bot.library.library import Library
from bot.models import Topic
from bot.trends.query_verdict import published_around
from bot.trends.verdict import Verdict, judge


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
