"""What happens, told to whoever listens on the serving loop."""

from __future__ import annotations

import asyncio

from bot.playground.refusals import Json

PATIENCE = 1000
"""Events that a listener may leave unread."""


class Events:
    """The listeners. `emit` may be called from any thread, the rest on the loop that was given to `serve`."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._queues: list[asyncio.Queue[Json]] = []

    def serve(self, loop: asyncio.AbstractEventLoop | None) -> None:
        """The loop on which the listeners are, None when it ends."""
        self._loop = loop

    def subscribe(self) -> asyncio.Queue[Json]:
        """A queue that gets every event from now on."""
        queue: asyncio.Queue[Json] = asyncio.Queue(PATIENCE)
        self._queues.append(queue)
        return queue

    def unsubscribe(self, queue: asyncio.Queue[Json]) -> None:
        """The queue gets no more."""
        if queue in self._queues:
            self._queues.remove(queue)

    def emit(self, event: Json) -> None:
        """Tells every listener; nothing is done where there is none."""
        if self._queues and self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._spread, event)

    def _spread(self, event: Json) -> None:
        for queue in self._queues:
            if queue.full():
                while not queue.empty():
                    queue.get_nowait()
                queue.put_nowait({"type": "behind"})
            else:
                queue.put_nowait(event)
