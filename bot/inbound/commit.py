"""What came of updates, written into the state: effects and the update's mark in one transaction.

The one place from which a conversation changes stored data; what each effect changes is told in `apply`.

While the disk is full it is remembered here and written later, in the order in which it came: who was answered
"done" is not to be told otherwise by a full disk, and nobody is answered twice.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.dialogue.effects import Effect, OpenView, TakeOut
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
    """Takes nothing out, where there is no library."""


class Commits:
    """Commits outcomes, at once or when the disk accepts writes again."""

    def __init__(
        self,
        state: State,
        clock: Callable[[], datetime],
        fence: Callable[[], None] | None = None,
        take_out: Callable[[str], None] = _nothing,
    ) -> None:
        """`fence` is called in each transaction, and raises where this process may not make it any more; None where
        nobody else can work with the state.

        `take_out` takes a report out of the library; twice is harmless.
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
        """The updates whose mark has still to be written."""
        return frozenset(outcome.update_id for outcome in self._waiting)

    @property
    def unsaved_choices(self) -> frozenset[int]:
        """Those of them that changed more than a view: losing one would make a confirmation that was sent untrue."""
        return frozenset(
            outcome.update_id
            for outcome in self._waiting
            if not all(isinstance(effect, OpenView) for effect in outcome.effects)
        )

    async def commit(self, update_id: int, effects: tuple[Effect, ...], outcome: str) -> None:
        """Commits the effects of an update and marks it; the first mark stays."""
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
        """Tries once more; what cannot be written now is lost with the process, and its update handled again."""
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
                # One that can never be written must not keep those after it from being written.
                _log.exception("What came of update %d cannot be kept.", self._waiting[0].update_id)
            self._waiting.popleft()
        self._storage.over()

    def _write(self, outcome: _Outcome) -> None:
        now = int(self._clock().timestamp())
        for effect in outcome.effects:
            if isinstance(effect, TakeOut):
                self._take_out(effect.report_id)
        with self._state.transaction():
            if self._fence is not None:
                self._fence()
            for effect in outcome.effects:
                apply(effect, self._state, now)
            self._state.inbox.finish(outcome.update_id, outcome.name)
