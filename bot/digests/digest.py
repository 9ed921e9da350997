"""The contents of a digest as frozen values: stories by query, numbers, forecasts now due, sources. Decides nothing."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from bot.models import Topic
from bot.trends.ledger import Group
from bot.trends.quotes import Cited, FigurePoint, Point

Kind = Literal["news", "library", "end"]


class StoryPoint(Point, frozen=True):
    """The first line of a story (its headline, or the sentence that tells it best) and `further` lines on it.

    `sources` is the number of publishers that report it; `update`: an earlier digest told the reader about it.
    `told` is the sentence that a headline stands for, None without one.
    """

    further: tuple[Point, ...] = ()
    sources: int = 1
    update: bool = False
    told: Point | None = None

    @property
    def quoted(self) -> Point:
        """The sentence that tells the story."""
        return self.told or self


class Section(Struct, frozen=True):
    """The points on one query. `heading` is its topic if it is exactly one topic, else the query as typed."""

    query: str
    heading: Topic | str
    points: tuple[StoryPoint, ...]


class Digest(Struct, frozen=True):
    """The contents of one digest. `kind`: news, points of the library, or "end" when nothing is left to say.

    `headings` are those of all queries, `sections` only those with points. `spent`: the library has no more on
    them; `held`: it has anything at all. `citations` are passage ids; the first is cited as [1]. `due` are
    forecasts now due, with what was reported since.
    """

    kind: Kind
    headings: tuple[Topic | str, ...]
    sections: tuple[Section, ...]
    figures: tuple[FigurePoint, ...]
    citations: tuple[str, ...]
    sources: tuple[Cited, ...]
    spent: bool
    held: bool
    due: tuple[Group, ...] = ()

    @property
    def numbers(self) -> dict[str, int]:
        """The citation number of each passage."""
        return {passage: number for number, passage in enumerate(self.citations, 1)}
