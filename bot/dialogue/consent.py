"""What the commands about kept talk say alike: since when a group agreed, and that something has been erased."""

from __future__ import annotations

from datetime import date, datetime

from bot.dialogue.context import Context
from bot.dialogue.effects import Effect, Reply
from bot.messages import Message


def capture_since(context: Context) -> date | None:
    """The day since which a group's talk is kept, None where it is not."""
    capture = context.services.state.captures.of_chat(context.event.chat_id)
    return (
        datetime.fromtimestamp(capture.since, context.services.profile.timezone).date() if capture else None
    )


def unknown_person(context: Context) -> Reply | None:
    """The refusal for who writes in the name of a group or channel: nobody knows which of its admins it is."""
    return context.say("nobody") if context.event.user_id <= 0 else None


def erased(context: Context, name: str, effect: Effect, *more: str) -> Reply:
    """Confirms an erasure with the sentence `name` and `more` HTML; says so when the disk is not clean yet."""
    said = [context.notice(name), *more]
    unfinished = [*said, context.notice("log_busy")]
    return Reply(Message("\n\n".join(said)), effects=(effect,), otherwise=Message("\n\n".join(unfinished)))
