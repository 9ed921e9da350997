"""Digests ready to be sent, and previews of subscriptions, as frozen values. Makes none."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec import Struct

from bot.messages import Message

if TYPE_CHECKING:
    from bot.rewriting.material import Material


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
