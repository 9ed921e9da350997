"""Which new reports hold everything that an alert asks for, and what each of them says of it. Reads the library alone.

A report holds it where one of its passages does, together with the headings over it and the report's title: a title
names the company, and the passage the price. Any form of a topic counts, in either language.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

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
from bot.trends.standalone import stands_alone
from bot.trends.statements import Statement, statements

# Reports whose passages are in memory at the same time.
_TOGETHER = 50


@dataclass(frozen=True, slots=True)
class Match:
    """A report that an alert waited for, and the sentence that says it; `reprints` is how many other new reports have the same text."""

    report: Report
    statement: Statement
    reprints: int = 0


@dataclass(frozen=True)
class _Line:
    """A line of index terms."""

    terms: str

    @cached_property
    def _stems(self) -> frozenset[str]:
        return frozenset(map(stem, self.terms.split()))

    def holds(self, word: str) -> bool:
        """Whether a word or name stands in it, or for an English word another of its forms: released for release."""
        term = term_of(word)
        return (term is not None and term.stands_in(self.terms)) or stem(word) in self._stems


@dataclass(frozen=True, slots=True)
class _Title:
    """What a report's titles hold: their index terms, their topics, and their folded text."""

    line: _Line
    topics: frozenset[str]
    text: str


class Matches:
    """Looks through reports of one library."""

    def __init__(self, library: Library, glossary: Glossary, segmenter: Segmenter, search: Search) -> None:
        self._library = library
        self._glossary = glossary
        self._segmenter = segmenter
        self._search = search

    def among(self, query: Query, reports: Sequence[str], language: Language) -> list[Match]:
        """The matches of `query` among new reports, the newest published first.

        Each text counts once, and one that repeats what came in before does not count.
        """
        matches = [
            match
            for start in range(0, len(reports), _TOGETHER)
            for match in self._matches(query, reports[start : start + _TOGETHER], language)
        ]
        matches.sort(key=lambda one: (-(one.report.published or date.min).toordinal(), one.report.id))
        return list(self._once(matches, frozenset(reports)))

    def _matches(self, query: Query, ids: Sequence[str], language: Language) -> Iterator[Match]:
        reports = self._library.reports(ids)
        titles: dict[str, _Title] = {}
        rowids: dict[str, list[int]] = defaultdict(list)
        for rowid, passage in self._library.passages(self._library.rowids_of(ids, -1)).items():
            report = passage.passage.report_id
            if report not in titles:
                titles[report] = self._title(reports[report])
            if _holds_all(passage, titles[report], query):
                rowids[report].append(rowid)
        for report, found in rowids.items():
            passages = self._search.wanted(found, query)
            if told := _best(list(passages.values()), reports[report], query, language):
                yield Match(reports[report], told)

    def _title(self, report: Report) -> _Title:
        folded = [fold(edition.title) for edition in report.editions]
        topics = {
            mention.topic
            for title in folded
            for mention in self._glossary.find(title, lambda title=title: self._segmenter.words(title))  # type: ignore[misc]  # bound now
        }
        terms = (term for title in folded for term in self._segmenter.terms(title))
        return _Title(_Line(" ".join(terms)), frozenset(topics), "\n".join(folded))

    def _once(self, matches: Sequence[Match], new: frozenset[str]) -> Iterator[Match]:
        """The matches without those of one text with an earlier one, and without reprints of what is not new."""
        told: set[str] = set()
        for match in matches:
            same = self._library.reprints(match.report.id)
            if match.report.id not in told and new.issuperset(same):
                told.update(same)
                yield replace(match, reprints=len(same))


def _holds_all(passage: IndexedPassage, title: _Title, query: Query) -> bool:
    """Whether a passage and its report's title together hold every topic, word and phrase of a query."""
    if any(topic not in passage.mentions and topic not in title.topics for topic in query.topics):
        return False
    line = _Line(passage.terms)
    if not all(line.holds(word) or title.line.holds(word) for word in query.content):
        return False
    text = fold(passage.passage.text) if query.phrases else ""
    return all(phrase in text or phrase in title.text for phrase in query.phrases)


def _best(
    passages: Sequence[IndexedPassage], report: Report, query: Query, language: Language
) -> Statement | None:
    """The sentence that says most of what is asked for; one that stands alone where there is one."""

    def score(statement: Statement) -> tuple[int, bool]:
        lines = [_Line(wording.line) for wording in statement.wordings.values()]
        words = sum(any(line.holds(word) for line in lines) for word in query.content)
        return (
            words + len(statement.topics.intersection(query.topics)),
            stands_alone(statement.told(language).sentence.text),
        )

    ranked = doubted_last(rank(statements(passages, {report.id: report}, query, language)))
    return max((one.statement for one in ranked), key=score, default=None)
