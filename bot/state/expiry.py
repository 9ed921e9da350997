"""Deletes rows past their retention time, once it believes the clock. Each table decides its own retention time.

is the clock believable? (a jump of more than a day is believed once the clock has run on from it for ten minutes)
delete groups' messages older than agreed, then empty the log   # each time
delete old rows of every table, then rewrite the file           # once a day
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from bot.state.captures import Captures
from bot.state.database import Database
from bot.state.heartbeats import Heartbeats
from bot.state.table import Table, rewritten

_SEEN, _DONE = "expiry_clock", "tidy"
_JUMP_SECONDS = 86_400
_STEADY_SECONDS = 600
_DRIFT_SECONDS = 60
_EVERY_SECONDS = 86_400


class Expiry:
    """Deletes old rows; a clock that is wrong for less than ten minutes deletes nothing."""

    def __init__(
        self,
        store: Database,
        tables: Sequence[Table],
        captures: Captures,
        heartbeats: Heartbeats,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._tables = tables
        self._captures = captures
        self._heartbeats = heartbeats
        self._monotonic = monotonic
        self._doubted: tuple[int, float] | None = None

    def run(self, now: int) -> None:
        """Delete rows that are too old at `now`, a UTC second. Cheap if called often. Raises StorageError."""
        if not self.believes(now):
            return
        if self._captures.expire(now):
            self._store.checkpoint()
        done = self._heartbeats.last(_DONE)
        if done is not None and 0 <= now - done < _EVERY_SECONDS:
            return
        with self._store.write():
            for table in self._tables:
                table.expire(now)
            self._heartbeats.beat(_DONE, now)
        self._store.rewrite(rewritten(self._tables))

    def believes(self, now: int) -> bool:
        """Return whether `now` is credible: up to a day after the last one seen, or ten minutes past a larger jump."""
        last = self._heartbeats.last(_SEEN)
        if last is None or now - last <= _JUMP_SECONDS:
            self._doubted = None
            if last is None or not 0 <= now - last < _DRIFT_SECONDS:
                self._heartbeats.beat(_SEEN, now)
            return True
        elapsed = self._monotonic()
        if self._doubted is None or abs(now - self._doubted[0] - elapsed + self._doubted[1]) > _DRIFT_SECONDS:
            self._doubted = now, elapsed
        if elapsed - self._doubted[1] < _STEADY_SECONDS:
            return False
        self._heartbeats.beat(_SEEN, now)
        return True
