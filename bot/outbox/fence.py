"""Keeps the work to one process: a lease that it holds, renews and gives back.

Machines that share a database take turns as wholes: the holder polls, answers, makes digests and sends; the others wait,
and keep what a webhook brings them. `check` belongs into each transaction that only the holder may make; `trusted`
is asked before each message leaves, by the process's own clock, since one that was stopped for a while does not know yet.

    second  0  renewed; then again each second
            5  not renewed since: sends no more               # 3 s apart from what the next holder sends, 1 s of rounding
            9  another machine, which asks twice a second, takes over
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from bot.logs import Trouble
from bot.sqlite.errors import StorageError
from bot.state.leases import WORK, LeaseLost
from bot.state.state import State

_log = logging.getLogger(__name__)

SECONDS, SHARED_SECONDS = 60, 9
"""How long a lease lasts: where nobody else can take it, and where machines share a database."""

_RENEW_SECONDS = 1.0
# Between the last message of one machine and the first of the next: Telegram's three seconds in a chat, and the second
# to which the database rounds.
_MARGIN = 4.0
_MINUTE, _ON_ITS_WAY = 60, 5
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
        if self._monotonic() > self._renewed + self._seconds / 2:
            self._renew()
            return
        try:
            self._state.leases.check(WORK, self._term)
        except LeaseLost:
            self._term = None
            raise

    async def keep(self) -> None:
        """Renews a shared lease each second, until cancelled. Raises LeaseLost when another machine has taken it.

        In a thread of its own: those of the event loop may all be busy for longer than the lease lasts.
        """
        trouble = Trouble(_log, "The lease cannot be renewed", "The lease is renewed again")
        thread = ThreadPoolExecutor(1, "lease")
        try:
            while True:
                await asyncio.sleep(_RENEW_SECONDS)
                try:
                    await asyncio.get_running_loop().run_in_executor(thread, self._renew)
                    trouble.over()
                except StorageError as error:
                    trouble.struck(error)
        finally:
            thread.shutdown(wait=False)

    def trusted(self) -> bool:
        """Whether nobody else can have taken the lease, as far as time tells. True where no other machine can."""
        if not self._state.shared:
            return True
        return self.held and self._monotonic() < self._renewed + self._seconds - _MARGIN

    async def permits(self, chat: int | str) -> bool:
        """Whether a message may leave for a chat now. One to a group is counted, for the machine that takes over."""
        if self._state.shared and isinstance(chat, int) and chat < 0:
            try:
                await asyncio.to_thread(self._state.group_sends.put, chat, self._now())
            except StorageError:
                return False
        return self.trusted()

    def sent_to_groups(self) -> list[tuple[int, int]]:
        """The group of each message of the last minute, whichever machine sent it, and how many seconds ago it left.

        At the least: it may have taken a while to reach Telegram. The oldest first. Raises StorageError.
        """
        sent = self._state.group_sends.within(_MINUTE + _ON_ITS_WAY, self._now())
        return [(group, max(0, age - _ON_ITS_WAY)) for group, age in sent]

    def release(self) -> None:
        """Gives the lease back."""
        if self._term is not None:
            pause = _PAUSE_SECONDS if self._state.shared else 0
            self._state.leases.release(WORK, self._term, self._now(), pause)
            self._term = None

    def _renew(self) -> None:
        if self._term is None:
            raise LeaseLost(WORK)
        began = self._monotonic()
        try:
            self._state.leases.renew(WORK, self._term, self._now(), self._seconds)
        except LeaseLost:
            self._term = None
            raise
        self._renewed = began

    def _now(self) -> int:
        return int(self._clock().timestamp())
