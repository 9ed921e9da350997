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
from dataclasses import dataclass
from datetime import datetime

from bot.dialogue.effects import DeleteReport, Effect, OpenView
from bot.inbound.apply import apply
from bot.logs import Trouble
from bot.sqlite.errors import StorageError
from bot.state.state import State

_log = logging.getLogger(__name__)

_AGAIN_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class _Outcome:
    update_id: int
    effects: tuple[Effect, ...]
    name: str


def _nothing(_report: str) -> None:
    """Remove nothing: the default where there is no library."""


class Commits:
    """Commits outcomes at once, or in order when the disk accepts writes again."""

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
        """Commit the effects of an update and mark it with `outcome`; an existing mark stays."""
        result = _Outcome(update_id, effects, outcome)
        if not self._waiting:
            try:
                await asyncio.to_thread(self._write, result)
            except StorageError as error:
                self._storage.struck(error)
            else:
                return
        self._waiting.append(result)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._catch_up())

    async def close(self) -> None:
        """Try once more. What cannot be written now is lost; the next start handles its update again."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        while self._waiting:
            try:
                await asyncio.to_thread(self._write, self._waiting[0])
            except StorageError as error:
                _log.error("%d updates could not be marked; the next start handles them again: %s", len(self._waiting), error)  # fmt: skip  # its text says all
                return
            self._waiting.popleft()

    async def _catch_up(self) -> None:
        while self._waiting:
            try:
                await asyncio.to_thread(self._write, self._waiting[0])
            except StorageError:
                await asyncio.sleep(_AGAIN_SECONDS)
                continue
            except Exception:  # noqa: BLE001  # whatever one raises, the others are written
                # An outcome that can never be written must not block those after it.
                _log.exception("What came of update %d cannot be kept.", self._waiting[0].update_id)
            self._waiting.popleft()
        self._storage.over()

    def _write(self, outcome: _Outcome) -> None:
        now = int(self._clock().timestamp())
        for effect in outcome.effects:
            if isinstance(effect, DeleteReport):
                self._take_out(effect.report_id)
        with self._state.transaction():
            if self._fence is not None:
                self._fence()
            for effect in outcome.effects:
                apply(effect, self._state, now)
            self._state.inbox.finish(outcome.update_id, outcome.name)
