"""/unsubscribe: ends a chat's digests, after asking which if there are several."""

from __future__ import annotations

from typing import ClassVar

from bot.dialogue.commands.subscriptions import EndSubscription, subscriptions_here
from bot.dialogue.context import Command, Context
from bot.dialogue.effects import Unsubscribe
from bot.dialogue.phrases import argument_meaning
from bot.dialogue.reply import Reply
from bot.messages import Button, Message, Press, Rights
from bot.models import Subscription
from bot.rendering.callbacks import NO_VIEW

_SHOWN = 40


class EndAll(Press, frozen=True):
    """Button: ends all digests of a forum topic, which it carries because an old message may lack it."""

    thread_id: int

    code: ClassVar[str] = "sx:all"
    rights: ClassVar[Rights] = Rights.ADMIN
    needs_view: ClassVar[bool] = False


def _answer(context: Context, text: str) -> Reply:
    subscriptions = subscriptions_here(context)
    if not subscriptions:
        return context.say("no_digests")
    if len(subscriptions) == 1 or argument_meaning(text) == "all":
        return Reply(context.message("all_ended", len(subscriptions)), effects=_ends(subscriptions))
    return Reply(_choice(context, subscriptions))


def _choice(context: Context, subscriptions: list[Subscription]) -> Message:
    """Ask which of several subscriptions to end."""
    language = context.language
    rows = [
        (Button(context.word("listed", s.queries)[:_SHOWN], EndSubscription(NO_VIEW, language, s.id)),)
        for s in subscriptions
    ]
    rows.append((context.button(EndAll(NO_VIEW, language, subscriptions[0].thread_id), "button_remove_all"),))
    return Message(context.notice("which_to_end"), tuple(rows))


def _end_all(context: Context, press: EndAll) -> Reply:
    subscriptions = context.services.state.subscriptions.of_reader(context.event.chat_id, press.thread_id)
    if not subscriptions:
        return context.refuse("digest_ended")
    return Reply(context.message("all_ended", len(subscriptions)), edit=True, effects=_ends(subscriptions))


def _ends(subscriptions: list[Subscription]) -> tuple[Unsubscribe, ...]:
    return tuple(Unsubscribe(s.id) for s in subscriptions)


COMMAND = Command(
    name="unsubscribe",
    words=("退订", "取消订阅"),
    handle=_answer,
    order=90,
    rights=Rights.ADMIN,
    takes=True,
    buttons={EndAll: _end_all},
)
