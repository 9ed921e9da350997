"""/optout: erases a person's captured messages and captures no more of them."""

from __future__ import annotations

from bot.dialogue.consent import erased, unknown_person
from bot.dialogue.context import Command, Context
from bot.dialogue.effects import OptOut
from bot.dialogue.reply import Reply
from bot.messages import Rights


def _answer(context: Context, _: str) -> Reply:
    if refusal := unknown_person(context):
        return refusal
    return erased(context, "opted_out", OptOut(context.event.user_id))


COMMAND = Command(name="optout", words=("退出回顾",), handle=_answer, order=160, rights=Rights.ANYONE)
