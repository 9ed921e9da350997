"""Replies shared by the commands about captured messages: since when capture is on, and confirmed erasure."""

from __future__ import annotations

from datetime import date, datetime

from bot.dialogue.context import Context
from bot.dialogue.effects import Effect
from bot.dialogue.reply import Reply
from bot.messages import Message


def capture_since(context: Context) -> date | None:
    """Return the day since which the group's messages are captured, or None if they are not."""
    capture = context.services.state.captures.of_chat(context.event.chat_id)
    return (
        datetime.fromtimestamp(capture.since, context.services.profile.timezone).date() if capture else None
    )


def unknown_person(context: Context) -> Reply | None:
    """Return a refusal for an anonymous sender (a group or channel), who cannot be identified; None for a person."""
    return context.say("nobody") if context.event.user_id <= 0 else None


def erased(context: Context, name: str, effect: Effect, *more: str) -> Reply:
    """Confirm an erasure with the sentence `name` and `more` HTML; the alternative says that the log still holds data."""
    said = [context.notice(name), *more]
    unfinished = [*said, context.notice("log_busy")]
    return Reply(Message("\n\n".join(said)), effects=(effect,), otherwise=Message("\n\n".join(unfinished)))
