"""The right to make and send digests: a lease that this process holds and renews."""

from __future__ import annotations

import logging
import socket
import time
from collections.abc import Callable
from datetime import datetime

from bot.state.leases import LeaseLost
from bot.state.state import State

_log = logging.getLogger(__name__)

NAME = "digests"
SECONDS = 60


class Tenure:
    """The lease of one process. `check` belongs into every transaction that only its holder may make."""

    def __init__(self, state: State, clock: Callable[[], datetime]) -> None:
        self._state = state
        self._clock = clock
        self._term: int | None = None
        self._until = 0.0

    def begin(self) -> bool:
        """Takes the lease; False while another machine has it. Raises StorageError."""
        self._term = self._state.leases.acquire(NAME, socket.gethostname(), self._now(), SECONDS)
        self._until = time.monotonic() + SECONDS / 2
        return self._term is not None

    def check(self) -> None:
        """Renews the lease where half of it is over. Raises LeaseLost when another machine has taken it."""
        if self._term is None:
            raise LeaseLost(NAME)
        if time.monotonic() > self._until:
            self._state.leases.renew(NAME, self._term, self._now(), SECONDS)
            self._until = time.monotonic() + SECONDS / 2
        else:
            self._state.leases.check(NAME, self._term)

    def end(self) -> None:
        """Gives the lease back."""
        if self._term is not None:
            self._state.leases.release(NAME, self._term)

    def _now(self) -> int:
        return int(self._clock().timestamp())
