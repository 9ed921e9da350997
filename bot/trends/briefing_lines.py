"""The lines of a briefing besides its chosen points: figures and further points, none of which says a thing again. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from bot.models import Language
from bot.trends.evidence import Evidence
from bot.trends.quotes import Citations, FigurePoint, Point, figures_of
from bot.trends.ranking import Ranked, choose

MORE_POINTS = 10
FIGURES = 5
MORE_FIGURES = 10


class Lines(NamedTuple):
    """The lines of a briefing, each with its citation."""

    points: Sequence[Point]
    more_points: Sequence[Point] = ()
    figures: Sequence[FigurePoint] = ()


def lines_of(
    cite: Citations,
    language: Language,
    points: list[Ranked],
    ranked: list[Ranked],
    sound: list[Ranked],
    evidence: Evidence,
    *,
    defined: bool,
) -> Lines:
    """Return the points, the reader's language first, with figures and further points that repeat none of them.

    If the first point defines the subject, it stays first in any language.
    """
    figures = figures_of(ranked, points, language, FIGURES + MORE_FIGURES)
    # A further point must not repeat a number that the figures already show.
    more = choose(sound, MORE_POINTS, [*points, *(r for r, _ in figures[:FIGURES])])
    own_first = sorted(points[defined:], key=lambda r: language not in r.statement.wordings)
    first = [*points[:defined], *own_first]
    headlines = {r.statement.key: evidence.headline(r, language) for r in first}
    shown = cite.points((r.statement for r in first), headlines)
    first_figures = [cite.figure(r.statement, f) for r, f in figures[:FIGURES]]
    more_points = cite.points(r.statement for r in more)
    return Lines(
        shown, more_points, first_figures + [cite.figure(r.statement, f) for r, f in figures[FIGURES:]]
    )
