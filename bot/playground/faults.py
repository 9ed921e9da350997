"""Injects network and server faults, each into one call of a method."""

from __future__ import annotations

from collections import defaultdict, deque
from typing import Literal

from msgspec import Struct

from bot.playground.refusals import Json
from bot.playground.world import World

FaultKind = Literal["fail", "drop", "hang", "delay", "endless"]

ANY = "*"
"""Stands for every method but getUpdates."""

_WORDS = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden: bot was blocked by the user",
    404: "Not Found",
    409: "Conflict",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


class Fault(Struct, frozen=True):
    """A fault for one call. With "fail" and "endless" the call itself is not carried out."""

    kind: FaultKind
    status: int = 0
    body: Json | str | None = None
    seconds: float = 0.0

    def answer(self) -> Json | str:
        """Return the body of the failure: the given one, or Telegram's usual body for the status."""
        if self.body is not None:
            return self.body
        return {
            "ok": False,
            "error_code": self.status,
            "description": _WORDS.get(self.status, "Internal Server Error"),
        }


def flood_fault(seconds: int) -> Fault:
    """Return Telegram's 429."""
    return Fault(
        "fail",
        429,
        {
            "ok": False,
            "error_code": 429,
            "description": f"Too Many Requests: retry after {seconds}",
            "parameters": {"retry_after": seconds},
        },
    )


class Faults:
    """Queues of faults to inject, in order for each method."""

    world: World

    def __init__(self) -> None:
        self._waiting: defaultdict[str, deque[Fault]] = defaultdict(deque)

    def fail_next(
        self, method: str, status: int = 502, body: Json | str | None = None, retry_after: int | None = None
    ) -> None:
        """Make the method's next call fail with this answer, without effect; `body` defaults to Telegram's usual one."""
        fault = Fault("fail", status, body) if retry_after is None else flood_fault(retry_after)
        self._add(method, fault)

    def drop_next(self, method: str) -> None:
        """Carry out the method's next call, but close the connection without an answer."""
        self._add(method, Fault("drop"))

    def hang(self, method: str) -> None:
        """Carry out the method's next call, but never answer it."""
        self._add(method, Fault("hang"))

    def delay_next(self, method: str, seconds: float) -> None:
        """Carry out the method's next call, but answer it `seconds` late."""
        self._add(method, Fault("delay", seconds=seconds))

    def never_end_next(self, method: str, size: int, seconds: float = 0.0) -> None:
        """Answer the method's next call without end, `size` bytes every `seconds`; the call has no effect."""
        self._add(method, Fault("endless", body="x" * size, seconds=seconds))

    def pending_faults(self) -> dict[str, list[FaultKind]]:
        """Return the kinds of the faults still to come, by method."""
        with self.world.lock:
            return {method: [fault.kind for fault in faults] for method, faults in self._waiting.items()}

    def take_fault(self, method: str) -> Fault | None:
        """Remove and return the fault for this call, or None."""
        if not self._waiting:
            return None
        for name in (method,) if method == "getUpdates" else (method, ANY):
            if faults := self._waiting.get(name):
                fault = faults.popleft()
                if not faults:
                    del self._waiting[name]
                self._publish()
                return fault
        return None

    def _add(self, method: str, fault: Fault) -> None:
        with self.world.lock:
            self._waiting[method].append(fault)
            self._publish()

    def _publish(self) -> None:
        """Tell the listeners what is still to come, in the order in which it changes."""
        self.world.emit({"type": "faults", "faults": self.pending_faults()})
