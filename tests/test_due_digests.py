"""A tick queues what is due, each local date once, whatever the clock does and whatever one digest raises."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from postgres_kit import OpenState

from bot.dialogue.effects import Delivered, Pause, Subscribe
from bot.digests.digest import Prepared
from bot.digests.due import DueDigests
from bot.digests.schedule import next_slot
from bot.inbound.apply import apply
from bot.messages import Message, Place
from bot.models import Subscription
from bot.outbox.fence import Fence
from bot.state.leases import LeaseLost
from bot.state.state import State

MORNING = datetime(2026, 11, 23, 8, tzinfo=UTC)  # a Monday
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass
class Maker:
    """Makes digests that name their subscription; those in `poison` cannot be made."""

    poison: set[str] = field(default_factory=set)
    late: list[str] = field(default_factory=list)
    asked: int = 0

    def prepare(
        self, subscriptions: Sequence[Subscription], now: datetime, *, late: frozenset[str] = frozenset()
    ) -> Iterator[Prepared]:
        """Yield a digest of one part and one delivered sentence per subscription."""
        del now
        for subscription in subscriptions:
            self.asked += 1
            if subscription.id in self.poison:
                raise ValueError(subscription.id)
            if subscription.id in late:
                self.late.append(subscription.id)
            yield Prepared(
                subscription.id, (Message(subscription.id),), (f"m-{subscription.id}",), "news", False
            )


@pytest.fixture
def state(open_state: OpenState, tmp_path: Path) -> Iterator[State]:
    state = open_state(tmp_path / "state.db")
    yield state
    state.close()


def subscribe(state: State, number: int, **fields: Any) -> Subscription:
    """Store a daily digest at 08:00 UTC, created a week ago, and return it."""
    created = int((MORNING - 7 * DAY).timestamp())
    found = Subscription(
        id=f"s{number}", chat_id=number, thread_id=0, user_id=number, queries=("compute",), minute=480, days=127,
        timezone="UTC", language="en", news_only=False, silent=True, created=created, since=created,
    )  # fmt: skip
    found = replace(found, **fields)
    state.subscriptions.put(found)
    return found


def tick(state: State, maker: Maker, now: datetime) -> int:
    fence = Fence(state, lambda: now, "here")
    assert fence.acquire()
    return DueDigests(state, maker, fence).queue(now)


def queued(state: State) -> list[str]:
    rows = state.database.read().execute("SELECT delivery FROM outbox ORDER BY id")
    return [row[0] for row in rows]


def deliver(state: State, now: datetime) -> int:
    """Mark everything that is queued as sent; return the number of messages."""
    moment, count = int(now.timestamp()), 0
    while parts := state.outbox.next(moment, 100):
        for part in parts:
            assert state.outbox.take(part)
            state.outbox.sent(part, 1, moment)
            count += 1
    return count


def test_a_digest_is_queued_once_for_each_local_date(state: State) -> None:
    subscribe(state, 1)
    maker = Maker()
    assert tick(state, maker, MORNING - timedelta(seconds=1)) == 1, "the one of the day before, late"
    deliver(state, MORNING)
    assert tick(state, maker, MORNING) == 1
    deliver(state, MORNING)
    assert tick(state, maker, MORNING + HOUR) == 0
    assert tick(state, maker, MORNING + DAY) == 1
    assert queued(state) == ["s1.2026-11-22", "s1.2026-11-23", "s1.2026-11-24"]
    assert maker.late == ["s1"]


def test_a_clock_that_goes_back_repeats_nothing_and_one_that_goes_forward_skips_nothing(state: State) -> None:
    subscribe(state, 1)
    maker = Maker()
    tick(state, maker, MORNING + timedelta(minutes=1))
    for back in (2 * HOUR, DAY, 5 * DAY):
        assert tick(state, maker, MORNING - back) == 0
        assert tick(state, maker, MORNING + timedelta(minutes=2)) == 0
    assert tick(state, maker, MORNING + DAY + 2 * HOUR) == 1
    assert maker.late == ["s1"]


def test_after_three_days_down_there_is_one_digest_marked_late(state: State) -> None:
    for number in range(20):
        subscribe(state, number)
    maker = Maker()
    assert tick(state, maker, MORNING) == 20
    assert maker.late == []
    assert deliver(state, MORNING) == 20
    assert tick(state, maker, MORNING + 3 * DAY + 2 * HOUR) == 20
    assert len(maker.late) == 20
    assert tick(state, maker, MORNING + 3 * DAY + 3 * HOUR) == 0
    assert deliver(state, MORNING + 3 * DAY + 3 * HOUR) == 20


def test_after_three_days_without_telegram_one_digest_waits_that_tells_it_all(state: State) -> None:
    before = subscribe(state, 1)
    for day in range(4):
        assert tick(state, Maker(), MORNING + day * DAY) == 1
    assert queued(state) == ["s1.2026-11-26"]
    found = state.subscriptions.get("s1")
    assert found is not None
    assert found.since == int((MORNING + 3 * DAY).timestamp())
    (row,) = state.database.read().execute("SELECT since FROM outbox")
    assert row["since"] == before.since, "its news begins where that of the first began"
    assert deliver(state, MORNING + 4 * DAY) == 1


def test_a_digest_that_may_have_arrived_is_not_taken_back(state: State) -> None:
    subscribe(state, 1)
    tick(state, Maker(), MORNING)
    (part,) = state.outbox.next(int(MORNING.timestamp()), 1)
    assert state.outbox.take(part)
    state.outbox.put_back(part, "unknown", "No answer", int((MORNING + 2 * DAY).timestamp()))
    tick(state, Maker(), MORNING + DAY)
    assert queued(state) == ["s1.2026-11-23", "s1.2026-11-24"]


def test_a_digest_that_is_given_up_leaves_its_news_for_the_next(state: State) -> None:
    before = subscribe(state, 1)
    tick(state, Maker(), MORNING)
    (part,) = state.outbox.next(int(MORNING.timestamp()), 1)
    assert state.outbox.take(part)
    state.outbox.give_up(part, "No answer twice", int(MORNING.timestamp()))
    found = state.subscriptions.get("s1")
    assert found == replace(before, outcome="failed", outcome_at=int(MORNING.timestamp()))
    assert not state.delivered.delivered_among([Place(1)], ["m-s1"])


def test_a_chat_that_closes_over_several_digests_misses_none_of_their_news(state: State) -> None:
    """A digest that may have arrived is not taken back, and comes before the next one."""
    before = subscribe(state, 1)
    tick(state, Maker(), MORNING)
    (part,) = state.outbox.next(int(MORNING.timestamp()), 1)
    assert state.outbox.take(part)
    state.outbox.put_back(part, "unknown", "No answer", int((MORNING + DAY).timestamp()))
    tick(state, Maker(), MORNING + DAY)
    state.outbox.give_up_chat(1, int((MORNING + DAY).timestamp()))
    found = state.subscriptions.get("s1")
    assert found is not None
    assert (found.since, found.outcome) == (before.since, "failed")


def test_an_end_of_the_library_that_never_arrived_is_said_again(state: State) -> None:
    class Last(Maker):
        def prepare(
            self, subscriptions: Sequence[Subscription], now: datetime, *, late: frozenset[str] = frozenset()
        ) -> Iterator[Prepared]:
            """Yield digests that spend the last points of the library."""
            for prepared in super().prepare(subscriptions, now, late=late):
                yield replace(prepared, outcome="end", spent=True)

    subscribe(state, 1)
    tick(state, Last(), MORNING)
    assert (found := state.subscriptions.get("s1")) is not None
    assert found.spent
    state.outbox.give_up_chat(1, int(MORNING.timestamp()))
    assert (found := state.subscriptions.get("s1")) is not None
    assert found.spent is None


def test_what_is_queued_goes_at_once_also_where_the_clock_is_set_back(state: State) -> None:
    subscribe(state, 1)
    tick(state, Maker(), MORNING)
    assert deliver(state, MORNING - 5 * HOUR) == 1


def test_one_that_cannot_be_made_keeps_no_other_from_its_own(state: State) -> None:
    for number in range(200):
        subscribe(state, number)
    maker = Maker(poison={"s77"})
    assert tick(state, maker, MORNING) == 200
    assert len(queued(state)) == 199
    found = state.subscriptions.get("s77")
    assert found is not None
    assert found.outcome == "failed"
    before = maker.asked
    assert tick(state, maker, MORNING + HOUR) == 0
    assert maker.asked == before, "it is not tried again and again"


def test_what_is_queued_counts_as_told_and_moves_what_is_news(state: State) -> None:
    subscribe(state, 1)
    tick(state, Maker(), MORNING)
    found = state.subscriptions.get("s1")
    assert found is not None
    assert (found.outcome, found.outcome_at, found.since) == ("news", *[int(MORNING.timestamp())] * 2)
    assert state.delivered.delivered_among([Place(1)], ["m-s1"])


def test_a_closed_chat_and_a_pause_get_nothing(state: State) -> None:
    subscribe(state, 1)
    subscribe(state, 2, paused_until=int((MORNING + DAY).timestamp()))
    state.chats.close(1, 0)
    maker = Maker()
    assert tick(state, maker, MORNING + HOUR) == 0
    assert tick(state, maker, MORNING + DAY) == 1
    assert queued(state) == ["s2.2026-11-24"]
    state.chats.open(1)
    assert tick(state, maker, MORNING + DAY) == 1


def test_a_change_is_not_made_up_for(state: State) -> None:
    """At 10:00, a new time of 09:00 takes effect tomorrow, and so does a new time of 20:00 after today's digest."""
    daily = subscribe(state, 1)
    maker, ten = Maker(), MORNING + 2 * HOUR
    tick(state, maker, MORNING)
    for minute in (9 * 60, 20 * 60):
        apply(Subscribe(replace(daily, minute=minute)), state, int(ten.timestamp()))
        assert tick(state, maker, ten + HOUR) == 0
        assert tick(state, maker, MORNING + 14 * HOUR) == 0
        made = state.slots.newest("s1")
        following = next_slot(replace(daily, minute=minute), ten, made)
        assert following is not None
        assert following.date() == (MORNING + DAY).date()
    late = subscribe(state, 2, minute=20 * 60)
    tick(state, maker, ten)
    apply(Subscribe(replace(late, minute=9 * 60)), state, int(ten.timestamp()))
    assert tick(state, maker, ten + HOUR) == 0


