"""Jobs and sender on one event loop: what is due is sent, even if the loop slept past its time."""

from __future__ import annotations

import asyncio
import logging
import random
import threading
import time
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Self

import pytest
from postgres_kit import OpenState
from sender_kit import FREE
from telegram.ext import ExtBot
from test_due_digests import DAY, HOUR, MORNING, Maker, subscribe

from bot.digests.due import DueDigests
from bot.outbox import worker
from bot.outbox.fence import Fence
from bot.outbox.sender import Sender
from bot.outbox.worker import Job, Worker
from bot.playground.server import TOKEN, LocalTelegram
from bot.state.state import State
from bot.telegram.http import AiohttpRequest
from bot.telegram.limiter import LaneLimiter
from bot.telegram.pacing import Pacing

READERS = range(101, 121)


class SetClock:
    """A wall clock that starts at a moment and can be set while it runs."""

    def __init__(self, at: datetime) -> None:
        self._at, self._began = at, time.monotonic()

    def __call__(self) -> datetime:
        return self._at + timedelta(seconds=time.monotonic() - self._began)

    def set(self, at: datetime) -> None:
        self._at, self._began = at, time.monotonic()


@pytest.fixture
def state(open_state: OpenState, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[State]:
    """Twenty daily digests at 08:00; yesterday's are made."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")  # As the command line does; the old behaviour warns.
    monkeypatch.setattr(worker, "_WATCH_SECONDS", 0.1)
    state = open_state(tmp_path / "state.db")
    for number in READERS:
        subscribe(state, number)
        state.slots.claim(f"s{number}", (MORNING - DAY).date(), 0)
    yield state
    state.close()


@pytest.fixture
def telegram() -> Iterator[LocalTelegram]:
    with LocalTelegram() as telegram:
        for number in READERS:
            telegram.world.chat(number)
        yield telegram


class Running:
    """A worker that runs on this loop until the block ends."""

    def __init__(
        self,
        state: State,
        telegram: LocalTelegram,
        clock: SetClock,
        jobs: Sequence[Job] = (),
        seconds: float = 0.2,
    ) -> None:
        self.maker = Maker()
        limiter = LaneLimiter(Pacing(FREE, FREE, FREE))
        self._bot = ExtBot(
            TOKEN, base_url=f"{telegram.url}/bot", request=AiohttpRequest(), rate_limiter=limiter
        )
        fence = Fence(state, clock, "here")
        chance = random.Random(1)  # noqa: S311  # Jitter, not a secret.
        digests = DueDigests(state, self.maker, fence)
        sender = Sender(self._bot, state, limiter, fence, clock, chance)
        job = Job("digests", digests.queue, seconds, at_clock_change=True)
        self._worker = Worker(sender, fence, clock, [job, *jobs], digests.stop)

    async def __aenter__(self) -> Self:
        await self._bot.initialize()
        self._task = asyncio.create_task(self._worker.run())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._worker.stop()
        await asyncio.wait({self._task}, timeout=20)
        await self._bot.shutdown()
        self._task.result()


async def everyone_has(telegram: LocalTelegram, digests: int) -> None:
    """Wait until each reader has at least `digests` digests."""
    async with asyncio.timeout(30):
        # Telegram is on another thread: there is no event to wait for.
        while not all(len(telegram.sent(number)) >= digests for number in READERS):  # noqa: ASYNC110
            await asyncio.sleep(0.05)


def had(telegram: LocalTelegram) -> set[int]:
    """Return the numbers of digests that readers have."""
    return {len(telegram.sent(number)) for number in READERS}


def test_a_loop_that_is_blocked_while_a_slot_passes_sends_it_afterwards(
    state: State, telegram: LocalTelegram
) -> None:
    clock = SetClock(MORNING - timedelta(seconds=1))

    async def main() -> None:
        async with Running(state, telegram, clock) as running:
            await asyncio.sleep(0.5)
            assert had(telegram) == {0}
            assert clock() < MORNING
            time.sleep(2.5)  # noqa: ASYNC251  # Ten runs are missed, the slot among them.
            assert clock() > MORNING
            assert had(telegram) == {0}
            await everyone_has(telegram, 1)
            await asyncio.sleep(0.5)
            assert running.maker.late == []

    asyncio.run(main())
    assert had(telegram) == {1}


def test_a_clock_that_is_set_back_repeats_nothing_and_days_ahead_bring_one_late_digest(
    state: State, telegram: LocalTelegram
) -> None:
    clock, moment = SetClock(MORNING + timedelta(seconds=1)), timedelta(seconds=0.3)

    async def main() -> None:
        async with Running(state, telegram, clock) as running:
            await everyone_has(telegram, 1)
            for at in (MORNING - 2 * HOUR, MORNING + moment, MORNING - moment):
                clock.set(at)
                await asyncio.sleep(0.8)  # Several runs, and the slot comes again.
            assert had(telegram) == {1}
            clock.set(MORNING + 3 * DAY + 2 * HOUR)
            await everyone_has(telegram, 2)
            await asyncio.sleep(0.5)
            assert len(running.maker.late) == len(READERS)

    asyncio.run(main())
    assert had(telegram) == {2}


def test_a_clock_that_is_set_brings_what_is_due_at_once_and_nothing_else(
    state: State, telegram: LocalTelegram
) -> None:
    clock, runs = SetClock(MORNING - HOUR), list[datetime]()

    async def main() -> None:
        daily = Job("daily", runs.append, 3_600)
        async with Running(state, telegram, clock, [daily], seconds=3_600):
            await asyncio.sleep(0.3)
            assert (had(telegram), len(runs)) == ({0}, 1)
            clock.set(MORNING)
            await everyone_has(telegram, 1)
            assert len(runs) == 1

    asyncio.run(main())


def test_a_clock_that_was_a_year_ahead_keeps_no_digest_of_the_following_days_back(
    state: State, telegram: LocalTelegram
) -> None:
    clock = SetClock(MORNING + 365 * DAY)

    async def main() -> None:
        async with Running(state, telegram, clock):
            await everyone_has(telegram, 1)
            for day in range(3):
                clock.set(MORNING + day * DAY)
                await everyone_has(telegram, 2 + day)

    asyncio.run(main())
    assert had(telegram) == {4}


def test_a_job_that_fails_keeps_no_other_from_its_run(
    state: State, telegram: LocalTelegram, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: datetime) -> None:
        raise ValueError("whatever")

    async def main() -> None:
        async with Running(state, telegram, SetClock(MORNING), [Job("failing", fail, 0.2)]):
            await everyone_has(telegram, 1)

    asyncio.run(main())
    assert "The job failing failed" in caplog.text


def test_a_stop_lets_a_job_that_works_in_its_thread_end_and_calls_nothing_an_error(
    state: State, telegram: LocalTelegram, caplog: pytest.LogCaptureFixture
) -> None:
    begun, ended = threading.Event(), threading.Event()

    def work(_: datetime) -> None:
        if not begun.is_set():
            begun.set()
            time.sleep(1.0)
            ended.set()

    async def main() -> None:
        async with Running(state, telegram, SetClock(MORNING - HOUR), [Job("slow", work, 0.2)]):
            await asyncio.to_thread(begun.wait, 30)

    with caplog.at_level(logging.INFO):
        asyncio.run(main())
    assert begun.is_set()
    assert ended.is_set()
    assert [record.message for record in caplog.records if record.levelno >= logging.WARNING] == []
