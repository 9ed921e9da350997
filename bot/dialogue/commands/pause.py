"""/pause: pauses a chat's digests for a while, or resumes them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo

from bot.dialogue.commands.subscriptions import PAUSE, subscriptions_here
from bot.dialogue.context import Command, Context
from bot.dialogue.durations import hours_of
from bot.dialogue.effects import Pause
from bot.dialogue.phrases import argument_meaning
from bot.dialogue.reply import Reply
from bot.messages import Message, Press, Rights
from bot.rendering.callbacks import NO_VIEW

_LONGEST_PAUSE = timedelta(days=366)
_RESUMING = frozenset({"off", "resume"})


class ResumeAll(Press, frozen=True):
    """Button: resumes all digests of a forum topic."""

    thread_id: int

    code: ClassVar[str] = "sg:all"
    rights: ClassVar[Rights] = Rights.ADMIN
    needs_view: ClassVar[bool] = False


def _answer(context: Context, text: str) -> Reply:
    subscriptions = subscriptions_here(context)
    if not subscriptions:
        return context.say("no_digests")
    if argument_meaning(text) in _RESUMING:
        effects = tuple(Pause(s.id, None) for s in subscriptions if s.paused_until)
        return Reply(context.message("resumed", len(subscriptions)), effects=effects)
    span = PAUSE if not text.strip() else pause_of(text)
    if span is None:
        return context.say("pause_unclear")
    until = int((context.now + span).timestamp())
    zone = context.services.state.chats.timezone(subscriptions[0].chat_id) or subscriptions[0].timezone
    local = datetime.fromtimestamp(until, ZoneInfo(zone))
    resume = context.button(
        ResumeAll(NO_VIEW, context.language, subscriptions[0].thread_id), "button_resume", 0
    )
    message = Message(context.notice("paused_until", local, zone), ((resume,),))
    return Reply(message, effects=tuple(Pause(s.id, until) for s in subscriptions))


def _resume_all(context: Context, press: ResumeAll) -> Reply:
    subscriptions = context.services.state.subscriptions.of_reader(context.event.chat_id, press.thread_id)
    if not subscriptions:
        return context.refuse("digest_ended")
    effects = tuple(Pause(s.id, None) for s in subscriptions)
    return Reply(context.message("resumed", len(subscriptions)), edit=True, effects=effects)


def pause_of(text: str) -> timedelta | None:
    """Parse a pause: "7d", "2 weeks", 三天, 两周; None for anything else and for more than a year."""
    span = timedelta(hours=hours_of(text) or 0)
    return span if timedelta(0) < span <= _LONGEST_PAUSE else None


COMMAND = Command(
    name="pause",
    words=("暂停",),
    handle=_answer,
    order=80,
    rights=Rights.ADMIN,
    takes=True,
    buttons={ResumeAll: _resume_all},
)
