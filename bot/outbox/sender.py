"""Empties the outbox one message at a time: each is recorded as in flight before it leaves, and as sent afterwards.

One at a time, so that a crash repeats at most one: Telegram has no idempotency key by which it could recognise a
repeated message. The last message is recorded and the next one marked in one transaction.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any, TypeVar

from msgspec import Struct
from telegram.error import InvalidToken, NetworkError, TelegramError
from telegram.ext import ExtBot

from bot.logs import Trouble
from bot.outbox.fence import Fence
from bot.outbox.posting import Posting
from bot.outbox.retry_policy import Again, Closed, Dead, Moved, Outcome, Sent, Unsent, outcome_of
from bot.sqlite.errors import StorageError
from bot.state.outbox import Part
from bot.state.state import State
from bot.telegram.in_flight import Hold
from bot.telegram.limiter import LaneLimiter
from bot.telegram.pictures import Pictures
from bot.telemetry import Telemetry

_log = logging.getLogger(__name__)
_T = TypeVar("_T")

_BATCH = 200
_IDLE_SECONDS = 30.0
_STORAGE_SECONDS = 5.0
_LONGEST_REST = 60.0


class _Settlement(Struct, frozen=True):
    """A part with its outcome, still to be recorded."""

    part: Part
    outcome: Outcome


class Sender:
    """Sender of the messages in the outbox, one at a time, until it is stopped."""

    def __init__(
        self,
        bot: ExtBot[Any],
        state: State,
        limiter: LaneLimiter,
        fence: Fence,
        clock: Callable[[], datetime],
        chance: random.Random,
        telemetry: Telemetry | None = None,
    ) -> None:
        self._telemetry = telemetry or Telemetry()
        self._bot = bot
        self._state = state
        self._pictures = Pictures(state.uploaded_pictures, clock)
        self._posting = Posting(bot, self._pictures)
        self._limiter = limiter
        self._hold: Hold | None = None
        self._fence = fence
        self._clock = clock
        self._chance = chance
        # One thread keeps the writes in order, and a hop to it costs less than one to asyncio's pool.
        self._thread = ThreadPoolExecutor(1, "outbox")
        self._wake = asyncio.Event()
        self._stopping = False
        self._aside: dict[int, float] = {}
        self._settlement: _Settlement | None = None
        self._unreached = 0
        self._storage = Trouble(_log, "The outbox cannot be written", "The outbox can be written again")

    def wake(self) -> None:
        """Make `run` look into the outbox now. Call it on the event loop."""
        self._wake.set()

    def stop(self) -> None:
        """Begin no further message; `run` returns once the one in flight is recorded."""
        self._stopping = True
        self._wake.set()

    async def run(self) -> None:
        """Send until stopped. Raises InvalidToken, and LeaseLost when another machine has taken over.

        Raises StorageError when it is stopped while the database fails.
        """
        try:
            if again := await self._retry_storage(self._state.outbox.recover):
                _log.warning(
                    "%d message(s) were under way when the bot ended; they are sent again, perhaps twice.",
                    again,
                )
            while not self._stopping:
                self._wake.clear()
                if not await self._send_batch():
                    await self._rest(await self._idle())
        finally:
            self._release_hold()
            self._thread.shutdown(wait=False)

    async def _send_batch(self) -> bool:
        """Send the oldest part of each chat that may be written to now. Return False if there was none."""
        loop = asyncio.get_running_loop()
        self._aside = {chat: until for chat, until in self._aside.items() if until > loop.time()}
        now = self._now()
        parts = await self._retry_storage(lambda: self._state.outbox.next(now, _BATCH + len(self._aside)))
        begun = False
        for part in parts:
            if self._stopping:
                break
            if part.chat_id in self._aside:
                continue
            # A chat at its rate limit lets others go first.
            free_at = self._limiter.chat_free_at(part.chat_id, "broadcast")
            if free_at > loop.time():
                self._aside[part.chat_id] = min(free_at, loop.time() + 1.0)
                continue
            begun = True
            await self._send(part)
        await self._write(None)
        return begun

    async def _send(self, part: Part) -> None:
        """Mark a part as in flight, post it and keep its outcome for the next _write(). Raises InvalidToken."""
        if not await self._write(part):
            return
        self._hold = self._limiter.in_flight.begin()
        try:
            outcome = await self._attempt(part)
        except InvalidToken:
            self._settlement = _Settlement(part, Again(part.state, "InvalidToken", self._now(), counts=False))
            await self._write(None)
            raise
        self._settlement = _Settlement(part, outcome)
        self._telemetry.sends[type(outcome).__name__.lower()] += 1
        if isinstance(outcome, Sent):
            self._unreached = 0
        else:
            await self._failed(part, outcome)

    async def _attempt(self, part: Part) -> Outcome:
        """Post a part and return its outcome. Raises InvalidToken."""
        try:
            return Sent(await self._posting.post(part))
        except InvalidToken:
            raise
        except TelegramError as error:
            return outcome_of(part, error, self._now(), self._chance)
        except Exception as error:  # noqa: BLE001  # a part that fails before Telegram answers is given up, the others go on
            _log.exception("Message %s cannot be sent.", part.id)
            return Dead(type(error).__name__)

    async def _failed(self, part: Part, outcome: Unsent) -> None:
        """Log the outcome of a part that did not arrive. Wait for Telegram if no part would arrive."""
        match outcome:
            case Dead(error):
                _log.error("Message %s is given up: %s", part.id, error)
            case Closed(error):
                _log.info("The chat of message %s is closed to the bot: %s", part.id, error)
            case Again(error=error, reached=False):
                _log.warning("Sending failed (%s); it is tried again.", error.rstrip("."))
                self._unreached += 1
                if self._unreached > 1 or not outcome.counts:
                    await self._write(None)
                    await self._wait_until_reachable()
                return
        self._unreached = 0

    async def _wait_until_reachable(self) -> None:
        """Wait until Telegram answers getMe, which changes nothing, with longer and longer pauses of up to a minute.

        Trying with messages would use up the attempts of one after another, and each of them might arrive.
        """
        asked = self._unreached
        while True:
            self._wake.clear()
            await self._rest(min(_LONGEST_REST, 2.0 ** min(asked, 6) / 2))
            if self._stopping:
                return
            asked += 1
            try:
                await self._bot.get_me()
            except InvalidToken:
                raise
            except NetworkError as error:
                _log.info("Telegram is not heard (%s).", type(error).__name__)
            except TelegramError:
                return
            else:
                return

    async def _write(self, part: Part | None) -> bool:
        """Record the outcome of the last part and mark `part` as in flight, in one transaction.

        Wait as long as the database fails; nothing is sent meanwhile. Return False if `part` is None or no longer to be
        sent.
        """
        settlement, self._settlement = self._settlement, None
        if settlement is None and part is None:
            return False
        taken = await self._retry_storage(lambda: self._advance(settlement, part))
        self._release_hold()
        await self._pictures.keep()
        return taken

    def _release_hold(self) -> None:
        """Let other messages of the process leave: none of ours is in flight without a record."""
        if self._hold is not None:
            self._hold.release()
            self._hold = None

    def _advance(self, settlement: _Settlement | None, part: Part | None) -> bool:
        with self._state.transaction():
            self._fence.check()
            if settlement is not None:
                match settlement.outcome:
                    case Sent(message_id):
                        self._state.outbox.sent(settlement.part, message_id, self._now())
                    case unsent:
                        self._record(settlement.part, unsent)
            return part is not None and self._state.outbox.take(part)

    def _record(self, part: Part, outcome: Unsent) -> None:
        now, outbox = self._now(), self._state.outbox
        match outcome:
            case Again(state, error, not_before, counts, plain):
                outbox.put_back(part, state, error, not_before, counts=counts, plain=plain)
            case Dead(error):
                outbox.give_up(part, error, now)
            case Closed():
                self._state.chats.close(part.chat_id, now)
                outbox.give_up_chat(part.chat_id, now)
            case Moved(chat_id):
                outbox.put_back(part, part.state, "", now, counts=False)
                self._state.migrate_chat(part.chat_id, chat_id)

    async def _idle(self) -> float:
        """Return the seconds for which there is nothing to do, at most 30, since the clock may be set."""
        waits = [until - asyncio.get_running_loop().time() for until in self._aside.values()]
        next_at = await self._retry_storage(self._state.outbox.next_at)
        # A part that is due but set aside waits for its chat, not for its own time.
        if next_at is not None and (next_at > self._now() or not waits):
            waits.append(max(0.2, next_at - self._now()))
        return max(0.01, min([_IDLE_SECONDS, *waits]))

    async def _rest(self, seconds: float) -> None:
        """Sleep for `seconds`, or until something new comes in or the bot stops."""
        if not self._stopping:
            try:
                async with asyncio.timeout(seconds):
                    await self._wake.wait()
            except TimeoutError:
                pass

    async def _retry_storage(self, work: Callable[[], _T]) -> _T:
        """Run `work` in the outbox's thread, and again while the database fails. Raises StorageError when stopping."""
        loop = asyncio.get_running_loop()
        while True:
            try:
                result = await loop.run_in_executor(self._thread, work)
            except StorageError as error:
                self._storage.report(error)
                if self._stopping:
                    raise
                await asyncio.sleep(_STORAGE_SECONDS)
            else:
                if self._storage.lasts:
                    self._storage.clear()
                return result

    def _now(self) -> int:
        return int(self._clock().timestamp())
