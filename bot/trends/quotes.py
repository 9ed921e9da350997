"""Sentences and numbers of reports as they are quoted, each with the number of its citation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import islice
from types import MappingProxyType

from msgspec import Struct
from msgspec.structs import replace

from bot.library.ledger import is_amount_or_ratio, is_informative
from bot.models import Figure, Language, Passage, Report
from bot.text.normalise import has_han
from bot.trends.ranking import Ranked, in_turn
from bot.trends.standalone import depends_on_previous, with_lead, without_place
from bot.trends.statements import Statement

_NAME_FIRST = re.compile(r"@?[A-Z]")
# Characters; twice as many in Latin script.
_LONGEST_CLAUSE = 120
NO_HEADLINES: Mapping[tuple[str, int, int], str] = MappingProxyType({})


class Point(Struct, frozen=True):
    """A sentence of a report with those it leans on. `citation` counts from 1; `foreign`: not in the reader's language.

    `headline` is its report's title if the sentence tells what that says, else "". `published` is its report's day.
    """

    text: str
    citation: int
    pages: tuple[int, ...]
    foreign: bool
    language: str = ""
    headline: str = ""
    published: date | None = None


class FigurePoint(Struct, frozen=True):
    """A number quoted inside its clause."""

    figure: Figure
    citation: int
    pages: tuple[int, ...]
    foreign: bool
    language: str = ""


class Cited(Struct, frozen=True):
    """A report with the numbers of its citations."""

    numbers: tuple[int, ...]
    report: Report


class Citations:
    """Numbers passages in the order in which they are first cited."""

    def __init__(self, language: Language) -> None:
        self.passages: list[str] = []
        self._reports: list[str] = []
        self._told: list[str] = []
        self._language = language

    def points(
        self, statements: Iterable[Statement], headlines: Mapping[tuple[str, int, int], str] = NO_HEADLINES
    ) -> list[Point]:
        """Return the statements as points, without those whose text is already part of another's, or contains it.

        `headlines` maps keys of statements to their headlines.
        """
        points = []
        for statement in statements:
            said, passage = self._quoted(statement)
            if not any(said.text in other or other in said.text for other in self._told):
                self._told.append(said.text)
                number = self.cite(passage.id, passage.report_id)
                points.append(replace(said, citation=number, headline=headlines.get(statement.key, "")))
        return points

    def point(self, statement: Statement) -> Point:
        """Cite a statement and return it in the reader's language with the sentences that it leans on."""
        said, passage = self._quoted(statement)
        return replace(said, citation=self.cite(passage.id, passage.report_id))

    def _quoted(self, statement: Statement) -> tuple[Point, Passage]:
        """Return a statement as a point that is not cited yet, and its passage."""
        wording = statement.wording_for(self._language)
        passage, language = wording.passage, wording.passage.language
        first, *others = with_lead(wording)
        said = (replace(first, text=without_place(first.text)), *others)
        pages = tuple(sorted({page for sentence in said for page in sentence.pages}))
        text, day = replace(passage, sentences=said).text, statement.report.published
        return Point(text, 0, pages, language != self._language, language, published=day), passage

    def figure(self, statement: Statement, figure: Figure) -> FigurePoint:
        """Cite a figure of a statement and return it."""
        wording = statement.wording_for(self._language)
        passage, pages = wording.passage, wording.sentence.pages
        figure = replace(figure, clause=clause_with_subject(wording.sentence.text, figure))
        number = self.cite(passage.id, passage.report_id)
        return FigurePoint(figure, number, pages, passage.language != self._language, passage.language)

    def sources(self, reports: Mapping[str, Report]) -> tuple[Cited, ...]:
        """Return the cited reports in the order of their first citation."""
        numbers: dict[str, tuple[int, ...]] = {}
        for number, report in enumerate(self._reports, 1):
            numbers[report] = (*numbers.get(report, ()), number)
        return tuple(Cited(own, reports[report]) for report, own in numbers.items())

    def cite(self, passage_id: str, report_id: str) -> int:
        """Return the citation number of a passage, assigning a new one the first time."""
        if passage_id not in self.passages:
            self.passages.append(passage_id)
            self._reports.append(report_id)
        return self.passages.index(passage_id) + 1


def clause_with_subject(sentence: str, figure: Figure) -> str:
    """Return the clause of a figure, from the beginning of its sentence where the clause has no subject of its own.

    "" if that is too long to be quoted. A clause that begins with a name, in Latin letters, has a subject.
    """
    begin, _, _ = sentence.partition(figure.clause)
    if figure.subject or not begin or _NAME_FIRST.match(figure.clause):
        return without_place(figure.clause)
    whole = begin + figure.clause
    longest = _LONGEST_CLAUSE if has_han(sentence) else 2 * _LONGEST_CLAUSE
    return without_place(whole) if len(whole) <= longest else ""


def figures_of(
    ranked: Sequence[Ranked], points: Sequence[Ranked], language: Language, count: int
) -> list[tuple[Ranked, Figure]]:
    """Return at most `count` figures, best first: one from each statement that no point has said, no number twice.

    The first wording of a statement decides, so that readers of each language get the same figures.
    """
    # Only statements with numbers in every wording, whose best number in the first is meaningful by itself: no bare count as in
    # "twenty tips", and not in a clause that leans on another.
    best_of: dict[tuple[str, int, int], Figure] = {}
    candidates = []
    for r in ranked:
        said = [w.sentence.figures for w in r.statement.wordings.values()]
        best = max(said[0], key=_significance) if all(said) else None
        if best and is_informative(best) and not depends_on_previous(best.clause):
            best_of[r.statement.key] = best
            candidates.append(replace(r, weight=r.weight * _significance(best)))
    used = {
        (f.value, f.unit) for r in points for f in next(iter(r.statement.wordings.values())).sentence.figures
    }
    result: list[tuple[Ranked, Figure]] = []
    # Sentences that differ only in their numbers come last, to fill places that are left.
    turns = list(islice(in_turn(candidates, points), 2 * count))
    for r in (*turns, *sorted(candidates, key=lambda r: -r.weight)):
        best = best_of[r.statement.key]
        if (best.value, best.unit) in used:
            continue
        sentence = r.statement.wording_for(language).sentence
        same = [f for f in sentence.figures if (f.value, f.unit) == (best.value, best.unit)]
        told = same[0] if same else max(sentence.figures, key=_significance)
        if not clause_with_subject(sentence.text, told):
            continue
        used.add((best.value, best.unit))
        result.append((r, told))
        if len(result) == count:
            break
    return result


def _significance(figure: Figure) -> float:
    """Return how much a number says by itself: money, shares and ratios more than a bare count."""
    return (1.0 if is_amount_or_ratio(figure) else 0.6) * (1.2 if figure.period else 1.0)
