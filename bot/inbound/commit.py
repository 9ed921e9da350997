"""Commits the outcome of an update: its effects and its mark in the inbox, in one transaction.

The only place where a conversation changes stored data; `apply` knows what each effect changes.

While the disk is full, outcomes wait in memory and are written later, in order: a person who was told "done" must not
lose that choice to a full disk, and no update is answered twice.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from msgspec import Struct

from bot.dialogue.effects import DeleteReport, Effect, OpenView
from bot.inbound.apply import apply
from bot.logs import Trouble
from bot.sqlite.errors import StorageError
from bot.state.leases import LeaseLost
from bot.state.state import State
from bot.telegram import in_flight

_log = logging.getLogger(__name__)

_AGAIN_SECONDS = 2.0


class _Outcome(Struct, frozen=True):
    update_id: int
    effects: tuple[Effect, ...]
    name: str


def _nothing(_report: str) -> None:
    """Remove nothing: the default where there is no library."""


class Commits:
    """Queue of outcomes: each is committed at once, or in order when the disk accepts writes again."""

    def __init__(
        self,
        state: State,
        clock: Callable[[], datetime],
        fence: Callable[[], None] | None = None,
        take_out: Callable[[str], None] = _nothing,
    ) -> None:
        """`fence` runs in each transaction and raises when this process has lost its lease; None where no other process
        uses the state. `take_out` removes a report from the library and is idempotent.
        """
        self._fence = fence
        self._take_out = take_out
        self._state = state
        self._clock = clock
        # Its own thread: the default ones may all be busy composing answers, and the next message waits for this record.
        self._thread = ThreadPoolExecutor(1, "commit")
        self._waiting: deque[_Outcome] = deque()
        self._task: asyncio.Task[None] | None = None
        self._storage = Trouble(
            _log, "What people chose cannot be kept", "What people chose meanwhile has been kept"
        )

    @property
    def waiting(self) -> frozenset[int]:
        """The ids of updates whose mark is not written yet."""
        return frozenset(outcome.update_id for outcome in self._waiting)

    @property
    def unsaved_choices(self) -> frozenset[int]:
        """The ids among them that changed more than a view: losing one would make a confirmation already sent untrue."""
        return frozenset(
            outcome.update_id
            for outcome in self._waiting
            if not all(isinstance(effect, OpenView) for effect in outcome.effects)
        )

    async def commit(self, update_id: int, effects: tuple[Effect, ...], outcome: str) -> None:
        """Commit the effects of an update and mark it with `outcome`; an existing mark stays.

        On a full disk, return at once and write later. Wait while a shared database is away: nothing more may be sent
        before the last message is recorded. Raises LeaseLost.
        """
        result = _Outcome(update_id, effects, outcome)
        if not self._waiting:
            try:
                await self._write(result)
            except StorageError as error:
                self._storage.report(error)
            else:
                return
        self._waiting.append(result)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._catch_up())
        if self._state.shared:
            await asyncio.shield(self._task)

    async def close(self) -> None:
        """Try once more. What cannot be written now is lost; the next start handles its update again."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        try:
            while self._waiting:
                await self._write(self._waiting[0])
                self._waiting.popleft()
        except (StorageError, LeaseLost) as error:
            _log.error(
                "%d updates could not be marked; they are handled again: %s", len(self._waiting), error
            )
        finally:
            self._thread.shutdown(wait=False)

    async def _catch_up(self) -> None:
        while self._waiting:
            try:
                await self._write(self._waiting[0])
            except StorageError:
                await asyncio.sleep(_AGAIN_SECONDS)
                continue
            except LeaseLost:
                self._waiting.clear()  # the machine that took over handles these updates again
                return
            except Exception:  # noqa: BLE001  # whatever one raises, the others are written
                # An outcome that can never be written must not block those after it.
                _log.exception("What came of update %d cannot be kept.", self._waiting[0].update_id)
            self._waiting.popleft()
        self._storage.clear()

    async def _write(self, outcome: _Outcome) -> None:
        for effect in outcome.effects:
            if isinstance(effect, DeleteReport):
                in_flight.release()  # a library that is being filled may be locked for seconds
                await asyncio.to_thread(self._take_out, effect.report_id)
        await asyncio.get_running_loop().run_in_executor(self._thread, self._write_state, outcome)

    def _write_state(self, outcome: _Outcome) -> None:
        now = int(self._clock().timestamp())
        with self._state.transaction():
            if self._fence is not None:
                self._fence()
            for effect in outcome.effects:
                apply(effect, self._state, now)
            self._state.inbox.finish(outcome.update_id, outcome.name)
