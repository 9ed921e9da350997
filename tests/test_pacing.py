"""The limiter's decisions in simulated time: what may leave, when, and before whom."""

from __future__ import annotations

import heapq
import itertools
import math
import random
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.telegram.pacing import PATIENCE, SLOWEST, Lane, Pacing, Ticket

if TYPE_CHECKING:
    from collections.abc import Callable

GROUP = -100
PRIVATE = 100


@dataclass
class Sent:
    """A message on its way: released at `at`, counted by Telegram at `arrived`."""

    name: int
    chat: int | str
    lane: Lane
    at: float
    arrived: float


@dataclass
class World:
    """A clock, a Telegram with a delay, and callers that do what LaneLimiter does."""

    delay: Callable[[], float] = lambda: 0.05
    refuse: Callable[[Sent], float] = lambda _: 0.0
    tries: int = 1
    tick: float = 0.0
    """The seconds for which the clock that the pacing is told stands still."""
    lanes: Pacing = field(default_factory=Pacing)
    now: float = 1000.0
    sent: list[Sent] = field(default_factory=list)
    refusals: list[tuple[Sent, float, float]] = field(default_factory=list)
    given_up: list[int] = field(default_factory=list)
    _events: list[tuple[float, int, Callable[[], None]]] = field(default_factory=list)
    _order: itertools.count[int] = field(default_factory=itertools.count)
    _names: dict[Ticket, tuple[int, int | str, int]] = field(default_factory=dict)

    @property
    def clock(self) -> float:
        """The time as the pacing is told."""
        return math.floor(self.now / self.tick) * self.tick if self.tick else self.now

    def at(self, when: float, act: Callable[[], None]) -> None:
        heapq.heappush(self._events, (when, next(self._order), act))

    def ask(self, name: int, chat: int | str, lane: Lane = "interactive") -> None:
        if self.lanes.blocked_for(chat, lane, self.clock):
            self.given_up.append(name)
        else:
            self._names[self.lanes.ask(chat, lane, self.clock)] = (name, chat, self.tries)

    def cancel(self, name: int) -> None:
        ticket = next((t for t, (other, *_) in self._names.items() if other == name), None)
        if ticket is not None and ticket.line.under_way is not ticket:
            self.lanes.leave(ticket, self.clock)
            self._forget([ticket])

    def run(self, until: float = math.inf) -> None:
        """Advance time until nothing more can happen, or to `until`."""
        for _ in range(1_000_000):
            while (ticket := self.lanes.take(self.clock)) is not None:
                self._send(ticket)
            wake = self.lanes.next_at(self.clock)
            assert wake is None or wake > self.clock, "a busy loop"
            if wake is not None and self.tick:
                wake = math.ceil(wake / self.tick) * self.tick
            event = self._events[0][0] if self._events else None
            times = [t for t in (wake, event) if t is not None]
            if not times or min(times) > until:
                return
            self.now = min(times)
            while self._events and self._events[0][0] <= self.now:
                heapq.heappop(self._events)[2]()
        raise AssertionError("the simulation does not end")

    def _send(self, ticket: Ticket) -> None:
        name, chat, _ = self._names[ticket]
        there, back = self.delay(), self.delay()
        sent = Sent(name, chat, ticket.line.lane, self.now, self.now + there)
        self.sent.append(sent)
        self.at(self.now + there + back, lambda: self._answer(ticket, sent))

    def _answer(self, ticket: Ticket, sent: Sent) -> None:
        seconds = self.refuse(sent)
        name, chat, tries = self._names[ticket]
        if seconds:
            self.refusals.append((sent, self.now, self.now + seconds))
            self._names[ticket] = (name, chat, tries - 1)
            hopeless = self.lanes.refused(ticket, seconds, self.clock, again=tries > 1)
            self._forget(hopeless if tries > 1 else [*hopeless, ticket])
        else:
            self._forget([ticket], given_up=False)
        if ticket not in self._names:
            self.lanes.leave(ticket, self.clock)

    def _forget(self, tickets: list[Ticket], *, given_up: bool = True) -> None:
        for ticket in tickets:
            name = self._names.pop(ticket)[0]
            if given_up:
                self.given_up.append(name)


