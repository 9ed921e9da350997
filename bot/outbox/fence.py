"""Keeps the work to one process: a lease that it holds, renews and gives back.

Machines that share a database take turns as wholes: the holder polls, answers, makes digests and sends; the others wait,
and keep what a webhook brings them. `check` belongs into each transaction that only the holder may make; `trusted`
is asked before each message leaves, by the process's own clock, since one that was stopped for a while does not know yet.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime

from bot.state.leases import WORK, LeaseLost
from bot.state.state import State

SECONDS, SHARED_SECONDS = 60, 12
# Between the moment that the database counts from and the one that this process knows of.
_MARGIN = 2.0
# Telegram's limits of a second, and of three in a chat, hold for both machines together: the next one begins after them.
_PAUSE_SECONDS = 4


class Fence:
    """The lease of one process."""

    def __init__(
        self,
        state: State,
        clock: Callable[[], datetime],
        owner: str,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`owner` names the data folder and its machine: the folder's lock has shown that its last process is gone."""
        self._state = state
        self._clock = clock
        self._owner = owner
        self._monotonic = monotonic
        self._term: int | None = None
        self._seconds = SHARED_SECONDS if state.shared else SECONDS
        self._renewed = 0.0

    @property
    def held(self) -> bool:
        """Whether the lease was taken, and not found lost since."""
        return self._term is not None

    def acquire(self) -> bool:
        """Takes the lease; False while another has it. Raises StorageError."""
        began = self._monotonic()
        self._term = self._state.leases.acquire(WORK, self._owner, self._now(), self._seconds)
        self._renewed = began
        return self.held

    def check(self) -> None:
        """Renews the lease where half of it is over. Raises LeaseLost when another has taken it, and StorageError."""
        if self._term is None:
            raise LeaseLost(WORK)
        began = self._monotonic()
        try:
            if began > self._renewed + self._seconds / 2:
                self._state.leases.renew(WORK, self._term, self._now(), self._seconds)
                self._renewed = began
            else:
                self._state.leases.check(WORK, self._term)
        except LeaseLost:
            self._term = None
            raise

    def trusted(self) -> bool:
        """Whether nobody else can have taken the lease, as far as time tells. True where no other machine can."""
        if not self._state.shared:
            return True
        return self.held and self._monotonic() < self._renewed + self._seconds - _MARGIN

    def release(self) -> None:
        """Gives the lease back."""
        if self._term is not None:
            pause = _PAUSE_SECONDS if self._state.shared else 0
            self._state.leases.release(WORK, self._term, self._now(), pause)
            self._term = None

    def _now(self) -> int:
        return int(self._clock().timestamp())
