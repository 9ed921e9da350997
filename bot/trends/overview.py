"""The verdict on every topic of a library at once. Decides no verdict itself, and ranks no report."""

from __future__ import annotations

from datetime import date

from bot.library.glossary import Glossary
from bot.library.library import Library
from bot.models import Topic
from bot.trends.verdict import Verdict, judge, windows


def topic_verdicts(library: Library, glossary: Glossary, today: date) -> list[tuple[Topic, Verdict]]:
    """Every topic that dated reports name, with its verdict: those that change most first, then those told of most."""
    with library.snapshot():
        recent, earlier = (library.origins_between(*window) for window in windows(today))
        judged = [
            (glossary.topics[topic], judge(library.topic_days((topic,)), (recent, earlier), today))
            for topic in library.topic_counts()
            if topic in glossary.topics
        ]
    order = {name: place for place, name in enumerate(("rising", "new", "fading", "steady", "too_little"))}
    return sorted(judged, key=lambda pair: (order[pair[1].name], -pair[1].recent, -pair[1].dated, pair[0].id))