def most_within(times: list[float], seconds: float) -> int:
    """Return the largest number of `times` in any window [t, t + seconds)."""
    ordered = sorted(times)
    most = start = 0
    for end, time in enumerate(ordered):
        while time - ordered[start] >= seconds - 1e-9:
            start += 1
        most = max(most, end - start + 1)
    return most


def assert_within_limits(world: World) -> None:
    assert most_within([s.arrived for s in world.sent], 1.0) <= 30
    for chat in {s.chat for s in world.sent}:
        times = [s.arrived for s in world.sent if s.chat == chat]
        assert most_within(times, 3.0) <= 3
        if isinstance(chat, str) or chat < 0:
            assert most_within(times, 60.0) <= 20


def assert_in_order(world: World) -> None:
    arrived = sorted(world.sent, key=lambda s: s.arrived)
    for chat, lane in {(s.chat, s.lane) for s in arrived}:
        names = [s.name for s in arrived if (s.chat, s.lane) == (chat, lane)]
        assert names == sorted(names)


def test_the_first_message_leaves_at_once() -> None:
    world = World()
    world.ask(1, PRIVATE)
    world.run()
    assert [(s.name, s.at) for s in world.sent] == [(1, 1000.0)]


def test_a_private_chat_takes_a_burst_of_three_and_one_a_second_after() -> None:
    world = World()
    for name in range(12):
        world.ask(name, PRIVATE)
    world.run()
    assert world.sent[2].at - 1000 < 1
    assert 9 <= world.sent[-1].at - 1000 < 11
    assert_within_limits(world)
    assert_in_order(world)


@pytest.mark.parametrize("chat", [GROUP, "@channel"])
def test_a_group_takes_twenty_a_minute(chat: int | str) -> None:
    world = World()
    for name in range(45):
        world.ask(name, chat)
    world.run()
    assert len([s for s in world.sent if s.at < 1060]) == 20
    assert 120 <= world.sent[-1].at - 1000 < 140
    assert_within_limits(world)


def test_a_broadcast_to_many_is_spread_and_keeps_its_speed() -> None:
    world = World()
    for name in range(600):
        world.ask(name, PRIVATE + name, "broadcast")
    world.run()
    assert_within_limits(world)
    seconds = world.sent[-1].at - 1000
    assert 600 / 27 - 1 < seconds < 600 / 20
    # Evenly spread, so that a reply finds a gap at any moment.
    assert most_within([s.at for s in world.sent], 0.1) <= 4


@pytest.mark.parametrize("moment", [0.0, 0.5, 3.3, 10.0])
def test_a_reply_does_not_wait_behind_six_hundred_broadcasts(moment: float) -> None:
    world = World()
    for name in range(600):
        world.ask(name, PRIVATE + name, "broadcast")
    world.at(1000 + moment, lambda: world.ask(1000, 5))
    world.run()
    (reply,) = [s for s in world.sent if s.name == 1000]
    assert reply.at == 1000 + moment
    assert_within_limits(world)


@pytest.mark.parametrize("chat", [GROUP, PRIVATE])
def test_a_reply_does_not_wait_behind_broadcasts_to_its_own_chat(chat: int) -> None:
    world = World()
    for name in range(50):
        world.ask(name, chat, "broadcast")
    world.at(1030.0, lambda: world.ask(1000, chat))
    world.run()
    (reply,) = [s for s in world.sent if s.name == 1000]
    assert reply.at == 1030.0
    assert_within_limits(world)


def test_forty_replies_and_many_broadcasts_share_the_second_replies_first() -> None:
    world = World()
    for name in range(100):
        world.ask(name, PRIVATE + name, "broadcast")
    for name in range(100, 140):
        world.ask(name, 10_000 + name)
    world.run()
    assert [s.lane for s in world.sent[:30]] == ["interactive"] * 30
    assert max(s.at for s in world.sent if s.lane == "interactive") < 1002
    assert_within_limits(world)


