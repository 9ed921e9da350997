"""What rose and what fell on a reader's topics: the head of a digest of a week or a month, a line of that of a day. Data only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.digests.schedule import Form
from bot.languages import DEFAULT
from bot.library.document_terms import TOPIC
from bot.library.glossary import Glossary
from bot.library.library import Library
from bot.library.query import Query, understand
from bot.library.search import Search
from bot.models import Language, Topic
from bot.text.normalise import fold, has_han
from bot.text.periods import Period
from bot.text.segment import Segmenter
from bot.trends.briefing import TrendBriefer
from bot.trends.events import HistoryReader
from bot.trends.headlines import HeadlineFinder
from bot.trends.rising_terms import RisingTerms
from bot.trends.spelling import topic_of
from bot.trends.verdict import Verdict

DAYS: dict[Form, int] = {"week": 7, "month": 30}
"""The days of the stretch that a digest tells of."""
_WEEK = 7
_BARS = 5
"""A week or month, and the four before it that its verdict compares it with."""
_CHARTED = 12
"""Weeks or months that a picture shows."""
_RISES = 60
"""Terms of the library's week among which those on a reader's topics are looked for."""
_LEAST_OF_TERM = 10
"""Items of a term that only names a topic: with fewer it is a project or an event among many."""
_TOLD = 2
"""Rises that a digest of a day tells."""


@dataclass(frozen=True, slots=True, eq=False)
class Movement:
    """A topic of a digest, or what was typed, with its verdict over the days that the digest tells of; equal to itself alone.

    `counts` are its dated origins in the eleven stretches before and in this one, last; empty where it is neither a topic
    nor a name.
    """

    heading: Topic | str
    verdict: Verdict
    counts: tuple[int, ...]

    @property
    def bars(self) -> tuple[int, ...]:
        """The counts that its verdict compares: of the four stretches before and of this one."""
        return self.counts[-_BARS:]


@dataclass(frozen=True, slots=True, eq=False)
class TopicRise:
    """What rises on a topic of a digest, the topic or a term that names it: how often it was told of this week and in all the days before.

    `usual` is how often it would have been by its pace of before. `of_items`: items of reports are counted, since
    some hold several.
    """

    heading: Topic | str
    count: int
    before: int
    usual: int
    of_items: bool


class Movements:
    """Judges the topics of digests, each once a run."""

    def __init__(self, library: Library, glossary: Glossary, segmenter: Segmenter, search: Search) -> None:
        self._briefer = TrendBriefer(library, glossary, search)
        self._histories = HistoryReader(library, glossary)
        self._glossary = glossary
        self._segmenter = segmenter
        self._judged: dict[tuple[str, int, date], Movement | None] = {}
        self._rising = RisingTerms(library, glossary)
        self._headlines = HeadlineFinder(library, glossary)
        self._rises: dict[tuple[tuple[str, ...], Language, date], tuple[TopicRise, ...]] = {}

    def of(self, queries: Sequence[str], form: Form, today: date) -> tuple[Movement, ...]:
        """The movements of a week or month up to `today`: what rises first, then what fades, then what stays.

        A digest of a day has none, nor has a question, or a topic with too few reports.
        """
        if form == "day":
            return ()
        moved = [m for text in queries if (m := self._movement(text, DAYS[form], today)) is not None]
        order = {"new": 0, "rising": 0, "fading": 1, "steady": 2}
        return tuple(sorted(moved, key=lambda m: (order[m.verdict.name], -m.verdict.recent)))

    def rises(self, queries: Sequence[str], language: Language, today: date) -> tuple[TopicRise, ...]:
        """What stands out on the topics in the week up to `today`, at most two: the topics themselves, or terms that name them.

        The counts are those of /rising, and of the whole library.
        """
        key = (tuple(queries), language, today)
        if key not in self._rises:
            named = [_Named(query, self._glossary, self._segmenter) for query in queries]
            rising = self._rising.rising(self._rising.window(today, _WEEK), _RISES)
            told = [
                rise
                for rise in rising.rises
                if (rise.term.startswith(TOPIC) or rise.count >= _LEAST_OF_TERM)
                and any(one.is_in(rise.term) for one in named)
            ][:_TOLD]
            self._rises[key] = tuple(
                TopicRise(
                    topic_of(rise.term, self._glossary) or self._headlines.of(rise, language).name,
                    rise.count,
                    rise.before,
                    round(rise.expected.mean),
                    rising.items != rising.reports,
                )
                for rise in told
            )
        return self._rises[key]

    def _movement(self, text: str, days: int, today: date) -> Movement | None:
        key = (text, days, today)
        if key not in self._judged:
            query = understand(text, self._glossary, self._segmenter)
            verdict = self._briefer.verdict(replace(query, period=Period("days", days)), today)
            heading = (
                self._glossary.topics[query.topics[0]] if query.names_one_topic and query.plain else text
            )
            told = verdict is not None and verdict.name != "too_little"
            counts = self._counts(query, days, today) if told else ()
            self._judged[key] = Movement(heading, verdict, counts) if verdict and told else None
        return self._judged[key]

    def _counts(self, query: Query, days: int, today: date) -> tuple[int, ...]:
        """The dated origins on a query in each of the last stretches of so many days."""
        subject = self._histories.subject_of(query)
        if subject is None:
            return ()
        history = self._histories.history(subject, DEFAULT.code, self._histories.span(query, today))
        counts = Counter((today - origin.day).days // days for origin in history.origins)
        return tuple(counts[age] for age in reversed(range(_CHARTED)))


class _Named:
    """What a query asks for as terms of the library name it: its topics, and all their forms."""

    def __init__(self, text: str, glossary: Glossary, segmenter: Segmenter) -> None:
        query = understand(text, glossary, segmenter)
        self._topics = frozenset(TOPIC + topic for topic in query.topics)
        written = [form for topic in query.topics for form in glossary.topics[topic].written()]
        self._forms = tuple(map(fold, written or [query.text]))

    def is_in(self, term: str) -> bool:
        """Whether a term is one of the topics, or a phrase with a form of one."""
        if term.startswith(TOPIC):
            return term in self._topics
        return any(form in term if has_han(form) else f" {form} " in f" {term} " for form in self._forms)
