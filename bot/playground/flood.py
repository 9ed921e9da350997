"""How fast a bot may send before Telegram makes it wait. Pure: the time is passed in, in seconds that only rise.

After the Bot API's FAQ: about thirty messages a second overall, one a second in a chat (short bursts may go over it),
twenty a minute in a group.
"""

from __future__ import annotations

import math
from collections import defaultdict, deque

OVERALL = (30, 1.0)
GROUP = (20, 60.0)
CHAT_SECONDS, CHAT_BURST = 1.0, 3


class Flood:
    """What was sent lately."""

    def __init__(self) -> None:
        self._all: deque[float] = deque()
        self._groups: defaultdict[int, deque[float]] = defaultdict(deque)
        # When a chat's allowance will be whole again.
        self._whole: dict[int, float] = {}

    def wait(self, chat: int, group: bool, now: float) -> int:
        """0 when the message may go, which is then counted; else the whole seconds to wait, at least 1."""
        windows = [(self._all, *OVERALL)]
        if group:
            windows.append((self._groups[chat], *GROUP))
        longest = max(_left(sent, limit, seconds, now) for sent, limit, seconds in windows)
        whole = max(self._whole.get(chat, now), now)
        # A burst of three, then one a second: the allowance is used up that many seconds ahead.
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
    """The seconds until one of the messages in a sliding window has left it, 0 while there is room."""
    while sent and sent[0] <= now - seconds:
        sent.popleft()
    return sent[0] + seconds - now if len(sent) >= limit else 0.0
