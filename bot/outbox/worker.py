"""Runs background work: jobs, which ask the database what is due, and the sender, which empties the outbox."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from msgspec import Struct

from bot.clock import utc_now
from bot.logs import Trouble
from bot.outbox.fence import Fence
from bot.outbox.sender import Sender
from bot.sqlite.errors import Damaged, StorageError
from bot.state.leases import LeaseLost

_log = logging.getLogger(__name__)

_WATCH_SECONDS = 1.0
# The clock was set if between two checks it moves so much more or less than the monotonic clock.
_STEP_SECONDS = 3.0
_STANDBY_SECONDS = 2.0


class Job(Struct, frozen=True):
    """Work that is done every `seconds`, given the time (an aware datetime). It blocks, so it runs in a thread.

    It returns how many messages it put into the outbox, None if it does not know. `at_clock_change` runs it at once
    when the clock was set, since something may be due by then.
    """

    name: str
    work: Callable[[datetime], int | None]
    seconds: float
    at_clock_change: bool = False


class Worker:
    """Runner of the jobs and of the sender, while this process holds the lease."""

    def __init__(
        self,
        sender: Sender,
        fence: Fence,
        clock: Callable[[], datetime],
        jobs: Sequence[Job],
        interrupt: Callable[[], None],
    ) -> None:
        """`interrupt` makes a running job return early."""
        self._sender = sender
        self._fence = fence
        self._clock = clock
        self._jobs = tuple(jobs)
        self._interrupt = interrupt
        self._stopping = asyncio.Event()
        self._lost: asyncio.Future[None] | None = None
        self._running: set[asyncio.Task[None]] = set()
        # One job at a time: in parallel they would only share the interpreter, and wait for the same database.
        self._turn = asyncio.Lock()
        # What each job raised last, so that a fault that stays is logged once.
        self._failing: dict[str, str] = {}
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._storage = Trouble(_log, "What is due cannot be written", "What is due can be written again")

    def stop(self) -> None:
        """Make `run` return once the message in flight is recorded."""
        self._stopping.set()
        self._interrupt()
        self._sender.stop()

    async def run(self) -> None:
        """Work until stopped. Raises InvalidToken, and LeaseLost when another machine has taken over."""
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
            # A running job ends by itself, since it works in a thread; cancelling it would only log an error.
            await asyncio.gather(watching, sending, *self._running, return_exceptions=True)
            self._scheduler.shutdown(wait=False)

    def _schedule(self) -> None:
        for job in self._jobs:
            # However long the loop was blocked, a late job still runs and asks what is due: None means any lateness.
            self._scheduler.add_job(
                self._run_job,
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
        """Wait for the lease. Return False if stopped before it came."""
        if self._fence.held:
            return True
        waiting = Trouble(_log, "Digests wait", "This machine sends the digests now")
        while not self._stopping.is_set():
            try:
                if await asyncio.to_thread(self._fence.acquire):
                    waiting.clear()
                    return True
                waiting.report(LeaseLost("another machine with this data folder sends them."))
            except StorageError as error:
                waiting.report(error)
            await self._pause(_STANDBY_SECONDS)
        return False

    async def _run_job(self, job: Job) -> None:
        """Run a job in its turn, wake the sender if it queued messages, and pass on a lost lease to run()."""
        task = asyncio.current_task()
        if task is None:
            return
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        try:
            async with self._turn:
                queued = await asyncio.to_thread(self._work, job)
        except StorageError as error:
            self._failing[job.name] = repr(error)
            self._report(error)
            return
        except LeaseLost as error:
            if self._lost is not None and not self._lost.done():
                self._lost.set_exception(error)
            return
        except Exception as error:  # noqa: BLE001  # whatever one job raises, the others and its next run go on
            if self._failing.get(job.name) != repr(error):
                _log.exception("The job %s failed; it is tried again every %.0f s.", job.name, job.seconds)
            self._failing[job.name] = repr(error)
            self._sender.wake()  # it may have queued something before it failed
            return
        if queued:
            self._sender.wake()
        if job.name in self._failing:
            del self._failing[job.name]
            if not self._failing and self._storage.lasts:
                self._storage.clear()

    def _report(self, error: StorageError) -> None:
        # Damage is told by the job that mends it.
        if not isinstance(error, Damaged):
            self._storage.report(error)

    def _work(self, job: Job) -> int | None:
        if self._stopping.is_set():
            return None
        # Check before it begins, too: nothing is composed, backed up or erased after another machine has taken over.
        self._fence.check()
        return job.work(self._clock())

    async def _watch_clock(self) -> None:
        """Reschedule the jobs when the clock was set: their next run may be hours away, or something may be due now."""
        offset = self._clock().timestamp() - time.monotonic()
        while True:
            await asyncio.sleep(_WATCH_SECONDS)
            now = self._clock().timestamp() - time.monotonic()
            if abs(now - offset) > _STEP_SECONDS:
                for job in self._jobs:
                    # Other jobs are only rescheduled by the new clock.
                    ahead = 0.0 if job.at_clock_change else job.seconds
                    self._scheduler.modify_job(job.name, next_run_time=utc_now() + timedelta(seconds=ahead))
            offset = now

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            pass
