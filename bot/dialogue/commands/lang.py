"""/lang: sets the language of a chat's answers."""

from __future__ import annotations

from typing import ClassVar

from bot.dialogue.context import Command, Context
from bot.dialogue.effects import ChooseLanguage
from bot.dialogue.reply import Reply
from bot.languages import LANGUAGES, language_named
from bot.messages import Button, Message, Press, Rights
from bot.models import Language
from bot.rendering.callbacks import NO_VIEW


class AnswerIn(Press, frozen=True):
    """Button: sets the language."""

    chosen: Language

    code: ClassVar[str] = "lang"
    rights: ClassVar[Rights] = Rights.ADMIN
    needs_view: ClassVar[bool] = False


def _answer(context: Context, code: str) -> Reply:
    chosen = language_named(code)
    if chosen:
        return Reply(_confirmed(context, chosen), effects=(ChooseLanguage(context.event.chat_id, chosen),))
    text = context.notice("language_unknown" if code else "choose_language")
    row = tuple(
        Button(entry.name, AnswerIn(NO_VIEW, context.language, entry.code)) for entry in LANGUAGES.values()
    )
    return Reply(Message(text, (row,)))


def _choose(context: Context, press: AnswerIn) -> Reply:
    effect = ChooseLanguage(context.event.chat_id, press.chosen)
    return Reply(_confirmed(context, press.chosen), edit=True, effects=(effect,))


def _confirmed(context: Context, chosen: Language) -> Message:
    """Return the confirmation in the new language."""
    return Message(context.services.renderer.notice("language_set", chosen))


COMMAND = Command(
    name="lang",
    words=("语言",),
    handle=_answer,
    order=100,
    rights=Rights.ADMIN,
    takes=True,
    buttons={AnswerIn: _choose},
)
