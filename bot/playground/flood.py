"""Telegram's rate limits for sending. Pure: the caller passes the time in, in monotonic seconds.

Source: the Bot API's FAQ. About thirty messages a second overall, one a second in a chat (short bursts may exceed it),
twenty a minute in a group.
"""

from __future__ import annotations

import math
from collections import defaultdict, deque

OVERALL = (30, 1.0)
GROUP = (20, 60.0)
CHAT_SECONDS, CHAT_BURST = 1.0, 3


class FloodControl:
    """Rate limiter of messages: sliding windows overall and per group, and a burst allowance per chat."""

    def __init__(self) -> None:
        self._all: deque[float] = deque()
        self._groups: defaultdict[int, deque[float]] = defaultdict(deque)
        # The time at which each chat's burst allowance is full again.
        self._whole: dict[int, float] = {}

    def admit(self, chat: int, group: bool, now: float) -> int:
        """Count the message and return 0 if it may be sent now; else return the whole seconds to wait, at least 1."""
        windows = [(self._all, *OVERALL)]
        if group:
            windows.append((self._groups[chat], *GROUP))
        longest = max(_left(sent, limit, seconds, now) for sent, limit, seconds in windows)
        whole = max(self._whole.get(chat, now), now)
        # A burst of three messages is allowed, then one a second.
        longest = max(longest, whole - now - (CHAT_BURST - 1) * CHAT_SECONDS)
        if longest > 0:
            return max(1, math.ceil(longest))
        for sent, _, _ in windows:
            sent.append(now)
        self._whole[chat] = whole + CHAT_SECONDS
        if len(self._whole) > 10_000:
            self._whole = {chat: until for chat, until in self._whole.items() if until > now}
        return 0


def _left(sent: deque[float], limit: int, seconds: float, now: float) -> float:
    """Return the seconds until a sliding window has room for another message, 0 if it has now."""
    while sent and sent[0] <= now - seconds:
        sent.popleft()
    return sent[0] + seconds - now if len(sent) >= limit else 0.0
