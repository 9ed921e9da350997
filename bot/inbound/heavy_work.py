"""Runs work that takes seconds: two jobs at a time, in their own threads, so that no answer waits. Knows no command."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

AT_ONCE = 2
MOST_IN_LINE = 16
"""Maximum of running and waiting jobs: a caller who would wait longer than about half a minute is refused."""

Result = TypeVar("Result")


class TooMuchWork(Exception):
    """The queue is full; no more work is accepted."""


class HeavyWork:
    """Queue of heavy work. The dispatcher handles one update of a chat at a time, so each chat has at most one job."""

    def __init__(self, places: asyncio.Semaphore) -> None:
        """`places` limits the chats handled at once; a chat gives up its place while its work runs or waits."""
        self._places = places
        self._threads = ThreadPoolExecutor(AT_ONCE, "heavy")
        self._in_line = 0

    async def run(self, work: Callable[[], Result]) -> Result:
        """Return what `work` returns, once it is its turn. Raises TooMuchWork, and what `work` raises."""
        if self._in_line >= MOST_IN_LINE:
            raise TooMuchWork
        self._in_line += 1
        self._places.release()
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._in_line -= 1
            await self._places.acquire()
