"""The outbox is emptied over real HTTP: in order, each message once, whatever Telegram answers."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from outbox_kit import FIRST_CHAT, arrived
from postgres_kit import OpenState
from sender_kit import FastClock, empty, sending
from telegram.error import NetworkError, TimedOut

from bot.digests.buttons import ExplainDigest
from bot.messages import Button, Message, Place
from bot.outbox.payload import dump
from bot.outbox.retry_policy import Again, outcome_of
from bot.playground.faults import Fault
from bot.playground.server import LocalTelegram
from bot.state.state import State
from bot.telegram.answers import ForeignAnswer
from bot.telegram.limiter import LaneLimiter
from bot.telegram.pacing import Pacing, Rate

NOW = int(time.time())


@pytest.fixture(autouse=True)
def times(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")  # As the command line does; the old behaviour warns.


@pytest.fixture
def telegram() -> Iterator[LocalTelegram]:
    with LocalTelegram() as telegram:
        yield telegram


@pytest.fixture
def state(open_state: OpenState, tmp_path: Path) -> Iterator[State]:
    state = open_state(tmp_path / "state.db")
    yield state
    state.close()


def queue(state: State, telegram: LocalTelegram, digests: int, parts: int = 1, sign: int = 1) -> None:
    """Queue digests for as many chats, private ones or groups, each with a delivered sentence of its own."""
    for number in range(digests):
        chat = sign * (FIRST_CHAT + number)
        telegram.world.chat(chat)
        texts = [dump(Message(f"<b>digest {number} part {part}</b>")) for part in range(parts)]
        state.outbox.put(f"d{number}", Place(chat), texts, NOW, silent=True)
        state.delivered.put(Place(chat), [f"sentence-{number}"], NOW, f"d{number}")


def told(state: State, number: int) -> bool:
    return bool(state.delivered.delivered_among([Place(FIRST_CHAT + number)], [f"sentence-{number}"]))


def run(state: State, telegram: LocalTelegram, speed: float = 1.0, read: float = 5.0) -> None:
    async def main() -> None:
        async with sending(state, telegram, FastClock(speed), read=read):
            await empty(state)

    asyncio.run(main())


def test_parts_arrive_in_order_and_leave_nothing_of_what_they_said(
    state: State, telegram: LocalTelegram
) -> None:
    queue(state, telegram, 20, parts=5)
    run(state, telegram)
    assert Counter(arrived(telegram)) == Counter((n, part) for n in range(20) for part in range(5))
    for number in range(20):
        assert [part for n, part in arrived(telegram) if n == number] == [0, 1, 2, 3, 4]
    rows = state.database.read().execute("SELECT payload, message_id FROM outbox").fetchall()
    assert all(payload is None and message_id for payload, message_id in rows)
    assert telegram.refused == []


def test_buttons_topic_and_silence_are_those_of_the_digest(state: State, telegram: LocalTelegram) -> None:
    telegram.create_group(-5, "Forum", 1, forum=True)
    telegram.add_bot(-5, 1)
    thread = telegram.create_topic(-5, 1, "News")
    button = Button("Why did I get this?", ExplainDigest("abc", "en", "s1"))
    state.outbox.put(
        "d", Place(-5, thread), [dump(Message("算力 <b>up</b>", ((button,),)))], NOW, silent=True
    )
    run(state, telegram)
    (message,) = telegram.sent(-5)
    assert message["message_thread_id"] == thread
    assert message["text"] == "算力 up"
    assert message["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "1.abc.en.dw:s1"
    assert telegram.called("sendMessage")[0].parameters["disable_notification"] is True


def test_a_blocked_chat_is_tried_once_and_others_are_not_kept_waiting(
    state: State, telegram: LocalTelegram
) -> None:
    queue(state, telegram, 50, parts=2)
    for number in range(0, 50, 5):
        telegram.block(FIRST_CHAT + number)
    run(state, telegram)
    tries = Counter(int(call.parameters["chat_id"]) - FIRST_CHAT for call in telegram.called("sendMessage"))
    assert tries == Counter({number: 1 if number % 5 == 0 else 2 for number in range(50)})
    assert state.outbox.counts() == {"sent": 80, "closed": 20}
    assert not told(state, 0), "what did not arrive is still to be told"
    assert told(state, 1)
    assert state.outbox.dead_letters(10) == [], "a chat that left is nothing for the operator"


def test_a_group_that_becomes_a_supergroup_takes_its_messages_along(
    state: State, telegram: LocalTelegram
) -> None:
    moved = {}
    for number in range(10):
        old = -(FIRST_CHAT + number)
        telegram.create_group(old, "G", 1, kind="group")
        telegram.add_bot(old, 1)
        moved[old] = telegram.migrate(old)
        texts = [dump(Message(f"part {part}")) for part in range(3)]
        state.outbox.put(f"d{number}", Place(old), texts, NOW, silent=True)
        state.delivered.put(Place(old), ["sentence"], NOW, f"d{number}")
    run(state, telegram)
    for old, new in moved.items():
        assert [message["text"] for message in telegram.sent(new)] == ["part 0", "part 1", "part 2"]
        assert state.delivered.delivered_among([Place(new)], ["sentence"])
        assert not state.delivered.delivered_among([Place(old)], ["sentence"])
    assert state.outbox.counts() == {"sent": 30}


def test_a_hundred_groups_that_move_in_the_middle_of_their_digests_lose_nothing(
    state: State, telegram: LocalTelegram
) -> None:
    """Each moves after its first part and before its last; the remaining parts follow it, in order."""
    groups = [-(FIRST_CHAT + number) for number in range(100)]
    for old in groups:
        telegram.create_group(old, "G", 1, kind="group")
        telegram.add_bot(old, 1)
        texts = [dump(Message(f"part {part}")) for part in range(3)]
        state.outbox.put(f"d{old}", Place(old), texts, NOW, silent=True)
    moved: dict[int, int] = {}

    async def move() -> None:
        while len(moved) < len(groups):
            for old in groups:
                if old not in moved and telegram.sent(old):
                    moved[old] = telegram.migrate(old)
            await asyncio.sleep(0.001)

    async def main() -> None:
        free, group = Rate(10_000, 1.0, 0), Rate(limit=1, seconds=0.5, reserve=0)
        async with sending(state, telegram, FastClock(), Pacing(free, free, group)):
            await asyncio.gather(move(), empty(state))

    asyncio.run(main())
    before = {old: [message["text"] for message in telegram.sent(old)] for old in groups}
    after = {old: [message["text"] for message in telegram.sent(moved[old])] for old in groups}
    assert all(before.values())
    assert all(after.values())
    assert all(before[old] + after[old] == ["part 0", "part 1", "part 2"] for old in groups)
    assert state.outbox.counts() == {"sent": 300}
    rows = state.database.read().execute("SELECT chat_id, count(*) FROM outbox GROUP BY chat_id")
    assert {row[0]: row[1] for row in rows} == dict.fromkeys(moved.values(), 3)


def test_what_telegram_cannot_read_goes_without_markup_and_only_then_is_given_up(
    state: State, telegram: LocalTelegram
) -> None:
    for chat in (7, 8):
        telegram.world.chat(chat)
    state.outbox.put("broken", Place(7), [dump(Message("<h1>words</h1> that matter"))], NOW, silent=True)
    state.outbox.put("empty", Place(8), [dump(Message("<b></b>")), dump(Message("more"))], NOW, silent=True)
    state.delivered.put(Place(8), ["sentence"], NOW, "empty")
    run(state, telegram)
    assert [message["text"] for message in telegram.sent(7)] == ["words that matter"]
    assert telegram.sent(8) == []
    assert state.outbox.counts() == {"sent": 1, "dead": 2}
    chat, error, _ = state.outbox.dead_letters(1)[0]
    assert (chat, "empty" in error) == (8, True)
    assert not state.delivered.delivered_among([Place(8)], ["sentence"])
    assert len(telegram.called("sendMessage")) == 4, "the same is not sent to be refused again"


def test_a_429_is_waited_out_and_others_go_on(state: State, telegram: LocalTelegram) -> None:
    queue(state, telegram, 3)
    telegram.fail_next("sendMessage", retry_after=2)
    run(state, telegram)
    calls = telegram.called("sendMessage")
    first = [call for call in calls if call.parameters["chat_id"] == calls[0].parameters["chat_id"]]
    assert [call.status for call in first] == [429, 200]
    assert first[1].at - first[0].at >= 2.0
    assert calls[1].at - calls[0].at < 2.0
    assert len(set(arrived(telegram))) == len(arrived(telegram)) == 3


def test_errors_of_telegram_are_tried_again_until_it_is_too_often(
    state: State, telegram: LocalTelegram
) -> None:
    queue(state, telegram, 1)
    for _ in range(3):
        telegram.fail_next("sendMessage", 502)
    run(state, telegram, speed=1_000)
    assert arrived(telegram) == [(0, 0)]
    state.outbox.put("hopeless", Place(FIRST_CHAT), [dump(Message("x"))], NOW, silent=True)
    row = state.database.read().execute("SELECT id FROM outbox WHERE delivery = 'hopeless'").fetchone()
    with state.database.write() as db:
        db.execute("UPDATE outbox SET attempts = 9 WHERE id = ?", (row[0],))
    telegram.fail_next("sendMessage", 500)
    run(state, telegram, speed=1_000)
    assert state.outbox.counts()["dead"] == 1


def test_an_answer_that_is_lost_costs_at_most_one_repetition(state: State, telegram: LocalTelegram) -> None:
    queue(state, telegram, 20)
    for _ in range(5):
        telegram.drop_next("sendMessage")
    run(state, telegram, speed=500)
    came = Counter(n for n, _ in arrived(telegram))
    assert set(came) == set(range(20))
    assert came.total() - 20 <= 5


class Forgetful(LocalTelegram):
    """Telegram that delivers every message and loses the answer to one in ten."""

    def __init__(self) -> None:
        super().__init__()
        self.forgot = 0
        self._chance = random.Random(10)  # noqa: S311  # The same losses each time.

    def take_fault(self, method: str) -> Fault | None:
        """Return a lost answer, by chance; also for a message that is sent again."""
        if method != "sendMessage" or self._chance.random() >= 0.1:
            return super().take_fault(method)
        self.forgot += 1
        return Fault("drop")


def test_one_answer_in_ten_is_lost_and_no_more_comes_twice_than_that(state: State) -> None:
    with Forgetful() as telegram:
        queue(state, telegram, 200)
        run(state, telegram, speed=500)
        came = Counter(n for n, _ in arrived(telegram))
    assert set(came) == set(range(200))
    assert telegram.forgot >= 10
    assert came.total() - 200 <= telegram.forgot
    assert state.outbox.counts().keys() <= {"sent", "dead"}
    assert state.outbox.counts().get("dead", 0) <= telegram.forgot // 2


def test_silence_gives_nothing_up(state: State, telegram: LocalTelegram) -> None:
    queue(state, telegram, 1)
    for _ in range(3):
        telegram.hang("sendMessage")
    run(state, telegram, speed=2_000, read=0.1)
    assert state.outbox.counts() == {"sent": 1}
    assert len(telegram.called("sendMessage")) == 4


def test_what_nothing_answers_is_tried_less_and_less_often_but_four_times_a_day(
    state: State, telegram: LocalTelegram
) -> None:
    queue(state, telegram, 1)
    (part,) = state.outbox.next(NOW, 1)
    for error in (TimedOut(), NetworkError("ClientOSError"), ForeignAnswer("HTTP 403")):
        pauses = []
        for attempts in (0, 1, 2, 2_000):
            tried = replace(part, attempts=attempts)
            outcome = outcome_of(tried, error, NOW, random.Random(1))  # noqa: S311 - not a secret
            assert isinstance(outcome, Again)
            pauses.append(outcome.not_before - NOW)
        assert 0 < pauses[0] < pauses[1] < pauses[2] < pauses[3] <= 6 * 3600


class Away(LocalTelegram):
    """Telegram that is unreachable from the first message on, until `questions` calls of getMe have failed."""

    def __init__(self, questions: int) -> None:
        super().__init__()
        self.left = questions
        self.tried = 0

    def take_fault(self, method: str) -> Fault | None:
        """Return the fault of a proxy that finds no Telegram behind it."""
        self.tried += method == "sendMessage" and self.left > 0
        if not self.tried or not self.left:
            return None
        self.left -= method == "getMe"
        return Fault("fail", 502)


def test_while_telegram_is_away_no_message_uses_up_its_tries(state: State) -> None:
    with Away(questions=12) as telegram:
        queue(state, telegram, 30)
        run(state, telegram, speed=1_000)
        assert len(arrived(telegram)) == 30
        assert telegram.tried <= 2
    assert state.outbox.counts() == {"sent": 30}


def test_a_stop_does_not_wait_for_a_telegram_that_is_away(state: State) -> None:
    async def stopped(telegram: Away) -> float:
        async with sending(state, telegram, FastClock()):
            while telegram.tried < 2:  # noqa: ASYNC110  # No event signals it.
                await asyncio.sleep(0.01)
            began = time.monotonic()
        return time.monotonic() - began

    with Away(questions=1_000) as telegram:
        queue(state, telegram, 30)
        assert asyncio.run(stopped(telegram)) < 2.0
    assert state.outbox.counts().keys() <= {"ready", "failed"}


def test_a_digest_leaves_when_the_answer_before_it_is_recorded(state: State, telegram: LocalTelegram) -> None:
    async def main() -> None:
        async with sending(state, telegram, FastClock()) as bot:
            assert isinstance(bot.rate_limiter, LaneLimiter)
            with bot.rate_limiter.in_flight.recorded():
                telegram.world.chat(7)
                await bot.send_message(7, "an answer")
                queue(state, telegram, 1)
                await asyncio.sleep(1)
                assert arrived(telegram) == []
            await empty(state)
        assert arrived(telegram) == [(0, 0)]

    asyncio.run(main())


def test_what_a_dead_process_was_sending_is_sent_again(state: State, telegram: LocalTelegram) -> None:
    queue(state, telegram, 2)
    part = state.outbox.next(NOW, 1)[0]
    assert state.outbox.take(part)
    assert not state.outbox.take(part), "nobody takes it twice"
    run(state, telegram)
    assert sorted(arrived(telegram)) == [(0, 0), (1, 0)]


def test_one_item_that_cannot_be_sent_keeps_no_other_back(state: State, telegram: LocalTelegram) -> None:
    telegram.world.chat(7)
    state.outbox.put("poison", Place(7), ["no json"], NOW, silent=True)
    queue(state, telegram, 5)
    run(state, telegram)
    assert len(arrived(telegram)) == 5
    assert state.outbox.counts() == {"sent": 5, "dead": 1}


def test_a_chat_that_has_had_its_share_lets_others_go_first(state: State, telegram: LocalTelegram) -> None:
    telegram.world.chat(7)
    state.outbox.put("long", Place(7), [dump(Message(f"part {n}")) for n in range(4)], NOW, silent=True)
    queue(state, telegram, 10)
    chat = Rate(limit=1, seconds=0.5, reserve=0)

    async def main() -> None:
        free = Rate(1_000, 1.0, 0)
        async with sending(state, telegram, FastClock(), Pacing(free, chat, free)):
            await empty(state)

    asyncio.run(main())
    order = [int(call.parameters["chat_id"]) for call in telegram.called("sendMessage")]
    assert order.index(7) < 11
    assert order[-3:] == [7, 7, 7], "the ten others did not wait for the rest of the long one"
