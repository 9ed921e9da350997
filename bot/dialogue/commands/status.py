"""/status: queues, failures and the time of Telegram's last answer, for operators."""

from __future__ import annotations

from datetime import UTC, datetime

from msgspec import Struct

from bot.dialogue.context import Command, Context
from bot.dialogue.reply import Reply
from bot.messages import Message, Rights
from bot.rendering.renderer import deep_links
from bot.state.heartbeats import RECEIVED
from bot.state.leases import WORK
from bot.state.outbox import WAITING
from bot.trends.passages import cited_passage

_LETTERS = 5


class DeadLetter(Struct, frozen=True):
    """A message that could not be delivered, and when it was given up."""

    chat_id: int
    error: str
    at: datetime


def _answer(context: Context, _: str) -> Reply:
    state = context.services.state
    outbox, inbox = state.outbox.counts(), state.inbox.counts()
    letters = [
        DeadLetter(chat, error, _local(context, moment))
        for chat, error, moment in state.outbox.dead_letters(_LETTERS)
    ]
    heard = state.heartbeats.last(RECEIVED)
    html = context.services.renderer.message(
        "status",
        context.language,
        waiting=sum(outbox.get(name, 0) for name in WAITING),
        sent=outbox.get("sent", 0),
        dead=outbox.get("dead", 0),
        closed=outbox.get("closed", 0),
        letters=letters,
        updates=inbox.get("new", 0),
        failed=inbox.get("failed", 0) + inbox.get("poison", 0),
        subscriptions=len(state.subscriptions.all()),
        heard=_local(context, heard) if heard is not None else None,
        machine=state.leases.holder(WORK, int(context.now.timestamp())) if state.shared else None,
        missing=context.services.library.missing(),
        hostile=_hostile(context),
    )
    return Reply(Message(html))


def _hostile(context: Context) -> list[tuple[str, str | None]]:
    """Return the titles of passages that address language models, newest first, each with its deep link."""
    retellings, services = context.services.retellings, context.services
    passages = retellings.left_out[::-1] if retellings else ()
    cited = [(p, found) for p in passages if (found := cited_passage(services.library, p))]
    return [
        (found.edition.shown_title, next(iter(deep_links(services.profile.username, [passage])), None))
        for passage, found in cited
    ]


def _local(context: Context, moment: int) -> datetime:
    return datetime.fromtimestamp(moment, UTC).astimezone(context.services.profile.timezone)


COMMAND = Command(
    name="status",
    words=("状态",),
    handle=_answer,
    order=190,
    rights=Rights.OPERATOR,
    listed=False,
    in_groups=False,
)
