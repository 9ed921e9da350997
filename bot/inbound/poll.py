"""Polls Telegram for updates, and confirms them once they are stored."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable
from datetime import datetime

from telegram import Bot
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.inbound.capture import Update
from bot.inbound.dispatch import Dispatcher
from bot.inbound.receiver import ALLOWED_UPDATES, Incoming, Receiver, is_update
from bot.logs import Trouble
from bot.sqlite.errors import StorageError
from bot.state.heartbeats import CONFLICT
from bot.state.state import State
from bot.telegram.answers import ForeignAnswer
from bot.telegram.limiter import seconds_of

_log = logging.getLogger(__name__)

POLL_SECONDS = 25

_STORAGE_SECONDS = 1.0
# telegram-bot-api, Client.cpp: "can't use getUpdates method while webhook is active".
_WEBHOOK_ACTIVE = "webhook is active"
# Beyond Telegram's own timeout: a connection that died silently must not leave the bot deaf.
_SILENCE_SECONDS = 20
_LONGEST_PAUSE, _LONGEST_FLOOD = 60.0, 300.0
# Updates per answer; fewer after a failure, in case a slow line could not carry them in time.
_MANY, _FEW = 100, 10
# After a week without updates Telegram continues with a random id (Bot API, Update).
_QUIET_SECONDS = 6 * 86_400.0


class Polling:
    """Long polling: receives updates, stores them, and only then confirms them."""

    def __init__(
        self,
        bot: Bot,
        receiver: Receiver,
        state: State,
        clock: Callable[[], datetime],
        dispatcher: Dispatcher | None = None,
    ) -> None:
        """`dispatcher` handles updates that the inbox cannot store while the disk is full."""
        self._bot = bot
        self._dispatcher = dispatcher
        self._storage = Trouble(_log, "Updates cannot be kept", "Updates are kept again")
        self._state = state
        self._clock = clock
        self._receiver = receiver
        self._heard = 0.0
        # Telegram repeats what is not confirmed; a repeated update is not read, and not counted, again.
        self._unconfirmed: dict[int, Incoming] = {}

    async def run(self) -> None:
        """Poll until cancelled. Raises InvalidToken when Telegram refuses the token."""
        now = int(self._clock().timestamp())
        last = await asyncio.to_thread(self._state.inbox.last_update, now)
        offset, self._heard = None if last is None else last + 1, time.monotonic()
        pause = 0.0
        while True:
            if time.monotonic() - self._heard > _QUIET_SECONDS:
                offset = None  # the next ids may be lower; the inbox ignores known ones
            try:
                # Not wait_for: Python 3.11's loses a cancellation that arrives together with the answer.
                async with asyncio.timeout(POLL_SECONDS + _SILENCE_SECONDS):
                    updates = _readable(await self._ask(offset, _FEW if pause else _MANY))
            except InvalidToken:
                raise
            except (TelegramError, TimeoutError) as error:
                pause = await self._rest(error, pause)
                continue
            pause = 0.0
            offset = await self._keep([self._read(update) for update in updates], offset)

    async def _ask(self, offset: int | None, limit: int) -> object:
        wanted = {"timeout": POLL_SECONDS, "allowed_updates": list(ALLOWED_UPDATES), "limit": limit}
        if offset is not None:
            wanted["offset"] = offset
        # Not get_updates, which drops all updates when it cannot read one; nor do_api_request, which warns about
        # this use and mistakes a revoked token for a missing method.
        answer: object = await self._bot._post(  # noqa: SLF001
            "getUpdates", wanted, read_timeout=POLL_SECONDS + _SILENCE_SECONDS / 2
        )
        return answer

    async def _keep(self, updates: list[Incoming], offset: int | None) -> int | None:
        dispatcher = self._dispatcher if self._storage.lasts else None
        try:
            if dispatcher is None:
                await self._receiver.keep(updates)
            else:
                await dispatcher.wait_for_offered()
                await self._receiver.keep(updates, dispatcher.handled)
        except StorageError as error:
            self._storage.report(error)
            return await self._handle_unstored(updates, offset)
        if self._storage.lasts:
            self._storage.clear()
            if self._dispatcher is not None:
                self._dispatcher.forget_offered()
        if not updates:
            return offset
        self._heard = time.monotonic()
        self._unconfirmed.clear()
        return max(update.id for update in updates) + 1

    async def _handle_unstored(self, updates: list[Incoming], offset: int | None) -> int | None:
        """Handle updates while the disk is full, and return the offset up to which nothing has to be stored any more.

        A person's choice is confirmed only once it is stored; group talk that passes meanwhile is not recapped. A
        shared database is soon back, and handling depends on it too much to go on without: the updates, talk included,
        wait at Telegram.
        """
        await asyncio.sleep(_STORAGE_SECONDS)
        if self._dispatcher is None or self._state.shared or not updates:
            return offset
        self._heard = time.monotonic()
        for update in updates:
            if update.event is not None and not self._dispatcher.handled(update.id):
                self._dispatcher.offer(update.id, update.event)
        open_ones = [update.id for update in updates if self._dispatcher.needs(update.id)]
        confirmed = min(open_ones) if open_ones else max(update.id for update in updates) + 1
        self._forget_below(confirmed)
        return confirmed

    def _read(self, update: Update) -> Incoming:
        """Return an update as first read, so that a repeated one is counted only once against its sender's quota."""
        number = int(update["update_id"])
        if number not in self._unconfirmed:
            self._unconfirmed[number] = self._receiver.read(update)
        return self._unconfirmed[number]

    def _forget_below(self, offset: int) -> None:
        for number in [number for number in self._unconfirmed if number < offset]:
            del self._unconfirmed[number]

    async def _rest(self, error: Exception, pause: float) -> float:
        pause = min(_LONGEST_PAUSE, max(1.0, pause * 2))
        if isinstance(error, RetryAfter):
            pause = max(pause, min(_LONGEST_FLOOD, seconds_of(error)))
        if isinstance(error, Conflict) and _WEBHOOK_ACTIVE in error.message:
            await self._remove_webhook()
        elif isinstance(error, Conflict):
            await self._tell_health()
            _log.error("Another process polls with this token; stop it. Trying again in %.0f s.", pause)
        else:
            reason = str(error) if isinstance(error, ForeignAnswer) else type(error).__name__
            _log.warning("Telegram did not answer (%s); trying again in %.0f s.", reason.rstrip("."), pause)
        if isinstance(error, TimeoutError):
            await self._reconnect()
        await asyncio.sleep(pause)
        return pause

    async def _tell_health(self) -> None:
        with contextlib.suppress(StorageError):
            await asyncio.to_thread(self._state.heartbeats.beat, CONFLICT, int(self._clock().timestamp()))

    async def _remove_webhook(self) -> None:
        """Remove a webhook that another program set for this token: it blocks polling."""
        try:
            await self._bot.delete_webhook()
        except TelegramError as error:
            _log.error("A webhook is set for this token and cannot be removed (%s).", type(error).__name__)
        else:
            _log.warning("A webhook was set for this token, so nothing could be polled; it is removed.")

    async def _reconnect(self) -> None:
        """Open a new connection pool: the old one may keep a dead connection for ever."""
        request = self._bot._request[0]  # noqa: SLF001  # PTB shows only the other of its two requests
        await request.shutdown()
        await request.initialize()


def _readable(answer: object) -> list[Update]:
    """Return the updates of an answer that have an id. Raises TelegramError when it is no list, or none has an id."""
    updates = answer if isinstance(answer, list) else None
    if updates is None:
        raise TelegramError("The answer to getUpdates is no list.")
    readable = [update for update in updates if is_update(update)]
    if len(readable) < len(updates):
        _log.error(
            "%d of %d updates have no number and are skipped.", len(updates) - len(readable), len(updates)
        )
        if not readable:
            raise TelegramError("No update has a number.")
    return readable
