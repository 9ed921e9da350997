"""Telegram delivers updates to the bot's address: each is stored before it is confirmed, and nobody else can submit one."""

from __future__ import annotations

import http.client
import json
import random
import signal
import socket
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from bot_process import BotProcess, ForkedBot, trendbot
from telegram import WebhookInfo
from test_monitoring import get

from bot.inbound.webhook import SECRET_HEADER, delivery_problem, secret_of
from bot.playground.server import TOKEN, USERNAME, LocalTelegram

PATH = "/telegram"
URL = f"https://bot.example.org{PATH}"
PERSON = 77


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def variables(port: int) -> dict[str, str]:
    return {"TRENDBOT_WEBHOOK": URL, "TRENDBOT_LISTEN": f"127.0.0.1:{port}"}


def post(
    port: int, body: bytes, headers: dict[str, str] | None = None, path: str = PATH, method: str = "POST"
) -> int:
    """Return the status of a request to the bot."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(method, path, body, {"Content-Type": "application/json"} | (headers or {}))
        return connection.getresponse().status
    finally:
        connection.close()


def update(number: int, text: str = "/help") -> bytes:
    person = {"id": PERSON, "is_bot": False, "first_name": "Forged"}
    chat = {"id": PERSON, "type": "private", "first_name": "Forged"}
    message = {"message_id": 1, "date": 1, "chat": chat, "from": person, "text": text}
    return json.dumps({"update_id": number, "message": message}).encode()


def test_a_question_is_delivered_and_answered_and_a_polling_bot_removes_the_webhook(tmp_path: Path) -> None:
    port = free_port()
    with LocalTelegram() as telegram:
        telegram.pass_webhooks_to(f"http://127.0.0.1:{port}")
        with BotProcess(tmp_path / "data", telegram, **variables(port)) as bot:
            bot.listening()
            telegram.say(PERSON, PERSON, "/trend compute")
            assert "[1]" in telegram.reply(PERSON)["text"]
            assert not telegram.called("getUpdates")
            found = trendbot(
                tmp_path / "other", "doctor", TRENDBOT_TOKEN=TOKEN, TRENDBOT_API_URL=telegram.url
            )
            assert "a webhook is set" in found.stdout
            assert bot.end(signal.SIGTERM) == 0
        assert telegram.world.webhook.url == URL
        telegram.say(PERSON, PERSON, "/help")
        with BotProcess(tmp_path / "data", telegram) as bot:
            telegram.reply(PERSON, 2)
            assert telegram.world.webhook.url == ""


def test_updates_that_telegram_cannot_deliver_are_named_to_the_operator(tmp_path: Path) -> None:
    port, data = free_port(), tmp_path / "data"
    with LocalTelegram() as telegram:
        telegram.pass_webhooks_to(f"http://127.0.0.1:{free_port()}")  # The proxy forwards to the wrong port.
        with BotProcess(data, telegram, **variables(port)) as bot:
            bot.listening()
            telegram.wait(lambda: telegram.world.webhook.url, "a webhook")
            telegram.say(PERSON, PERSON, "/help")
            telegram.wait(lambda: telegram.world.webhook.last_error, "a failed delivery")
            examined = trendbot(
                data, "doctor", TRENDBOT_TOKEN=TOKEN, TRENDBOT_API_URL=telegram.url, **variables(port)
            )
            why = "Telegram cannot deliver (Connection refused); updates that wait: 1"
            assert f"FAIL  token: @{USERNAME}: {why}." in examined.stdout
            bot.end(signal.SIGTERM)
        with BotProcess(data, telegram, **variables(port)) as bot:
            bot.listening()
            bot.saying(why)
            status, body = get(port, "/healthz")
            assert (status, json.loads(body)["parts"]["telegram"]) == (503, {"ok": False, "text": why})
            assert "trendbot_webhook_undelivered_updates 1.0" in get(port, "/metrics")[1]
            telegram.pass_webhooks_to(f"http://127.0.0.1:{port}")
            telegram.reply(PERSON)


@pytest.mark.parametrize(
    ("minutes", "waiting", "named"),
    [(1, 3, True), (59, 3, True), (61, 3, False), (1, 0, False), (None, 3, False)],
)
def test_an_old_failure_and_one_after_which_nothing_waits_are_over(
    minutes: int | None, waiting: int, named: bool
) -> None:
    now = datetime(2026, 11, 29, 3, tzinfo=UTC)
    failed = now - timedelta(minutes=minutes) if minutes is not None else None
    info = WebhookInfo(URL, False, waiting, last_error_date=failed, last_error_message="Timeout")
    assert bool(delivery_problem(info, now)) == named


def forged(chance: random.Random, secret: str) -> tuple[bytes, dict[str, str], str, str]:
    """Return the body, headers, path and method of a request that Telegram would not send."""
    wrong = secret[:-1] + ("0" if secret[-1] != "0" else "1")
    secrets: list[dict[str, str]] = [
        {},
        {SECRET_HEADER: ""},
        {SECRET_HEADER: wrong},
        {SECRET_HEADER: secret[: chance.randrange(len(secret))]},
        {SECRET_HEADER: secret + secret},
        {"X-Secret": secret},
        {"Authorization": f"Bearer {secret}"},
    ]
    bodies = [update(chance.randrange(1 << 40)), b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 100_000]
    right = {SECRET_HEADER: secret}
    broken: Any = chance.choice(
        [
            b"",
            b"{",
            b"[]",
            b"7",
            b'{"update_id": "1"}',
            b'{"update_id": -1}',
            b'{"update_id": true}',
            b"[" * 100_000,
        ]
    )
    return chance.choice(
        [
            (chance.choice(bodies), chance.choice(secrets), PATH, "POST"),
            (broken, right, PATH, "POST"),
            (update(chance.randrange(1 << 40)), right, "/" + secret, "POST"),
            (update(chance.randrange(1 << 40)), right, PATH, chance.choice(["GET", "PUT", "DELETE"])),
        ]
    )


def test_a_thousand_forged_or_malformed_requests_bring_nothing_in_and_none_waits(tmp_path: Path) -> None:
    port, secret, chance = free_port(), secret_of(TOKEN), random.Random(7)  # noqa: S311  # The same requests each time.
    with LocalTelegram() as telegram:
        telegram.pass_webhooks_to(f"http://127.0.0.1:{port}")
        with BotProcess(tmp_path / "data", telegram, **variables(port)) as bot:
            bot.listening()
            for _ in range(1_000):
                assert post(port, *forged(chance, secret)) in {200, 401, 404, 405}
            assert post(port, b"x" * (2 << 20), {SECRET_HEADER: secret}) == 413
            assert bot.outcomes() == {}
            assert post(port, update(1), {SECRET_HEADER: secret}) == 200
            assert list(bot.outcomes()) == [1]
            assert secret not in bot.err
        assert telegram.sent(PERSON) == telegram.sent(PERSON)[:1]


def test_what_is_delivered_twice_is_handled_once(tmp_path: Path) -> None:
    port, secret = free_port(), {SECRET_HEADER: secret_of(TOKEN)}
    with LocalTelegram() as telegram:
        telegram.pass_webhooks_to(f"http://127.0.0.1:{port}")
        with BotProcess(tmp_path / "data", telegram, **variables(port)) as bot:
            bot.listening()
            number = telegram.last_update
            telegram.say(PERSON, PERSON, "/help")
            telegram.reply(PERSON)
            bot.marked(number + 1)
            for _ in range(3):
                assert post(port, update(number + 1), secret) == 200
            telegram.say(PERSON, PERSON, "/about")
            telegram.reply(PERSON, 2)
            assert bot.end(signal.SIGTERM) == 0
        assert len(telegram.sent(PERSON)) == 2


def all_answered(people: Iterable[int], telegram: LocalTelegram) -> bool:
    return all(map(telegram.sent, people))


def test_of_600_updates_none_is_lost_while_the_bot_is_killed_twenty_times(tmp_path: Path) -> None:
    port, chance = free_port(), random.Random(3)  # noqa: S311  # The same kills each time.
    people = range(1_000, 1_600)
    with LocalTelegram() as telegram:
        telegram.pass_webhooks_to(f"http://127.0.0.1:{port}")
        for first in range(0, 600, 30):
            with ForkedBot(tmp_path / "data", telegram, **variables(port)) as bot:
                bot.listening()
                for person in people[first : first + 30]:
                    telegram.say(person, person, "/about")
                few = people[first : first + chance.randrange(1, 30)]
                telegram.wait(partial(all_answered, few, telegram), "some answers")
                bot.end(signal.SIGKILL)
        with BotProcess(tmp_path / "data", telegram, **variables(port)) as bot:
            for person in people:
                telegram.reply(person)
            assert bot.end(signal.SIGTERM) == 0
            assert sorted(set(bot.outcomes().values())) in (["done"], ["done", "failed"])
        # A kill between a message and its record repeats that message.
        assert sum(len(telegram.sent(person)) - 1 for person in people) <= 20


@pytest.mark.parametrize(
    ("webhook", "listen", "said"),
    [
        ("http://bot.example.org", "127.0.0.1:8081", "TRENDBOT_WEBHOOK is"),
        ("https://bot.example.org:9000/x", "127.0.0.1:8081", "443, 80, 88, 8443"),
        ("https://[bad", "127.0.0.1:8081", "TRENDBOT_WEBHOOK is"),
        ("https://bot.example.org", "", "TRENDBOT_WEBHOOK needs TRENDBOT_LISTEN"),
        ("", "8081", "TRENDBOT_LISTEN is"),
        ("", "127.0.0.1:0", "TRENDBOT_LISTEN is"),
        ("", "127.0.0.1:x", "TRENDBOT_LISTEN is"),
    ],
)
def test_a_setting_that_cannot_work_is_named(tmp_path: Path, webhook: str, listen: str, said: str) -> None:
    ended = trendbot(tmp_path, "doctor", TRENDBOT_WEBHOOK=webhook, TRENDBOT_LISTEN=listen)
    assert ended.returncode == 1
    assert said in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
