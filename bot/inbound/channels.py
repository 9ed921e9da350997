"""Offers channels that made the bot an admin to the operators, whose approval admits their posts to the library."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from telegram import Bot
from telegram.error import TelegramError

from bot.dialogue.events import MemberEvent
from bot.dialogue.router import Router
from bot.messages import Place
from bot.state.sources import Source, source_id
from bot.state.state import State
from bot.telegram.send import send

_log = logging.getLogger(__name__)


class Channels:
    """Register of the channels that the bot is an admin of, as sources that operators approve."""

    def __init__(
        self, router: Router, state: State, clock: Callable[[], datetime], operators: frozenset[int]
    ) -> None:
        self._router = router
        self._state = state
        self._clock = clock
        self._operators = operators

    async def changed(self, event: MemberEvent, bot: Bot) -> None:
        """Offer a channel to the operators when the bot becomes its admin; pause it as a source when that ends."""
        if not (event.present and event.admin):
            await asyncio.to_thread(self._pause, event.chat_id)
            return
        source = await asyncio.to_thread(self._offer, event)
        if source is None or source.state == "active":
            return
        # The person who made the bot an admin is asked first, and alone if they are an operator.
        asked = [event.user_id] if event.user_id in self._operators else sorted(self._operators)
        for operator in asked:
            code = event.language_code if operator == event.user_id else None
            offer = await asyncio.to_thread(self._router.channel_offer, operator, code, source)
            try:
                await send(bot, Place(operator), offer)
            except TelegramError as error:
                _log.info("An operator was not told of a channel: %s", error)

    def _offer(self, event: MemberEvent) -> Source | None:
        now = int(self._clock().timestamp())
        address = f"https://t.me/{event.username}" if event.username else f"telegram:{event.chat_id}"
        self._state.sources.add(
            Source(
                source_id(address),
                "channel",
                address,
                event.title,
                "offered",
                created=now,
                chat_id=event.chat_id,
            )
        )
        return self._state.sources.of_channel(event.chat_id)

    def _pause(self, chat_id: int) -> None:
        source = self._state.sources.of_channel(chat_id)
        if source is not None and source.state == "active":
            self._state.sources.set_state(source.id, "paused", int(self._clock().timestamp()))
