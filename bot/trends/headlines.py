"""Selects the rising terms that name something worth showing, and finds the publisher's own words that explain them.

barred    words for when or in what form something is said, and names of sources       never_rising.txt
no name   a version, two letters, or the rest of a name
a word    a topic or dictionary word that is not a name: shown only when it is very frequent
headed    in titles or headings, not only in passing
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from msgspec import Struct

from bot.library.document_terms import TOPIC
from bot.library.glossary import Glossary
from bot.library.library import Library
from bot.library.terms import term_of
from bot.models import NAMED_IN_HEAD, NAMED_IN_TITLE, Language, Passage, Report, Topic
from bot.text.english_chinese import chinese_for, is_chinese_word
from bot.text.normalise import fold, has_han
from bot.text.rule_data import read_words
from bot.trends.rising import Rise
from bot.trends.spelling import mentions_of, name_in, topic_of

_NAMES_NOTHING = re.compile(r"[a-z]{1,2}|v?[0-9][0-9.]*[a-z]?|[a-z] .*")
"""A version, two letters, or a term beginning with one letter: VL, v2.5, "b moe" of 238B MoE. "o1" is a name."""
_LEAST_HEADED = 2
"""Reports whose title or headings must name a term; half of its reports are enough too."""
_LEAST_SHARE = 1 / 60
"""Share of a window's items that a word must be in."""
_LEAST_ITEMS = 10
"""Items that a word must be in, however few the window has: one essay repeats most of its words that often."""
_LEAST_RATIO = 3
"""Factor by which a word must exceed its expected count."""


_REPORTS = 3

_PASSAGES = 8

_LONGEST = 160
"""Characters of the longest sentence that is used as a headline."""


class Newsworthy:
    """Judges terms by one library and its glossary."""

    def __init__(self, library: Library, glossary: Glossary) -> None:
        self._library = library
        self._glossary = glossary

    def named(self, terms: Mapping[int, str], sources: Iterable[str]) -> dict[int, str]:
        """Return the terms, by key, that are not barred and can be a name."""
        barred = never_rising() | {word for source in sources for word in fold(source).split()}
        return {
            key: term
            for key, term in terms.items()
            if barred.isdisjoint(term.split()) and not _NAMES_NOTHING.fullmatch(term)
        }

    def rises(self, rise: Rise, size: int) -> bool:
        """Return whether to show a rise in a window of `size` items."""
        much = rise.count >= max(_LEAST_SHARE * size, _LEAST_ITEMS, _LEAST_RATIO * rise.expected.mean)
        if not much and self._is_word(rise.term):
            return False
        return self.is_headed(rise.term, rise.reports)

    def falls(self, term: str, reports: Collection[str]) -> bool:
        """Return whether to show that a term falls, given the reports of the days before.

        A plain word is shown only if it is a topic.
        """
        return (term.startswith(TOPIC) or not self._is_word(term)) and self.is_headed(term, reports)

    def is_headed(self, term: str, reports: Collection[str]) -> bool:
        """Return whether the titles or headings of at least two of these reports, or of half of them, name the term."""
        topic = topic_of(term, self._glossary)
        topics, spelled = ([topic.id], None) if topic else ([], term_of(term))
        headed = self._library.naming(topics, spelled, NAMED_IN_HEAD | NAMED_IN_TITLE)
        named = len(headed.intersection(reports))
        return named >= _LEAST_HEADED or 0 < len(reports) <= 2 * named

    def words_of(self, term: str) -> frozenset[str]:
        """Return the words of a term, or of all forms of a topic."""
        topic = topic_of(term, self._glossary)
        forms = topic.written() if topic else (term,)
        return frozenset(word for form in forms for word in fold(form).replace("-", " ").split())

    def _is_word(self, term: str) -> bool:
        topic = topic_of(term, self._glossary)
        if topic:
            return not topic.proper
        return is_chinese_word(term) if has_han(term) else " " not in term and bool(chinese_for(term))


@cache
def never_rising() -> frozenset[str]:
    """Return the words for when or in what form something is said."""
    return read_words(Path(__file__).with_name("never_rising.txt"))


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
