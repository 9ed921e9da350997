"""Recaps of chats that were exported and sent as a file. Keeps nothing of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING

from bot.models import Language, Message
from bot.recaps.export import ExportError, newest_messages
from bot.rendering.renderer import Renderer

if TYPE_CHECKING:
    from bot.recaps.compose import RecapBriefer

SUFFIX = ".json"


class Exported:
    """Reads a result.json of Telegram Desktop and tells what was said in it."""

    def __init__(self, renderer: Renderer, briefer: Callable[[], RecapBriefer], username: str | None) -> None:
        self._renderer = renderer
        self._briefer = briefer
        self._username = username

    def recap(self, raw: bytes, language: Language, today: date) -> Message:
        """The recap of an exported chat, or why there is none."""
        from bot.recaps.message import recap_message  # with the engine's patterns, which no question needs

        try:
            messages = newest_messages(BytesIO(raw), lambda _count: None)
        except ExportError:
            return self._say("not_an_export", language)
        recap = self._briefer().recap(messages, language, today)
        if recap is None:
            return self._say("recap_nothing", language, len(messages))
        return recap_message(self._renderer, recap, language, lambda _: None, self._username)

    def _say(self, name: str, language: Language, *values: object) -> Message:
        return Message(self._renderer.notice(name, language, *values))
