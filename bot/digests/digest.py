"""A digest as frozen values: its contents (stories by query, numbers, forecasts now due), and its message ready to be sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from bot.messages import Message
from bot.models import Topic
from bot.trends.ledger import Group
from bot.trends.quotes import Cited, FigurePoint, Point

if TYPE_CHECKING:
    from bot.rewriting.material import Material


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


def _nothing() -> None:
    """Return None: the retelling of a digest that no language model may retell."""


class Prepared(Struct, frozen=True):
    """A digest ready to be queued. Without `parts`, nothing is sent.

    `sentence_ids` are to be stored in state.delivered for the subscription's reader, in the transaction that
    queues the parts. `outcome` is "news", "library" (from the backlog), "end" (only says that the backlog has
    ended), "quiet", "nothing", "muted" (every query is) or "failed". `spent`: this digest tells the reader that
    the backlog has ended. `material` is what a language model may retell of it, None for nothing; `retold`
    returns its first part with the retelling, None without one.
    """

    subscription_id: str
    parts: tuple[Message, ...]
    sentence_ids: tuple[str, ...]
    outcome: str
    spent: bool
    material: Material | None = None
    retold: Callable[[], Message | None] = _nothing


class Preview(Struct, frozen=True):
    """What a subscription would bring: `intro` is a sentence of HTML to show above `parts`, which have no buttons.

    `digests` is the number with news that it would have sent in the last 30 days, None if the library has not
    taken in reports for that long. `parts` are those of the latest of them, else those of the first digest it
    would get now; empty when there is nothing to show yet.
    """

    intro: str
    digests: int | None
    parts: tuple[Message, ...]
