"""Decides which message may leave when: two lanes, in which chats take turns, within Telegram's limits.

Pure decisions: it is given the time in monotonic seconds and touches neither clock nor event loop; `limiter` waits.
"""

from __future__ import annotations

import bisect
import contextlib
import heapq
import itertools
import math
from collections import OrderedDict, deque
from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

Lane = Literal["interactive", "broadcast"]
"""A person waits for an interactive message; nobody waits for a broadcast."""

LANES: tuple[Lane, ...] = ("interactive", "broadcast")


class Rate(Struct, frozen=True):
    """At most `limit` messages in any `seconds`, of which `reserve` are kept for the interactive lane."""

    limit: int
    seconds: float
    reserve: int


# Limits from https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this: one message a second in a
# single chat, with short bursts; 20 a minute in a group; about 30 a second in all.
OVERALL = Rate(limit=30, seconds=1.0, reserve=3)
CHAT = Rate(limit=3, seconds=3.0, reserve=1)
GROUP = Rate(limit=20, seconds=60.0, reserve=5)

CLOCK_SECONDS = 0.02
"""How much longer a window is kept than its limit says: uvloop's clock is up to a millisecond behind, that of Windows 16.

An answer that seems to be a millisecond older than it is frees its place before Telegram's own window does.
"""

SLOWEST = 10.0
"""Broadcasts per second that remain however many 429s come: one bad chat must not starve the rest."""

PATIENCE: dict[Lane, float] = {"interactive": 60.0, "broadcast": 0.0}
"""Longest 429, in seconds, that a lane waits out. For a longer one the sender gets an error and decides."""


class Window:
    """Sliding window of one limit.

    A slot is held from its permit until `seconds` and CLOCK_SECONDS after the answer. Telegram counts when a request
    arrives, which is somewhere in between, so the limit holds on its clock too, whatever the network's delay.
    """

    __slots__ = ("_ends", "_rate", "_under_way")

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._under_way = 0
        # A list: it holds at most 30 times, and an empty deque takes 600 bytes for each of many chats.
        self._ends: list[float] = []

    def take(self) -> None:
        """Count a request that leaves."""
        self._under_way += 1

    def answered(self, now: float) -> None:
        """Start the window of a request that was answered, or failed, at `now`."""
        self._under_way -= 1
        self._ends.append(now + self._rate.seconds + CLOCK_SECONDS)

    def free_at(self, lane: Lane, now: float) -> float:
        """Return when `lane` may take a slot: `now` at the earliest, infinity while only an answer can free one."""
        while self._ends and self._ends[0] <= now:
            del self._ends[0]
        limit = self._rate.limit - (self._rate.reserve if lane == "broadcast" else 0)
        excess = self._under_way + len(self._ends) - limit
        if excess < 0:
            return now
        return self._ends[excess] if excess < len(self._ends) else math.inf

    def remember(self, moment: float) -> None:
        """Count another process's request, answered at `moment` at the latest."""
        bisect.insort(self._ends, moment + self._rate.seconds + CLOCK_SECONDS)

    def idle(self, now: float) -> bool:
        """Return whether the window holds nothing that still counts."""
        return not self._under_way and (not self._ends or self._ends[-1] <= now)


class BroadcastRate:
    """Even pacing of broadcasts, so that a reply always finds a gap; slower after a 429.

    A 429 halves the permits per second, at most once a second; each second without one restores one of them.
    """

    __slots__ = ("_cut", "_level", "_since", "_top", "next_at")

    def __init__(self, top: float) -> None:
        self._top = top
        self._level = top
        self._since = self._cut = self.next_at = -math.inf

    def rate(self, now: float) -> float:
        """Return the current permits per second."""
        return min(self._top, self._level + max(0.0, now - self._since))

    def take(self, now: float) -> None:
        """Count a broadcast that leaves. One that leaves late does not delay those after it."""
        gap = 1.0 / self.rate(now)
        self.next_at = max(self.next_at, now - gap) + gap

    def slow(self, now: float) -> None:
        """Slow broadcasts down after a 429."""
        rate = self.rate(now)
        if now - self._cut >= 1.0:
            rate = min(rate, max(SLOWEST, rate / 2))
            self._cut = now
        self._level, self._since = rate, now


class _Line:
    """Queue of one chat in one lane, first in, first out; one ticket is in flight at a time."""

    __slots__ = ("chat", "lane", "listed", "queue", "under_way")

    def __init__(self, chat: _Chat, lane: Lane) -> None:
        self.chat = chat
        self.lane = lane
        self.queue: deque[Ticket] = deque()
        self.under_way: Ticket | None = None
        self.listed = False

    def free_at(self, now: float) -> float:
        """Return when this chat's limits let the first ticket leave."""
        if self.under_way is not None:
            # Two requests of one chat could overtake each other on the way.
            return math.inf
        return max(self.chat.blocked_until, *(w.free_at(self.lane, now) for w in self.chat.windows))


class _Chat:
    __slots__ = ("blocked_until", "lines", "windows")

    def __init__(self, rates: Iterable[Rate]) -> None:
        self.windows = [Window(rate) for rate in rates]
        self.blocked_until = -math.inf
        self.lines: dict[Lane, _Line] = {}


class Ticket(Struct, frozen=True, eq=False):
    """A message's place in its line."""

    line: _Line


