"""The ledger of figures in library.db: where each figure is, what quantity it measures, the year a forecast is due.

What the figures of a sentence measure is named by the glossary's topics, when a report is indexed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from bot.library.glossary import Glossary
from bot.library.rows import Reader, chunks
from bot.library.terms import Term
from bot.models import Figure, Passage, Sentence
from bot.text.segment import Segmenter

_LEAST_COUNT = 10_000
"""The least value that is worth recording by itself: cards, cars, users."""
_MOST_PASSAGES = 2_000
"""Maximum passages, the newest, whose figures are read for a name that is no topic."""

_ROW = """SELECT f.passage, f.sentence, f.number, f.quantity, f.value, f.unit, f.due, e.report_id, e.language,
        r.origin, r.published"""
_OWNERS = """JOIN passage p ON p.rowid = f.passage JOIN edition e ON e.key = p.edition
        JOIN report r ON r.id = e.report_id"""


class LedgerRow(NamedTuple):
    """A figure and its position: rowid of the passage, index of the sentence in it, and of the figure in that.

    `due` is the year of a forecast or plan, 0 for others; `published` is an ordinal day, None if unknown.
    """

    passage: int
    sentence: int
    number: int
    quantity: str
    value: float
    unit: str
    due: int
    report_id: str
    language: str
    origin: str
    published: int | None


class Ledger(Reader):
    """Reader of the figures that have a known quantity or are informative by themselves."""

    def figures_on(self, topics: Sequence[str], limit: int) -> list[LedgerRow]:
        """Return the figures of sentences that mention every one of `topics`, newest first, undated ones last."""
        first, *others = topics
        also = "".join(
            """ AND EXISTS (SELECT 1 FROM mention o WHERE o.topic = ? AND o.passage = m.passage
                AND o.sentences >> f.sentence & 1)"""
            for _ in others
        )
        rows = self._select(
            f"""{_ROW} FROM mention m JOIN figure f ON f.passage = m.passage AND m.sentences >> f.sentence & 1 {_OWNERS}
                WHERE m.topic = ?{also} ORDER BY m.passage DESC LIMIT ?""",  # names of this module
            (first, *others, limit),
        )
        return [LedgerRow(*row) for row in rows]

    def figures_beside(self, term: Term, limit: int) -> list[LedgerRow]:
        """Return the figures of passages that contain `term`, newest first; only the newest 2,000 passages are read."""
        rows = self._select(
            """SELECT rowid FROM passage_index WHERE passage_index MATCH ? AND rowid BETWEEN ? AND ?
               ORDER BY rowid DESC LIMIT ?""",
            (term.expression, *self._rowids, _MOST_PASSAGES),
        )
        return self.figures_in([row[0] for row in rows])[:limit]

    def figures_in(self, passages: Iterable[int]) -> list[LedgerRow]:
        """Return the figures of the passages with these rowids, newest first."""
        return sorted(self._rows("f.passage IN ({})", passages), key=lambda row: -row.passage)

    def figures_of(self, quantities: Iterable[str]) -> list[LedgerRow]:
        """Return every figure of these quantities, newest first."""
        return sorted(
            self._rows("f.quantity IN ({}) AND f.quantity <> ''", quantities), key=lambda row: -row.passage
        )

    def figures_measuring(self, measures: Iterable[str]) -> list[LedgerRow]:
        """Return every figure whose quantity has one of these measures, such as users or price."""
        rows: list[LedgerRow] = []
        for measure in sorted(measures):
            # A search by prefix: "!" is the character after the space.
            first, last = f"{measure} | ", f"{measure} |!"
            found = self._select(
                f"{_ROW} FROM figure f {_OWNERS} WHERE f.quantity BETWEEN ? AND ?", (first, last)
            )
            rows += (LedgerRow(*row) for row in found)
        return rows

    def told_differently(self, quantities: Iterable[str]) -> list[str]:
        """Return those of these quantities of which figures have different values."""
        found: list[str] = []
        for chunk in chunks(sorted({quantity for quantity in quantities if quantity})):
            rows = self._select(
                f"""SELECT quantity FROM figure WHERE quantity IN ({",".join("?" * len(chunk))}) AND quantity <> ''
                    GROUP BY quantity HAVING min(value) < max(value)""",  # noqa: S608  # question marks only
                chunk,
            )
            found.extend(row[0] for row in rows)
        return found

    def _rows(self, condition: str, values: Iterable[object]) -> Iterator[LedgerRow]:
        for chunk in chunks(list(dict.fromkeys(values))):
            marks = ",".join("?" * len(chunk))
            rows = self._select(f"{_ROW} FROM figure f {_OWNERS} WHERE {condition.format(marks)}", chunk)
            yield from (LedgerRow(*row) for row in rows)


def figure_rows(rowid: int, passage: Passage, published: date | None) -> Iterator[tuple[object, ...]]:
    """Yield the ledger's rows for a passage with this rowid; `published` is the day of its report."""
    from bot.figures.stated_periods import due_year  # its patterns take long to compile

    for place, sentence in enumerate(passage.sentences):
        for number, figure in enumerate(sentence.figures if sentence.whole else ()):
            if figure.quantity or is_informative(figure):
                due = due_year(figure, published)
                yield rowid, place, number, figure.quantity, figure.value, figure.unit, due


def is_informative(figure: Figure) -> bool:
    """Return whether a figure is informative by itself: money, a share, a ratio, with a period, or 10,000 or more."""
    return is_amount_or_ratio(figure) or bool(figure.period) or figure.value >= _LEAST_COUNT


def is_amount_or_ratio(figure: Figure) -> bool:
    """Return whether a figure is money, a share, a fraction or a ratio."""
    return (
        figure.unit in {"%", "pp", "x"} or figure.unit.isupper() or (not figure.unit and 0 < figure.value < 1)
    )


class Quantities(Struct, frozen=True):
    """Namer of the quantities of figures, by the topics of a glossary."""

    glossary: Glossary
    segmenter: Segmenter

    def named_in(self, sentence: Sentence, published: date | None) -> Sentence:
        """Return the sentence with the quantity of each figure where it is known; `published` is its report's day.

        A sentence that is not whole stays as it is.
        """
        if not sentence.figures or not sentence.whole:
            return sentence
        from bot.figures.identity import identify  # its patterns take long to compile

        identities = [identify(figure, sentence.text, published, self) for figure in sentence.figures]
        figures = tuple(
            replace(figure, quantity=identity.name) if identity else figure
            for figure, identity in zip(sentence.figures, identities, strict=True)
        )
        return replace(sentence, figures=figures)

    def named(self, folded: str) -> tuple[str, bool] | None:
        """Return the topic with exactly this form, and whether it is a proper name; None if there is none."""
        topic = self.glossary.forms.named(folded)
        return (topic, self.glossary.topics[topic].proper) if topic else None

    def topics_in(self, folded: str) -> Iterator[tuple[int, int, str, bool]]:
        """Yield each mention of a topic in folded text: start, end, id, and whether the topic is a proper name."""
        for mention in self.glossary.forms.find(folded, lambda: self.segmenter.words(folded)):
            yield mention.start, mention.end, mention.topic, self.glossary.topics[mention.topic].proper
