"""Updates go from the inbox to their handlers: in order for each chat, many chats at once. Knows no command."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

from bot.inbound.commit import Commits
from bot.sqlite.errors import StorageError
from bot.state.inbox import Received
from bot.state.state import State

_log = logging.getLogger(__name__)

_STORAGE_SECONDS = 1.0
_QUIET_POLL = 0.05
CHATS_AT_ONCE = 16
"""How many places a dispatcher is given."""
_IN_MEMORY = 400

Update = dict[str, Any]
"""An update as Telegram wrote it, parsed but not judged."""


class Dispatcher:
    """Takes updates out of the inbox: in order within a chat, up to 16 chats at once."""

    def __init__(
        self,
        state: State,
        handle: Callable[[int, Update], Awaitable[None]],
        arrived: asyncio.Event,
        places: asyncio.Semaphore,
        commits: Commits | None = None,
    ) -> None:
        """`handle` gets each update once per run of the process, and marks it when its effects are kept.

        `places` are those of the chats that are handled at once: CHATS_AT_ONCE. `commits` knows the marks that the disk could not take yet.
        """
        self._commits = commits
        # Updates that are in no inbox, and whether they have been handled.
        self._offered: dict[int, bool] = {}
        self._state = state
        self._handle = handle
        self._arrived = arrived
        self._lines: dict[int, asyncio.Queue[Received]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._places = places
        # Ids, not a highest one: after a quiet week Telegram may go on with lower ids (Bot API, Update).
        self._in_hand: set[int] = set()
        self._room = asyncio.Event()
        self._room.set()

    async def run(self) -> None:
        """Dispatches until cancelled; what is under way goes on, see drain()."""
        while True:
            self._arrived.clear()
            # As it is before the read: what is finished during it was still new to it, and is not to run again.
            in_hand = frozenset(self._in_hand) | self._offered.keys()
            if self._commits is not None:
                in_hand |= self._commits.waiting
            try:
                waiting = await asyncio.to_thread(self._state.inbox.waiting, -1, _IN_MEMORY + len(in_hand))
            except Exception:  # noqa: BLE001  # whatever a file that cannot be read raises, it may be read again
                _log.exception("The inbox cannot be read; trying again.")
                await asyncio.sleep(_STORAGE_SECONDS)
                continue
            fresh = [received for received in waiting if received.update_id not in in_hand]
            for received in fresh:
                await self._room.wait()
                self._put(received)
            if not fresh:
                await self._arrived.wait()

    def offer(self, received: Received) -> None:
        """Handles an update that the inbox cannot take now; once, however often it is offered."""
        if received.update_id not in self._offered and received.update_id not in self._in_hand:
            self._offered[received.update_id] = False
            self._put(received)

    def handled(self, update_id: int) -> bool:
        """Whether an update that was offered has been handled."""
        return self._offered.get(update_id, False)

    def needs(self, update_id: int) -> bool:
        """Whether an update that was offered is still to be handled, or to be kept."""
        if self._commits is not None and update_id in self._commits.unsaved_choices:
            return True
        return not self._offered.get(update_id, True)

    async def quiet(self) -> None:
        """Waits until what was offered has been handled, so that the inbox can be told what it need not hold."""
        while not all(self._offered.values()):  # noqa: ASYNC110  # rare and short: only after a full disk
            await asyncio.sleep(_QUIET_POLL)

    def settle(self) -> None:
        """The inbox has what was offered, or Telegram knows that it was handled."""
        self._offered.clear()

    async def drain(self, seconds: float) -> None:
        """Waits up to `seconds` for the updates that are being handled; the rest stay in the inbox."""
        for line in self._lines.values():
            while not line.empty():
                line.get_nowait()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=seconds)
            # Not left to fail on a closing connection, which would mark them as failed for good.
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _put(self, received: Received) -> None:
        self._in_hand.add(received.update_id)
        if len(self._in_hand) >= _IN_MEMORY:
            self._room.clear()
        try:
            chat = chat_of(json.loads(received.body))
        except ValueError:
            chat = 0  # a row that the disk has damaged: said where it is handled
        line = self._lines.get(chat)
        if line is None:
            line = self._lines[chat] = asyncio.Queue()
            task = asyncio.create_task(self._work(chat, line))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        line.put_nowait(received)

    async def _work(self, chat: int, line: asyncio.Queue[Received]) -> None:
        while not line.empty():
            async with self._places:
                # Taken only now: what waits for a place is still in line when drain() empties the lines.
                if line.empty():
                    break
                received = line.get_nowait()
                started = time.monotonic()
                try:
                    await self._handle(received.update_id, json.loads(received.body))
                    self._in_hand.discard(received.update_id)
                except Exception:  # noqa: BLE001  # the database may be full or busy; the next updates go on
                    _log.exception(
                        "Update %d could not be marked; the next start tries it again.", received.update_id
                    )
                if received.update_id in self._offered:
                    # Also where it failed: a bot that waits for it for ever would be deaf.
                    self._offered[received.update_id] = True
                _log.debug("Update %d took %.3f s.", received.update_id, time.monotonic() - started)
            self._room.set()
        del self._lines[chat]
        if not self._lines:
            # Erased bodies go out of the write-ahead log too.
            with contextlib.suppress(StorageError):
                await asyncio.to_thread(self._state.checkpoint)


def chat_of(update: Update) -> int:
    """The chat whose order an update belongs to, 0 for none."""
    for part in update.values():
        if isinstance(part, dict):
            holder = part if "chat" in part else part.get("message")
            if isinstance(holder, dict) and isinstance(holder.get("chat"), dict):
                number = holder["chat"].get("id")
                return number if isinstance(number, int) else 0
    return 0