class Pacing:
    """Scheduler that decides which message leaves next. Every method takes the monotonic time in seconds, which never goes back.

    A ticket is created by `ask`, released by `take` and ended by `leave`; a 429 in between is reported to `refused`.
    Chats take turns within a lane. The interactive lane always goes first: broadcasts wait while replies alone use up
    the bot's limit.
    """

    def __init__(self, overall: Rate = OVERALL, chat: Rate = CHAT, group: Rate = GROUP) -> None:
        self._overall = Window(overall)
        self._broadcast_rate = BroadcastRate((overall.limit - overall.reserve) / overall.seconds)
        self._private, self._group = (chat,), (chat, group)
        self._chats: OrderedDict[int | str, _Chat] = OrderedDict()
        self._ready: dict[Lane, deque[_Line]] = {lane: deque() for lane in LANES}
        self._later: list[tuple[float, int, _Line]] = []
        self._order = itertools.count()

    @property
    def remembered(self) -> int:
        """The number of chats in memory: it grows with the messages of a minute, not with time."""
        return len(self._chats)

    def blocked_for(self, key: int | str, lane: Lane, now: float) -> float:
        """Return the seconds for which a 429 closes the chat to `lane`; 0.0 if it is open or the lane waits it out."""
        chat = self._chats.get(key)
        left = chat.blocked_until - now if chat else 0.0
        return left if left > PATIENCE[lane] else 0.0

    def chat_free_at(self, key: int | str, lane: Lane, now: float) -> float:
        """Return when the chat's own limits let a message leave: `now` for at once, infinity while awaiting an answer.

        For a sender that sends one message at a time and does something else meanwhile.
        """
        chat = self._chats.get(key)
        if chat is None:
            return now
        return max(now, chat.blocked_until, *(window.free_at(lane, now) for window in chat.windows))

    def remember(self, key: int | str, moment: float) -> None:
        """Count a message that another process sent to a chat at `moment` at the latest."""
        for window in self._chat(key).windows:
            window.remember(moment)

    def _chat(self, key: int | str) -> _Chat:
        chat = self._chats.get(key)
        if chat is None:
            group = isinstance(key, str) or key < 0
            chat = self._chats[key] = _Chat(self._group if group else self._private)
        return chat

    def ask(self, key: int | str, lane: Lane, now: float) -> Ticket:
        """Add a ticket to the end of the chat's line."""
        chat = self._chat(key)
        line = chat.lines.get(lane)
        if line is None:
            line = chat.lines[lane] = _Line(chat, lane)
        ticket = Ticket(line)
        line.queue.append(ticket)
        self._list(line, now)
        self._forget(now)
        return ticket

    def take(self, now: float) -> Ticket | None:
        """Return the next ticket that may leave now, or None. Call it again until it returns None."""
        while self._later and self._later[0][0] <= now:
            line = heapq.heappop(self._later)[2]
            line.listed = False
            self._list(line, now)
        for lane in LANES:
            ready = self._ready[lane]
            while ready and self._lane_free_at(lane, now) <= now:
                line = ready.popleft()
                line.listed = False
                if line.queue and line.free_at(now) <= now:
                    ticket = line.under_way = line.queue.popleft()
                    for window in (self._overall, *line.chat.windows):
                        window.take()
                    if lane == "broadcast":
                        self._broadcast_rate.take(now)
                    return ticket
                self._list(line, now)
        return None

    def next_at(self, now: float) -> float | None:
        """Return when to call `take` again; None when only a new ticket or an answer can change anything."""
        times = [self._lane_free_at(lane, now) for lane in LANES if self._ready[lane]]
        times += [entry[0] for entry in self._later[:1]]
        moment = min(times, default=math.inf)
        return None if moment == math.inf else moment

    def refused(self, ticket: Ticket, seconds: float, now: float, *, again: bool) -> list[Ticket]:
        """Close the chat after a 429 and slow broadcasts down; `again` puts the ticket first in its line.

        Return the tickets of the chat whose lane does not wait that long. They have left their lines.
        """
        chat = ticket.line.chat
        chat.blocked_until = max(chat.blocked_until, now + seconds)
        self._broadcast_rate.slow(now)
        if again:
            ticket.line.queue.appendleft(ticket)
        hopeless: list[Ticket] = []
        for line in chat.lines.values():
            if chat.blocked_until - now > PATIENCE[line.lane]:
                hopeless += line.queue
                line.queue.clear()
        self._answered(ticket, now)
        return hopeless

    def leave(self, ticket: Ticket, now: float) -> None:
        """End a ticket that was answered, failed, or is no longer wanted. Idempotent."""
        if ticket.line.under_way is ticket:
            self._answered(ticket, now)
        else:
            with contextlib.suppress(ValueError):
                ticket.line.queue.remove(ticket)

    def _answered(self, ticket: Ticket, now: float) -> None:
        chat = ticket.line.chat
        ticket.line.under_way = None
        for window in (self._overall, *chat.windows):
            window.answered(now)
        for line in chat.lines.values():
            self._list(line, now)
        self._forget(now)

    def _list(self, line: _Line, now: float) -> None:
        """Put a line where `take` finds it; one that waits for an answer is listed when that arrives."""
        if line.listed or not line.queue:
            return
        moment = line.free_at(now)
        if moment <= now:
            self._ready[line.lane].append(line)
        elif moment < math.inf:
            heapq.heappush(self._later, (moment, next(self._order), line))
        line.listed = moment < math.inf

    def _lane_free_at(self, lane: Lane, now: float) -> float:
        moment = self._overall.free_at(lane, now)
        return max(moment, self._broadcast_rate.next_at) if lane == "broadcast" else moment

    def _forget(self, now: float) -> None:
        # Called twice per message: more chats are checked than added, so idle ones cannot pile up.
        for _ in range(min(2, len(self._chats))):
            key, chat = next(iter(self._chats.items()))
            waits = any(line.queue or line.under_way for line in chat.lines.values())
            if not waits and chat.blocked_until <= now and all(window.idle(now) for window in chat.windows):
                del self._chats[key]
            else:
                self._chats.move_to_end(key)
