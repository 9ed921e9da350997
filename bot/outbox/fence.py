"""Keeps the making and sending of messages to one process: a lease that it holds, renews and gives back."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from datetime import datetime

from bot.state.leases import LeaseLost
from bot.state.state import State

NAME = "digests"
SECONDS = 60


class Fence:
    """The lease of one process. `check` belongs into every transaction that only its holder may make."""

    def __init__(self, state: State, clock: Callable[[], datetime]) -> None:
        self._state = state
        self._clock = clock
        self._term: int | None = None
        self._renewal = 0.0

    def acquire(self) -> bool:
        """Takes the lease; False while another machine has it. Raises StorageError."""
        self._term = self._state.leases.acquire(NAME, socket.gethostname(), self._now(), SECONDS)
        self._renewal = time.monotonic() + SECONDS / 2
        return self._term is not None

    def check(self) -> None:
        """Renews the lease where half of it is over. Raises LeaseLost when another machine has taken it."""
        if self._term is None:
            raise LeaseLost(NAME)
        if time.monotonic() > self._renewal:
            self._state.leases.renew(NAME, self._term, self._now(), SECONDS)
            self._renewal = time.monotonic() + SECONDS / 2
        else:
            self._state.leases.check(NAME, self._term)

    def release(self) -> None:
        """Gives the lease back."""
        if self._term is not None:
            self._state.leases.release(NAME, self._term)

    def _now(self) -> int:
        return int(self._clock().timestamp())
