"""Asks the model to retell what is due soon, so that no delivery waits for it.

every 20 seconds: take what is due within the next 40 seconds -> ask the model, in tasks of the event loop -> cache it
at delivery: send a retelling that is cached by then; otherwise send the sources' own words
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
"""Returns what will be sent until a given moment, each with the id of the chat that receives it."""


class RetellingsAhead:
    """Periodic job that requests retellings before they are due. Call `tick` from threads, the rest on the event loop."""

    seconds = 20.0
    """Seconds between two ticks."""

    def __init__(
        self, rewriter: Rewriter, loop: asyncio.AbstractEventLoop, upcoming: Iterable[Upcoming]
    ) -> None:
        self._rewriter = rewriter
        self._loop = loop
        self._upcoming = tuple(upcoming)
        self._under_way: set[Future[Retelling | None]] = set()

    def tick(self, now: datetime) -> None:
        """Request retellings of everything due within `AHEAD` of `now`. Raises StorageError."""
        for upcoming in self._upcoming:
            for material, chat_id in upcoming(now + AHEAD):
                asked = asyncio.run_coroutine_threadsafe(self._rewriter.retell(material, chat_id), self._loop)
                self._under_way.add(asked)
                asked.add_done_callback(self._under_way.discard)

    def close(self) -> None:
        """Cancel the requests in progress."""
        for asked in tuple(self._under_way):
            asked.cancel()
