"""Deletes what is kept for a certain time only, by a clock that it has seen go on. Decides no table's time itself.

is the clock believable? (a jump of more than a day is believed when it has stood for ten minutes)
delete groups' talk older than agreed, then empty the log    # each time
delete what is old in every table, then write the file anew  # each day
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
    """Forgets old rows. A clock that is wrong for a moment makes nothing old."""

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
        """Deletes what is too old at `now`, a UTC second. Cheap where it was done a moment ago. Raises StorageError."""
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
        """Whether the clock may be right: it is near where it was last seen, or has stood by its jump for a while."""
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
