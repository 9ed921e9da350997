"""The bot comes into a group or leaves it: introduces itself, erases what was kept, and knows what it is shown."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from telegram import Bot, ChatMember, ChatMemberUpdated, Update
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import TelegramError
from telegram.ext import ContextTypes

from bot.dialogue.router import Router
from bot.inbound.roles import ADMINS
from bot.models import Place
from bot.sqlite.errors import StorageError
from bot.state.state import State
from bot.telegram.send import send

_log = logging.getLogger(__name__)

_GROUPS = frozenset({ChatType.GROUP, ChatType.SUPERGROUP})
# A large file's last pages may be read at this moment; longer than this nobody is kept waiting.


class Membership:
    """Handles my_chat_member updates: the bot's own place in a chat has changed."""

    def __init__(self, router: Router, state: State, clock: Callable[[], datetime]) -> None:
        self._router = router
        self._state = state
        self._clock = clock

    async def changed(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Says hello where it was added, and erases a group's talk where it was removed."""
        change = update.my_chat_member
        if change is None:
            return
        was, now_in = present(change.old_chat_member), present(change.new_chat_member)
        if not now_in:
            await asyncio.to_thread(self._leave, change.chat.id)
        else:
            # Also where its rights have changed: it may have been allowed to write again.
            await asyncio.to_thread(self._state.chats.open, change.chat.id)
            if not was and change.chat.type in _GROUPS:
                await self._introduce(change, context.bot)

    async def heard_from(self, chat_id: int) -> None:
        """Somebody writes in a private chat: whatever closed it is over, also where no update told of its end."""
        try:
            await asyncio.to_thread(self._reopen, chat_id)
        except StorageError as error:
            # The answer does not depend on it, and the next message opens the chat.
            _log.warning("Chat %d cannot be recorded as open: %s", chat_id, error)

    def _reopen(self, chat_id: int) -> None:
        # Nearly always it is open: a reader waits for nobody, a writer for all others.
        if self._state.chats.closed(chat_id):
            self._state.chats.open(chat_id)

    async def _introduce(self, change: ChatMemberUpdated, bot: Bot) -> None:
        admin = change.new_chat_member.status in ADMINS
        hello = await asyncio.to_thread(
            self._router.hello,
            change.chat.id,
            change.chat.title or "",
            change.from_user.language_code,
            sees=admin or await reads_all(bot),
        )
        await send(bot, Place(change.chat.id), hello)

    def _leave(self, chat_id: int) -> None:
        now = int(self._clock().timestamp())
        if not self._state.erase.capture(chat_id):
            _log.warning("The write-ahead log is in use; what was erased of a group leaves it later.")
        with self._state.transaction():
            self._state.chats.close(chat_id, now)
            self._state.outbox.bury_chat(chat_id, now)


def present(member: ChatMember) -> bool:
    """Whether somebody is in a chat."""
    if member.status == ChatMemberStatus.RESTRICTED:
        return bool(getattr(member, "is_member", False))
    return member.status not in {ChatMemberStatus.LEFT, ChatMemberStatus.BANNED}


async def is_member(bot: Bot, chat_id: int, user_id: int) -> bool:
    """Whether somebody is in a group at this moment; False where Telegram does not tell."""
    try:
        return present(await bot.get_chat_member(chat_id, user_id))
    except TelegramError as error:
        _log.info("A membership in %d is unknown: %s", chat_id, error)
        return False


async def sees_talk(bot: Bot, chat_id: int) -> bool:
    """Whether Telegram shows the bot all that is written in a group: as an admin, or with privacy mode off.

    True if Telegram does not tell, so that no admin is sent to change a setting that may be right.
    """
    if await reads_all(bot):
        return True
    try:
        return (await bot.get_chat_member(chat_id, bot.id)).status in ADMINS
    except TelegramError as error:
        _log.info("The bot's own rights in %d are unknown: %s", chat_id, error)
        return True


async def reads_all(bot: Bot) -> bool:
    """Whether the bot's privacy mode is off; asked anew, since its operator may switch it while it runs."""
    try:
        me = await bot.get_me()
    except TelegramError as error:
        _log.info("The bot's privacy mode is unknown: %s", error)
        return False
    return bool(me.can_read_all_group_messages)
