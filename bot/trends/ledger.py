"""The figures on a query as a ledger: newest first, each quantity once, what is told differently, what has come due.

rows      = figures of sentences that name the topics, or of passages that hold the name     library/ledger
entries   = those in the reader's language where a report has one, none told twice
conflicts = quantities among them with more than one value                                   conflicts
due       = forecasts for a year that is over, with what was reported of the quantity since
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from bot.library.ledger import LedgerRow
from bot.library.library import Library
from bot.library.query import Query
from bot.library.search import Search, holds_half
from bot.models import IndexedPassage, Language, Report
from bot.trends.conflicts import Conflict, Entry, conflicts

_MOST = 1_000
"""Figures that are looked at, the newest: nobody turns more pages."""
_EVIDENCE = 200
"""Passages in which the figures of a question of several words are looked for."""


@dataclass(frozen=True, slots=True)
class FigureLedger:
    """The rows of the figures on a query, and what of them is told differently or has come due."""

    rows: tuple[LedgerRow, ...]
    conflicts: tuple[Conflict, ...]
    due: tuple[LedgerRow, ...]


@dataclass(frozen=True, slots=True)
class DueEntry:
    """A forecast whose year is over, and what was reported of the same quantity since, the newest first."""

    forecast: Entry
    since: tuple[Entry, ...]


class FigureLedgers:
    """Reads ledgers from one library."""

    def __init__(self, library: Library, search: Search) -> None:
        self._library = library
        self._search = search

    def ledger(self, query: Query, language: Language, today: date) -> FigureLedger:
        """The ledger of a query; one without rows where the library has no figures on it."""
        with self._library.snapshot():
            rows = _once(_in_language(_in_period(self._rows(query), query, today), language))
            differing = self._library.figures_of(self._library.told_differently(row.quantity for row in rows))
            told = self.entries(sorted(differing, key=lambda row: row.language != language))
        order = {row.quantity: place for place, row in reversed(list(enumerate(rows)))}
        found = sorted(conflicts(told), key=lambda conflict: order[conflict.quantity])
        due = tuple(row for row in rows if 0 < row.due < today.year)
        return FigureLedger(tuple(rows), tuple(found), due)

    def entries(self, rows: Iterable[LedgerRow]) -> list[Entry]:
        """These rows as they are read, in order; those that the library no longer has are left out."""
        rows = list(rows)
        passages = self._library.passages(row.passage for row in rows)
        reports = self._library.reports(row.report_id for row in rows)
        return [
            _entry(row, passages[row.passage], reports[row.report_id])
            for row in rows
            if row.passage in passages and row.report_id in reports
        ]

    def since(self, rows: Sequence[LedgerRow]) -> list[DueEntry]:
        """Forecasts with what was reported of their quantities after them."""
        with self._library.snapshot():
            forecasts = self.entries(rows)
            later = self.entries(self._library.figures_of(row.quantity for row in rows if row.quantity))
        return [DueEntry(one, tuple(_once_each(one, later))) for one in forecasts]

    def _rows(self, query: Query) -> list[LedgerRow]:
        """The figures on a query, newest first."""
        if query.plain:
            return self._library.figures_on(query.topics, _MOST)
        if query.is_name and query.name:
            return self._library.figures_beside(query.name, _MOST)
        passages = self._search.evidence(query, _EVIDENCE)
        rows = self._library.figures_in(passages)
        return [row for row in rows if _is_on(query, passages[row.passage], row.sentence)]


def _entry(row: LedgerRow, indexed: IndexedPassage, report: Report) -> Entry:
    passage = indexed.passage
    sentence = passage.sentences[row.sentence]
    return Entry(sentence.figures[row.number], row, passage.id, passage.language, sentence.pages, report)


def _is_on(query: Query, indexed: IndexedPassage, sentence: int) -> bool:
    """Whether a sentence names all topics of a question, and holds most of its words."""
    named = all(indexed.mentions.get(topic, 0) >> sentence & 1 for topic in query.topics)
    return named and holds_half(indexed.terms.split("\n")[sentence], query.rest)


def _in_period(rows: Iterable[LedgerRow], query: Query, today: date) -> list[LedgerRow]:
    """The rows of reports of the period that was asked for."""
    if query.period is None:
        return list(rows)
    first, last = (day.toordinal() for day in query.period.days(today))
    return [row for row in rows if row.published and first <= row.published <= last]


def _in_language(rows: Sequence[LedgerRow], language: Language) -> list[LedgerRow]:
    """The rows without those of an edition whose report has figures in the reader's language."""
    own = {row.report_id for row in rows if row.language == language}
    return [row for row in rows if row.language == language or row.report_id not in own]


def _once(rows: Iterable[LedgerRow]) -> list[LedgerRow]:
    """The rows without what was told by a newer one: the same number of an origin, the same value of a quantity."""
    told: set[tuple[object, ...]] = set()
    kept = []
    for row in rows:
        keys = {(row.origin, row.unit, row.value), (row.quantity or row[:3], row.value)}
        if told.isdisjoint(keys):
            kept.append(row)
        told |= keys
    return kept


def _once_each(forecast: Entry, later: Iterable[Entry]) -> list[Entry]:
    """What of `later` reports the quantity of a forecast after it, each report once."""
    since = [
        one
        for one in later
        if one.row.quantity == forecast.row.quantity
        and one.figure.modality == "reported"
        and (one.row.published or 0) > (forecast.row.published or 0)
    ]
    return list({one.row.report_id: one for one in since}.values())
