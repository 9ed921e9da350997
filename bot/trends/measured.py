"""Finds the figures that a question asks for by what they measure, such as how many users ChatGPT has. Ranks nothing.

A sentence that gives them need not resemble the question: "400 million people use it each week". The ledger
records for each figure what it measures, and of what (figures/identity).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from bot.library.ledger import LedgerRow
from bot.library.library import Library
from bot.library.query import Query
from bot.models import IndexedPassage, Language
from bot.text.normalise import fold
from bot.trends.concepts import Concept, asking

_ASKED = frozenset({"how many", "price", "what"})
_MOST = 4
# A figure's subject with more words that the question lacks is another one, such as the users of ChatGPT Team.
_MOST_OTHERS = 1
_PACE = frozenset({"~cumulative", "~daily", "~monthly", "~weekly", "~yearly"})


class Measured(NamedTuple):
    """Passages with the figures that a question asks for, by rowid, and the keys of the sentences that give them."""

    passages: Mapping[int, IndexedPassage]
    keys: frozenset[tuple[str, int, int]]

    @property
    def fit(self) -> dict[str, float]:
        """The reports of these sentences, each with the highest fit."""
        return {report: 1.0 for report, _, _ in self.keys}


def measured(query: Query, concepts: Iterable[Concept], library: Library, language: Language) -> Measured:
    """Return up to four figures of what a question asks for, those in the reader's language first, then the newest.

    Empty when the question asks for no number, or names nothing that a number can be of.
    """
    if asking(query.text).kinds.isdisjoint(_ASKED):
        return Measured({}, frozenset())
    from bot.figures.quantity_words import quantity_words  # its patterns take long to compile

    names = {concept.name for concept in concepts if concept.is_topic and concept.is_name}.union(query.names)
    measures = {word.measure.name for word in quantity_words(fold(query.text)) if word.measure}
    if not names or not measures:
        return Measured({}, frozenset())
    known = names.union(_PACE, *(words.split() for words in (*query.content, *query.typed)))
    rows = _nearest(
        [row for row in library.figures_measuring(measures) if names.issubset(_subject(row))], known
    )
    newest = sorted(rows, key=lambda row: (row.language != language, -(row.published or 0)))[:_MOST]
    passages = library.passages(row.passage for row in newest)
    return Measured(passages, frozenset(_keys(newest, passages)))


def _nearest(rows: Sequence[LedgerRow], known: Iterable[str]) -> list[LedgerRow]:
    """Return the figures whose subject has the fewest unknown words; none when even these have more than one."""
    others = [len(set(_subject(row)).difference(known)) for row in rows]
    fewest = min(others, default=0)
    return [row for row, count in zip(rows, others, strict=True) if count == fewest <= _MOST_OTHERS]


def _subject(row: LedgerRow) -> list[str]:
    return row.quantity.split(" | ")[2].split()


def _keys(
    rows: Iterable[LedgerRow], passages: Mapping[int, IndexedPassage]
) -> Iterator[tuple[str, int, int]]:
    for row in rows:
        if row.passage in passages:
            yield row.report_id, passages[row.passage].passage.position, row.sentence
