"""Runs what nobody waits for: jobs that ask the database what is due, and the sender that empties the outbox."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.clock import utc_now
from bot.logs import Trouble
from bot.outbox.fence import Fence
from bot.outbox.sender import Sender
from bot.sqlite.errors import StorageError
from bot.state.leases import LeaseLost

_log = logging.getLogger(__name__)

_WATCH_SECONDS = 1.0
# Time that goes by differently by clock and by counter: the clock was set.
_STEP_SECONDS = 3.0
_STANDBY_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Job:
    """Work that is done every `seconds`, given the moment (aware). It blocks, so it runs in a thread.

    It returns how many messages it has put into the outbox, where it knows. `at_clock_change` does it at once when the
    clock was set: what is due may have changed.
    """

    name: str
    work: Callable[[datetime], int | None]
    seconds: float
    at_clock_change: bool = False


class Worker:
    """Runs the jobs, and the sender all the time, while this process holds the lease."""

    def __init__(
        self,
        sender: Sender,
        fence: Fence,
        clock: Callable[[], datetime],
        jobs: Sequence[Job],
        interrupt: Callable[[], None],
    ) -> None:
        """`interrupt` makes a job that is under way return early."""
        self._sender = sender
        self._fence = fence
        self._clock = clock
        self._jobs = tuple(jobs)
        self._interrupt = interrupt
        self._stopping = asyncio.Event()
        self._lost: asyncio.Future[None] | None = None
        self._running: set[asyncio.Task[None]] = set()
        # In turn: beside each other they would only share the interpreter, and wait for the same database.
        self._turn = asyncio.Lock()
        self._failing: set[str] = set()
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._storage = Trouble(_log, "What is due cannot be written", "What is due can be written again")

    def stop(self) -> None:
        """Makes `run` return when the message under way is recorded."""
        self._stopping.set()
        self._interrupt()
        self._sender.stop()

    async def run(self) -> None:
        """Works until stopped. Raises InvalidToken, and LeaseLost when another machine has taken over."""
        if not await self._acquired():
            return
        self._lost = asyncio.get_running_loop().create_future()
        self._schedule()
        watching = asyncio.create_task(self._watch_clock())
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
            # A job under way ends by itself, since it works in a thread: cancelled, it would only be called an error.
            await asyncio.gather(watching, sending, *self._running, return_exceptions=True)
            self._scheduler.shutdown(wait=False)
            await asyncio.to_thread(self._release)

    def _schedule(self) -> None:
        for job in self._jobs:
            # No grace time: a job that comes late still asks what is due, however long the loop was blocked.
            self._scheduler.add_job(
                self._do,
                "interval",
                (job,),
                id=job.name,
                seconds=job.seconds,
                next_run_time=utc_now(),
                misfire_grace_time=None,
                coalesce=True,
                max_instances=1,
            )
        self._scheduler.start()

    async def _acquired(self) -> bool:
        """Waits for the lease. False when stopped before it came."""
        if self._fence.held:
            return True
        waiting = Trouble(_log, "Digests wait", "This machine sends the digests now")
        while not self._stopping.is_set():
            try:
                if await asyncio.to_thread(self._fence.acquire):
                    waiting.over()
                    return True
                waiting.struck(LeaseLost("another machine with this data folder sends them."))
            except StorageError as error:
                waiting.struck(error)
            await self._pause(_STANDBY_SECONDS)
        return False

    def _release(self) -> None:
        try:
            self._fence.release()
        except StorageError as error:
            _log.warning("The lease could not be given back, it runs out by itself: %s", error)

    async def _do(self, job: Job) -> None:
        task = asyncio.current_task()
        if task is None:
            return
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        try:
            async with self._turn:
                queued = await asyncio.to_thread(self._work, job)
        except StorageError as error:
            self._failing.add(job.name)
            self._storage.struck(error)
            return
        except LeaseLost as error:
            if self._lost is not None and not self._lost.done():
                self._lost.set_exception(error)
            return
        except Exception:  # noqa: BLE001  # whatever one job raises, the others and its next run go on
            _log.exception("The job %s failed; it is tried again in %.0f s.", job.name, job.seconds)
            # It may have queued something before.
            queued = 1
        if queued:
            self._sender.wake()
        if job.name in self._failing:
            self._failing.remove(job.name)
            if not self._failing and self._storage.lasts:
                self._storage.over()

    def _work(self, job: Job) -> int | None:
        if self._stopping.is_set():
            return None
        # Before it begins, too: nothing is composed, backed up or forgotten beside a machine that has taken over.
        self._fence.check()
        return job.work(self._clock())

    async def _watch_clock(self) -> None:
        """Runs jobs at once when the clock was set: the scheduler's next time may be hours away, or what is due near."""
        offset = self._clock().timestamp() - time.monotonic()
        while True:
            await asyncio.sleep(_WATCH_SECONDS)
            now = self._clock().timestamp() - time.monotonic()
            if abs(now - offset) > _STEP_SECONDS:
                for job in self._jobs:
                    # The others only have their next time counted anew from the new clock.
                    ahead = 0.0 if job.at_clock_change else job.seconds
                    self._scheduler.modify_job(job.name, next_run_time=utc_now() + timedelta(seconds=ahead))
            offset = now

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            pass
