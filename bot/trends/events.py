"""The days on which a topic made news, each with a headline and the passage that supports it.

day = its dated origins; those whose title or beginning names the topic weigh more
choose the heaviest days, none so near a heavier one that it would repeat its news
headline = the title that names the topic, else the first sentence that does
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.library.glossary import Glossary
from bot.library.library import Library
from bot.library.query import Query
from bot.library.salience import any_form
from bot.library.terms import Term, term_of
from bot.models import IndexedPassage, Language, Report
from bot.text.normalise import fold
from bot.trends.history import History, Origin, history_of
from bot.trends.verdict import ENDS, RECENT_DAYS, Span, span_of

_IN_TITLE, _IN_HEAD = 3.0, 1.0
# Days this close to a chosen one repeat its news.
_SAME_NEWS = timedelta(days=2)
_TRIED = 3
# A story of more reports is no more news than one of so many.
_LARGE = 10
_SHORT, _LONG = 12, 160


@dataclass(frozen=True, slots=True)
class Subject:
    """What a history is of: topics of the glossary that stand together, or a name of the library's own."""

    topics: tuple[str, ...]
    term: Term | None


@dataclass(frozen=True, slots=True)
class Event:
    """A day of a history: its headline, the passage that a citation opens, and how many reports its story has."""

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
        """What a query asks the history of: its name where it is one, else its topics; None where it has neither."""
        if query.name and not query.names_one_topic and len(self._library.term_days(query.name)) > 1:
            return Subject((), query.name)
        if query.topics:
            return Subject(query.topics, None)
        return Subject((), query.name) if query.name else None

    def span(self, query: Query, today: date) -> Span:
        """The days that a query asks for, else those up to the library's end."""
        return span_of(query.period, today, self._library.last_day(ENDS, RECENT_DAYS))

    def history(self, subject: Subject, language: Language, span: Span) -> History:
        """The history of a subject up to the end of a span, and from its beginning on where a reader named it."""
        reports = self._library.reports_mentioning(subject.topics, subject.term)
        if span.asked:
            until = span.last.toordinal()
            reports = [one for one in reports if one.day is not None and one.day <= until]
        history = history_of(reports, language, span.last)
        return history.since(span.first) if span.asked else history

    def events(
        self, subject: Subject, history: History, language: Language, count: int, first: date | None = None
    ) -> list[Event]:
        """At most `count` events of a history from the day `first` on, the earliest first."""
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
        """The reports whose title names the subject, and how much each report of `origins` is about it."""
        title, head = (self.reports_naming(subject, column) for column in ("title", "head"))
        return title, {
            o.report: min(sizes.get(o.report, 1), _LARGE)
            + _IN_TITLE * (o.report in title)
            + _IN_HEAD * (o.report in head)
            for o in origins
        }

    def reports_naming(self, subject: Subject, column: str) -> set[str]:
        """The reports whose title or headings ("title" or "head") name a subject."""
        forms = [form for topic in subject.topics for form in self._glossary.topics[topic].written()]
        expression = any_form([subject.term] if subject.term else map(term_of, map(fold, forms)))
        return self._library.named_in(column, expression) if expression else set()

    def _event(
        self, subject: Subject, origins: Sequence[Origin], sizes: Mapping[str, int], language: Language
    ) -> Event | None:
        """The event of a day, by the first of its origins that has a passage on the subject."""
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
        """Whether a text names a subject, as a function of the text."""
        if subject.term:
            term = subject.term
            return lambda text: term.stands_in(" ".join(fold(text).split()))
        forms = [fold(form) for topic in subject.topics for form in self._glossary.topics[topic].written()]
        return lambda text: any(form in fold(text) for form in forms)


def choose_days(
    by_day: Mapping[date, Sequence[Origin]],
    weights: Mapping[str, float],
    count: int,
    later: Collection[date] = (),
) -> list[date]:
    """The days of most weight, at most `count`, in order; none within two days, or a part of the history, of a heavier one.

    Those of `later` only fill up.
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
    """The origins of a day that may give its headline: in the reader's language, by title, of the largest story."""

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
    """The first sentence of a passage that names the subject and is neither a label nor long, "" without one."""
    candidates = (s.text for s in passage.passage.sentences if s.whole and names(s.text))
    return next((text for text in candidates if _SHORT <= len(text) <= _LONG and text[-1] not in ":："), "")
