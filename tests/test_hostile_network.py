"""Whatever the network between the bot and Telegram answers, nothing is lost, closed, believed or logged."""

from __future__ import annotations

import asyncio
import json
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bot_process import BotProcess, trendbot
from outbox_kit import FIRST_CHAT, arrived
from sender_kit import FastClock, empty, sending
from telegram import Bot
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.messages import Message, Place
from bot.outbox.payload import dump
from bot.playground.server import TOKEN, LocalTelegram
from bot.state.state import State
from bot.telegram import http
from bot.telegram.answers import ForeignAnswer, TelegramFailure
from bot.telegram.http import AiohttpRequest

SECRET = "wolframite"  # noqa: S105 - a word that must not be in a log
PAGE = f"<html><head><title>403 Forbidden</title></head><body>nginx {SECRET}</body></html>"
DEEP = "[" * 100_000
HUGE = '{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 9","parameters":{"retry_after":%s}}'
REFUSED = '{"ok":false,"error_code":%d,"description":"%s"}'

FOREIGN = [
    *((200, body) for body in ("", "{}", "[]", "null", '"ok"', "true", "1", "NaN", PAGE, DEEP)),
    (200, '{"ok":true}'),
    (200, '{"ok":"true","result":{}}'),
    (200, '{"ok":true,"result":null}'),
    (200, '{"ok":true,"result":true}'),
    (200, '{"ok":true,"result":[]}'),
    (200, '{"ok":true,"result":{"message_id":"5"}}'),
    (200, '{"ok":true,"result":{"message_id":1e999,"date":1,"chat":{"id":7,"type":"private"}}}'),
    (200, f'{{"ok":true,"result":{{"message_id":{10**30},"date":1,"chat":{{"id":7,"type":"private"}}}}}}'),
    (200, f'{{"ok":true,"result":{{"message_id":5,"text":"{SECRET}'),
    (200, '{"ok":true,"result":' + DEEP),
    (200, '{"ok":true,"result":' + "9" * 10_000),
    *((status, PAGE) for status in (302, 400, 401, 403, 404, 407, 409, 429, 500, 502, 511)),
    *((status, "[]") for status in (400, 403, 429, 500, 502)),
    (403, '{"error":"bot was blocked by the user"}'),
    (403, '{"ok":false,"message":"Forbidden"}'),
    (403, REFUSED % (403, "Access denied by policy")),
    (403, REFUSED % (200, "Forbidden: bot was blocked by the user")),
    (404, REFUSED % (404, "no such page")),
    (401, REFUSED % (401, "Proxy login required")),
    (403, '{"ok":true,"error_code":403,"description":"Forbidden: bot was blocked by the user"}'),
    (403, '{"ok":false,"error_code":403,"description":["Forbidden"]}'),
    (400, '{"ok":false,"error_code":400,"description":"Bad Request: chat not found","parameters":[]}'),
    *(
        (400, REFUSED[:-1] % (400, "Bad Request: moved") + f',"parameters":{{"migrate_to_chat_id":{chat}}}}}')
        for chat in ("7", '"-7"', "null", "true", "-1e9", str(-(10**30)), "[]")
    ),
    *(
        (429, HUGE % seconds)
        for seconds in (10**30, 10**7, '"soon"', "NaN", "[1]", "-5", "0", "1.5", "true", "null")
    ),
    (429, REFUSED % (429, "Too Many Requests: retry after 9")),
]
"""Status and body of answers to sendMessage, none of which Telegram gives."""

OWN = [
    (400, REFUSED % (400, "Bad Request: chat not found"), BadRequest),
    (401, REFUSED % (401, "Unauthorized"), InvalidToken),
    (403, REFUSED % (403, "Forbidden: bot was blocked by the user"), Forbidden),
    (404, REFUSED % (404, "Not Found"), InvalidToken),
    (404, REFUSED % (404, "Not Found: method not found"), BadRequest),
    (409, REFUSED % (409, "Conflict: terminated by other getUpdates request"), Conflict),
    (413, REFUSED % (413, "Request Entity Too Large"), BadRequest),
    (429, HUGE % 9, RetryAfter),
    (500, REFUSED % (500, "Internal Server Error: query timed out"), TelegramFailure),
    (
        400,
        (
            '{"ok":false,"error_code":400,"description":"Bad Request: group chat was upgraded to a supergroup chat",'
            '"parameters":{"migrate_to_chat_id":-1001}}'
        ),
        ChatMigrated,
    ),
]


