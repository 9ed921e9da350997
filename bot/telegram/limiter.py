"""Delays calls until Telegram's limits allow them: a rate limiter for PTB that follows `pacing`.

Stores nothing: after a restart the windows are empty except for what `remember` adds, and callers send again what was
waiting.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Coroutine, Iterable
from datetime import timedelta
from typing import Any

from telegram.error import NetworkError, RetryAfter, TelegramError
from telegram.ext import BaseRateLimiter

from bot.telegram import in_flight
from bot.telegram.http import NOT_SENT
from bot.telegram.pacing import Lane, Pacing, Ticket
from bot.telemetry import Telemetry

LaneArgs = Lane
"""Value of PTB's `rate_limit_args`: "interactive" (the default) or "broadcast"."""

Answer = bool | dict[str, Any] | list[dict[str, Any]]
Call = Callable[..., Coroutine[Any, Any, Answer]]
Permit = Callable[[int | str], Coroutine[Any, Any, bool]]
"""Returns whether a message may leave for a chat now."""


async def always(_chat: int | str) -> bool:
    """Permit every message."""
    return True


class NotPermitted(NetworkError):
    """The message was not sent, because another machine may be sending by now."""

    def __init__(self) -> None:
        super().__init__(f"Another machine may have taken over. {NOT_SENT}")


TRIES: dict[Lane, int] = {"interactive": 3, "broadcast": 1}


def counted_chat(endpoint: str, data: dict[str, Any]) -> int | str | None:
    """Return the chat whose limits a call counts against, or None where it counts against none.

    Messages count, and edits share their limit (tdlib's author in tdlib/td#2592). Answers to callback queries are free
    (tdlib/telegram-bot-api#648), and so, for lack of a stated limit, are chat actions, reads and deletions. An album,
    or a call that forwards many messages, counts as one.
    """
    if not endpoint.startswith(("send", "forward", "copy", "editMessage")) or endpoint == "sendChatAction":
        return None
    chat = data.get("chat_id")
    if not isinstance(chat, str):
        return chat
    return int(chat) if chat.removeprefix("-").isdecimal() else chat.casefold()


class LaneLimiter(BaseRateLimiter[LaneArgs]):
    """PTB's rate limiter on `Pacing`: waits with a single timer and no task of its own.

    Raises RetryAfter for a 429 that its lane does not wait out (also, without a request, for a chat that an earlier one
    closed), and NetworkError for callers still waiting at `shutdown`. Calls that count against no chat pass at once,
    and their 429s are left to the caller.
    """

    def __init__(
        self,
        pacing: Pacing | None = None,
        telemetry: Telemetry | None = None,
        permit: Permit = always,
    ) -> None:
        """`permit` is asked right before each message leaves; where it refuses, NotPermitted is raised."""
        self.in_flight = in_flight.InFlight()
        """Ensures one message in flight, for senders that record what they send."""
        self._permit = permit
        self._telemetry = telemetry or Telemetry()
        self._pacing = Pacing() if pacing is None else pacing
        self._waiting: dict[Ticket, asyncio.Future[None]] = {}
        self._timer: asyncio.TimerHandle | None = None

    async def initialize(self) -> None:
        """Do nothing: the limiter starts with its first call."""

    async def shutdown(self) -> None:
        """Fail all waiting calls with an error that says that nothing was sent."""
        if self._timer is not None:
            self._timer.cancel()
        self._fail(self._waiting, lambda: NetworkError("The bot is stopping; the request was not sent."))

    def remember(self, sent: Iterable[tuple[int, int]]) -> None:
        """Count messages sent by another machine: the chat of each, and the minimum seconds since it left."""
        now = asyncio.get_running_loop().time()
        for chat, age in sent:
            self._pacing.remember(chat, now - age)

    def chat_free_at(self, chat: int, lane: Lane) -> float:
        """Return when, in the running loop's time, the chat's own limits would let a message leave."""
        return self._pacing.chat_free_at(chat, lane, asyncio.get_running_loop().time())

    async def process_request(
        self,
        callback: Call,
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: LaneArgs | None,
    ) -> Answer:
        """Make the call when the limits allow; see BaseRateLimiter."""
        chat = counted_chat(endpoint, data)
        if chat is None:
            return await callback(*args, **kwargs)
        lane = rate_limit_args or "interactive"
        now = asyncio.get_running_loop().time()
        if closed := self._pacing.blocked_for(chat, lane, now):
            raise RetryAfter(math.ceil(closed))
        ticket = self._pacing.ask(chat, lane, now)
        try:
            return await self._call(ticket, chat, lambda: callback(*args, **kwargs))
        finally:
            self._pacing.leave(ticket, asyncio.get_running_loop().time())
            self._pump()

    async def _call(self, ticket: Ticket, chat: int | str, call: Call) -> Answer:
        for left in reversed(range(TRIES[ticket.line.lane])):
            future = self._waiting[ticket] = asyncio.get_running_loop().create_future()
            try:
                self._pump()
                if not future.done():
                    # While this call waits for its chat's limits, others go on, even if its earlier messages are unrecorded.
                    in_flight.release()
                await future
            finally:
                self._waiting.pop(ticket, None)
            await in_flight.start()
            if not await self._permit(chat):
                in_flight.release()
                raise NotPermitted
            try:
                answer = await call()
            except RetryAfter as error:
                in_flight.release()
                self._telemetry.flooded(seconds_of(error))
                if not self._try_again(ticket, seconds_of(error), again=left > 0):
                    raise
            except TelegramError:
                in_flight.answered()
                raise
            else:
                in_flight.answered()
                return answer
        raise AssertionError("the last try returns or raises")

    def _try_again(self, ticket: Ticket, seconds: float, *, again: bool) -> bool:
        now = asyncio.get_running_loop().time()
        hopeless = self._pacing.refused(ticket, seconds, now, again=again)
        self._fail(hopeless, lambda: RetryAfter(math.ceil(seconds)))
        return again and ticket not in hopeless

    def _pump(self) -> None:
        """Release every call that may go now, and set the timer for the next one."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        while (ticket := self._pacing.take(now)) is not None:
            future = self._waiting[ticket]
            # A cancelled waiter has not run yet; it leaves by itself when it does.
            if not future.done():
                future.set_result(None)
        if self._timer is not None:
            self._timer.cancel()
        moment = self._pacing.next_at(now)
        self._timer = None if moment is None else loop.call_at(moment, self._pump)

    def _fail(self, tickets: Iterable[Ticket], error: Callable[[], TelegramError]) -> None:
        for ticket in tickets:
            future = self._waiting.get(ticket)
            if future is not None and not future.done():
                future.set_exception(error())


def seconds_of(error: RetryAfter) -> float:
    """Return how many seconds Telegram asks the bot to wait."""
    # PTB_TIMEDELTA decides whether it is a timedelta.
    value = error.retry_after
    return value.total_seconds() if isinstance(value, timedelta) else float(value)
