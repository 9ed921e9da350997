"""Keeps one message in flight: the next leaves when the one before it is recorded, so a crash repeats at most one.

The limiter says when a message may leave; here it waits for the record of the one before, whether that is an answer or a
digest. Only for a moment: when Telegram is slow to answer one person, the others are worth more than that promise.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar

ANSWER_SECONDS = 0.3
"""How long others wait for Telegram's answer to a message."""

RECORD_SECONDS = 10.0
"""How long they wait for the record of one that was answered: it may wait itself, for a database that others write to."""


class InFlight:
    """The place of the one message in flight, which tasks take in turn."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._holder: Hold | None = None

    def begin(self) -> Hold:
        """What this task sends from now on waits for others, and they for it, until its record: Hold.release()."""
        hold = Hold(self)
        _current.set(hold)
        return hold

    @contextmanager
    def recorded(self) -> Iterator[None]:
        """Spans the sending of messages and their record."""
        hold = self.begin()
        try:
            yield
        finally:
            _current.set(None)
            hold.release()

    async def take(self, hold: Hold) -> bool:
        """Waits for the place. False where that takes too long."""
        if not self._lock.locked():
            await self._lock.acquire()  # without waiting, and without a timer
        elif not await self._acquired(ANSWER_SECONDS):
            being_recorded = self._holder is not None and self._holder.answered
            if not being_recorded or not await self._acquired(RECORD_SECONDS):
                return False
        self._holder = hold
        return True

    def leave(self) -> None:
        """Gives the place to the next task."""
        self._holder = None
        self._lock.release()

    async def _acquired(self, seconds: float) -> bool:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                return await self._lock.acquire()
        return False


class Hold:
    """One task's hold on the place; it ends by itself where Telegram or the record takes long."""

    __slots__ = ("_in_flight", "_timer", "answered")

    def __init__(self, in_flight: InFlight) -> None:
        self._in_flight = in_flight
        self._timer: asyncio.TimerHandle | None = None
        self.answered = False

    async def start(self) -> None:
        """Waits for the place, unless a message before it with the same record has it."""
        if self._timer is not None or await self._in_flight.take(self):
            self._end_after(ANSWER_SECONDS)
            self.answered = False

    def recording(self) -> None:
        """Telegram has answered; what is left is the record."""
        if self._timer is not None:
            self._end_after(RECORD_SECONDS)
            self.answered = True

    def release(self) -> None:
        """Lets the next message go; harmless where the place is not held."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
            self._in_flight.leave()

    def _end_after(self, seconds: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(seconds, self.release)


_current: ContextVar[Hold | None] = ContextVar("message in flight", default=None)


async def start() -> None:
    """Waits before a message leaves. Outside of a hold nothing is waited for."""
    if (hold := _current.get()) is not None:
        await hold.start()


def answered() -> None:
    """Telegram has taken the message, or may have: what is left is its record."""
    if (hold := _current.get()) is not None:
        hold.recording()


def release() -> None:
    """Lets others go: Telegram did not take the message, or nothing is lost where it comes again."""
    if (hold := _current.get()) is not None:
        hold.release()
