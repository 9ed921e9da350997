"""Makes calls wait until Telegram's limits allow them: PTB's rate limiter over the decisions of `pacing`.

Nothing is stored here: after a restart the windows are empty but for what is told them, and what was waiting is its
caller's to send again.
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
from bot.telegram.pacing import Lane, Pacing, Ticket
from bot.telemetry import Telemetry

LaneArgs = Lane
"""What a caller passes as PTB's `rate_limit_args`: "interactive", the default, or "broadcast"."""

Answer = bool | dict[str, Any] | list[dict[str, Any]]
Call = Callable[..., Coroutine[Any, Any, Answer]]
Permit = Callable[[int | str], Coroutine[Any, Any, bool]]
"""Says of a chat whether a message may leave for it now."""


async def always(_chat: int | str) -> bool:
    """Lets every message leave."""
    return True


TRIES: dict[Lane, int] = {"interactive": 3, "broadcast": 1}


def counted_chat(endpoint: str, data: dict[str, Any]) -> int | str | None:
    """Returns the chat whose limits a call counts against, None when it counts against none.

    Messages count, and edits share their limit (tdlib's author in tdlib/td#2592); answers to callback queries
    are free (tdlib/telegram-bot-api#648), and so, for want of any stated limit, are chat actions, reads and
    deletions. An album, or a call that forwards many messages, counts as one.
    """
    if not endpoint.startswith(("send", "forward", "copy", "editMessage")) or endpoint == "sendChatAction":
        return None
    chat = data.get("chat_id")
    if not isinstance(chat, str):
        return chat
    return int(chat) if chat.removeprefix("-").isdecimal() else chat.casefold()


class LaneLimiter(BaseRateLimiter[LaneArgs]):
    """PTB's rate limiter over `Pacing`: the waiting, with one timer and no task of its own.

    Raises RetryAfter for a 429 that its lane does not wait out (also, without a request, for a chat that an
    earlier one closed), and NetworkError to whoever still waits at `shutdown`. Calls that count against no
    chat pass at once, and their 429s are the caller's.
    """

    def __init__(
        self,
        pacing: Pacing | None = None,
        telemetry: Telemetry | None = None,
        permit: Permit = always,
    ) -> None:
        """`permit` is asked right before each message leaves; where it says no, NetworkError is raised."""
        self.in_flight = in_flight.InFlight()
        """The place of the one message in flight, for those who record what they send."""
        self._permit = permit
        self._telemetry = telemetry or Telemetry()
        self._pacing = Pacing() if pacing is None else pacing
        self._waiting: dict[Ticket, asyncio.Future[None]] = {}
        self._timer: asyncio.TimerHandle | None = None

    async def initialize(self) -> None:
        """Does nothing: the limiter starts with its first call."""

    async def shutdown(self) -> None:
        """Releases whoever still waits, with an error that says that nothing was sent."""
        if self._timer is not None:
            self._timer.cancel()
        self._fail(self._waiting, lambda: NetworkError("The bot is stopping; the request was not sent."))

    def remember(self, sent: Iterable[tuple[int, int]]) -> None:
        """Counts messages of another machine: the chat of each, and how many seconds ago it left at the least."""
        now = asyncio.get_running_loop().time()
        for chat, age in sent:
            self._pacing.remember(chat, now - age)

    def chat_free_at(self, chat: int, lane: Lane) -> float:
        """Returns when, in the running loop's time, a message could leave as far as the chat itself is concerned."""
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
        """Calls when the limits allow; see BaseRateLimiter."""
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
                    # Nobody else waits for the limits of this chat, with what it was sent before unrecorded.
                    in_flight.release()
                await future
            finally:
                self._waiting.pop(ticket, None)
            await in_flight.start()
            if not await self._permit(chat):
                raise NetworkError("Another machine has taken over; the request was not sent.")
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
        """Lets go whoever may go, and comes back when the next one may."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        while (ticket := self._pacing.take(now)) is not None:
            future = self._waiting[ticket]
            # A cancelled waiter has not run yet; it leaves when it does.
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
    """Returns how many seconds Telegram wants to be left alone."""
    # PTB_TIMEDELTA decides which of the two it is.
    value = error.retry_after
    return value.total_seconds() if isinstance(value, timedelta) else float(value)