@pytest.mark.parametrize("changes", [{"queries": ("energy",)}, {"minute": 7 * 60}, {"minute": 9 * 60}])
def test_a_change_in_the_moment_of_the_slot_or_while_the_bot_was_away_costs_no_digest(
    state: State, changes: dict[str, Any]
) -> None:
    """A digest that was due before the change comes today, with the change."""
    daily = subscribe(state, 1)
    tick(state, Maker(), MORNING - DAY)
    deliver(state, MORNING)
    changed = replace(daily, **changes)
    apply(Subscribe(changed), state, int((MORNING + timedelta(seconds=5)).timestamp()))
    made = tick(state, Maker(), MORNING + timedelta(seconds=15)) + tick(state, Maker(), MORNING + HOUR)
    assert made == 1
    assert queued(state)[-1] == "s1.2026-11-23"


def test_to_resume_what_is_not_paused_costs_no_digest(state: State) -> None:
    subscribe(state, 1, paused_until=int((MORNING - HOUR).timestamp()))
    apply(Pause("s1", None), state, int((MORNING + timedelta(seconds=5)).timestamp()))
    assert tick(state, Maker(), MORNING + timedelta(seconds=15)) == 1


def test_an_end_of_a_pause_is_no_reason_for_a_late_digest(state: State) -> None:
    daily = subscribe(state, 1, paused_until=int((MORNING + 5 * DAY).timestamp()))
    maker = Maker()
    assert tick(state, maker, MORNING + HOUR) == 0
    apply(Pause(daily.id, None), state, int((MORNING + HOUR).timestamp()))
    assert tick(state, maker, MORNING + 2 * HOUR) == 0
    assert tick(state, maker, MORNING + DAY) == 1


