"""The evidence of a briefing on a topic or a name: the sentences of the reports that are most about it, over all its days.

reports = all that are on it                                        library/salience
sources = those most about it, the newer the sooner, spread         salience
statements = the sentences of their first passages on it            statements
weight = how much it says (ranking) x its report's x its share of its report's title, more where that begins
points = the best of each report, in the reader's language          ranking, salience.crowding
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from bot.languages import is_written_in_han
from bot.library.edition_index import HEAD
from bot.library.glossary import Glossary
from bot.library.library import Library
from bot.library.query import Query
from bot.library.salience import any_form
from bot.library.search import Search
from bot.library.terms import Term, term_of
from bot.models import IndexedPassage, Language, Report
from bot.text.normalise import fold, has_han
from bot.trends.hearsay import is_hearsay
from bot.trends.ranking import Ranked, alike
from bot.trends.salience import (
    IN_HEAD,
    IN_TITLE,
    MONTHS,
    Source,
    crowding,
    latest_of,
    month_of,
    new_words,
    newness,
    sources_of,
    spread,
    tells,
)
from bot.trends.verdict import Span

# What a report begins with, and what its title says, is what it is about; so is a sentence about what its first half names.
_BEGINS, _TITLE, _NEW, _SUBJECT = 1.5, 3.0, 0.5, 2.0
_LATEST = 2
_SOURCES = 18
_PASSAGES = 6
# So many passages can be weighed without a choice among their reports.
_MOST = 80
_OF_REPORT = 3
_LONGEST_HEADLINE = 90
_HEADLINE_SHARED, _HEADLINE_WORDS = 0.5, 2


@dataclass(frozen=True, slots=True)
class Evidence:
    """Passages with their reports; where the library says much on the topic also the sources they were taken from.

    `titles` has the words of each report's title that say something, in the language of the reader, and `named` the
    reports whose title names what was asked for. `forms` are what it is written as, folded.
    """

    passages: Mapping[int, IndexedPassage]
    reports: Mapping[str, Report]
    sources: Mapping[str, Source] = field(default_factory=dict)
    titles: Mapping[str, frozenset[str]] = field(default_factory=dict)
    named: frozenset[str] = frozenset()
    today: int = 0
    forms: tuple[str, ...] = ()

    def weighed(self, ranked: Sequence[Ranked]) -> list[Ranked]:
        """A ranking by what the reports are about too, and by what is new in the latest of them."""
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
        begins *= _SUBJECT if self._is_about(one) else 1.0
        return self.sources[report].weight * begins * (1 + _TITLE * self._of_title(one)) * (1 + _NEW * new)

    def _is_about(self, one: Ranked) -> bool:
        """Whether the first half of a sentence, in one of its wordings, names what was asked for."""
        return any(self._begins_with(w.sentence.text) for w in one.statement.wordings.values())

    def is_titled(self, one: Ranked, language: Language) -> bool:
        """Whether the first half of its report's title names what was asked for."""
        report = one.statement.report
        return report.id in self.named and self._begins_with(report.edition(language).title)

    def _begins_with(self, text: str) -> bool:
        half = fold(text[: (len(text) + 1) // 2])
        return any(form in half for form in self.forms)

    def month_of(self, report: str) -> int | None:
        """Which month of the verdict's window a report is of, None for one outside."""
        return month_of(self.sources[report].day, self.today) if report in self.sources else None

    def _of_title(self, one: Ranked) -> float:
        """How much of its report's title a sentence has, 0 to 1."""
        title = self.titles.get(one.statement.report.id, frozenset())
        return len(title & one.terms) / len(title) if title else 0.0

    def headline(self, one: Ranked, language: Language) -> str:
        """The title of its report where it names what was asked for or what the sentence tells of, else ""."""
        report = one.statement.report
        edition = report.edition(language)
        title = edition.title
        if edition.language != language or len(title) > _LONGEST_HEADLINE:
            return ""
        if len(self.titles.get(report.id, ())) < _HEADLINE_WORDS:
            return ""
        shared = len(self.titles[report.id] & one.terms) >= _HEADLINE_WORDS
        fits = report.id in self.named or (shared and self._of_title(one) >= _HEADLINE_SHARED)
        said = one.statement.told(language).sentence.text
        return title if fits and fold(title) not in fold(said) else ""


class EvidenceReader:
    """Gathers evidence from one library."""

    def __init__(self, library: Library, glossary: Glossary, search: Search) -> None:
        self._library = library
        self._glossary = glossary
        self._search = search

    def on(self, query: Query, language: Language, span: Span) -> Evidence:
        """What a briefing on a topic or a name may quote.

        All of it where a few reports are on it, else the first passages of those that are most about it; of a period that was
        asked for nothing that came out before or after. Who asks by a form that is no name of its topic, layoffs, is told of
        these and not of all that is on employment, where many reports have it.
        """
        if typed := self._typed(query, language):
            evidence = self._of_term(query, language, span, typed)
            if len({one.passage.report_id for one in evidence.passages.values()}) > _LATEST:
                return evidence
        return self._of_term(query, language, span, query.name if query.is_name else None)

    def _of_term(self, query: Query, language: Language, span: Span, term: Term | None) -> Evidence:
        """What there is on the topics of a query, or on a term where one is given."""
        held = self._library.reports_on(query.topics, term, language)
        if span.asked:
            first, last = span.first.toordinal(), span.last.toordinal()
            held = [one for one in held if one[1] is not None and first <= one[1] <= last]
        elif len(held) <= _SOURCES and (all_of_it := self._whole(query)):
            return all_of_it
        head, title = self._about(query, term)
        salience = {
            report: IN_HEAD * (report in head) + IN_TITLE * (report in title) for report in head | title
        }
        sources = spread(sources_of(held, salience, span.last.toordinal()), _SOURCES, span.last.toordinal())
        reports = self._library.reports(source.report_id for source in sources)
        rowids = [
            rowid
            for source in sources
            for rowid in self._library.passages_on(
                source.report_id,
                source.day,
                query.topics,
                term,
                _spoken(reports[source.report_id], language),
                _PASSAGES,
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
            span.last.toordinal(),
            self._forms(query),
        )

    def _typed(self, query: Query, language: Language) -> Term | None:
        """The form that is no name of its topic, where the reader can read it and many reports have it."""
        form = query.typed[0] if len(query.typed) == 1 and query.form_words else ""
        if not form or (has_han(form) and not is_written_in_han(language)):
            return None
        term = term_of(form)
        return term if term and len(self._library.reports_on((), term, language)) > _SOURCES else None

    def _whole(self, query: Query) -> Evidence | None:
        """All passages on it; None where they are too many, so that the newest may be of one report or language alone."""
        passages = self._search.evidence(query, _MOST + 1)
        if len({(p.passage.report_id, p.passage.position) for p in passages.values()}) > _MOST:
            return None
        return Evidence(passages, self._library.reports(p.passage.report_id for p in passages.values()))

    def of_news(self, query: Query, reports: Mapping[str, Report], language: Language) -> Evidence:
        """How much these reports, which came out together, are about a query; without passages."""
        term = query.name if query.is_name else None
        head, title = self._about(query, term)
        sources = {
            name: Source(name, None, 1 + IN_HEAD * (name in head) + IN_TITLE * (name in title))
            for name in reports
        }
        titles = {report.id: self._words_of_title(report, language) for report in reports.values()}
        return Evidence({}, reports, sources, titles, frozenset(title))

    def _about(self, query: Query, term: Term | None) -> tuple[set[str], set[str]]:
        """The reports whose headings or beginning, and those whose title, name what was asked for."""
        forms = [form for topic in query.topics for form in self._glossary.topics[topic].written()]
        expression = any_form([term] if term else map(term_of, map(fold, forms)))
        if not expression:
            return set(), set()
        return self._library.named_in("head", expression), self._library.named_in("title", expression)

    def _forms(self, query: Query) -> tuple[str, ...]:
        """What a query's only topic is written as, else its name; folded."""
        if len(query.topics) == 1:
            return tuple(map(fold, self._glossary.topics[query.topics[0]].written()))
        return (fold(query.text),) if query.is_name else ()

    def _words_of_title(self, report: Report, language: Language) -> frozenset[str]:
        words = self._search.words_of(report.edition(language).title)
        return frozenset(filter(tells, words))


def _spoken(report: Report, language: Language) -> list[str]:
    """The languages of a report in which it is read: the reader's, else all it has."""
    languages = [edition.language for edition in report.editions]
    return [language] if language in languages else languages


def choose_spread(
    ranked: Sequence[Ranked],
    count: int,
    evidence: Evidence,
    language: Language,
    chosen: Sequence[Ranked] = (),
) -> list[Ranked]:
    """The next `count` points after those already `chosen`: of each report one, none said twice.

    The first is of the newest month's report whose title begins with what was asked for, and of the latest days are two
    with it, or without one; then one is of each earlier month of the verdict's
    window. What unnamed people
    say, and then what is not told in the reader's language, is taken where nothing else is left.
    """
    best = _best_of_each(ranked)
    latest = latest_of(evidence.sources.values())
    readable = [one for one in best if language in one.statement.wordings]
    own = [one for one in readable if not is_hearsay(one.statement.told(language).sentence.text)]
    points = list(chosen)
    most = len(chosen) + count
    leads = [
        one
        for one in own
        if evidence.is_titled(one, language) and evidence.month_of(one.statement.report.id) == 0
    ]
    _add_spread(points, leads, min(most, 1), evidence)
    _add_spread(
        points, (one for one in own if one.statement.report.id in latest), min(most, _LATEST), evidence
    )
    for month in range(1, MONTHS):
        of_month = [one for one in own if evidence.month_of(one.statement.report.id) == month]
        _add_spread(points, of_month, min(most, len(points) + 1), evidence)
    _add_spread(points, own, most, evidence)
    _add_spread(points, readable, most, evidence)
    _add_spread(points, (one for one in best if language not in one.statement.wordings), most, evidence)
    return points[len(chosen) :]


def _add_spread(points: list[Ranked], pool: Iterable[Ranked], most: int, evidence: Evidence) -> None:
    """Adds the best of a pool to the points until they are `most`."""
    waiting = list(pool)
    while waiting and len(points) < most:
        told = {one.statement.report.id for one in points}
        days = [evidence.sources[report] for report in told if report in evidence.sources]
        best = max(waiting, key=lambda one: one.weight * _crowding(one, evidence, days))
        waiting.remove(best)
        if best.statement.report.id not in told and not any(alike(best, one) for one in points):
            points.append(best)


def _crowding(one: Ranked, evidence: Evidence, chosen: Iterable[Source]) -> float:
    source = evidence.sources.get(one.statement.report.id)
    return crowding(source.day, chosen) if source else 1.0


def _best_of_each(ranked: Sequence[Ranked]) -> list[Ranked]:
    """The best sentences of each report."""
    by_report = sorted(ranked, key=lambda one: (one.statement.report.id, -one.weight))
    groups = groupby(by_report, key=lambda one: one.statement.report.id)
    return [one for _, group in groups for one in list(group)[:_OF_REPORT]]
