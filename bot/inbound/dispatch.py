"""Passes events from the inbox to their handler: in order within a chat, many chats at once. Knows no command.

Memory is bounded per chat: a chat that fills its share waits in the inbox and does not block the chats behind it.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterable

from msgspec import Struct

from bot.dialogue.events import Event
from bot.inbound.commit import Commits
from bot.inbound.updates import load
from bot.logs import Trouble
from bot.sqlite.errors import StorageError
from bot.state.inbox import Received
from bot.state.state import State

_log = logging.getLogger(__name__)

CHATS_AT_ONCE = 16
"""Number of chats that a dispatcher handles at once."""

_STORAGE_SECONDS = 1.0
_QUIET_POLL = 0.05
_IN_MEMORY = 400
_OF_A_CHAT = 25
# Rows to scan for chats that still have room.
_AHEAD = 2_000


class _Waiting(Struct, frozen=True):
    """An update and the chat whose order it belongs to; chat 0 for none."""

    update_id: int
    event: Event | None
    chat: int


class Dispatcher:
    """Dispatcher of updates from the inbox: in order within a chat, up to 16 chats at once."""

    def __init__(
        self,
        state: State,
        handle: Callable[[int, Event | None], Awaitable[None]],
        arrived: asyncio.Event,
        places: asyncio.Semaphore,
        username: str | None,
        commits: Commits | None = None,
    ) -> None:
        """`handle` receives each update once per run of the process, and marks it when its effects are stored.

        `places` limits the chats handled at once (CHATS_AT_ONCE). `commits` knows the marks that the disk could not
        take yet.
        """
        self._commits = commits
        # Updates that are not in the inbox, and whether each has been handled.
        self._offered: dict[int, bool] = {}
        self._state = state
        self._handle = handle
        self._arrived = arrived
        self._username = username
        self._lines: dict[int, deque[_Waiting]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._places = places
        # A set of ids, not the highest one: after a quiet week Telegram may continue with lower ids (Bot API, Update).
        self._in_hand: set[int] = set()
        self._in_line = 0
        self._left_in_inbox = False

    async def run(self) -> None:
        """Dispatch until cancelled. Updates in progress continue; see drain()."""
        unread = Trouble(_log, "The inbox cannot be read", "The inbox is read again")
        while True:
            self._arrived.clear()
            # Taken before the read: an update finished during the read is still in its rows and must not run again.
            in_hand = frozenset(self._in_hand) | self._offered.keys()
            if self._commits is not None:
                in_hand |= self._commits.waiting
            try:
                rows = await asyncio.to_thread(self._state.inbox.waiting, -1, _AHEAD + len(in_hand))
            except StorageError as error:
                unread.report(error)
                await asyncio.sleep(_STORAGE_SECONDS)
                continue
            unread.clear()
            if not self._take(row for row in rows if row.update_id not in in_hand):
                await self._arrived.wait()

    def offer(self, update_id: int, event: Event) -> None:
        """Handle an event that the inbox cannot store now; only once, however often it is offered."""
        if update_id not in self._offered and update_id not in self._in_hand:
            self._offered[update_id] = False
            self._put(_Waiting(update_id, event, event.chat_id))

    def handled(self, update_id: int) -> bool:
        """Return whether an offered update has been handled."""
        return self._offered.get(update_id, False)

    def needs(self, update_id: int) -> bool:
        """Return whether an offered update has still to be handled, or its effects to be stored."""
        if self._commits is not None and update_id in self._commits.unsaved_choices:
            return True
        return not self._offered.get(update_id, True)

    async def wait_for_offered(self) -> None:
        """Wait until every offered update has been handled, so that the inbox need not store their bodies."""
        while not all(self._offered.values()):  # noqa: ASYNC110  # rare and short: only after a full disk
            await asyncio.sleep(_QUIET_POLL)

    def forget_offered(self) -> None:
        """Forget the offered updates: the inbox has them now, or Telegram knows that they were handled."""
        self._offered.clear()

    async def drain(self, seconds: float) -> None:
        """Wait up to `seconds` for updates in progress, then cancel them; queued ones stay in the inbox."""
        for line in self._lines.values():
            self._in_line -= len(line)
            line.clear()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=seconds)
            # Cancelled, so that they do not fail on a closing connection and get marked as failed for good.
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _take(self, rows: Iterable[Received]) -> bool:
        """Queue updates while their chats and the memory have room; return whether any was queued.

        Once a chat is full, its later updates wait too, so that its order is kept.
        """
        full: set[int] = set()
        taken = False
        self._left_in_inbox = False
        for row in rows:
            if self._in_line >= _IN_MEMORY:
                self._left_in_inbox = True
                break
            event = load(row.body, self._username)
            chat = event.chat_id if event else 0
            if chat in full or len(self._lines.get(chat, ())) >= _OF_A_CHAT:
                full.add(chat)
                self._left_in_inbox = True
                continue
            self._put(_Waiting(row.update_id, event, chat))
            taken = True
        return taken

    def _put(self, waiting: _Waiting) -> None:
        self._in_hand.add(waiting.update_id)
        if (line := self._lines.get(waiting.chat)) is None:
            line = self._lines[waiting.chat] = deque()
            task = asyncio.create_task(self._work(waiting.chat, line))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        line.append(waiting)
        self._in_line += 1

    async def _work(self, chat: int, line: deque[_Waiting]) -> None:
        while line:
            async with self._places:
                # Taken only now: an update that waits for a place is still in its queue when drain() empties the
                # queues.
                if not line:
                    break
                self._in_line -= 1
                await self._handle_one(line.popleft())
        del self._lines[chat]
        if self._left_in_inbox:
            self._arrived.set()
        if not self._lines:
            # Truncate the write-ahead log, so that erased bodies leave it too.
            with contextlib.suppress(StorageError):
                await asyncio.to_thread(self._state.checkpoint)

    async def _handle_one(self, waiting: _Waiting) -> None:
        started, update_id = time.monotonic(), waiting.update_id
        try:
            await self._handle(update_id, waiting.event)
            self._in_hand.discard(update_id)
        except Exception:  # noqa: BLE001  # the database may be full or busy; the next updates go on
            _log.exception("Update %d could not be marked; the next start tries it again.", update_id)
        if update_id in self._offered:
            # Set after a failure too: a poller that waited for it for ever would stop receiving.
            self._offered[update_id] = True
        _log.debug("Update %d took %.3f s.", update_id, time.monotonic() - started)
