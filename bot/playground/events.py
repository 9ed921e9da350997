"""Publishes events to the queues of listeners on the serving loop."""

from __future__ import annotations

import asyncio

from bot.playground.refusals import Json

PATIENCE = 1000
"""Events that a listener may leave unread."""


class Events:
    """Event listeners. `emit` may be called from any thread, the rest only on the loop given to `serve`."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._queues: list[asyncio.Queue[Json]] = []

    def serve(self, loop: asyncio.AbstractEventLoop | None) -> None:
        """Set the loop that the listeners run on; None when it ends."""
        self._loop = loop

    def subscribe(self) -> asyncio.Queue[Json]:
        """Return a queue that receives every event from now on."""
        queue: asyncio.Queue[Json] = asyncio.Queue(PATIENCE)
        self._queues.append(queue)
        return queue

    def unsubscribe(self, queue: asyncio.Queue[Json]) -> None:
        """Stop sending events to the queue."""
        if queue in self._queues:
            self._queues.remove(queue)

    def emit(self, event: Json) -> None:
        """Send an event to every listener, if there are any."""
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
