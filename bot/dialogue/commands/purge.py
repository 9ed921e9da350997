"""/purge: erases a group's captured messages; capture goes on."""

from __future__ import annotations

from bot.dialogue.consent import erased
from bot.dialogue.context import Command, Context
from bot.dialogue.effects import PurgeCapture
from bot.dialogue.reply import Reply
from bot.messages import Rights


def _answer(context: Context, _: str) -> Reply:
    if context.private:
        return context.say("groups_only")
    return erased(context, "purged", PurgeCapture(context.event.chat_id))


COMMAND = Command(name="purge", words=("清空发言",), handle=_answer, order=140, rights=Rights.ADMIN)
