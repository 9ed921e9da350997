"""/optin: allows a person's messages to be captured again, in groups that capture."""

from __future__ import annotations

from bot.dialogue.consent import unknown_person
from bot.dialogue.context import Command, Context
from bot.dialogue.effects import OptIn
from bot.dialogue.reply import Reply
from bot.messages import Rights


def _answer(context: Context, _: str) -> Reply:
    if refusal := unknown_person(context):
        return refusal
    return Reply(context.message("opted_in"), effects=(OptIn(context.event.user_id),))


COMMAND = Command(name="optin", words=("加入回顾",), handle=_answer, order=170, rights=Rights.ANYONE)
