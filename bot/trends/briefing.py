"""A briefing: everything that an answer to `/trend` may show, without its words. trends/briefer makes it."""

from __future__ import annotations

from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from bot.library.query import Query
from bot.models import Coverage, Topic
from bot.trends.quotes import Cited, FigurePoint, Point
from bot.trends.verdict import Verdict


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
