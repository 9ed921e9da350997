"""Replaces an answer with a language model's retelling of it, unless the message has changed meanwhile.

send the answer -> ask the model, in a separate task -> edit the verified text into the answer's message
A press on the message, or shutdown, cancels the wait. A model that fails or is over budget changes nothing.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextvars import Context
from datetime import datetime
from typing import TYPE_CHECKING

from telegram import Bot
from telegram.error import TelegramError

from bot.dialogue.events import ButtonEvent, TextEvent
from bot.dialogue.reply import Reply
from bot.dialogue.router import Router
from bot.telegram.send import edit

if TYPE_CHECKING:
    # For types alone: it brings in everything that talks to a model.
    from bot.rewriting.rewriter import Rewriter

_log = logging.getLogger(__name__)


class Retellings:
    """Retellings in progress, at most one per message."""

    def __init__(self, bot: Bot, router: Router, rewriter: Rewriter, clock: Callable[[], datetime]) -> None:
        self._bot = bot
        self._router = router
        self._rewriter = rewriter
        self._clock = clock
        self._under_way: dict[tuple[int, int], asyncio.Task[None]] = {}

    def start(self, event: TextEvent | ButtonEvent, message_id: int, reply: Reply) -> None:
        """Start retelling what a reply asks for; the result replaces the message `message_id` in the event's chat."""
        self.cancel(event.chat_id, message_id)
        key = event.chat_id, message_id
        # A fresh context: it must not inherit the answer's turn in flight (telegram/in_flight), which is over by then.
        task = asyncio.create_task(self._retell(event, message_id, reply), context=Context())
        self._under_way[key] = task
        task.add_done_callback(
            lambda done: self._under_way.pop(key) if self._under_way.get(key) is done else None
        )

    def cancel(self, chat_id: int, message_id: int) -> None:
        """Cancel the retelling of a message, because someone pressed a button under it."""
        if task := self._under_way.get((chat_id, message_id)):
            task.cancel()

    def forget_talk(self) -> None:
        """Drop the cached retellings of people's messages, some of which have been erased."""
        self._rewriter.forget_talk()

    async def close(self) -> None:
        """Cancel everything in progress and wait for its end."""
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _retell(self, event: TextEvent | ButtonEvent, message_id: int, reply: Reply) -> None:
        try:
            if reply.retell and await self._rewriter.retell(reply.retell.material, event.chat_id):
                message = await asyncio.to_thread(self._router.retold, reply, event, self._clock())
                if message:
                    await edit(self._bot, event.chat_id, message_id, message)
        except TelegramError as error:
            _log.info("A retelling could not be put in its place: %s", type(error).__name__)
        except Exception:  # noqa: BLE001  # the reader has their answer; the failure concerns the operator
            _log.exception("A retelling failed.")
