"""Finds the new reports that hold everything an alert asks for, with the sentence that says it. Reads the library only.

A report matches if one of its sentences does, taken together with the sentence it depends on, its headings and the
report's title: the title names the company, the sentence the price. Two unrelated sentences of a daily do not make a
match. Any form of a topic counts, in either language.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from bot.library.glossary import Glossary
from bot.library.library import Library
from bot.library.query import Query
from bot.library.search import Search
from bot.library.terms import term_of
from bot.models import IndexedPassage, Language, Report
from bot.text.normalise import fold
from bot.text.segment import Segmenter
from bot.text.stems import stem
from bot.trends.ranking import doubted_last, rank
from bot.trends.standalone import depends_on_previous, stands_alone
from bot.trends.statements import Statement, statements

# Reports whose passages are in memory at the same time.
_TOGETHER = 50
# In passages. A longer report covers many things: its title names one and does not speak for the others.
_OF_ONE_THING = 12


class Match(Struct, frozen=True):
    """A report that an alert waited for and the sentence that says it; `sources` counts the publishers of its story.

    `headline` is its title in the reader's language, "" where the report covers many things or has no such title.
    """

    report: Report
    statement: Statement
    headline: str = ""
    sources: int = 1


class _Line(Struct, frozen=True, dict=True):
    """A line of index terms."""

    terms: str

    @cached_property
    def _stems(self) -> frozenset[str]:
        return frozenset(map(stem, self.terms.split()))

    def holds(self, word: str) -> bool:
        """Return whether a word or name is in the line; an English word in any form: "released" matches "release"."""
        term = term_of(word)
        return (term is not None and term.stands_in(self.terms)) or stem(word) in self._stems


class _Title(Struct, frozen=True):
    """Content of a report's titles: index terms, topics and folded text."""

    line: _Line
    topics: frozenset[str]
    text: str


class Matches:
    """Search for an alert's matches among new reports of one library."""

    def __init__(self, library: Library, glossary: Glossary, segmenter: Segmenter, search: Search) -> None:
        self._library = library
        self._glossary = glossary
        self._segmenter = segmenter
        self._search = search

    def among(self, query: Query, reports: Sequence[str], language: Language) -> list[Match]:
        """Return the matches of `query` among new reports: most sources first, then the most recently published.

        Each story counts once, and not at all if one of its earlier reports already matched.
        """
        matches = [
            match
            for start in range(0, len(reports), _TOGETHER)
            for match in self._matches(query, reports[start : start + _TOGETHER], language)
        ]
        matches.sort(key=lambda one: (-(one.report.published or date.min).toordinal(), one.report.id))
        distinct = self._once(query, matches, frozenset(reports), language)
        return sorted(distinct, key=lambda one: -one.sources)

    def _matches(self, query: Query, ids: Sequence[str], language: Language) -> Iterator[Match]:
        reports = self._library.reports(ids)
        titles: dict[str, _Title] = {}
        rowids: dict[str, list[int]] = defaultdict(list)
        places: dict[str, set[tuple[int, int]]] = defaultdict(set)
        for rowid, passage in self._library.passages(self._library.rowids_of(ids, -1)).items():
            report = passage.passage.report_id
            if report not in titles:
                titles[report] = self._title(reports[report])
            if holding := _sentences_holding(passage, titles[report], query):
                rowids[report].append(rowid)
                places[report].update((passage.passage.position, index) for index in holding)
        for report, found in rowids.items():
            passages = list(self._search.wanted(found, query).values())
            candidates = statements(passages, {report: reports[report]}, query, language)
            direct = [one for one in candidates if (one.position, one.index) in places[report]]
            if best := _best(direct, query, language):
                yield Match(reports[report], best, _headline(reports[report], language))

    def _title(self, report: Report) -> _Title:
        editions = [edition for edition in report.editions if edition.passages <= _OF_ONE_THING]
        folded = [fold(edition.title) for edition in editions]
        topics = {
            mention.topic
            for title in folded
            for mention in self._glossary.forms.find(title, lambda title=title: self._segmenter.words(title))  # type: ignore[misc]  # bound now
        }
        terms = (term for title in folded for term in self._segmenter.terms(title))
        return _Title(_Line(" ".join(terms)), frozenset(topics), "\n".join(folded))

    def _once(
        self, query: Query, matches: Sequence[Match], new: frozenset[str], language: Language
    ) -> Iterator[Match]:
        """Yield the matches, without those whose story or text an earlier match tells, or that are not new."""
        covered: set[str] = set()
        stories = self._library.stories_of(match.report.id for match in matches)
        for match in matches:
            own = match.report.id
            if own in covered:
                continue
            reprints = self._library.reprints(own)
            story = stories[own].reports if own in stories else ()
            same = {own, *reprints, *story}
            covered |= same
            before = [report for report in story if report not in new]
            if new.issuperset(reprints) and not any(self._matches(query, before, language)):
                yield replace(match, sources=publishers(self._library, same & new))


def publishers(library: Library, reports: Iterable[str]) -> int:
    """Return how many publishers these reports have; a report without one counts as a publisher of its own."""
    known = library.reports(reports).values()
    return len({report.editions[0].publisher or report.id for report in known})


def _headline(report: Report, language: Language) -> str:
    edition = report.edition(language)
    return edition.title if edition.language == language and edition.passages <= _OF_ONE_THING else ""


def _sentences_holding(indexed: IndexedPassage, title: _Title, query: Query) -> list[int]:
    """Return the indices of sentences with every topic and word of a query; none if the passage lacks a phrase of it."""
    passage = indexed.passage
    if query.phrases:
        text = fold(passage.text)
        if not all(phrase in text or phrase in title.text for phrase in query.phrases):
            return []
    if any(topic not in indexed.mentions and topic not in title.topics for topic in query.topics):
        return []
    lines = indexed.terms.split("\n")
    holding = []
    for index, sentence in enumerate(passage.sentences):
        span = range(max(0, index - depends_on_previous(sentence.text)), index + 1)
        headings = 1 << len(passage.sentences)
        bits = sum(1 << place for place in span) | headings
        named = [
            not (mask := indexed.mentions.get(topic, -1)) or (mask > 0 and mask & bits)
            for topic in query.topics
        ]
        line = _Line(" ".join([*(lines[place] for place in span), lines[-1]]))
        topics = all(own or topic in title.topics for own, topic in zip(named, query.topics, strict=True))
        if topics and all(line.holds(word) or title.line.holds(word) for word in query.content):
            holding.append(index)
    return holding


def _best(candidates: Sequence[Statement], query: Query, language: Language) -> Statement | None:
    """Return the sentence that says most of the query, preferring one that can stand alone; None where none qualifies."""

    def score(statement: Statement) -> tuple[int, bool]:
        lines = [_Line(wording.line) for wording in statement.wordings.values()]
        words = sum(any(line.holds(word) for line in lines) for word in query.content)
        return (
            words + len(statement.topics.intersection(query.topics)),
            stands_alone(statement.wording_for(language).sentence.text),
        )

    return max((one.statement for one in doubted_last(rank(candidates))), key=score, default=None)
