"""Work that takes seconds: two at a time, in threads of its own, so that nobody's answer waits for it. Knows no command."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

AT_ONCE = 2
MOST_IN_LINE = 16
"""How many are under way or waiting; whoever would wait longer than half a minute is told to come back."""

Result = TypeVar("Result")


class TooMuchWork(Exception):
    """So much is waiting already that nothing more is taken."""


class HeavyWork:
    """Runs heavy work. Within a chat the dispatcher lets only one update be handled, so each chat has one at most."""

    def __init__(self, places: asyncio.Semaphore) -> None:
        """`places` are those of the chats handled at once: a chat gives its own back while its work runs or waits."""
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