def test_who_ends_or_changes_a_digest_while_it_is_made_is_not_sent_the_old_one(state: State) -> None:
    forgotten, ended, changed, other = (subscribe(state, number) for number in range(1, 5))

    class Slow(Maker):
        def prepare(
            self, subscriptions: Sequence[Subscription], now: datetime, *, late: frozenset[str] = frozenset()
        ) -> Iterator[Prepared]:
            """Yield digests while their readers change, end and forget their subscriptions."""
            yield from list(super().prepare(subscriptions, now, late=late))
            state.erase.person(forgotten.user_id)
            state.subscriptions.remove(ended.id)
            state.subscriptions.put(replace(changed, queries=("energy",)))

    tick(state, Slow(), MORNING)
    assert queued(state) == [f"{other.id}.2026-11-23"]
    assert state.slots.newest(forgotten.id) is None
    assert not state.delivered.delivered_among(
        [forgotten.reader, ended.reader], [f"m-{forgotten.id}", f"m-{ended.id}"]
    )
    assert tick(state, Maker(), MORNING) == 1, "the changed one comes as it was changed"


def test_digest_at_once_that_finds_nothing_leaves_what_counts_as_news(state: State) -> None:
    before = subscribe(state, 1)
    now = int(MORNING.timestamp())
    for outcome in ("nothing", "muted"):
        apply(Delivered(before.reader, (), before.id, outcome, spent=False), state, now)
        found = state.subscriptions.get(before.id)
        assert found == replace(before, outcome=outcome, outcome_at=now)
    apply(Delivered(before.reader, ("m",), before.id, "news", spent=False), state, now)
    found = state.subscriptions.get(before.id)
    assert found is not None
    assert found.since == now


def test_who_has_lost_the_lease_queues_nothing(tmp_path: Path) -> None:
    state = State(tmp_path / "state.db")  # In a file, the process's own clock counts.
    subscribe(state, 1)
    now = int(MORNING.timestamp())
    fence = Fence(state, lambda: MORNING, "here")
    assert fence.acquire()
    assert state.leases.acquire("digests", "another machine", now, 60) is None
    taken = state.leases.acquire("digests", "another machine", now + 61, 60)
    assert taken is not None
    with pytest.raises(LeaseLost):
        DueDigests(state, Maker(), fence).queue(MORNING)
    assert queued(state) == []
    assert state.slots.newest("s1") is None
    state.close()


def test_each_of_many_is_asked_for_once(state: State) -> None:
    with state.transaction():
        for number in range(2_000):
            subscribe(state, number, minute=480 if number % 2 else 481)
    maker = Maker()
    assert tick(state, maker, MORNING + HOUR) == 2_000
    assert maker.asked == 2_000
