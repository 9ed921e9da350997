"""Fence that lets one process work at a time: a lease that the process takes, renews and gives back.

Machines that share a database take turns as a whole: the holder polls, answers, makes digests and sends; the others wait,
and keep the updates that a webhook brings them. `check` belongs in every transaction that only the holder may make.
`trusted` is asked before each message leaves and uses the process's own clock, since a process that was suspended does
not know yet that it has lost the lease.

    second  0  renewed; then renewed every second
            5  not renewed since: sends no more               # 3 s before the next holder's first message, 1 s of rounding
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
"""How long a lease lasts where no other machine can take it, and where machines share a database."""

_RENEW_SECONDS = 1.0
# Seconds between the last message of one machine and the first of the next: Telegram's limit of three seconds in a chat,
# and the second to which the database rounds.
_MARGIN = 4.0
_MINUTE, _TRANSIT_SECONDS = 60, 5
# Telegram's limits per second, and per three seconds in a chat, count both machines: the next one starts after them.
_PAUSE_SECONDS = 4


class Fence:
    """Lease of one process on the bot's work."""

    def __init__(
        self,
        state: State,
        clock: Callable[[], datetime],
        owner: str,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`owner` names the data folder and its machine: the folder's lock has shown that its previous process is gone."""
        self._state = state
        self._clock = clock
        self._owner = owner
        self._monotonic = monotonic
        self._term: int | None = None
        self._seconds = SHARED_SECONDS if state.shared else SECONDS
        self._renewed = 0.0

    @property
    def held(self) -> bool:
        """Whether the lease was taken and has not been found lost since."""
        return self._term is not None

    def acquire(self) -> bool:
        """Take the lease; return False while another owner has it. Raises StorageError."""
        began = self._monotonic()
        self._term = self._state.leases.acquire(WORK, self._owner, self._now(), self._seconds)
        self._renewed = began
        return self.held

    def check(self) -> None:
        """Check in the caller's transaction that the lease is still held; renew it when half its time is over.

        Raises LeaseLost when another process has taken it, and StorageError.
        """
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
        """Renew a shared lease every second until cancelled. Raises LeaseLost when another machine has taken it.

        Uses a thread of its own: those of the event loop may all be busy for longer than the lease lasts.
        """
        trouble = Trouble(_log, "The lease cannot be renewed", "The lease is renewed again")
        thread = ThreadPoolExecutor(1, "lease")
        try:
            while True:
                await asyncio.sleep(_RENEW_SECONDS)
                try:
                    await asyncio.get_running_loop().run_in_executor(thread, self._renew)
                    trouble.clear()
                except StorageError as error:
                    trouble.report(error)
        finally:
            thread.shutdown(wait=False)

    def trusted(self) -> bool:
        """Return whether, by this process's clock, no other machine can have taken the lease yet.

        Always true where no database is shared.
        """
        if not self._state.shared:
            return True
        return self.held and self._monotonic() < self._renewed + self._seconds - _MARGIN

    async def permits(self, chat: int | str) -> bool:
        """Return whether a message may leave for a chat now.

        With a shared database, a message to a group is counted first, for the machine that takes over. False when that
        fails.
        """
        if self._state.shared and isinstance(chat, int) and chat < 0:
            try:
                await asyncio.to_thread(self._state.group_sends.put, chat, self._now())
            except StorageError:
                return False
        return self.trusted()

    def sent_to_groups(self) -> list[tuple[int, int]]:
        """Return (group, seconds ago) of each message to a group in the last minute, by any machine, the oldest first.

        The seconds are a minimum: a message may have taken up to 5 s to reach Telegram. Raises StorageError.
        """
        sent = self._state.group_sends.within(_MINUTE + _TRANSIT_SECONDS, self._now())
        return [(group, max(0, age - _TRANSIT_SECONDS)) for group, age in sent]

    def release(self) -> None:
        """Give the lease back; with a shared database, another machine can take it 4 s later. Raises StorageError."""
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
