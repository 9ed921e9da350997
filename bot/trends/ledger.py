"""The ledger of figures on a query: newest first, each quantity once, with its conflicts and the forecasts now due.

rows      = figures of sentences that name the topics, or of passages that hold the name     library/ledger
entries   = those in the reader's language where a report has any, without repeats
conflicts = quantities among them with more than one value                                   conflicts
due       = forecasts of which the stated period is over, with what was reported of the quantity since
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from bot.library.ledger import LedgerRow
from bot.library.library import Library
from bot.library.query import Query
from bot.library.search import Search, holds_half
from bot.models import Figure, IndexedPassage, Language, Report, find_number

if TYPE_CHECKING:
    from bot.trends.conflicts import Conflict, Entry


_LAST_MONTH: Final = {"q1": 3, "q2": 6, "q3": 9, "q4": 12, "h1": 6, "h2": 12, "early": 6, "mid": 9, "end": 12}
"""Last month of each part of a year. "early" ends with the first half, "mid" with the third quarter."""


_MOST = 1_000
"""Newest figures that are read; nobody pages further."""

_EVIDENCE = 200
"""Passages searched for the figures of a question of several words."""

Rows = tuple[LedgerRow, ...]
"""The rows of one sentence, in its order."""


def due_day(figure: Figure, published: date | None) -> date | None:
    """Return the last day of the month, quarter, half or year that a forecast or plan is for.

    None for a reported figure, or when no period can be worked out. A day or "by March" counts as its whole
    month, so that nothing is called due too soon.
    """
    from bot.figures.stated_periods import stated_period  # its patterns take long to compile

    period = stated_period(figure.period, published) if figure.modality != "reported" else None
    if period is None or not period.last:
        return None
    _, _, part = period.name.partition(f"{period.last}-")
    month = _LAST_MONTH.get(part) or (int(part) if part.isdecimal() else 12)
    if not 1 <= month <= 12:
        return None
    return date(period.last + month // 12, month % 12 + 1, 1) - timedelta(days=1)


class FigureLedger(Struct, frozen=True):
    """The figures on a query grouped by sentence, the conflicts among them, and the sentences with forecasts now due."""

    sentences: tuple[Rows, ...]
    conflicts: tuple[Conflict, ...]
    due: tuple[Rows, ...]

    @property
    def rows(self) -> Rows:
        """Every row, in order."""
        return tuple(row for rows in self.sentences for row in rows)


class LedgerLine(Struct, frozen=True):
    """Figures of one sentence, shown in their clause, or in the whole sentence when their clauses differ."""

    entries: tuple[Entry, ...]

    @property
    def pieces(self) -> list[tuple[str, bool]]:
        """The text in pieces, each with whether it is one of the figures."""
        first, *others = self.entries
        same = all(other.figure.clause == first.figure.clause for other in others)
        rest = first.figure.clause if same else first.sentence
        pieces = []
        for entry in self.entries:
            number = entry.figure.text
            place = find_number(rest, number)
            if place >= 0:
                pieces += [(rest[:place], False), (number, True)]
                rest = rest[place + len(number) :]
        return [*pieces, (rest, False)]

    @property
    def text(self) -> str:
        """The text of the line."""
        return "".join(piece for piece, _ in self.pieces)


class Group(Struct, frozen=True):
    """A line of a ledger with its companions: other values of its quantity, or what was reported since a forecast."""

    line: LedgerLine
    others: tuple[LedgerLine, ...] = ()

    @property
    def lines(self) -> tuple[LedgerLine, ...]:
        """The line and its companions, in reading order."""
        return (self.line, *self.others)

    @property
    def passages(self) -> list[str]:
        """The ids of the passages that the group cites, in reading order."""
        return [line.entries[0].passage_id for line in self.lines]


class FigureLedgers:
    """Reads ledgers from one library."""

    def __init__(self, library: Library, search: Search) -> None:
        self._library = library
        self._search = search

    def ledger(self, query: Query, language: Language, today: date) -> FigureLedger:
        """Return the ledger of a query; its rows are empty when the library has no figures on it."""
        with self._library.snapshot():
            rows = _once(_in_language(_in_period(self._rows(query), query, today), language))
            differing = self._library.figures_of(self._library.told_differently(row.quantity for row in rows))
            entries = self.entries(sorted(differing, key=lambda row: row.language != language))
            due = self._due(rows, date.min, today - timedelta(days=1))
        order = {row.quantity: place for place, row in reversed(list(enumerate(rows)))}
        from bot.trends.conflicts import conflicts  # its patterns take long to compile

        in_conflict = sorted(conflicts(entries), key=lambda conflict: order[conflict.quantity])
        return FigureLedger(_by_sentence(rows), tuple(in_conflict), _by_sentence(due))

    def came_due(self, query: Query, language: Language, first: date, last: date) -> list[Group]:
        """Return the forecasts on a query that fell due from `first` to `last`, each with what was reported since."""
        with self._library.snapshot():
            rows = _once(_in_language(self._rows(query), language))
            return self.with_reports_since(_by_sentence(self._due(rows, first, last)))

    def _due(self, rows: Sequence[LedgerRow], first: date, last: date) -> list[LedgerRow]:
        """Return the rows that fell due from `first` to `last`; figures are read only for rows due in these years."""
        entries = self.entries(row for row in rows if row.due and first.year <= row.due <= last.year)
        days = ((entry.row, due_day(entry.figure, entry.report.published)) for entry in entries)
        return [row for row, day in days if day and first <= day <= last]

    def entries(self, rows: Iterable[LedgerRow]) -> list[Entry]:
        """Return the entries of these rows, in order; rows that the library no longer has are left out."""
        rows = list(rows)
        passages = self._library.passages(row.passage for row in rows)
        reports = self._library.reports(row.report_id for row in rows)
        return [
            _entry(row, passages[row.passage], reports[row.report_id])
            for row in rows
            if row.passage in passages and row.report_id in reports
        ]

    def lines(self, sentences: Sequence[Rows]) -> list[LedgerLine]:
        """Return one line for each of these sentences, without those that the library no longer has."""
        entries = {entry.row[:3]: entry for entry in self.entries(row for rows in sentences for row in rows)}
        entries_of_lines = [
            tuple(entries[row[:3]] for row in rows if row[:3] in entries) for rows in sentences
        ]
        return [LedgerLine(one) for one in entries_of_lines if one]

    def with_reports_since(self, sentences: Sequence[Rows]) -> list[Group]:
        """Return the forecasts in these sentences, each with what was reported of its quantities afterwards."""
        with self._library.snapshot():
            forecasts = self.lines(sentences)
            quantities = [row.quantity for rows in sentences for row in rows if row.quantity]
            later = self.entries(self._library.figures_of(quantities))
        return [Group(line, _lines(_reported_since(line, later))) for line in forecasts]

    def _rows(self, query: Query) -> list[LedgerRow]:
        """Return the rows on a query, newest first."""
        if query.plain:
            return self._library.figures_on(query.topics, _MOST)
        if query.is_name and query.name:
            return self._library.figures_beside(query.name, _MOST)
        passages = self._search.evidence(query, _EVIDENCE)
        rows = self._library.figures_in(passages)
        return [row for row in rows if _is_on(query, passages[row.passage], row.sentence)]


def group_page(ledgers: FigureLedgers, ledger: FigureLedger, part: str, first: int, end: int) -> list[Group]:
    """Return the lines `first` to `end` of a part of a ledger (all, conflicts or due); empty beyond its end."""
    if part == "conflicts":
        return [
            Group(LedgerLine(one.entries[:1]), _lines(one.entries[1:])) for one in ledger.conflicts[first:end]
        ]
    if part == "due":
        return ledgers.with_reports_since(ledger.due[first:end])
    differing = {conflict.quantity: conflict.entries for conflict in ledger.conflicts}
    lines = ledgers.lines(ledger.sentences[first:end])
    return [Group(line, _lines(_others(line, differing))) for line in lines]


def _others(line: LedgerLine, differing: Mapping[str, Sequence[Entry]]) -> list[Entry]:
    """Return the other values of a line's quantities, for conflicts in which the line is one of the sides."""
    own = {entry.row[:3] for entry in line.entries}
    sides = [differing.get(entry.row.quantity, ()) for entry in line.entries]
    return [
        one
        for side in sides
        if any(one.row[:3] in own for one in side)
        for one in side
        if one.row[:3] not in own
    ]


