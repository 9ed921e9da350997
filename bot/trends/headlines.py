"""Names what rises and finds the publisher's own words that explain it: a title, an item's heading, or a sentence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

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
"""Characters of the longest sentence that is used as a headline."""


class Headline(Struct, frozen=True):
    """The name of what rises, what a report says of it ("" if nothing short), and that passage's id ("" if none)."""

    name: str
    text: str
    passage: str


class HeadlineFinder:
    """Finds headlines of rises in the reports of their days."""

    def __init__(self, library: Library, glossary: Glossary) -> None:
        self._library = library
        self._glossary = glossary

    def headline_of(self, rise: Rise, language: Language) -> Headline:
        """Return the headline of a rise: a title if one names it, else an item's heading, else a sentence.

        Reports are tried in the order of how many of the rise's reports tell the same story, then in the rise's
        order.
        """
        topic = topic_of(rise.term, self._glossary)
        spelled = mentions_of(rise.term, topic)
        reports = self._reports(self._by_story(rise.reports))
        passages = {report.id: self._passages(report, rise.term, topic, language) for report in reports}
        name = topic.names[language] if topic else _name(rise.term, passages.values())
        candidates = [
            found
            for report in reports
            for found in _sayings(report.edition(language).title, passages[report.id], spelled)
        ]
        _, text, passage = min(candidates, key=lambda one: one[0], default=(0, "", ""))
        return Headline(name, text, passage)

    def name(self, term: str, reports: Sequence[str], language: Language) -> str:
        """Return the name of a term: its topic's in the language, else its most common spelling in its newest reports."""
        topic = topic_of(term, self._glossary)
        if topic:
            return topic.names[language]
        passages = [self._passages(report, term, None, language) for report in self._reports(reports)]
        return _name(term, passages)

    def _by_story(self, reports: Sequence[str]) -> list[str]:
        """Return the reports sorted by how many of them are in their story, most first; equals keep their order."""
        stories = self._library.stories_of(reports)
        counts = Counter(stories[report].id for report in reports if report in stories)
        return sorted(reports, key=lambda r: -counts[stories[r].id] if r in stories else 0)

    def _reports(self, reports: Sequence[str]) -> list[Report]:
        known_reports = self._library.reports(reports[:_REPORTS])
        return [known_reports[report] for report in reports[:_REPORTS] if report in known_reports]

    def _passages(self, report: Report, term: str, topic: Topic | None, language: Language) -> list[Passage]:
        """Return a report's passages on a term, in the reader's language if it has any, else in another edition.

        A translation may use other words for the term.
        """
        day = report.published.toordinal() if report.published else None
        topics, name = ([topic.id], None) if topic else ([], term_of(term))
        if not topics and name is None:
            return []
        first = report.edition(language).language
        for own in (first, *(e.language for e in report.editions if e.language != first)):
            if rowids := self._library.passages_on(report.id, day, topics, name, [own], _PASSAGES):
                return [one.passage for one in self._library.passages(rowids).values()]
        return []


def _name(term: str, passages: Iterable[list[Passage]]) -> str:
    return name_in([passage.text for own in passages for passage in own], term)


def _sayings(title: str, passages: list[Passage], spelled: re.Pattern[str]) -> Iterator[tuple[int, str, str]]:
    """Yield (rank, text, passage id) of what a report says of a term: 0 its title, 1 an item's heading, 2 a sentence."""
    if passages and spelled.search(title):
        yield 0, title, passages[0].id
    for passage in passages:
        own = passage.headings.rpartition("\n")[2]
        if " " in own.strip() and spelled.search(own) and never_rising().isdisjoint(fold(own).split()):
            yield 1, own, passage.id
        for sentence in passage.sentences:
            if sentence.whole and len(sentence.text) <= _LONGEST and spelled.search(sentence.text):
                yield 2, sentence.text, passage.id
