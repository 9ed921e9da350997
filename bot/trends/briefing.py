"""A briefing: everything that an answer to `/trend` may show, without its words; and the choice of its further lines.

trends/briefer makes it. None of its figures and further points says again what a chosen point said. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from bot.library.query import Query
from bot.models import Coverage, Language, Topic
from bot.trends.evidence import Evidence
from bot.trends.quotes import Citations, Cited, FigurePoint, Point, figures_of
from bot.trends.ranking import Ranked, choose
from bot.trends.verdict import Verdict

MORE_POINTS = 10

FIGURES = 5

MORE_FIGURES = 10


class Briefing(Struct, frozen=True):
    """Everything a briefing may show; the template chooses what a message shows of it.

    `points[0]` is the lead. `citations` are passage ids; the first is cited as [1]. `widened` are related
    topics that have points too, because the library says little on the topic asked for; `only_related` means
    that it says nothing on it. `wider` is the topic of which a phrase judged by itself is a part. `by_day`: its points
    are told with their reports' days, as they answer when something happened or what it costs. `lacks_definition`: no
    sentence says what it is, although that was asked.
    """

    query: Query
    topics: tuple[Topic, ...]
    verdict: Verdict
    points: tuple[Point, ...]
    more_points: tuple[Point, ...]
    figures: tuple[FigurePoint, ...]
    more_figures: tuple[FigurePoint, ...]
    citations: tuple[str, ...]
    sources: tuple[Cited, ...]
    related: tuple[Topic, ...]
    broad: bool
    coverage: Coverage
    widened: tuple[Topic, ...] = ()
    only_related: bool = False
    wider: Topic | None = None
    by_day: bool = False
    lacks_definition: bool = False

    @property
    def last_citation(self) -> int:
        """The highest citation number in its lines."""
        points = [point.citation for point in (*self.points, *self.more_points)]
        return max(points + [line.citation for line in (*self.figures, *self.more_figures)])

    @property
    def counts_together(self) -> bool:
        """Whether its verdict counts the reports with several topics in one passage, and there are any."""
        return self.query.plain and len(self.topics) > 1 and bool(self.verdict.dated or self.verdict.undated)

    @property
    def judges_subject(self) -> bool:
        """Whether its verdict is on topics or a name; that on another question counts only the reports cited."""
        return self.query.plain or self.query.is_name

    @property
    def newest(self) -> date | None:
        """The newest day of its sources; None if all are undated."""
        return max((cited.report.published for cited in self.sources if cited.report.published), default=None)

    def shortened(self) -> Briefing | None:
        """Return the briefing with its least important line removed; None when only the lead is left."""
        for name in ("more_points", "more_figures", "figures", "points"):
            lines = getattr(self, name)
            if len(lines) > (name == "points"):
                return replace(self, **{name: lines[:-1]})
        return None


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
