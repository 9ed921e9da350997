"""/forgetme: erases everything stored about a person, in every chat."""

from __future__ import annotations

from datetime import timedelta

from bot.dialogue.consent import erased, unknown_person
from bot.dialogue.context import Command, Context
from bot.dialogue.effects import ForgetPerson
from bot.dialogue.reply import Reply
from bot.messages import Rights
from bot.state.backup import KEPT


def _answer(context: Context, _: str) -> Reply:
    if refusal := unknown_person(context):
        return refusal
    # Backups contain no messages, but they do contain subscriptions with their owners.
    backups = context.notice("backups_until", context.today + timedelta(days=KEPT))
    return erased(context, "forgotten", ForgetPerson(context.event.user_id), backups)


COMMAND = Command(name="forgetme", words=("忘记我",), handle=_answer, order=180, rights=Rights.ANYONE)
