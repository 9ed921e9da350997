"""/privacy: what the bot stores about this chat and this reader, and for how long."""

from __future__ import annotations

from bot.dialogue.consent import capture_since
from bot.dialogue.context import Command, Context
from bot.dialogue.reply import Reply
from bot.messages import Message, Rights
from bot.state.backup import KEPT


def _answer(context: Context, _: str) -> Reply:
    captures, event = context.services.state.captures, context.event
    text = context.services.renderer.message(
        "privacy",
        context.language,
        private=context.private,
        capture=None if context.private else captures.of_chat(event.chat_id),
        since=capture_since(context),
        opted_out=captures.opted_out(event.user_id),
        kept=captures.kept(event.user_id) if context.private else 0,
        backup_days=KEPT,
    )
    return Reply(Message(text))


COMMAND = Command(name="privacy", words=("隐私",), handle=_answer, order=150, rights=Rights.ANYONE)