def _lines(entries: Iterable[Entry]) -> tuple[LedgerLine, ...]:
    return tuple(LedgerLine((entry,)) for entry in entries)


def _entry(row: LedgerRow, indexed: IndexedPassage, report: Report) -> Entry:
    from bot.trends.conflicts import Entry  # its patterns take long to compile

    passage = indexed.passage
    sentence = passage.sentences[row.sentence]
    return Entry(
        sentence.figures[row.number],
        row,
        passage.id,
        passage.language,
        sentence.pages,
        report,
        sentence.text,
        passage.headings,
    )


def _is_on(query: Query, indexed: IndexedPassage, sentence: int) -> bool:
    """Return whether a sentence names all topics of a question and holds at least half of its other words."""
    named = all(indexed.mentions.get(topic, 0) >> sentence & 1 for topic in query.topics)
    return named and holds_half(indexed.terms.split("\n")[sentence], query.rest)


def _in_period(rows: Iterable[LedgerRow], query: Query, today: date) -> list[LedgerRow]:
    """Return the rows of reports published in the period asked for; all rows if none was."""
    if query.period is None:
        return list(rows)
    first, last = (day.toordinal() for day in query.period.days(today))
    return [row for row in rows if row.published and first <= row.published <= last]


def _in_language(rows: Sequence[LedgerRow], language: Language) -> list[LedgerRow]:
    """Return the rows, without those in another language whose report has figures in the reader's language."""
    own = {row.report_id for row in rows if row.language == language}
    return [row for row in rows if row.language == language or row.report_id not in own]


def _once(rows: Iterable[LedgerRow]) -> list[LedgerRow]:
    """Return the rows without repeats of a newer one: the same number of an origin, or the same value of a quantity."""
    seen: set[tuple[object, ...]] = set()
    kept = []
    for row in rows:
        keys = {(row.origin, row.unit, row.value), (row.quantity or row[:3], row.value)}
        if seen.isdisjoint(keys):
            kept.append(row)
        seen |= keys
    return kept


def _by_sentence(rows: Iterable[LedgerRow]) -> tuple[Rows, ...]:
    by_sentence: dict[tuple[int, int], Rows] = {}
    for row in rows:
        by_sentence[row[:2]] = (*by_sentence.get(row[:2], ()), row)
    return tuple(by_sentence.values())


def _reported_since(line: LedgerLine, later: Iterable[Entry]) -> list[Entry]:
    """Return the entries of `later` that report a quantity of a line of forecasts after it, one per report."""
    forecasts = {entry.row.quantity for entry in line.entries}
    day = line.entries[0].row.published or 0
    since = [
        one
        for one in later
        if one.row.quantity in forecasts
        and one.figure.modality == "reported"
        and (one.row.published or 0) > day
    ]
    return list({one.row.report_id: one for one in since}.values())
