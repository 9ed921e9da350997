"""The events that one of two compared names has to itself: headlines of reports about it and not about the other.

candidates = recent reports with the most passages on the name, times the size of their story,
             and those with the name in their title
headline   = a title or heading that begins with the name, else one that contains it, else a sentence
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import islice

from bot.library.library import Library
from bot.models import NAMED_IN_TITLE, IndexedPassage, Language, Report
from bot.text.normalise import fold, has_han
from bot.trends.events import Event, HistoryReader, Subject, short_sentence
from bot.trends.headlines import never_rising
from bot.trends.history import History, Origin
from bot.trends.standalone import stands_alone

_REPORTS = 6
_TITLED = 3
_PASSAGES = 12
_BEGINNING = 0.5
"""Part of a headline in which a name must stand for the headline to be about it."""

_LEAST_WORDS, _LEAST_HAN = 5, 10
"""Words, or Han characters, of a heading that states something ("AMD eyes Triton dominance") and names no section."""
_NUMBERED = re.compile(r"(?:[^\W\d_]+ )?[0-9]+(?:[.:)] |[、：])")
"""A numbered chapter, as in "Theme 2: new models"."""

_Names = Callable[[str], bool]


class OwnEvents:
    """Finds in one library the events of one name that do not involve another."""

    def __init__(self, library: Library, reader: HistoryReader) -> None:
        self._library = library
        self._reader = reader

    def events_of(
        self, subject: Subject, other: Subject, history: History, language: Language, first: date
    ) -> tuple[Event, ...]:
        """Return the events on or after the day `first` that are most about a subject, at most two and of two reports.

        Those that do not name `other` are preferred, and a second one is always of that kind. Earlier days are used
        when there is nothing since, other languages when the reader's has nothing. None when no short text names the
        subject.
        """
        recent = [origin for origin in history.origins if origin.day >= first] or list(history.origins)
        readable = [origin for origin in recent if language in origin.languages]
        candidates = [
            _ReportOnSubject(self._library, subject, origin, reports, language)
            for origin, reports in self._main_origins(subject, readable or recent)
        ]
        names, names_other = self._reader.names(subject), self._reader.names(other)
        alone = _headlines(candidates, lambda text: names(text) and not names_other(text))
        return tuple(_of_two_reports(alone)) or tuple(islice(_headlines(candidates, names), 1))

    def _main_origins(self, subject: Subject, origins: Sequence[Origin]) -> list[tuple[Origin, int]]:
        """Return the origins most about a subject and those with it in their title, each with its story's size in
        reports.
        """
        if not origins:
            return []
        days = [origin.day for origin in origins]
        passages = self._library.passage_counts(min(days), max(days), subject.topics, subject.term)
        stories = self._library.stories_of(origin.report for origin in origins)
        sized = [(o, len(stories[o.report].reports) if o.report in stories else 1) for o in origins]
        sized.sort(key=lambda one: (-passages.get(one[0].report, 0) * one[1], -one[0].day.toordinal()))
        titled = self._reader.reports_naming(subject, NAMED_IN_TITLE)
        named = [one for one in sized if one[0].report in titled]
        return list(dict.fromkeys(sized[:_REPORTS] + named[:_TITLED]))


class _ReportOnSubject:
    """What one report says about a subject, read only as far as needed."""

    def __init__(
        self, library: Library, subject: Subject, origin: Origin, reports: int, language: Language
    ) -> None:
        self._library, self._subject, self._origin, self._reports = library, subject, origin, reports
        self._spoken = [language] if language in origin.languages else list(origin.languages)
        self._report: Report | None = None
        self._passages: list[IndexedPassage] | None = None

    def titles(self, names: _Names) -> Iterator[Event]:
        """Yield the event by its title, if that names the subject and the report has a passage on it."""
        if names(self._title()) and self.passages():
            yield self._event(self._title(), self.passages()[0])

    def headings(self, names: _Names) -> Iterator[Event]:
        """Yield an event for each heading above its passages that states something about the subject."""
        for passage in self.passages():
            heading = passage.passage.headings.rpartition("\n")[2]
            if _says_something(heading) and names(heading):
                yield self._event(heading, passage)

    def sentences(self, names: _Names) -> Iterator[Event]:
        """Yield an event for each passage with a short sentence on the subject."""
        for passage in self.passages():
            if sentence := short_sentence(passage, names):
                yield self._event(sentence, passage)

    def passages(self) -> list[IndexedPassage]:
        """Return its first passages on the subject."""
        if self._passages is None:
            day, topics, term = self._origin.day.toordinal(), self._subject.topics, self._subject.term
            rowids = self._library.passages_on(
                self._origin.report, day, topics, term, self._spoken, _PASSAGES
            )
            self._passages = list(self._library.passages(rowids).values())
        return self._passages

    def _title(self) -> str:
        return self._own().edition(self._spoken[0]).title

    def _own(self) -> Report:
        if self._report is None:
            self._report = self._library.reports([self._origin.report])[self._origin.report]
        return self._report

    def _event(self, headline: str, passage: IndexedPassage) -> Event:
        return Event(self._origin.day, headline, passage.passage.id, self._own(), self._reports)


def _says_something(heading: str) -> bool:
    """Return whether a heading is long enough for a statement and is not a section's or a discussion's title."""
    words = fold(heading).split()
    long = len(heading) >= _LEAST_HAN if has_han(heading) else len(words) >= _LEAST_WORDS
    return (
        long and stands_alone(heading) and not _NUMBERED.match(heading) and never_rising().isdisjoint(words)
    )


def _of_two_reports(events: Iterator[Event]) -> Iterator[Event]:
    """Yield the first event and the next one of another report."""
    first = next(events, None)
    if first:
        yield first
        yield from islice((event for event in events if event.report.id != first.report.id), 1)


def _headlines(reports: Sequence[_ReportOnSubject], names: _Names) -> Iterator[Event]:
    """Yield the events of these reports whose headline passes `names`, best first."""

    def begins(headline: str) -> bool:
        return names(headline[: round(_BEGINNING * len(headline))]) and names(headline)

    for passes in (begins, names):
        for one in reports:
            yield from one.titles(passes)
        for one in reports:
            yield from one.headings(passes)
    for one in reports:
        yield from one.sentences(names)
