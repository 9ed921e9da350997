"""A result is recorded for the message that it belongs to, whatever was erased meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from postgres_kit import OpenState

from bot.messages import Place
from bot.state.outbox import Outbox, Part
from bot.state.state import State

NOW = 1_795_000_000
DAY = 86_400


@pytest.fixture
def state(open_state: OpenState, tmp_path: Path) -> Iterator[State]:
    state = open_state(tmp_path / "state.db")
    yield state
    state.close()


@pytest.mark.parametrize(
    "record",
    [
        lambda outbox, part: outbox.sent(part, 5, NOW),
        lambda outbox, part: outbox.put_back(part, "failed", "x", NOW + 60),
        lambda outbox, part: outbox.give_up(part, "x", NOW),
    ],
)
def test_what_became_of_an_erased_message_is_not_said_of_the_one_after_it(
    state: State, record: Callable[[Outbox, Part], None]
) -> None:
    outbox = state.outbox
    outbox.put("a", Place(1), ["erased"], NOW, silent=True)
    (first,) = outbox.next(NOW, 1)
    assert outbox.take(first)
    state.erase.person(1)
    outbox.put("b", Place(2), ["to be sent"], NOW, silent=True)
    (second,) = outbox.next(NOW, 1)
    assert second.id == first.id, "the case that this is about"
    assert outbox.take(second)
    record(outbox, first)
    assert outbox.counts() == {"sending": 1}
    outbox.recover()
    assert [part.payload for part in outbox.next(NOW, 1)] == ["to be sent"]


def test_an_erased_message_is_not_sent_in_the_place_of_the_next_to_the_same_chat(state: State) -> None:
    outbox = state.outbox
    outbox.put("recap:r:1", Place(-1), ["erased"], NOW, silent=True)
    (recap,) = outbox.next(NOW, 1)
    state.erase.talk(-1)
    outbox.put("b", Place(-1), ["to be sent"], NOW, silent=True)
    assert not outbox.take(recap)


def test_a_machine_that_takes_over_knows_what_groups_were_sent_and_how_long_ago(state: State) -> None:
    for group in (-1, -1, -2):
        state.group_sends.put(group, NOW)
    assert sorted(group for group, _ in state.group_sends.within(DAY, NOW)) == [-2, -1, -1]
    state.database.change("UPDATE group_send SET at = at - ? WHERE group_id = -1", DAY)
    assert [group for group, _ in state.group_sends.within(DAY, NOW)] == [-2]
    first, second, last = state.group_sends.within(2 * DAY, NOW)
    assert (first, last[0]) == (second, -2)
    assert first[0] == -1
    assert first[1] >= DAY > last[1]
    state.group_sends.expire(state.database.now(NOW))
    assert [group for group, _ in state.group_sends.within(2 * DAY, NOW)] == [-2]
