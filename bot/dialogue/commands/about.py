"""/about: version, coverage, and the reader's user id, by which an operator can identify them."""

from __future__ import annotations

from bot import __version__
from bot.dialogue.context import Command, Context
from bot.dialogue.reply import Reply
from bot.messages import Message, Rights


def _answer(context: Context, _: str) -> Reply:
    text = context.services.renderer.message(
        "about",
        context.language,
        version=__version__,
        coverage=context.services.library.coverage(),
        user_id=context.event.user_id,
    )
    return Reply(Message(text))


COMMAND = Command(
    name="about", words=("关于",), handle=_answer, order=110, rights=Rights.ANYONE, in_groups=False
)
