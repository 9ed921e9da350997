"""Keeps one message in flight: the next leaves when the one before it is recorded, so a crash repeats at most one.

The limiter says when a message may leave; here it waits for the record of the one before. Only for a moment: when
Telegram is slow to answer one person, the others are worth more than that promise.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar

PATIENCE = 0.3
"""Seconds that a message waits for the record of another."""


class _Holder:
    """One task's hold on the lock that every message in flight takes."""

    __slots__ = ("_holds", "_lock")

    def __init__(self, lock: asyncio.Lock) -> None:
        self._lock = lock
        self._holds = False

    async def acquire(self) -> None:
        """Holds the lock, or goes without it when PATIENCE is over."""
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

    def release(self) -> None:
        """Lets the next message go; harmless without a hold."""
        if self._holds:
            self._holds = False
            self._lock.release()


_current: ContextVar[_Holder | None] = ContextVar("message in flight", default=None)


class InFlight:
    """Keeps the messages of several tasks apart."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()

    @asynccontextmanager
    async def recorded(self) -> AsyncIterator[None]:
        """Spans the sending of messages and their record. Other tasks' messages wait from the first one's start."""
        holder = _Holder(self._lock)
        token = _current.set(holder)
        try:
            yield
        finally:
            _current.reset(token)
            holder.release()


async def start() -> None:
    """Waits before a message leaves. Outside of `recorded` nothing is waited for."""
    holder = _current.get()
    if holder is not None:
        await holder.acquire()


def refused() -> None:
    """Lets others go: Telegram did not take the message, so there is nothing to record."""
    holder = _current.get()
    if holder is not None:
        holder.release()
