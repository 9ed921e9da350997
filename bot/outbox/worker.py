"""The bot's side that nobody waits for: a tick that makes what is due, and the sender that empties the outbox."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from apscheduler.job import Job
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.clock import utc_now
from bot.logs import Trouble
from bot.outbox.fence import Tenure
from bot.outbox.sender import Sender
from bot.sqlite.errors import StorageError
from bot.state.leases import LeaseLost

_log = logging.getLogger(__name__)

TICK_SECONDS = 15
_WATCH_SECONDS = 1.0
# Time that goes by differently by clock and by counter: the clock was set.
_STEP_SECONDS = 3.0
_STANDBY_SECONDS = 2.0

Round = Callable[[datetime], object]
"""What a tick does at a moment (aware); it blocks, and runs in a thread."""


class Post:
    """Runs the rounds every few seconds, and the sender all the time, while this process has the tenure."""

    def __init__(
        self,
        sender: Sender,
        tenure: Tenure,
        clock: Callable[[], datetime],
        rounds: Sequence[Round],
        interrupt: Callable[[], None],
    ) -> None:
        """`rounds` are done in order at each tick; `interrupt` makes the one under way return early."""
        self._sender = sender
        self._tenure = tenure
        self._clock = clock
        self._rounds = tuple(rounds)
        self._interrupt = interrupt
        self._stopping = asyncio.Event()
        self._lost: asyncio.Future[None] | None = None
        self._ticking = asyncio.Lock()
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._storage = Trouble(_log, "What is due cannot be written", "What is due can be written again")

    def stop(self) -> None:
        """`run` returns when the message under way is recorded."""
        self._stopping.set()
        self._interrupt()
        self._sender.stop()

    async def run(self) -> None:
        """Works until stopped. Raises InvalidToken, and LeaseLost when another machine has taken over."""
        if not await self._begin():
            return
        self._lost = asyncio.get_running_loop().create_future()
        # No grace time: a tick that comes late still asks what is due, however long the loop was blocked.
        job = self._scheduler.add_job(
            self._tick,
            "interval",
            seconds=TICK_SECONDS,
            next_run_time=utc_now(),
            misfire_grace_time=None,
            coalesce=True,
            max_instances=1,
        )
        self._scheduler.start()
        watching = asyncio.create_task(self._watch(job))
        sending = asyncio.create_task(self._sender.run())
        try:
            done, _ = await asyncio.wait({sending, self._lost}, return_when=asyncio.FIRST_COMPLETED)
            for ended in done:
                ended.result()
        finally:
            self.stop()
            self._scheduler.pause()
            watching.cancel()
            sending.cancel()
            await asyncio.gather(watching, sending, return_exceptions=True)
            # A tick under way ends by itself, since it works in a thread: cancelled, it would only be called an error.
            async with self._ticking:
                self._scheduler.shutdown(wait=False)
            await asyncio.to_thread(self._end)

    async def _begin(self) -> bool:
        """Waits for the tenure. False when stopped before it came."""
        waiting = Trouble(_log, "Digests wait", "This machine sends the digests now")
        while not self._stopping.is_set():
            try:
                if await asyncio.to_thread(self._tenure.begin):
                    waiting.over()
                    return True
                waiting.struck(LeaseLost("another machine with this data folder sends them."))
            except StorageError as error:
                waiting.struck(error)
            await self._pause(_STANDBY_SECONDS)
        return False

    def _end(self) -> None:
        try:
            self._tenure.end()
        except StorageError as error:
            _log.warning("The lease could not be given back, it runs out by itself: %s", error)

    async def _tick(self) -> None:
        async with self._ticking:
            await self._make_rounds(self._clock())

    async def _make_rounds(self, now: datetime) -> None:
        for work in self._rounds:
            if self._stopping.is_set():
                return
            try:
                await asyncio.to_thread(work, now)
            except StorageError as error:
                self._storage.struck(error)
                return
            except LeaseLost as error:
                if self._lost is not None and not self._lost.done():
                    self._lost.set_exception(error)
                return
            except Exception:  # noqa: BLE001  # whatever one round raises, the others and the next tick go on
                _log.exception("A round failed; the next one, in %d s, tries again.", TICK_SECONDS)
            # Each round may have left something in the outbox.
            self._sender.wake()
        self._storage.over()

    async def _watch(self, job: Job) -> None:
        """Ticks at once when the clock was set: the scheduler's next time may be hours away, or what is due near."""
        offset = self._clock().timestamp() - time.monotonic()
        while True:
            await asyncio.sleep(_WATCH_SECONDS)
            now = self._clock().timestamp() - time.monotonic()
            if abs(now - offset) > _STEP_SECONDS:
                job.modify(next_run_time=utc_now())
            offset = now

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            pass