@pytest.fixture(autouse=True)
def _timedelta(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


@pytest.fixture
def telegram() -> Iterator[LocalTelegram]:
    with LocalTelegram() as telegram:
        telegram.world.chat(7)
        yield telegram


def errors(telegram: LocalTelegram, calls: int, **timeouts: Any) -> list[TelegramError]:
    """Return the errors of `calls` messages to chat 7, each of which fails."""

    async def main() -> list[TelegramError]:
        request = AiohttpRequest(**timeouts)
        await request.initialize()
        bot = Bot(TOKEN, base_url=f"{telegram.url}/bot", request=request)
        caught = []
        for _ in range(calls):
            with pytest.raises(TelegramError) as error:
                await bot.send_message(7, "hello")
            caught.append(error.value)
        await request.shutdown()
        return caught

    return asyncio.run(main())


def test_what_is_not_of_telegram_s_form_is_a_fault_of_the_network(
    telegram: LocalTelegram, caplog: pytest.LogCaptureFixture
) -> None:
    for status, body in FOREIGN:
        telegram.fail_next("sendMessage", status, body)
    for (status, body), error in zip(FOREIGN, errors(telegram, len(FOREIGN)), strict=True):
        assert type(error) is ForeignAnswer, (status, body[:100])
        assert str(error) == f"The answer is not Telegram's: HTTP {status}, {len(body)} bytes."
    assert caplog.text == ""


def test_telegram_s_own_refusals_keep_their_meaning(telegram: LocalTelegram) -> None:
    for status, body, _ in OWN:
        telegram.fail_next("sendMessage", status, body)
    assert [type(error) for error in errors(telegram, len(OWN))] == [kind for _, _, kind in OWN]


def test_an_answer_without_an_end_is_cut_by_its_bytes_and_by_its_time(
    telegram: LocalTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "BODY_SECONDS", 0.3)
    telegram.never_end_next("sendMessage", 1 << 16)
    telegram.never_end_next("sendMessage", 1, seconds=0.05)
    began = time.monotonic()
    long, slow = errors(telegram, 2, read_timeout=30)
    assert time.monotonic() - began < 3.0
    assert str(long) == f"The answer is not Telegram's: longer than {1 << 20} bytes."
    assert type(slow) is TimedOut


def queue(state: State, telegram: LocalTelegram, digests: int) -> None:
    for number in range(digests):
        telegram.world.chat(FIRST_CHAT + number)
        payload = dump(Message(f"<b>digest {number} part 0</b>"))
        state.outbox.put(f"d{number}", Place(FIRST_CHAT + number), [payload], int(time.time()), silent=True)


@pytest.mark.parametrize("status", [400, 401, 403])
def test_a_proxy_s_page_closes_no_chat_and_ends_no_digest(
    telegram: LocalTelegram, tmp_path: Path, status: int
) -> None:
    state = State(tmp_path / "state.db")
    queue(state, telegram, 12)
    for number in range(30):
        telegram.fail_next("sendMessage", status, PAGE if number % 2 else '{"error":"Forbidden"}')

    async def main() -> None:
        async with sending(state, telegram, FastClock(1_000)):
            await empty(state)

    asyncio.run(main())
    assert {number for number, _ in arrived(telegram)} == set(range(12))
    assert state.outbox.counts() == {"sent": 12}
    assert not state.database.read().execute("SELECT 1 FROM chat WHERE closed_at IS NOT NULL").fetchall()
    state.close()


def test_one_chat_s_slow_answer_keeps_no_other_digest_back(
    telegram: LocalTelegram, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "BODY_SECONDS", 0.5)
    state = State(tmp_path / "state.db")
    queue(state, telegram, 20)
    telegram.never_end_next("sendMessage", 1, seconds=0.1)

    async def main() -> None:
        async with sending(state, telegram, FastClock()):
            await asyncio.to_thread(telegram.wait, lambda: len(arrived(telegram)) == 19, "all others", 10)

    asyncio.run(main())
    assert state.outbox.counts() == {"sent": 19, "unknown": 1}
    state.close()


# -- the running bot -----------------------------------------------------------------------------------


def test_odd_answers_at_the_start_and_to_polls_are_waited_for_in_one_line_each(
    telegram: LocalTelegram, data: Path
) -> None:
    for status, body in ((200, '{"ok":true,"result":{}}'), (404, PAGE)):
        telegram.fail_next("getMe", status, body)
    with BotProcess(data, telegram) as bot:
        bot.listening()
        assert (
            bot.err.count("\n")
            == bot.err.count("Telegram cannot be reached (The answer is not Telegram's")
            == 2
        )
        odd = (
            (200, DEEP),
            (401, PAGE),
            (200, json.dumps({"ok": True, "result": {"text": SECRET}})),
            (200, f'{{"ok":true,"result":[{{"update_id":5,"message":{{"text":"{SECRET}'),
        )
        for chat, (status, body) in enumerate(odd, 7):
            telegram.fail_next("getUpdates", status, body)
            # Ends the current poll, so that the next one gets the fault; the pause after a fault is over at the second.
            telegram.say(chat, chat, "/help")
            telegram.wait(lambda: not telegram.pending_faults(), "the fault", 30)
            telegram.say(chat, chat, "/help")
            telegram.reply(chat, 2)
        assert bot.err.count("Telegram did not answer (The answer is not Telegram's") == len(odd)
        assert "Traceback" not in bot.err
        assert SECRET not in bot.out + bot.err
        assert bot.end(signal.SIGTERM) == 0


def test_an_update_s_answer_without_an_end_leaves_the_bot_deaf_for_a_moment_only(
    telegram: LocalTelegram, data: Path
) -> None:
    telegram.never_end_next("getUpdates", 1 << 16)
    with BotProcess(data, telegram) as bot:
        bot.listening()
        telegram.say(7, 7, "/help")
        began = time.monotonic()
        telegram.reply(7)
        assert time.monotonic() - began < 10
        assert f"longer than {16 << 20} bytes" in bot.err
        limits = [int(call.parameters["limit"]) for call in telegram.called("getUpdates")]
        assert limits[:3] == [100, 10, 100], "what may have been too much is asked for in small pieces"


def test_a_webhook_that_was_left_is_removed_and_doctor_speaks_of_it(
    telegram: LocalTelegram, data: Path
) -> None:
    telegram.leave_webhook("https://hooks.example.org/secret-path")
    found = trendbot(data, "doctor", TRENDBOT_TOKEN=TOKEN, TRENDBOT_API_URL=telegram.url)
    assert "a webhook is set" in found.stdout
    assert "secret-path" not in found.stdout + found.stderr
    with BotProcess(data, telegram) as bot:
        telegram.say(7, 7, "/help")
        telegram.reply(7)
        assert "A webhook was set for this token" in bot.err
        assert "Another process" not in bot.err
        assert bot.end(signal.SIGTERM) == 0
