"""The days on which a topic made news, each with a headline and the passage that supports it.

weigh each day by its dated origins; origins with the topic in their title or headings weigh more
choose the heaviest days, none so close to a heavier one that it would repeat its news
headline = the title that names the topic, else the first sentence that does
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, timedelta

from msgspec import Struct

from bot.library.glossary import Glossary
from bot.library.library import Library
from bot.library.query import Query
from bot.library.terms import Term
from bot.models import NAMED_IN_HEAD, NAMED_IN_TITLE, IndexedPassage, Language, Report, Topic
from bot.text.normalise import fold
from bot.trends.history import History, Origin, history_of
from bot.trends.query_verdict import narrower_phrase, span_on
from bot.trends.subjects import named_in
from bot.trends.verdict import Span

_IN_TITLE, _IN_HEAD = 3.0, 1.0
# A day within this distance of a chosen one repeats its news.
_SAME_NEWS = timedelta(days=2)
_TRIED = 3
# Reports of a story that count; beyond this number it is no bigger news.
_LARGE = 10
_SHORT, _LONG = 12, 160


class Subject(Struct, frozen=True):
    """What a history is about: topics that a report must all mention, or a name that the glossary lacks."""

    topics: tuple[str, ...]
    term: Term | None


class Event(Struct, frozen=True):
    """A day of a history with its headline, the id of the supporting passage, and its story's size in reports."""

    day: date
    headline: str
    passage: str
    report: Report
    reports: int


class HistoryReader:
    """Reads the histories of topics and names from one library."""

    def __init__(self, library: Library, glossary: Glossary) -> None:
        self._library = library
        self._glossary = glossary

    def subject_of(self, query: Query) -> Subject | None:
        """Return the subject of a query: its name or its topics; None when it has neither.

        The name is preferred if two reports have it and the query is no single topic. A phrase that is narrower than
        its topic is a name.
        """
        if phrase := narrower_phrase(query, self._library, self._glossary.topics):
            return Subject((), phrase.name)
        if not query.names_one_topic and (named := named_in(query, self._library)):
            return Subject((), named.name)
        if query.topics:
            return Subject(query.topics, None)
        return Subject((), query.name) if query.name else None

    def span(self, query: Query, today: date) -> Span:
        """Return the days that a query asks for, else the latest days, which end with the library if it is old."""
        return span_on(self._library, query, today)

    def history(self, subject: Subject, language: Language, span: Span) -> History:
        """Return the history of a subject up to the end of the span; within the span if the reader asked for a period."""
        reports = self._library.reports_mentioning(subject.topics, subject.term)
        if span.asked:
            until = span.last.toordinal()
            reports = [one for one in reports if one.day is not None and one.day <= until]
        history = history_of(reports, language, span.last)
        return history.since(span.first) if span.asked else history

    def events(
        self, subject: Subject, history: History, language: Language, count: int, first: date | None = None
    ) -> list[Event]:
        """Return at most `count` events of a history on or after the day `first`, the earliest first."""
        origins = [o for o in history.origins if first is None or o.day >= first]
        stories = self._library.stories_of(o.report for o in origins)
        sizes = {report: len(story.reports) for report, story in stories.items()}
        titled, weights = self._weights(subject, origins, sizes)
        by_day = _by_day(origins)
        plain = {day for day, own in by_day.items() if titled.isdisjoint(o.report for o in own)}
        chosen = choose_days(by_day, weights, count, plain)
        events = (
            self._event(subject, _headliners(by_day[day], titled, sizes, weights, language), sizes, language)
            for day in chosen
        )
        return [event for event in events if event]

    def _weights(
        self, subject: Subject, origins: Sequence[Origin], sizes: Mapping[str, int]
    ) -> tuple[set[str], dict[str, float]]:
        """Return the reports whose title names the subject, and the weight of each origin's report as news on it."""
        title, head = (self.reports_naming(subject, place) for place in (NAMED_IN_TITLE, NAMED_IN_HEAD))
        return title, {
            o.report: min(sizes.get(o.report, 1), _LARGE)
            + _IN_TITLE * (o.report in title)
            + _IN_HEAD * (o.report in head)
            for o in origins
        }

    def reports_naming(self, subject: Subject, place: int) -> set[str]:
        """Return the reports that name a subject at `place`, a bit of models.NAMED_IN_…."""
        topics = [topic.id for topic in self._named_topics(subject)]
        return self._library.naming(topics, subject.term, place)

    def _event(
        self, subject: Subject, origins: Sequence[Origin], sizes: Mapping[str, int], language: Language
    ) -> Event | None:
        """Return the event of a day from the first of its origins with a passage on the subject; None if there is none."""
        names = self.names(subject)
        for origin in origins:
            spoken = [language] if language in origin.languages else list(origin.languages)
            rowids = self._library.passages_on(
                origin.report, origin.day.toordinal(), subject.topics, subject.term, spoken, 1
            )
            for passage in self._library.passages(rowids).values():
                report = self._library.reports([origin.report])[origin.report]
                title = report.edition(passage.passage.language).title
                headline = title if names(title) else short_sentence(passage, names)
                if not headline:
                    continue
                return Event(origin.day, headline, passage.passage.id, report, sizes.get(origin.report, 1))
        return None

    def names(self, subject: Subject) -> Callable[[str], bool]:
        """Return a predicate that tells whether a text names the subject."""
        if subject.term:
            term = subject.term
            return lambda text: term.stands_in(" ".join(fold(text).split()))
        forms = [fold(form) for topic in self._named_topics(subject) for form in topic.written()]
        return lambda text: any(form in fold(text) for form in forms)

    def _named_topics(self, subject: Subject) -> list[Topic]:
        """Return the topics that name a subject: its proper names, if it has any beside what of them is asked for."""
        topics = [self._glossary.topics[topic] for topic in subject.topics]
        return [topic for topic in topics if topic.proper] or topics


