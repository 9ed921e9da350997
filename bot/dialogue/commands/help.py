"""/help: the commands available in this chat, in its language."""

from __future__ import annotations

from bot.dialogue.context import Command, Context
from bot.dialogue.reply import Reply
from bot.messages import Message, Rights


def answer(context: Context, _: str = "") -> Reply:
    """List the commands available in this chat."""
    private = context.private
    listed = [c for c in context.commands if c.listed and (private or c.in_groups)]
    text = context.services.renderer.message("help", context.language, commands=listed, private=private)
    return Reply(Message(text))


COMMAND = Command(name="help", words=("帮助",), handle=answer, order=200, rights=Rights.ANYONE)
