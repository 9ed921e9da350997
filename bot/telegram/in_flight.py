"""One message at a time between Telegram's taking it and its record here: a crash repeats at most that one.

The limiter says when a message may leave; here it waits until the one before it is recorded. Only for a moment:
when Telegram is slow to answer one person, the others are worth more than that promise.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar

PATIENCE = 0.3
"""Seconds that a message waits for the record of another."""


class _Flight:
    __slots__ = ("_holds", "_lock")

    def __init__(self, lock: asyncio.Lock) -> None:
        self._lock = lock
        self._holds = False

    async def begin(self) -> None:
        if self._holds:
            return
        if not self._lock.locked():
            # Does not wait, and saves the timer.
            await self._lock.acquire()
            self._holds = True
            return
        try:
            async with asyncio.timeout(PATIENCE):
                await self._lock.acquire()
        except TimeoutError:
            return
        self._holds = True

    def land(self) -> None:
        if self._holds:
            self._holds = False
            self._lock.release()


_current: ContextVar[_Flight | None] = ContextVar("flight", default=None)


class Runway:
    """Keeps the messages of several tasks apart."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()

    @asynccontextmanager
    async def recorded(self) -> AsyncIterator[None]:
        """Around the sending of messages and their record. Other tasks' messages wait from the first one's leave."""
        flight = _Flight(self._lock)
        token = _current.set(flight)
        try:
            yield
        finally:
            _current.reset(token)
            flight.land()


async def leave() -> None:
    """A message is about to leave. Outside of `recorded` nothing is waited for."""
    flight = _current.get()
    if flight is not None:
        await flight.begin()


def refused() -> None:
    """Telegram did not take the message: there is nothing to record, and others may go."""
    flight = _current.get()
    if flight is not None:
        flight.land()
