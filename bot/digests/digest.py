"""What a digest tells, as frozen values: its stories by query, its numbers, what came due, its sources. Decides nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.models import Topic
from bot.trends.ledger import Group
from bot.trends.quotes import Cited, FigurePoint, Point

Kind = Literal["news", "library", "end"]


@dataclass(frozen=True, slots=True)
class StoryPoint(Point):
    """The first line of a story: its headline, or the sentence that tells it best, and `further` lines on it.

    `sources` is how many publishers tell of it. `update`: the reader was told of it before. `told` is the sentence that a
    headline stands for.
    """

    further: tuple[Point, ...] = ()
    sources: int = 1
    update: bool = False
    told: Point | None = None

    @property
    def quoted(self) -> Point:
        """The sentence that tells the story."""
        return self.told or self


@dataclass(frozen=True, slots=True)
class Section:
    """The points on one query. `heading` is its topic where it is nothing but one, else as it was typed."""

    query: str
    heading: Topic | str
    points: tuple[StoryPoint, ...]


@dataclass(frozen=True, slots=True)
class Digest:
    """What is told. `kind` is "end" where nothing is left but to say so.

    `headings` are those of all its queries, `sections` those with points. `spent` says that the library holds no
    more on them, and `held` that it holds anything at all. `citations` are passage ids, the first one cited as [1].
    `due` are forecasts that have come due, with what was reported since.
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
        """The number by which each passage is cited."""
        return {passage: number for number, passage in enumerate(self.citations, 1)}
