"""What is recorded of a message is recorded of that message, whatever was erased meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from postgres_kit import OpenState

from bot.state.outbox import Outbox, Part
from bot.state.state import State

NOW = 1_795_000_000


@pytest.fixture
def state(open_state: OpenState, tmp_path: Path) -> Iterator[State]:
    state = open_state(tmp_path / "state.db")
    yield state
    state.close()


@pytest.mark.parametrize(
    "record",
    [
        lambda outbox, part: outbox.sent(part, 5, NOW),
        lambda outbox, part: outbox.again(part, "failed", "x", NOW + 60),
        lambda outbox, part: outbox.bury(part, "x", NOW),
    ],
)
def test_what_became_of_an_erased_message_is_not_said_of_the_one_after_it(
    state: State, record: Callable[[Outbox, Part], None]
) -> None:
    outbox = state.outbox
    outbox.put("a", (1, 0), ["erased"], NOW, silent=True)
    (first,) = outbox.next(NOW, 1)
    assert outbox.take(first)
    state.erase.person(1)
    outbox.put("b", (2, 0), ["to be sent"], NOW, silent=True)
    (second,) = outbox.next(NOW, 1)
    assert second.id == first.id, "the case that this is about"
    assert outbox.take(second)
    record(outbox, first)
    assert outbox.counts() == {"sending": 1}
    outbox.recover()
    assert [part.payload for part in outbox.next(NOW, 1)] == ["to be sent"]


def test_an_erased_message_is_not_sent_in_the_place_of_the_next_to_the_same_chat(state: State) -> None:
    outbox = state.outbox
    outbox.put("recap:r:1", (-1, 0), ["erased"], NOW, silent=True)
    (recap,) = outbox.next(NOW, 1)
    state.erase.talk(-1)
    outbox.put("b", (-1, 0), ["to be sent"], NOW, silent=True)
    assert not outbox.take(recap)


def test_a_machine_that_takes_over_knows_what_groups_were_sent(state: State) -> None:
    outbox = state.outbox
    for number, chat in enumerate((-1, -1, -2, 3)):
        outbox.put(f"digest-{number}", (chat, 0), ["news"], NOW, silent=True)
        (part,) = outbox.next(NOW, 1)
        assert outbox.take(part)
        outbox.sent(part, number, NOW + number)
    outbox.put("waits", (-1, 0), ["news"], NOW, silent=True)
    assert sorted(outbox.sent_to_groups(NOW - 1)) == [-2, -1, -1]
    assert sorted(outbox.sent_to_groups(NOW)) == [-2, -1]
