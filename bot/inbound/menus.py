"""Sets what Telegram shows of the bot before a conversation: its menus and descriptions, in each language."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial

from telegram import Bot, BotCommand, BotCommandScopeAllGroupChats, BotCommandScopeAllPrivateChats
from telegram.error import RetryAfter, TelegramError

from bot.dialogue.registry import COMMANDS
from bot.languages import LANGUAGES
from bot.models import Language
from bot.rendering.renderer import Renderer
from bot.telegram.limiter import seconds_of

_log = logging.getLogger(__name__)


async def set_profile(bot: Bot, renderer: Renderer) -> None:
    """Set the menus and descriptions. A failure is logged only: the bot works without them."""
    for language, entry in LANGUAGES.items():
        code = entry.menu
        # In a thread: the first text of a language compiles its templates, which takes up to a second.
        private, group, described, briefly = await asyncio.to_thread(_texts, renderer, language)
        await _try(partial(bot.set_my_commands, private, BotCommandScopeAllPrivateChats(), code))
        await _try(partial(bot.set_my_commands, group, BotCommandScopeAllGroupChats(), code))
        await _try(partial(bot.set_my_description, described, code))
        await _try(partial(bot.set_my_short_description, briefly, code))


def _texts(renderer: Renderer, language: Language) -> tuple[list[BotCommand], list[BotCommand], str, str]:
    """Return the menus of private chats and of groups, the description, and the short one."""
    return (
        _menu(renderer, language, groups=False),
        _menu(renderer, language, groups=True),
        renderer.word("bot_description", language),
        renderer.word("bot_short_description", language),
    )


def _menu(renderer: Renderer, language: Language, *, groups: bool) -> list[BotCommand]:
    return [
        BotCommand(command.name, renderer.word(f"command_{command.name}", language))
        for command in COMMANDS
        if command.listed and (command.in_groups or not groups)
    ]


async def _try(call: Callable[[], Awaitable[bool]]) -> None:
    """Call until Telegram accepts or refuses. Waits out a 429, because nothing tries again later."""
    while True:
        try:
            await call()
        except RetryAfter as error:
            await asyncio.sleep(seconds_of(error))
        except TelegramError as error:
            _log.warning("A menu or description was not set: %s", error)
            return
        else:
            return
