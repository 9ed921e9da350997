"""Telegram's rate limits, as the local Telegram enforces them."""

from __future__ import annotations

import itertools
from typing import Any

from telegram_kit import call

from bot.playground.flood import FloodControl
from bot.playground.server import LocalTelegram


def test_three_at_once_in_a_chat_then_one_a_second() -> None:
    flood = FloodControl()
    assert [flood.admit(1, False, 0.0) for _ in range(4)] == [0, 0, 0, 1]
    assert flood.admit(1, False, 0.9) == 1
    assert [flood.admit(1, False, 1.0), flood.admit(1, False, 1.0)] == [0, 1]
    assert flood.admit(2, False, 1.0) == 0
    assert [flood.admit(1, False, 10.0) for _ in range(4)] == [0, 0, 0, 1]


def test_one_a_second_is_never_refused() -> None:
    flood = FloodControl()
    assert not any(flood.admit(1, False, float(second)) for second in range(500))


def test_thirty_a_second_over_all_chats() -> None:
    flood, chats = FloodControl(), itertools.count(1)
    assert [flood.admit(next(chats), False, 0.0) for _ in range(31)] == [0] * 30 + [1]
    assert flood.admit(next(chats), False, 0.99) == 1
    assert [flood.admit(next(chats), False, 1.0) for _ in range(31)] == [0] * 30 + [1]
    # A refused message does not count in the next second.
    assert flood.admit(next(chats), False, 2.0) == 0


def test_twenty_a_minute_in_a_group_and_the_wait_is_until_the_first_has_left() -> None:
    flood = FloodControl()
    assert not any(flood.admit(-1, True, float(second)) for second in range(20))
    assert flood.admit(-1, True, 20.0) == 40
    assert flood.admit(-1, True, 59.5) == 1
    assert flood.admit(-1, True, 60.0) == 0
    assert flood.admit(-2, True, 60.0) == 0
    # A private chat has no such limit.
    assert not any(flood.admit(5, False, 100.0 + second) for second in range(60))


def test_a_bot_that_is_too_fast_is_told_how_long_to_wait() -> None:
    with LocalTelegram(flood=True) as telegram:
        telegram.say(7, 7, "hello")
        # Three at once are accepted; on a slow machine a few more may be.
        answers: list[tuple[int, Any]] = []
        while len(answers) < 60 and (not answers or answers[-1][0] == 200):
            answers.append(call(telegram, "sendMessage", chat_id=7, text=str(len(answers))))
        assert [status for status, _ in answers[:3]] == [200, 200, 200]
        assert answers[-1] == (429, "Too Many Requests: retry after 1")
        assert len(telegram.sent(7)) == len(answers) - 1
        # Reading methods and typing indicators do not count, and a refusal does not mean lost markup.
        assert all(call(telegram, "sendChatAction", chat_id=7, action="typing")[0] == 200 for _ in range(5))
        assert telegram.refused == []


def test_without_the_limits_nothing_waits() -> None:
    with LocalTelegram() as telegram:
        telegram.say(7, 7, "hello")
        assert {call(telegram, "sendMessage", chat_id=7, text=str(n))[0] for n in range(40)} == {200}
