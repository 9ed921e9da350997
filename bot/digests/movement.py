"""What rose and fell on a reader's topics: the head of a weekly or monthly digest, a line of a daily one. Data only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from bot.digests.schedule import Form
from bot.languages import DEFAULT
from bot.library.document_terms import TOPIC
from bot.library.glossary import Glossary
from bot.library.library import Library
from bot.library.query import Query, understand
from bot.models import Language, Topic
from bot.text.normalise import fold, has_han
from bot.text.periods import Period
from bot.text.segment import Segmenter
from bot.trends.events import HistoryReader
from bot.trends.headlines import HeadlineFinder
from bot.trends.query_verdict import subject_to_judge, verdict_on_subject
from bot.trends.rising_terms import RisingTerms
from bot.trends.spelling import topic_of
from bot.trends.verdict import Verdict

DAYS: dict[Form, int] = {"week": 7, "month": 30}
"""Days that a digest of each form covers."""
_WEEK = 7
_BARS = 5
"""A week or month, and the four before it that its verdict compares it with."""
_CHARTED = 12
"""Weeks or months in a picture at most."""
_CHANGES_SEARCHED = 60
"""Rising and fading terms of the library's week that are searched for those on a reader's topics."""
_LEAST_OF_TERM = 10
"""Items needed by a term that only contains a topic's name; with fewer it is one project or event among many."""
_MOST_CHANGES = 2
"""Rises in a digest at most, and falls."""


class Movement(Struct, frozen=True, eq=False):
    """A topic of a digest, or the query as typed, with its verdict over the days that the digest covers.

    `counts` are its dated origins per week or month, twelve in all, this one last; empty if it is neither topic
    nor name. Movements are equal only to themselves.
    """

    heading: Topic | str
    verdict: Verdict
    counts: tuple[int, ...]

    @property
    def bars(self) -> tuple[int, ...]:
        """The counts that its verdict compares: those of the four weeks or months before, and of this one."""
        return self.counts[-_BARS:]


class ItemChange(Struct, frozen=True, eq=False):
    """A topic of a digest that rises or fades, or a term with its name: its counts in this week and the days before.

    `usual` is the count that its earlier pace predicts. `of_items`: some reports have several items, so that
    items are counted rather than reports.
    """

    heading: Topic | str
    count: int
    before: int
    usual: int
    of_items: bool


class Changes(Struct, frozen=True):
    """What a digest says rose and fell: its topics by their reports, and by the items of reports."""

    moves: tuple[Movement, ...] = ()
    rises: tuple[ItemChange, ...] = ()
    falls: tuple[ItemChange, ...] = ()


