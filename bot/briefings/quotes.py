"""Sentences and numbers of reports as they are quoted, each with the number of its citation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from bot.analysis.evidence import Statement, Wording
from bot.analysis.ranking import Ranked, in_turn, with_lead
from bot.models import Figure, Language, Report


@dataclass(frozen=True, slots=True)
class Point:
    """A sentence of a report. `citation` counts from 1; `foreign` says `language` is not the reader's."""

    text: str
    citation: int
    pages: tuple[int, ...]
    foreign: bool
    language: str = ""


@dataclass(frozen=True, slots=True)
class FigurePoint:
    """A number inside its own clause."""

    figure: Figure
    citation: int
    pages: tuple[int, ...]
    foreign: bool
    language: str = ""


@dataclass(frozen=True, slots=True)
class Cited:
    """A report behind the citations `numbers`."""

    numbers: tuple[int, ...]
    report: Report


class Citations:
    """Numbers the passages in the order in which they are first cited."""

    def __init__(self, language: Language) -> None:
        self.passages: list[str] = []
        self._reports: list[str] = []
        self._language = language

    def point(self, statement: Statement) -> Point:
        """The statement in the reader's language, cited."""
        wording = statement.told(self._language)
        sentence, language = wording.sentence, wording.passage.language
        return Point(sentence.text, self._cite(wording), sentence.pages, language != self._language, language)

    def whole_point(self, statement: Statement) -> Point:
        """The statement with the sentences that it leans on: nothing else is said of it here."""
        said = with_lead(statement.told(self._language))
        passage = statement.told(self._language).passage
        pages = sorted({page for sentence in said for page in sentence.pages})
        text = replace(passage, sentences=said).text
        return replace(self.point(statement), text=text, pages=tuple(pages))

    def figure(self, statement: Statement, figure: Figure) -> FigurePoint:
        """A figure of the statement, cited."""
        wording = statement.told(self._language)
        pages, language = wording.sentence.pages, wording.passage.language
        return FigurePoint(figure, self._cite(wording), pages, language != self._language, language)

    def sources(self, reports: Mapping[str, Report]) -> tuple[Cited, ...]:
        """The reports that were cited, in the order of their first citation."""
        numbers: dict[str, tuple[int, ...]] = {}
        for number, report in enumerate(self._reports, 1):
            numbers[report] = (*numbers.get(report, ()), number)
        return tuple(Cited(own, reports[report]) for report, own in numbers.items())

    def _cite(self, wording: Wording) -> int:
        passage = wording.passage
        if passage.id not in self.passages:
            self.passages.append(passage.id)
            self._reports.append(passage.report_id)
        return self.passages.index(passage.id) + 1


def figures_of(
    ranked: Sequence[Ranked], points: Sequence[Ranked], language: Language, count: int
) -> list[tuple[Ranked, Figure]]:
    """At most `count` figures to show, best first: one from each statement that has not been said, no number twice.

    Chosen by the first wording of a statement, so that readers of each language get the same ones.
    """
    candidates = [replace(r, weight=r.weight * _telling(_best(r))) for r in ranked if _has_figures(r)]
    used = {(f.value, f.unit) for r in points for f in _wordings(r)[0]}
    result: list[tuple[Ranked, Figure]] = []
    for r in islice(in_turn(candidates, points), 2 * count):
        best = _best(r)
        if (best.value, best.unit) in used:
            continue
        used.add((best.value, best.unit))
        told = r.statement.told(language).sentence.figures
        same = [f for f in told if (f.value, f.unit) == (best.value, best.unit)]
        result.append((r, same[0] if same else max(told, key=_telling)))
        if len(result) == count:
            break
    return result


def _wordings(ranked: Ranked) -> list[tuple[Figure, ...]]:
    return [wording.sentence.figures for wording in ranked.statement.wordings.values()]


def _has_figures(ranked: Ranked) -> bool:
    return all(_wordings(ranked))


def _best(ranked: Ranked) -> Figure:
    return max(_wordings(ranked)[0], key=_telling)


def _telling(figure: Figure) -> float:
    """How much a number says by itself: money, shares and ratios more than a bare count."""
    kind = 1.0 if figure.unit in {"%", "pp", "x"} or figure.unit.isupper() else 0.6
    return kind * (1.2 if figure.period else 1.0)
