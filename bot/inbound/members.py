"""Asks Telegram for roles and memberships in chats, and reacts when the bot itself is added, removed or changed."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from datetime import datetime

from telegram import Bot, ChatMember
from telegram.constants import ChatMemberStatus
from telegram.error import TelegramError

from bot.dialogue.events import MemberEvent
from bot.dialogue.router import Router
from bot.state.state import State
from bot.telegram.send import send

_log = logging.getLogger(__name__)

_ADMINS = frozenset({ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR})
# Short, because a demoted admin keeps the rights until it expires.
_ROLE_SECONDS = 60.0
_REMEMBERED = 10_000


class Members:
    """Lookup of people's roles in chats. Where Telegram gives no answer, nobody is an admin or a member."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._roles: dict[tuple[int, int], tuple[float, bool]] = {}

    async def may_configure(self, chat_id: int, user_id: int) -> bool:
        """Return whether a person is the owner or an admin of a group; the answer is cached for a minute.

        An anonymous admin writes as the group itself; a channel writes as itself and is no admin.
        """
        if user_id <= 0:
            return user_id == chat_id
        now = time.monotonic()
        until, admin = self._roles.get((chat_id, user_id), (0.0, False))
        if now < until:
            return admin
        try:
            member = await self._bot.get_chat_member(chat_id, user_id)
        except TelegramError as error:
            _log.info("A member's role in a group is unknown: %s", error)
            return False
        if len(self._roles) >= _REMEMBERED:
            self._roles.clear()
        self._roles[chat_id, user_id] = (now + _ROLE_SECONDS, member.status in _ADMINS)
        return member.status in _ADMINS

    async def is_member(self, chat_id: int, user_id: int) -> bool:
        """Return whether a person is in a group at this moment."""
        try:
            return _present(await self._bot.get_chat_member(chat_id, user_id))
        except TelegramError as error:
            _log.info("A membership in a group is unknown: %s", error)
            return False

    async def sees_talk(self, chat_id: int) -> bool:
        """Return whether the bot sees all messages of a group, being an admin or with privacy mode off.

        True where Telegram does not answer, so that no admin is sent to change a setting that may be right.
        """
        if await reads_all(self._bot):
            return True
        try:
            return (await self._bot.get_chat_member(chat_id, self._bot.id)).status in _ADMINS
        except TelegramError as error:
            _log.info("The bot's own rights in a group are unknown: %s", error)
            return True


class Membership:
    """Reactions to the bot's own membership: a greeting where it was added, erasure of the talk where it was removed."""

    def __init__(self, router: Router, state: State, clock: Callable[[], datetime]) -> None:
        self._router = router
        self._state = state
        self._clock = clock

    async def changed(self, event: MemberEvent, bot: Bot) -> None:
        """React to a change of the bot's own membership. Raises TelegramError when the greeting cannot be sent."""
        if not event.present:
            await asyncio.to_thread(self._leave, event.chat_id)
            return
        # Also when only its rights changed: it may have been allowed to write again.
        await asyncio.to_thread(self._state.chats.open, event.chat_id)
        if event.group and not event.was_present:
            sees = event.admin or await reads_all(bot)
            hello = await asyncio.to_thread(self._router.hello, event, sees=sees)
            await send(bot, event.place, hello)

    def _leave(self, chat_id: int) -> None:
        now = int(self._clock().timestamp())
        if not self._state.erase.capture(chat_id):
            _log.warning("The write-ahead log is in use; what was erased of a group leaves it later.")
        with self._state.transaction():
            self._state.chats.close(chat_id, now)
            self._state.outbox.give_up_chat(chat_id, now)


def _present(member: ChatMember) -> bool:
    """Return whether a member is in the chat, restricted members included."""
    if member.status == ChatMemberStatus.RESTRICTED:
        return bool(getattr(member, "is_member", False))
    return member.status not in {ChatMemberStatus.LEFT, ChatMemberStatus.BANNED}


async def reads_all(bot: Bot) -> bool:
    """Return whether the bot's privacy mode is off. Asks each time, because the operator may change it at any time."""
    try:
        me = await bot.get_me()
    except TelegramError as error:
        _log.info("The bot's privacy mode is unknown: %s", error)
        return False
    return bool(me.can_read_all_group_messages)
