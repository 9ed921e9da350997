"""Has the model retell what will soon be due, so that no delivery waits for it.

every 20 seconds: what is due within the next 40 -> the model is asked, in tasks of the event loop -> the rewriter remembers
at the moment itself: what is known by then is sent, anything else goes out in the sources' words
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from datetime import datetime, timedelta

from bot.rewriting.material import Material, Retelling
from bot.rewriting.rewriter import Rewriter

AHEAD = timedelta(seconds=40)

Upcoming = Callable[[datetime], Iterable[tuple[Material, int]]]
"""What will be sent up to a moment, each with the chat that it is for."""


class RetellingsAhead:
    """Asks for retellings of what is due next. `tick` is called in threads, the rest on the event loop."""

    seconds = 20.0
    """How often to tick."""

    def __init__(
        self, rewriter: Rewriter, loop: asyncio.AbstractEventLoop, upcoming: Iterable[Upcoming]
    ) -> None:
        self._rewriter = rewriter
        self._loop = loop
        self._upcoming = tuple(upcoming)
        self._under_way: set[Future[Retelling | None]] = set()

    def tick(self, now: datetime) -> None:
        """Asks for what is due a moment after `now`. Raises StorageError."""
        for upcoming in self._upcoming:
            for material, chat_id in upcoming(now + AHEAD):
                asked = asyncio.run_coroutine_threadsafe(self._rewriter.retell(material, chat_id), self._loop)
                self._under_way.add(asked)
                asked.add_done_callback(self._under_way.discard)

    def close(self) -> None:
        """Cancels what is under way."""
        for asked in tuple(self._under_way):
            asked.cancel()
