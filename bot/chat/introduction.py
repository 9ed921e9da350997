"""What Telegram shows of the bot before anybody writes: its menus and its descriptions, in each language."""

from __future__ import annotations

import logging
from collections.abc import Awaitable

from telegram import Bot, BotCommand, BotCommandScopeAllGroupChats, BotCommandScopeAllPrivateChats
from telegram.error import TelegramError

from bot.chat.commands import COMMANDS
from bot.models import Language
from bot.rendering.renderer import Renderer

_log = logging.getLogger(__name__)

# The language without a code is shown to everybody whose own is not set (Bot API, setMyCommands).
_LANGUAGES: tuple[tuple[Language, str | None], ...] = (("en", None), ("zh", "zh"))


async def introduce(bot: Bot, renderer: Renderer) -> None:
    """Sets menus and descriptions; each that fails is logged, since the bot works without them."""
    for language, code in _LANGUAGES:
        private = _menu(renderer, language, groups=False)
        group = _menu(renderer, language, groups=True)
        await _try(bot.set_my_commands(private, BotCommandScopeAllPrivateChats(), code))
        await _try(bot.set_my_commands(group, BotCommandScopeAllGroupChats(), code))
        await _try(bot.set_my_description(renderer.word("bot_description", language), code))
        await _try(bot.set_my_short_description(renderer.word("bot_short_description", language), code))


def _menu(renderer: Renderer, language: Language, *, groups: bool) -> list[BotCommand]:
    return [
        BotCommand(command.name, renderer.word(f"command_{command.name}", language))
        for command in COMMANDS
        if command.listed and (command.groups or not groups)
    ]


async def _try(call: Awaitable[bool]) -> None:
    try:
        await call
    except TelegramError as error:
        _log.warning("A menu or description was not set: %s", error)
