"""How many messages may leave: sliding windows per bot and chat, and the pace of broadcasts after a 429.

Only counts: it is given the time, in monotonic seconds.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

Lane = Literal["interactive", "broadcast"]
"""Somebody waits for an interactive message, nobody for a broadcast."""

LANES: tuple[Lane, ...] = ("interactive", "broadcast")


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `limit` messages in any `seconds`, of which `reserve` are kept for the interactive lane."""

    limit: int
    seconds: float
    reserve: int


# The limits are those of https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this:
# one message a second in a single chat, with short bursts; 20 a minute in a group; about 30 a second in all.
OVERALL = Rate(limit=30, seconds=1.0, reserve=3)
CHAT = Rate(limit=3, seconds=3.0, reserve=1)
GROUP = Rate(limit=20, seconds=60.0, reserve=5)

SLOWEST = 10.0
"""Permits a second that broadcasts keep however many 429s come: one bad chat must not starve the rest."""


class Window:
    """The places of one sliding window.

    A place is held from its permit until `seconds` after the answer. Telegram counts when a request arrives,
    which is somewhere between the two, so the limit holds on its clock as well, whatever the network's delay.
    """

    __slots__ = ("_ends", "_flying", "_rate")

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._flying = 0
        # A list: it holds 30 times at most, and an empty deque takes 600 bytes for each of many chats.
        self._ends: list[float] = []

    def take(self) -> None:
        """A request leaves."""
        self._flying += 1

    def answered(self, now: float) -> None:
        """Its answer came, or its failure."""
        self._flying -= 1
        self._ends.append(now + self._rate.seconds)

    def free_at(self, lane: Lane, now: float) -> float:
        """When `lane` may take a place: `now` at best, infinity while only an answer can free one."""
        while self._ends and self._ends[0] <= now:
            del self._ends[0]
        limit = self._rate.limit - (self._rate.reserve if lane == "broadcast" else 0)
        excess = self._flying + len(self._ends) - limit
        if excess < 0:
            return now
        return self._ends[excess] if excess < len(self._ends) else math.inf

    def idle(self, now: float) -> bool:
        """Whether nothing in here can matter any more."""
        return not self._flying and (not self._ends or self._ends[-1] <= now)


class Pace:
    """The broadcast lane's speed, in permits a second, evenly spaced so that a reply always finds a gap.

    A 429 halves it, once a second at most; each second without one gives one permit a second back.
    """

    __slots__ = ("_cut", "_level", "_since", "_top", "next_at")

    def __init__(self, top: float) -> None:
        self._top = top
        self._level = top
        self._since = self._cut = self.next_at = -math.inf

    def rate(self, now: float) -> float:
        """Permits a second."""
        return min(self._top, self._level + max(0.0, now - self._since))

    def take(self, now: float) -> None:
        """A broadcast leaves. One that was woken late does not delay those after it."""
        gap = 1.0 / self.rate(now)
        self.next_at = max(self.next_at, now - gap) + gap

    def slow(self, now: float) -> None:
        """Telegram refused something."""
        rate = self.rate(now)
        if now - self._cut >= 1.0:
            rate = min(rate, max(SLOWEST, rate / 2))
            self._cut = now
        self._level, self._since = rate, now
