"""Keeps one message in flight: the next leaves once the one before it is recorded, so a crash repeats at most one.

A message that Telegram or the database is too slow for (see the two limits below) stops holding up the others; a crash
may then repeat it too. The limiter decides when a message may leave; here it waits for the record of the message before
it, whether that is an answer or a digest. A task that holds the lock only sends and records, and does other work before
or after.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

ANSWER_SECONDS = 2.0
"""How long, in seconds, other messages wait for Telegram's answer to one."""

RECORD_SECONDS = 30.0
"""How long, in seconds, they wait for its record: a restarted database is back by then, or another machine took over."""


class InFlight:
    """The lock of the one message in flight, which tasks take in turn."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()

    def begin(self) -> Hold:
        """Return a hold: what this task sends from now on takes the lock, until Hold.release() after the record."""
        hold = Hold(self._lock)
        _current.set(hold)
        return hold

    @contextmanager
    def recorded(self) -> Iterator[None]:
        """Hold the lock from the first message sent in the block until the block, which also records them, ends."""
        hold = self.begin()
        try:
            yield
        finally:
            _current.set(None)
            hold.release()


class Hold:
    """One task's hold on the lock; it ends by itself after ANSWER_SECONDS or RECORD_SECONDS."""

    __slots__ = ("_lock", "_timer")

    def __init__(self, lock: asyncio.Lock) -> None:
        self._lock = lock
        self._timer: asyncio.TimerHandle | None = None

    async def start(self) -> None:
        """Wait for the lock, unless an earlier message with the same record already holds it."""
        if self._timer is None:
            await self._lock.acquire()
        self._end_after(ANSWER_SECONDS)

    def recording(self) -> None:
        """Note that Telegram has answered and only the record is missing."""
        if self._timer is not None:
            self._end_after(RECORD_SECONDS)

    def release(self) -> None:
        """Let the next message leave. Harmless when the lock is not held."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
            self._lock.release()

    def _end_after(self, seconds: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(seconds, self.release)


_current: ContextVar[Hold | None] = ContextVar("message in flight", default=None)


async def start() -> None:
    """Wait before a message leaves. Outside of a hold, return at once."""
    if (hold := _current.get()) is not None:
        await hold.start()


def answered() -> None:
    """Note that Telegram has accepted the message, or may have, and only its record is missing."""
    if (hold := _current.get()) is not None:
        hold.recording()


def release() -> None:
    """Let other messages leave: Telegram did not accept this one, or repeating it does no harm."""
    if (hold := _current.get()) is not None:
        hold.release()
