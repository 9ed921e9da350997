"""Events go from the inbox to their handlers: in order for each chat, many chats at once. Knows no command.

Places in memory are shared by chat: whoever fills their own waits in the inbox, and nobody behind them does.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

from bot.dialogue.events import Event
from bot.inbound.commit import Commits
from bot.inbound.updates import load
from bot.sqlite.errors import StorageError
from bot.state.inbox import Received
from bot.state.state import State

_log = logging.getLogger(__name__)

CHATS_AT_ONCE = 16
"""How many places a dispatcher is given."""

_STORAGE_SECONDS = 1.0
_QUIET_POLL = 0.05
_IN_MEMORY = 400
_OF_A_CHAT = 25
# Rows that are looked through for chats with a free place.
_AHEAD = 2_000


@dataclass(frozen=True, slots=True)
class _Waiting:
    """An update with the chat whose order it belongs to, 0 for none."""

    update_id: int
    event: Event | None
    chat: int


class Dispatcher:
    """Takes updates out of the inbox: in order within a chat, up to 16 chats at once."""

    def __init__(
        self,
        state: State,
        handle: Callable[[int, Event | None], Awaitable[None]],
        arrived: asyncio.Event,
        places: asyncio.Semaphore,
        username: str | None,
        commits: Commits | None = None,
    ) -> None:
        """`handle` gets each update once per run of the process, and marks it when its effects are kept.

        `places` are those of the chats that are handled at once: CHATS_AT_ONCE. `commits` knows the marks that the
        disk could not take yet.
        """
        self._commits = commits
        # Updates that are in no inbox, and whether they have been handled.
        self._offered: dict[int, bool] = {}
        self._state = state
        self._handle = handle
        self._arrived = arrived
        self._username = username
        self._lines: dict[int, deque[_Waiting]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._places = places
        # Ids, not a highest one: after a quiet week Telegram may go on with lower ids (Bot API, Update).
        self._in_hand: set[int] = set()
        self._in_line = 0
        self._left_in_inbox = False

    async def run(self) -> None:
        """Dispatches until cancelled; what is under way goes on, see drain()."""
        while True:
            self._arrived.clear()
            # As it is before the read: what is finished during it was still new to it, and is not to run again.
            in_hand = frozenset(self._in_hand) | self._offered.keys()
            if self._commits is not None:
                in_hand |= self._commits.waiting
            try:
                rows = await asyncio.to_thread(self._state.inbox.waiting, -1, _AHEAD + len(in_hand))
            except Exception:  # noqa: BLE001  # whatever a file that cannot be read raises, it may be read again
                _log.exception("The inbox cannot be read; trying again.")
                await asyncio.sleep(_STORAGE_SECONDS)
                continue
            if not self._take(row for row in rows if row.update_id not in in_hand):
                await self._arrived.wait()

    def offer(self, update_id: int, event: Event) -> None:
        """Handles an event that the inbox cannot take now; once, however often it is offered."""
        if update_id not in self._offered and update_id not in self._in_hand:
            self._offered[update_id] = False
            self._put(_Waiting(update_id, event, event.chat_id))

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
            self._in_line -= len(line)
            line.clear()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=seconds)
            # Not left to fail on a closing connection, which would mark them as failed for good.
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _take(self, rows: Iterable[Received]) -> bool:
        """Puts updates in line while their chats and the memory have places; returns whether there was any.

        Who found no place keeps all behind them in their chat waiting, so that its order stays.
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
                # Taken only now: what waits for a place is still in line when drain() empties the lines.
                if not line:
                    break
                self._in_line -= 1
                await self._handle_one(line.popleft())
        del self._lines[chat]
        if self._left_in_inbox:
            self._arrived.set()
        if not self._lines:
            # Erased bodies go out of the write-ahead log too.
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
            # Also where it failed: a bot that waits for it for ever would be deaf.
            self._offered[update_id] = True
        _log.debug("Update %d took %.3f s.", update_id, time.monotonic() - started)
