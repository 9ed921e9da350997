"""Decides which message may leave when: two lanes, in which chats take turns, within Telegram's limits.

Only decides: it is given the time, in monotonic seconds, and touches neither clock nor event loop; `limiter` waits.
"""

from __future__ import annotations

import bisect
import contextlib
import heapq
import itertools
import math
from collections import OrderedDict, deque
from collections.abc import Iterable
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

PATIENCE: dict[Lane, float] = {"interactive": 60.0, "broadcast": 0.0}
"""Seconds of a 429 that a lane waits out in line. Beyond them its sender is told, and decides."""


class Window:
    """Counts the messages of one sliding window.

    A place is held from its permit until `seconds` after the answer. Telegram counts when a request arrives,
    which is somewhere between the two, so the limit holds on its clock as well, whatever the network's delay.
    """

    __slots__ = ("_ends", "_rate", "_under_way")

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._under_way = 0
        # A list: it holds 30 times at most, and an empty deque takes 600 bytes for each of many chats.
        self._ends: list[float] = []

    def take(self) -> None:
        """Counts a request that leaves."""
        self._under_way += 1

    def answered(self, now: float) -> None:
        """Counts from `now` on the window of a request that was answered, or failed."""
        self._under_way -= 1
        self._ends.append(now + self._rate.seconds)

    def free_at(self, lane: Lane, now: float) -> float:
        """Returns when `lane` may take a place: `now` at best, infinity while only an answer can free one."""
        while self._ends and self._ends[0] <= now:
            del self._ends[0]
        limit = self._rate.limit - (self._rate.reserve if lane == "broadcast" else 0)
        excess = self._under_way + len(self._ends) - limit
        if excess < 0:
            return now
        return self._ends[excess] if excess < len(self._ends) else math.inf

    def remember(self, moment: float) -> None:
        """Counts a request of another process that was answered at a moment, at the latest."""
        bisect.insort(self._ends, moment + self._rate.seconds)

    def idle(self, now: float) -> bool:
        """Returns whether nothing in here can matter any more."""
        return not self._under_way and (not self._ends or self._ends[-1] <= now)


class BroadcastRate:
    """Spaces broadcasts evenly, so that a reply always finds a gap; slower after a 429.

    A 429 halves the permits a second, once a second at most; each second without one gives one of them back.
    """

    __slots__ = ("_cut", "_level", "_since", "_top", "next_at")

    def __init__(self, top: float) -> None:
        self._top = top
        self._level = top
        self._since = self._cut = self.next_at = -math.inf

    def rate(self, now: float) -> float:
        """Returns the permits a second."""
        return min(self._top, self._level + max(0.0, now - self._since))

    def take(self, now: float) -> None:
        """Counts a broadcast that leaves. One that was woken late does not delay those after it."""
        gap = 1.0 / self.rate(now)
        self.next_at = max(self.next_at, now - gap) + gap

    def slow(self, now: float) -> None:
        """Slows broadcasts down: Telegram answered with a 429."""
        rate = self.rate(now)
        if now - self._cut >= 1.0:
            rate = min(rate, max(SLOWEST, rate / 2))
            self._cut = now
        self._level, self._since = rate, now


class _Line:
    """Holds the tickets of one chat in one lane, first come first served; one is under way at a time."""

    __slots__ = ("chat", "lane", "listed", "queue", "under_way")

    def __init__(self, chat: _Chat, lane: Lane) -> None:
        self.chat = chat
        self.lane = lane
        self.queue: deque[Ticket] = deque()
        self.under_way: Ticket | None = None
        self.listed = False

    def free_at(self, now: float) -> float:
        """When the first ticket may leave, as far as this chat is concerned."""
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


@dataclass(eq=False, frozen=True, slots=True)
class Ticket:
    """Stands for one message in its line."""

    line: _Line


class Pacing:
    """Decides who may send next. Every method takes the monotonic time in seconds, which never goes back.

    A ticket is asked for, taken and left; a 429 comes between as `refused`. Chats take turns within a lane.
    The interactive lane always goes first: broadcasts stand still while replies alone fill the bot's limit.
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
        """How many chats have something to remember: grows with the messages of a minute, not with time."""
        return len(self._chats)

    def blocked_for(self, key: int | str, lane: Lane, now: float) -> float:
        """Returns the seconds for which a 429 still closes the chat, 0.0 when it is open or `lane` waits that long in line."""
        chat = self._chats.get(key)
        left = chat.blocked_until - now if chat else 0.0
        return left if left > PATIENCE[lane] else 0.0

    def chat_free_at(self, key: int | str, lane: Lane, now: float) -> float:
        """Returns when a message could leave as far as its chat is concerned, `now` if at once.

        For a sender that sends one at a time: it does something else meanwhile. Infinity while an answer of the
        chat is awaited.
        """
        chat = self._chats.get(key)
        if chat is None:
            return now
        return max(now, chat.blocked_until, *(window.free_at(lane, now) for window in chat.windows))

    def remember(self, key: int | str, moment: float) -> None:
        """Counts a message that another process has sent to a chat at a moment, at the latest."""
        for window in self._chat(key).windows:
            window.remember(moment)

    def _chat(self, key: int | str) -> _Chat:
        chat = self._chats.get(key)
        if chat is None:
            group = isinstance(key, str) or key < 0
            chat = self._chats[key] = _Chat(self._group if group else self._private)
        return chat

    def ask(self, key: int | str, lane: Lane, now: float) -> Ticket:
        """Joins the end of the chat's line."""
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
        """Returns the next ticket that may leave now; to be called again until None."""
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
        """Returns when to call `take` again, None when only a new ticket or an answer can change anything."""
        times = [self._lane_free_at(lane, now) for lane in LANES if self._ready[lane]]
        times += [entry[0] for entry in self._later[:1]]
        moment = min(times, default=math.inf)
        return None if moment == math.inf else moment

    def refused(self, ticket: Ticket, seconds: float, now: float, *, again: bool) -> list[Ticket]:
        """Closes the chat after a 429 and slows the broadcasts; `again` puts the ticket first in line.

        Returned are the tickets of the chat whose lane does not wait that long. They have left their lines.
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
        """Ends a ticket that was answered, failed, or is no longer wanted. Leaving twice is harmless."""
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
        """Puts a line where `take` looks for it; one that waits for an answer is listed when that comes."""
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
        # Called twice for each message: more chats are looked at than added, so idle ones cannot pile up.
        for _ in range(min(2, len(self._chats))):
            key, chat = next(iter(self._chats.items()))
            waits = any(line.queue or line.under_way for line in chat.lines.values())
            if not waits and chat.blocked_until <= now and all(window.idle(now) for window in chat.windows):
                del self._chats[key]
            else:
                self._chats.move_to_end(key)
