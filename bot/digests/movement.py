"""What rose and what fell on a reader's topics in a week or a month: the heads of digests that tell of those. Data only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.digests.schedule import Form
from bot.library.glossary import Glossary
from bot.library.library import Library
from bot.library.query import understand
from bot.library.search import Search
from bot.models import Topic
from bot.text.periods import Period
from bot.text.segment import Segmenter
from bot.trends.briefing import TrendBriefer
from bot.trends.verdict import Verdict

_DAYS: dict[Form, int] = {"week": 7, "month": 30}


@dataclass(frozen=True, slots=True, eq=False)
class Movement:
    """A topic of a digest, or what was typed, with its verdict over the days that the digest tells of; equal to itself alone."""

    heading: Topic | str
    verdict: Verdict


class Movements:
    """Judges the topics of digests, each once a run."""

    def __init__(self, library: Library, glossary: Glossary, segmenter: Segmenter, search: Search) -> None:
        self._briefer = TrendBriefer(library, glossary, search)
        self._glossary = glossary
        self._segmenter = segmenter
        self._judged: dict[tuple[str, int, date], Movement | None] = {}

    def of(self, queries: Sequence[str], form: Form, today: date) -> tuple[Movement, ...]:
        """The movements of a week or month up to `today`: what rises first, then what fades, then what stays.

        A digest of a day has none, nor has a question, or a topic with too few reports.
        """
        if form == "day":
            return ()
        moved = [m for text in queries if (m := self._movement(text, _DAYS[form], today)) is not None]
        order = {"new": 0, "rising": 0, "fading": 1, "steady": 2}
        return tuple(sorted(moved, key=lambda m: (order[m.verdict.name], -m.verdict.recent)))

    def _movement(self, text: str, days: int, today: date) -> Movement | None:
        key = (text, days, today)
        if key not in self._judged:
            query = understand(text, self._glossary, self._segmenter)
            verdict = self._briefer.verdict(replace(query, period=Period("days", days)), today)
            heading = (
                self._glossary.topics[query.topics[0]] if query.names_one_topic and query.plain else text
            )
            told = verdict is not None and verdict.name != "too_little"
            self._judged[key] = Movement(heading, verdict) if verdict and told else None
        return self._judged[key]
