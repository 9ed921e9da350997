"""How what rises is called, and the publisher's own words that say why: a title, a heading over an item, or a sentence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.library.glossary import Glossary
from bot.library.library import Library
from bot.library.terms import term_of
from bot.models import Language, Passage, Report, Topic
from bot.text.normalise import fold
from bot.trends.newsworthy import never_rising
from bot.trends.rising import Rise
from bot.trends.spelling import mentions_of, name_in, topic_of

_REPORTS = 3
_PASSAGES = 8
_LONGEST = 160
"""Characters of a sentence that is told as a headline."""


@dataclass(frozen=True, slots=True)
class Headline:
    """What rises, by its name; what is said of it, "" where nothing short is; the passage that says it, "" for none."""

    name: str
    text: str
    passage: str


class HeadlineFinder:
    """Finds what is said of a rise in the reports of its days."""

    def __init__(self, library: Library, glossary: Glossary) -> None:
        self._library = library
        self._glossary = glossary

    def of(self, rise: Rise, language: Language) -> Headline:
        """The headline of a rise: a title before the heading of an item, that before a sentence.

        It is of a report in the story that most origins tell, among the reports of the rise, else of the newest.
        """
        topic = topic_of(rise.term, self._glossary)
        spelled = mentions_of(rise.term, topic)
        reports = self._reports(self._by_story(rise.reports))
        passages = {report.id: self._passages(report, rise.term, topic, language) for report in reports}
        name = topic.names[language] if topic else _name(rise.term, passages.values())
        told = [
            found
            for report in reports
            for found in _sayings(report.edition(language).title, passages[report.id], spelled)
        ]
        _, text, passage = min(told, key=lambda one: one[0], default=(0, "", ""))
        return Headline(name, text, passage)

    def name(self, term: str, reports: Sequence[str], language: Language) -> str:
        """What a term is called: its topic in a language, else as the newest of its reports spell it most."""
        topic = topic_of(term, self._glossary)
        if topic:
            return topic.names[language]
        passages = [self._passages(report, term, None, language) for report in self._reports(reports)]
        return _name(term, passages)

    def _by_story(self, reports: Sequence[str]) -> list[str]:
        """Reports by how many of them tell of the same event, most first; else in their order."""
        stories = self._library.stories_of(reports)
        told = Counter(stories[report].id for report in reports if report in stories)
        return sorted(reports, key=lambda r: -told[stories[r].id] if r in stories else 0)

    def _reports(self, reports: Sequence[str]) -> list[Report]:
        held = self._library.reports(reports[:_REPORTS])
        return [held[report] for report in reports[:_REPORTS] if report in held]

    def _passages(self, report: Report, term: str, topic: Topic | None, language: Language) -> list[Passage]:
        """Those on a term in the reader's language, else in another: a translation may say it in other words."""
        day = report.published.toordinal() if report.published else None
        topics, held = ([topic.id], None) if topic else ([], term_of(term))
        if not topics and held is None:
            return []
        first = report.edition(language).language
        for own in (first, *(e.language for e in report.editions if e.language != first)):
            if rowids := self._library.passages_on(report.id, day, topics, held, [own], _PASSAGES):
                return [one.passage for one in self._library.passages(rowids).values()]
        return []


def _name(term: str, passages: Iterable[list[Passage]]) -> str:
    return name_in([passage.text for own in passages for passage in own], term)


def _sayings(title: str, passages: list[Passage], spelled: re.Pattern[str]) -> Iterator[tuple[int, str, str]]:
    """(rank, text, passage) of what a report says of a term: its title, the heading of an item, a sentence."""
    if passages and spelled.search(title):
        yield 0, title, passages[0].id
    for passage in passages:
        own = passage.headings.rpartition("\n")[2]
        if " " in own.strip() and spelled.search(own) and never_rising().isdisjoint(fold(own).split()):
            yield 1, own, passage.id
        for sentence in passage.sentences:
            if sentence.whole and len(sentence.text) <= _LONGEST and spelled.search(sentence.text):
                yield 2, sentence.text, passage.id
