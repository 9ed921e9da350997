"""Test kit for the sender: runs it in this process over a real outbox and real HTTP, with the limiter's time scaled."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from telegram.ext import ExtBot

from bot.outbox.fence import Fence
from bot.outbox.sender import Sender
from bot.playground.server import TOKEN, LocalTelegram
from bot.state.state import State
from bot.telegram.http import AiohttpRequest
from bot.telegram.limiter import LaneLimiter
from bot.telegram.pacing import Pacing, Rate

FREE = Rate(10_000_000, 1.0, 0)


class FastClock:
    """Wall clock that runs `speed` times as fast, so that a minute's wait is over at once."""

    def __init__(self, speed: float = 1.0) -> None:
        self.started, self.began, self.speed = datetime.now(UTC), time.monotonic(), speed

    def __call__(self) -> datetime:
        return self.started + timedelta(seconds=(time.monotonic() - self.began) * self.speed)


@asynccontextmanager
async def sending(
    state: State, telegram: LocalTelegram, clock: FastClock, pacing: Pacing | None = None, read: float = 5.0
) -> AsyncIterator[ExtBot[Any]]:
    """Run a sender until the block ends; without `pacing`, it does not wait for the limiter."""
    limiter = LaneLimiter(pacing or Pacing(FREE, FREE, FREE))
    bot: ExtBot[Any] = ExtBot(
        TOKEN, base_url=f"{telegram.url}/bot", request=AiohttpRequest(read_timeout=read), rate_limiter=limiter
    )
    await bot.initialize()
    fence = Fence(state, clock, "here")
    assert fence.acquire()
    sender = Sender(bot, state, limiter, fence, clock, random.Random(1))  # noqa: S311 - not a secret
    running, pulse = asyncio.create_task(sender.run()), asyncio.create_task(_pulse(sender, clock))
    try:
        yield bot
    finally:
        pulse.cancel()
        sender.stop()
        await asyncio.wait({running}, timeout=20)
        await bot.shutdown()
        running.result()


async def _pulse(sender: Sender, clock: FastClock) -> None:
    """Wake the sender more often: it sleeps by the real clock, while the limiter's time is scaled."""
    while clock.speed > 1:
        await asyncio.sleep(0.1)
        sender.wake()


async def empty(state: State, seconds: float = 60.0) -> None:
    """Wait until the outbox is empty."""
    until = time.monotonic() + seconds
    while state.outbox.next_at() is not None:
        assert time.monotonic() < until, state.outbox.counts()
        await asyncio.sleep(0.02)