class Movements:
    """Judges the topics of digests, each once per run."""

    def __init__(self, library: Library, glossary: Glossary, segmenter: Segmenter) -> None:
        self._library = library
        self._glossary = glossary
        self._segmenter = segmenter
        self._judged: dict[tuple[str, int, date], Movement | None] = {}
        self._rising = RisingTerms(library, glossary)
        self._by_items: dict[tuple[tuple[str, ...], Language, date], Changes] = {}

    def changes(self, queries: Sequence[str], form: Form, language: Language, today: date) -> Changes:
        """Return what a digest of this form says rose and fell up to `today`.

        A day's digest names what rises. In a week's, the items of reports decide where their reports are steady: a
        daily that compiles the news names DeepSeek every day, whether in two items or in fifty.
        """
        if form == "month":
            return Changes(self.movements_of(queries, form, today))
        items = self._changes_by_items(queries, language, today)
        if form == "day":
            return Changes(rises=items.rises)
        moves = self.movements_of(queries, form, today)
        rising = [move.heading for move in moves if move.verdict.name in {"new", "rising"}]
        fading = [move.heading for move in moves if move.verdict.name == "fading"]
        rises = tuple(one for one in items.rises if one.heading not in rising)
        falls = tuple(one for one in items.falls if one.heading not in fading)
        counted = [one.heading for one in (*rises, *falls)]
        return Changes(tuple(move for move in moves if move.heading not in counted), rises, falls)

    def movements_of(self, queries: Sequence[str], form: Form, today: date) -> tuple[Movement, ...]:
        """Return the movements of a week or month up to `today`: rising ones first, then fading, then steady.

        A question, or a topic with too few reports, has no movement.
        """
        moved = [m for text in queries if (m := self._movement(text, DAYS[form], today)) is not None]
        order = {"new": 0, "rising": 0, "fading": 1, "steady": 2}
        return tuple(sorted(moved, key=lambda m: (order[m.verdict.name], -m.verdict.recent)))

    def _changes_by_items(self, queries: Sequence[str], language: Language, today: date) -> Changes:
        """Return at most two rises and two falls of the week that are topics of the queries or have their names.

        The week ends at `today`. The counts are those of /rising, over the whole library.
        """
        key = (tuple(queries), language, today)
        if key not in self._by_items:
            named = [_QueryTerms(query, self._glossary, self._segmenter) for query in queries]
            rising = self._rising.rising(self._rising.window(today, _WEEK), _CHANGES_SEARCHED)
            of_items = rising.items != rising.reports
            headlines = HeadlineFinder(self._library, self._glossary)

            def is_named(term: str, items: int) -> bool:
                own = term.startswith(TOPIC) or items >= _LEAST_OF_TERM
                return own and any(one.is_in(term) for one in named)

            rises = [rise for rise in rising.rises if is_named(rise.term, rise.count)][:_MOST_CHANGES]
            falls = [fall for fall in rising.falls if is_named(fall.term, sum(fall.bars))][:_MOST_CHANGES]
            self._by_items[key] = Changes(
                rises=tuple(
                    ItemChange(
                        topic_of(rise.term, self._glossary) or headlines.headline_of(rise, language).name,
                        rise.count,
                        rise.before,
                        round(rise.expected.mean),
                        of_items,
                    )
                    for rise in rises
                ),
                falls=tuple(
                    ItemChange(
                        topic_of(fall.term, self._glossary)
                        or headlines.name(fall.term, fall.reports, language),
                        fall.count,
                        sum(fall.bars[:-1]),
                        round(fall.expected.mean),
                        of_items,
                    )
                    for fall in falls
                ),
            )
        return self._by_items[key]

    def _movement(self, text: str, days: int, today: date) -> Movement | None:
        key = (text, days, today)
        if key not in self._judged:
            query = understand(text, self._glossary, self._segmenter)
            subject = subject_to_judge(query, self._library, self._glossary.topics)
            self._judged[key] = self._judge(text, query, subject, days, today) if subject else None
        return self._judged[key]

    def _judge(self, text: str, query: Query, subject: Query, days: int, today: date) -> Movement | None:
        verdict = verdict_on_subject(self._library, replace(subject, period=Period("days", days)), today)
        if verdict.name == "too_little":
            return None
        heading = self._glossary.topics[subject.topics[0]] if subject.plain else text
        return Movement(heading, verdict, self._counts(query, days, today))

    def _counts(self, query: Query, days: int, today: date) -> tuple[int, ...]:
        """Return the dated origins on a query in each of the last twelve stretches of `days` days, the latest last.

        Empty when the query has no subject.
        """
        histories = HistoryReader(self._library, self._glossary)
        subject = histories.subject_of(query)
        if subject is None:
            return ()
        history = histories.history(subject, DEFAULT.code, histories.span(query, today))
        counts = Counter((today - origin.day).days // days for origin in history.origins)
        return tuple(counts[age] for age in reversed(range(_CHARTED)))


class _QueryTerms:
    """What a query asks for, in the form of the library's terms: its topics and all their written forms."""

    def __init__(self, text: str, glossary: Glossary, segmenter: Segmenter) -> None:
        query = understand(text, glossary, segmenter)
        self._topics = frozenset(TOPIC + topic for topic in query.topics)
        written = [form for topic in query.topics for form in glossary.topics[topic].written()]
        self._forms = tuple(map(fold, written or [query.text]))

    def is_in(self, term: str) -> bool:
        """Return whether a term is one of the topics, or a phrase that contains a form of one."""
        if term.startswith(TOPIC):
            return term in self._topics
        return any(form in term if has_han(form) else f" {form} " in f" {term} " for form in self._forms)
