"""Gathers the evidence for a briefing on a topic or name: sentences of the reports most about it, spread over its days.

reports = all that mention it                                       library
sources = those most about it, newer ones first, spread over time   salience
statements = the sentences of their first passages on it            statements
weight = ranking weight x source weight x share of its report's title x position in the report
points = the best of each report, in the reader's language first    spread_points
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from bot.languages import is_written_in_han
from bot.library.edition_index import HEAD
from bot.library.glossary import Glossary
from bot.library.library import Library
from bot.library.query import Query
from bot.library.search import Search
from bot.library.terms import Term, term_of
from bot.models import NAMED_IN_HEAD, NAMED_IN_TITLE, IndexedPassage, Language, Report
from bot.text.normalise import fold, has_han
from bot.trends.ranking import Ranked
from bot.trends.salience import (
    IN_HEAD,
    IN_TITLE,
    WeighedReport,
    is_telling_word,
    latest_of,
    month_of,
    new_words,
    newness,
    sources_of,
    spread,
)
from bot.trends.verdict import Span

# The beginning and the title of a report say what it is about; the first half of a sentence says what that is about.
_BEGINS, _TITLE, _NEW, _SUBJECT = 1.5, 3.0, 0.5, 2.0
# Characters within which a subject that comes first begins and ends, with an article or the maker's name before it; Han
# characters say twice as much.
_FIRST_WORDS, _FIRST_HAN = 28, 14
_FEW_REPORTS = 2
_SOURCES = 18
# Passages read of a report, and of one of the latest days: a daily tells its news anywhere among its items.
_PASSAGES, _PASSAGES_OF_LATEST = 6, 30
# Up to this many passages are all weighed; with more, reports are selected first.
_MOST_PASSAGES = 80
_LONGEST_HEADLINE = 90
_HEADLINE_SHARED, _HEADLINE_WORDS = 0.5, 2
# What ends the title of an item.
_LABEL = re.compile(r"(?<=[^\W\d])[:：]\s*")


class Evidence(Struct, frozen=True):
    """Passages with their reports and, if the library says much on the topic, the sources that they were taken from.

    `titles` has the telling words of each report's title in the reader's language; `named` the reports whose
    title names what was asked for; `forms` the ways to write it, folded. `today` is the last day of the span,
    as an ordinal.
    """

    passages: Mapping[int, IndexedPassage]
    reports: Mapping[str, Report]
    sources: Mapping[str, WeighedReport] = field(default_factory=dict)
    titles: Mapping[str, frozenset[str]] = field(default_factory=dict)
    named: frozenset[str] = frozenset()
    today: int = 0
    forms: tuple[str, ...] = ()

    def weighed(self, ranked: Sequence[Ranked]) -> list[Ranked]:
        """Return the ranking reweighed by how much each report is about the topic and by what the latest reports add.

        Unchanged when there are no sources.
        """
        if not self.sources:
            return list(ranked)
        latest = latest_of(self.sources.values())
        news = [one.terms for one in ranked if one.statement.report.id in latest]
        rises = new_words(news, [one.terms for one in ranked if one.statement.report.id not in latest])
        weighed = [replace(one, weight=one.weight * self._factor(one, latest, rises)) for one in ranked]
        return sorted(weighed, key=lambda one: -one.weight)

    def _factor(self, one: Ranked, latest: frozenset[str], rises: Mapping[str, float]) -> float:
        report = one.statement.report.id
        begins = _BEGINS if min(w.passage.start for w in one.statement.wordings.values()) < HEAD else 1.0
        new = newness(one.terms, rises) if report in latest else 0.0
        begins *= _SUBJECT if self.is_about(one) else 1.0
        return self.sources[report].weight * begins * (1 + _TITLE * self._title_share(one)) * (1 + _NEW * new)

    def is_about(self, one: Ranked) -> bool:
        """Return whether the first half of a sentence, in one of its wordings, names what was asked for."""
        return any(self._begins_with(w.sentence.text) for w in one.statement.wordings.values())

    def begins_with_it(self, one: Ranked) -> bool:
        """Return whether a sentence, or what follows its title, begins with what was asked for, in one of its wordings."""
        texts = (w.sentence.text for w in one.statement.wordings.values())
        parts = (fold(part) for text in texts for part in _LABEL.split(text, maxsplit=1))
        beginnings = [part[: _FIRST_HAN if has_han(part[:_FIRST_HAN]) else _FIRST_WORDS] for part in parts]
        return any(form[:_FIRST_WORDS] in begin for begin in beginnings for form in self.forms)

    def is_titled(self, one: Ranked, language: Language) -> bool:
        """Return whether the first half of its report's title names what was asked for."""
        report = one.statement.report
        return report.id in self.named and self._begins_with(report.edition(language).title)

    def _begins_with(self, text: str) -> bool:
        half = fold(text[: (len(text) + 1) // 2])
        return any(form in half for form in self.forms)

    def month_of(self, report: str) -> int | None:
        """Return the 30-day part of the verdict's window that a report is in, 0 the newest; None outside the window."""
        return month_of(self.sources[report].day, self.today) if report in self.sources else None

    def says_much(self, report: str) -> bool:
        """Return whether a report of the latest days has more passages on the topic than are read of older ones."""
        read = {one.passage.position for one in self.passages.values() if one.passage.report_id == report}
        return len(read) > _PASSAGES

    def _title_share(self, one: Ranked) -> float:
        """Return the share of its report's title words that a sentence holds, 0 to 1."""
        title = self.titles.get(one.statement.report.id, frozenset())
        return len(title & one.terms) / len(title) if title else 0.0

    def headline(self, one: Ranked, language: Language) -> str:
        """Return its report's title if it names what was asked for or what the sentence tells, else "".

        Also "" when the title is in another language, longer than 90 characters, has too few telling words, or
        is part of the sentence.
        """
        report = one.statement.report
        edition = report.edition(language)
        title = edition.title
        if edition.language != language or len(title) > _LONGEST_HEADLINE:
            return ""
        if len(self.titles.get(report.id, ())) < _HEADLINE_WORDS:
            return ""
        shared = len(self.titles[report.id] & one.terms) >= _HEADLINE_WORDS
        fits = report.id in self.named or (shared and self._title_share(one) >= _HEADLINE_SHARED)
        said = one.statement.wording_for(language).sentence.text
        return title if fits and fold(title) not in fold(said) else ""


class EvidenceReader:
    """Gathers evidence from one library."""

    def __init__(self, library: Library, glossary: Glossary, search: Search) -> None:
        self._library = library
        self._glossary = glossary
        self._search = search

    def on(self, query: Query, language: Language, span: Span) -> Evidence:
        """Return what a briefing on a topic or name may quote.

        That is everything when few reports mention it, else the first passages of the reports most about it;
        only reports of the period, if one was asked for. A query that uses a form that is not a name of its
        topic ("layoffs" for employment) gets the reports with that form instead of all on the topic, if many
        reports have it.
        """
        if typed := self._typed_term(query, language):
            evidence = self._of_term(query, language, span, typed)
            if len({one.passage.report_id for one in evidence.passages.values()}) > _FEW_REPORTS:
                return evidence
        return self._of_term(query, language, span, query.name if query.is_name else None)

    def _of_term(self, query: Query, language: Language, span: Span, term: Term | None) -> Evidence:
        """Return the evidence on a query's topics, or on `term` if one is given."""
        held = self._library.reports_on(query.topics, term, language)
        joint = len(query.topics) > 1 and term is None
        if span.asked:
            first, last = span.first.toordinal(), span.last.toordinal()
            held = [one for one in held if one[1] is not None and first <= one[1] <= last]
        elif len(held) <= _SOURCES and not joint and (all_of_it := self._all_passages(query)):
            return all_of_it
        head, title = self._about(query, term)
        salience = {
            report: IN_HEAD * (report in head) + IN_TITLE * (report in title) for report in head | title
        }
        today = span.last.toordinal()
        sources = spread(sources_of(held, salience, today, _SOURCES), _SOURCES, today)
        reports = self._library.reports(source.report_id for source in sources)
        latest = latest_of(sources)
        rowids = [
            rowid
            for source in sources
            for rowid in self._library.passages_on(
                source.report_id,
                source.day,
                query.topics,
                term,
                _languages_read(reports[source.report_id], language),
                _PASSAGES_OF_LATEST if source.report_id in latest else _PASSAGES,
            )
        ]
        passages = self._search.wanted(rowids, query)
        titles = {report.id: self._words_of_title(report, language) for report in reports.values()}
        return Evidence(
            passages,
            reports,
            {source.report_id: source for source in sources},
            titles,
            frozenset(title),
            today,
            self._forms(query),
        )

    def _typed_term(self, query: Query, language: Language) -> Term | None:
        """Return the typed form as a term if it is not a name of its topic; None otherwise.

        Also None when the reader cannot read it or at most 18 reports have it.
        """
        form = query.typed[0] if len(query.typed) == 1 and query.form_words else ""
        if not form or (has_han(form) and not is_written_in_han(language)):
            return None
        term = term_of(form)
        return term if term and len(self._library.reports_on((), term, language)) > _SOURCES else None

    def _all_passages(self, query: Query) -> Evidence | None:
        """Return all passages on the query; None for more than 80.

        Of so many, the newest may all be of one report or language.
        """
        passages = self._search.evidence(query, _MOST_PASSAGES + 1)
        if len({(p.passage.report_id, p.passage.position) for p in passages.values()}) > _MOST_PASSAGES:
            return None
        return Evidence(passages, self._library.reports(p.passage.report_id for p in passages.values()))

    def of_news(self, query: Query, reports: Mapping[str, Report], language: Language) -> Evidence:
        """Return how much each of these reports, which came out together, is about a query; without passages."""
        term = query.name if query.is_name else None
        head, title = self._about(query, term)
        sources = {
            name: WeighedReport(name, None, 1 + IN_HEAD * (name in head) + IN_TITLE * (name in title))
            for name in reports
        }
        titles = {report.id: self._words_of_title(report, language) for report in reports.values()}
        topics = [self._glossary.topics[topic] for topic in query.topics]
        forms = [fold(form) for topic in topics for form in topic.written()] or self._forms(query)
        return Evidence({}, reports, sources, titles, frozenset(title), forms=tuple(forms))

    def _about(self, query: Query, term: Term | None) -> tuple[set[str], set[str]]:
        """Return the reports with the query in their headings or beginning, and those with it in their title."""
        naming = self._library.naming
        return naming(query.topics, term, NAMED_IN_HEAD), naming(query.topics, term, NAMED_IN_TITLE)

    def _forms(self, query: Query) -> tuple[str, ...]:
        """Return the folded forms of a query's only topic, or its own text if it is a name; else nothing."""
        if len(query.topics) == 1:
            return tuple(map(fold, self._glossary.topics[query.topics[0]].written()))
        return (query.typed or (fold(query.text),)) if query.is_name else ()

    def _words_of_title(self, report: Report, language: Language) -> frozenset[str]:
        words = self._search.words_of(report.edition(language).title)
        return frozenset(filter(is_telling_word, words))


def _languages_read(report: Report, language: Language) -> list[str]:
    """Return the languages to read a report in: the reader's, else all that it has."""
    languages = [edition.language for edition in report.editions]
    return [language] if language in languages else languages