def choose_days(
    by_day: Mapping[date, Sequence[Origin]],
    weights: Mapping[str, float],
    count: int,
    later: Collection[date] = (),
) -> list[date]:
    """Return the heaviest days, at most `count`, in order of time.

    None lies within two days of a heavier one, or within the history's length divided by 8 * count. Days of
    `later` are used only to fill up.
    """
    if not by_day:
        return []
    heaviness = {day: sum(weights[o.report] for o in own) for day, own in by_day.items()}
    apart = max(_SAME_NEWS, (max(by_day) - min(by_day)) / (8 * count))
    chosen: list[date] = []
    for day in sorted(by_day, key=lambda day: (day in later, -heaviness[day], day)):
        if len(chosen) < count and all(abs(day - other) > apart for other in chosen):
            chosen.append(day)
    return sorted(chosen)


def _headliners(
    origins: Sequence[Origin],
    titled: Collection[str],
    sizes: Mapping[str, int],
    weights: Mapping[str, float],
    language: Language,
) -> list[Origin]:
    """Return up to three origins of a day to take its headline from, best first.

    Origins in the reader's language come first, then those with the subject in their title, then those of
    larger stories.
    """

    def rank(o: Origin) -> tuple[bool, bool, int, float, str]:
        foreign, untitled = language not in o.languages, o.report not in titled
        return foreign, untitled, -sizes.get(o.report, 1), -weights[o.report], o.report

    return sorted(origins, key=rank)[:_TRIED]


def _by_day(origins: Collection[Origin]) -> dict[date, list[Origin]]:
    by_day: defaultdict[date, list[Origin]] = defaultdict(list)
    for origin in origins:
        by_day[origin.day].append(origin)
    return by_day


def short_sentence(passage: IndexedPassage, names: Callable[[str], bool]) -> str:
    """Return the first whole sentence of 12 to 160 characters that names the subject and is no label; "" if none."""
    candidates = (s.text for s in passage.passage.sentences if s.whole and names(s.text))
    return next((text for text in candidates if _SHORT <= len(text) <= _LONG and text[-1] not in ":："), "")
