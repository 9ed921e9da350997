"""Who is an admin of a group: asks Telegram, and believes the answer for a minute."""

from __future__ import annotations

import logging
import time

from telegram import Bot
from telegram.constants import ChatMemberStatus
from telegram.error import TelegramError

_log = logging.getLogger(__name__)

ADMINS = frozenset({ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR})
"""What Telegram calls those who may configure a group."""

# Short, since a demoted admin may press until then.
_SECONDS = 60.0
_REMEMBERED = 10_000


class Roles:
    """Roles of members by chat."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], tuple[float, bool]] = {}

    async def is_admin(self, bot: Bot, chat_id: int, user_id: int) -> bool:
        """Whether somebody is the owner or an admin of a chat; False where Telegram does not tell."""
        now = time.monotonic()
        until, admin = self._known.get((chat_id, user_id), (0.0, False))
        if now < until:
            return admin
        try:
            member = await bot.get_chat_member(chat_id, user_id)
        except TelegramError as error:
            _log.info("A member's role in %d is unknown: %s", chat_id, error)
            return False
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        self._known[chat_id, user_id] = (now + _SECONDS, member.status in ADMINS)
        return member.status in ADMINS
