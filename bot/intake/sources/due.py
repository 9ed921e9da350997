"""Runs the checks of due sources: at most four at once and one per host, so that a slow one delays no other.

Runs in a thread and an event loop of its own, apart from those that answer people.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable
from datetime import datetime
from urllib.parse import urlsplit

from bot.intake.sources.check import Check, Checked
from bot.logs import Trouble
from bot.sqlite.errors import Damaged, StorageError
from bot.state.sources import Source
from bot.state.state import State

_log = logging.getLogger(__name__)

AT_ONCE = 4
# Due rows that are searched for one whose host is free.
_AHEAD = 100


class DueSources:
    """Scheduler of checks; asks the database each time which sources are due."""

    def __init__(self, check: Check, state: State, clock: Callable[[], datetime]) -> None:
        self._check = check
        self._state = state
        self._clock = clock
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._under_way: dict[str, str] = {}
        self._stopping = False
        self._storage = Trouble(_log, "What came of a feed cannot be kept", "Feeds are kept again")

    def start_due(self, now: datetime) -> None:
        """Start as many checks as there are free places, and return at once; each that ends starts the next."""
        for source in self._chosen(int(now.timestamp())):
            asyncio.run_coroutine_threadsafe(self._run(source), self._running_loop())

    def stop(self, seconds: float) -> None:
        """Start no more checks, wait up to `seconds` for the running ones, then cancel them."""
        with self._lock:
            self._stopping = True
        if self._loop is None or self._thread is None:
            return
        asyncio.run_coroutine_threadsafe(self._end(seconds), self._loop)
        self._thread.join(seconds + 1)

    def _chosen(self, now: int) -> list[Source]:
        """Return due sources whose hosts are free, and reserve their places."""
        with self._lock:
            if self._stopping:
                return []
            chosen = []
            for source in self._state.sources.due(now, _AHEAD):
                if len(self._under_way) >= AT_ONCE:
                    break
                if source.id not in self._under_way and host_of(source) not in self._under_way.values():
                    self._under_way[source.id] = host_of(source)
                    chosen.append(source)
            return chosen

    async def _run(self, source: Source) -> None:
        try:
            checked = await self._check.run(source, int(self._clock().timestamp()))
            if self._storage.lasts:
                self._storage.clear()
            _log.info(
                "%s: %d new, %d changed, %s.",
                *(source.address, checked.added, checked.changed),
                checked.source.problem.name if checked.source.problem else "fine",
            )
        except StorageError as error:
            # Damage is told by the upkeep of the library.
            if not isinstance(error, Damaged):
                self._storage.report(error)
        finally:
            with self._lock:
                self._under_way.pop(source.id, None)
        if not self._storage.lasts:
            await asyncio.to_thread(self.start_due, self._clock())

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(
                    target=_run_loop, args=(self._loop,), name="sources", daemon=True
                )
                self._thread.start()
            return self._loop

    async def _end(self, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        loop.stop()


async def check_all(
    check: Check, sources: Iterable[Source], clock: Callable[[], datetime]
) -> AsyncIterator[Checked]:
    """Check these sources now, within the same limits; yield each result as its check ends. Raises StorageError."""
    places = asyncio.Semaphore(AT_ONCE)
    hosts: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def one(source: Source) -> Checked:
        async with hosts[host_of(source)], places:
            return await check.run(source, int(clock().timestamp()))

    for ended in asyncio.as_completed([one(source) for source in sources]):
        yield await ended


def _run_loop(loop: asyncio.AbstractEventLoop) -> None:
    """Run an event loop until it is stopped, then close it."""
    try:
        loop.run_forever()
    finally:
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()


def host_of(source: Source) -> str:
    """Return the host of a source; for a folder or a malformed address, the address itself."""
    try:
        return urlsplit(source.address).hostname or source.address
    except ValueError:
        return source.address