def test_a_clock_that_ticks_in_milliseconds_keeps_the_limits() -> None:
    dice = random.Random(17)  # noqa: S311 - repeatable delays, not a secret
    # A server on the same machine; a power of two is an exact number of seconds.
    world = World(delay=lambda: dice.uniform(0.00005, 0.0003), tick=2**-10)
    for name in range(1_000):
        world.at(1000 + name / 45, partial(world.ask, name, PRIVATE + name))
    world.run()
    assert len(world.sent) == 1_000
    assert_within_limits(world)


def test_chats_take_turns() -> None:
    world = World()
    for name in range(300):
        world.ask(name, PRIVATE, "broadcast")
    for name in range(300, 320):
        world.ask(name, PRIVATE + name, "broadcast")
    world.run()
    assert max(s.at for s in world.sent if s.name >= 300) < 1002
    assert len(world.sent) == 320


def test_a_429_closes_its_chat_and_no_other() -> None:
    world = World(refuse=lambda s: 7.0 if s.chat == GROUP and s.at == 1000 else 0.0, tries=3)
    world.ask(1, GROUP)
    world.ask(2, GROUP)
    world.at(1001.0, lambda: world.ask(3, PRIVATE))
    world.run()
    ((_, refused_at, until),) = world.refusals
    assert not [s for s in world.sent if s.chat == GROUP and refused_at < s.arrived < until]
    assert [s.name for s in world.sent] == [1, 3, 1, 2]
    assert world.sent[1].at == 1001.0
    assert world.sent[2].at == until


def test_a_429_is_not_waited_out_beyond_a_lanes_patience() -> None:
    seconds = PATIENCE["interactive"] + 1
    world = World(refuse=lambda s: seconds if s.name == 1 else 0.0, tries=3)
    world.ask(1, GROUP)
    world.ask(2, GROUP)
    world.ask(3, GROUP, "broadcast")
    world.at(1001.0, lambda: world.ask(4, GROUP))
    world.at(1000 + seconds + 1, lambda: world.ask(5, GROUP))
    world.run()
    assert world.given_up == [1, 2, 4]
    assert [s.name for s in world.sent] == [1, 3, 5]


def test_a_429_sends_its_chats_broadcasts_back_to_their_sender() -> None:
    world = World(refuse=lambda s: 5.0 if s.name == 1 else 0.0)
    for name in (1, 2, 3):
        world.ask(name, GROUP, "broadcast")
    world.ask(4, PRIVATE, "broadcast")
    world.run()
    assert sorted(world.given_up) == [1, 2, 3]
    assert [s.name for s in world.sent] == [1, 4]


def test_429s_slow_the_broadcasts_which_recover() -> None:
    world = World(refuse=lambda s: 3.0 if s.at < 1005 and s.name % 3 == 0 else 0.0)
    for name in range(1500):
        world.ask(name, PRIVATE + name, "broadcast")
    world.run()
    during = len([s for s in world.sent if 1003 <= s.at < 1005])
    assert SLOWEST * 2 - 2 <= during <= SLOWEST * 2 + 2
    assert len([s for s in world.sent if 1030 <= s.at < 1032]) >= 44


def test_a_storm_of_429s_loses_nothing_and_keeps_every_limit() -> None:
    dice = random.Random(8)  # noqa: S311 - a repeatable storm, not a secret
    world = World(
        delay=lambda: dice.uniform(0.01, 0.4), refuse=lambda _: 3.0 if dice.random() < 0.3 else 0.0, tries=50
    )
    for name in range(2000):
        world.ask(name, dice.choice((-1, 1)) * dice.randrange(1, 400))
    world.run()
    refused = {(s.name, s.at) for s, *_ in world.refusals}
    assert sorted(s.name for s in world.sent if (s.name, s.at) not in refused) == list(range(2000))
    assert_within_limits(world)
    for refusal, since, until in world.refusals:
        assert not [s for s in world.sent if s.chat == refusal.chat and since < s.at < until]


def test_who_leaves_the_line_holds_nobody_up() -> None:
    world = World()
    for name in range(100):
        world.ask(name, PRIVATE)
    for name in range(1, 99):
        world.cancel(name)
    world.run()
    assert [s.name for s in world.sent] == [0, 99]


