"""Keeps one message in flight: the next leaves when the one before it is recorded, so a crash repeats at most one.

The limiter says when a message may leave; here it waits for the record of the one before. Only for a moment: when
Telegram is slow to answer one person, the others are worth more than that promise.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass

PATIENCE = 0.3
"""Seconds that a message waits for the record of another."""


@dataclass(slots=True)
class _Hold:
    """One task's hold on the lock that every message in flight takes."""

    lock: asyncio.Lock
    held: bool = False

    def release(self) -> None:
        """Lets the next message go; harmless where the lock is not held."""
        if self.held:
            self.held = False
            self.lock.release()


_current: ContextVar[_Hold | None] = ContextVar("message in flight", default=None)


class InFlight:
    """Keeps the messages of several tasks apart."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()

    @asynccontextmanager
    async def recorded(self) -> AsyncIterator[None]:
        """Spans the sending of messages and their record. Other tasks' messages wait from the first one's start."""
        hold = _Hold(self._lock)
        token = _current.set(hold)
        try:
            yield
        finally:
            _current.reset(token)
            hold.release()


async def start() -> None:
    """Waits before a message leaves, PATIENCE at most. Outside of `recorded` nothing is waited for."""
    hold = _current.get()
    if hold is None or hold.held:
        return
    if not hold.lock.locked():
        # Does not wait, and saves the timer.
        await hold.lock.acquire()
        hold.held = True
        return
    try:
        async with asyncio.timeout(PATIENCE):
            await hold.lock.acquire()
    except TimeoutError:
        return
    hold.held = True


def refused() -> None:
    """Lets others go: Telegram did not take the message, so there is nothing to record."""
    hold = _current.get()
    if hold is not None:
        hold.release()
