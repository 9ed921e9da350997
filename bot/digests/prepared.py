"""Digests ready to be sent, and what a subscription would bring, as frozen values. Makes none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.messages import Message

if TYPE_CHECKING:
    from bot.rewriting.material import Material


def _nothing() -> None:
    """What came of a digest that no language model may retell."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A digest ready to be queued. No `parts`: nothing is sent.

    `sentence_ids` are to be kept in state.delivered for the subscription's reader, in the transaction that
    queues the parts. `outcome` is "news", "library" (from the backlog), "end" (only that it has ended), "quiet", "nothing",
    or "muted" (every query is). `spent` says that this digest tells the reader of the end of the backlog. `material`
    is what a language model may retell of it, `retold` its first part with what came of that, None where nothing did.
    """

    subscription_id: str
    parts: tuple[Message, ...]
    sentence_ids: tuple[str, ...]
    outcome: str
    spent: bool
    material: Material | None = None
    retold: Callable[[], Message | None] = _nothing


@dataclass(frozen=True, slots=True)
class Preview:
    """What a subscription would bring: `intro` is a sentence of HTML to stand above `parts`, which have no buttons.

    `digests` is how many with news it would have sent in the last 30 days, and `parts` the latest of them; None where
    the library has not taken in reports for that long, then `parts` is the first digest. Empty: nothing to show yet.
    """

    intro: str
    digests: int | None
    parts: tuple[Message, ...]