def test_leaving_twice_is_harmless() -> None:
    lanes = Pacing()
    ticket = lanes.ask(PRIVATE, "interactive", 0.0)
    assert lanes.take(0.0) is ticket
    for _ in range(2):
        lanes.leave(ticket, 0.1)
    waiting = lanes.ask(PRIVATE, "interactive", 0.1)
    for _ in range(2):
        lanes.leave(waiting, 0.1)
    assert lanes.take(0.1) is None
    assert lanes.next_at(10.0) is None


def test_old_chats_are_forgotten() -> None:
    world = World()
    for name in range(20_000):
        world.at(1000 + name / 20, partial(world.ask, name, name + 1))
    world.run()
    assert len(world.sent) == 20_000
    assert world.lanes.remembered < 300


def test_a_crowd_is_forgotten_while_it_is_served() -> None:
    world = World()
    for name in range(2000):
        world.ask(name, name + 1)
    world.run()
    assert world.lanes.remembered < 300


requests = st.lists(
    st.tuples(
        st.floats(0, 30),
        st.sampled_from([GROUP, GROUP - 1, "@g", PRIVATE, *range(1, 60)]),
        st.sampled_from(["interactive", "broadcast"]),
    ),
    max_size=250,
)


@settings(max_examples=60, deadline=None)
@given(requests, st.randoms(use_true_random=False), st.floats(0, 0.3), st.floats(0.001, 2.0))
def test_whatever_is_asked_the_limits_hold_and_everybody_gets_an_answer(
    wanted: list[tuple[float, int | str, Lane]], dice: random.Random, refused: float, slowest: float
) -> None:
    world = World(
        delay=lambda: dice.uniform(0.001, slowest),
        refuse=lambda _: dice.choice((1.0, 5.0, 90.0)) if dice.random() < refused else 0.0,
        tries=3,
    )
    for name, (when, chat, lane) in enumerate(sorted(wanted, key=lambda want: want[0])):
        world.at(1000 + when, partial(world.ask, name, chat, lane))
        if dice.random() < 0.1:
            world.at(1000 + when + dice.random(), partial(world.cancel, name))
    world.run()
    assert_within_limits(world)
    assert_in_order(world)
    for refusal, since, until in world.refusals:
        assert not [s for s in world.sent if s.chat == refusal.chat and since < s.at < until]
    failed = {(s.name, s.at) for s, *_ in world.refusals}
    delivered = [s.name for s in world.sent if (s.name, s.at) not in failed]
    assert sorted(delivered + world.given_up) == list(range(len(wanted)))


@settings(max_examples=20, deadline=None)
@given(st.lists(st.floats(1, 90), min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_machines_that_take_over_from_each_other_keep_to_the_limits_together(
    until_kills: list[float], dice: random.Random
) -> None:
    arrivals: list[float] = []
    left: list[tuple[int, int]] = []
    now = 1000.0
    for seconds in until_kills:
        world = World(delay=lambda: dice.uniform(0.001, 3.0), now=now)
        for group, second in left:
            # As in outbox.fence: the database stores whole seconds, and a message takes up to five to arrive.
            world.lanes.remember(group, now - max(0, int(now) - second - 5))
        for name in range(60):
            lane: Lane = dice.choice(("interactive", "broadcast"))
            world.at(
                now + dice.uniform(0, 90),
                partial(world.ask, name, GROUP, lane),
            )
        world.run(until=now + seconds)
        arrivals += [sent.arrived for sent in world.sent]
        left += [(GROUP, int(sent.at)) for sent in world.sent]
        now += seconds + dice.uniform(8.0, 12.0)
    assert most_within(arrivals, 60.0) <= 20


def test_what_another_machine_sent_to_a_group_counts() -> None:
    world = World()
    for _ in range(12):
        world.lanes.remember(GROUP, world.now)
    began = world.now
    for name in range(10):
        world.ask(name, GROUP)
    world.run()
    assert sum(sent.at < began + 60 for sent in world.sent) == 8
    assert len(world.sent) == 10
