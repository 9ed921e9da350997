"""Nothing that a user sends makes the bot unresponsive: floods and broken updates, over HTTP against the running bot."""

from __future__ import annotations

import json
import random
import shutil
import signal
import time
from pathlib import Path
from typing import Any

import pytest
from bot_process import BotProcess
from test_updates import GENUINE, broken

from bot.playground.server import LocalTelegram

WORDS = "a confession that belongs in no log"
HOSTILE = 10_000
MEMORY_MB = 60
"""Megabytes by which the bot may grow while it reads the updates."""


def memory(pid: int) -> float:
    """Return the peak memory of a process in megabytes."""
    status = Path(f"/proc/{pid}/status").read_text("ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def wait_of(telegram: LocalTelegram, chat: int, text: str, number: int = 1) -> float:
    """Send a text and return the seconds until the chat has its `number`th answer."""
    started = time.monotonic()
    telegram.say(chat, chat, text)
    telegram.reply(chat, number)
    return time.monotonic() - started


def settled(bot: BotProcess, seconds: float = 60.0) -> None:
    """Wait until every update has an outcome."""
    deadline = time.monotonic() + seconds
    while "new" in bot.outcomes().values():
        assert time.monotonic() < deadline, "Some updates are never over."
        time.sleep(0.05)


def elsewhere(update: dict[str, Any], number: int) -> dict[str, Any]:
    """Return the update as if sent in a group of its own."""
    moved: dict[str, Any] = json.loads(json.dumps(update).replace("-1001", str(-5_000_000 - number)))
    return moved


def hostile(count: int) -> list[dict[str, Any]]:
    """Return updates with a part of the wrong type, or with a null chat, all with a person's words."""
    chance = random.Random(9)  # noqa: S311  # The same updates each time.
    # A chat for each, since Telegram's limit of messages per chat is not the subject here.
    updates = [broken(elsewhere(chance.choice(GENUINE), number), chance) for number in range(count)]
    for number, update in enumerate(updates):
        update.pop("update_id", None)
        if number % 3 == 0:
            updates[number] = {"message": {"message_id": 1, "date": 1, "chat": None, "text": WORDS}}
    return updates


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
def test_ten_thousand_broken_updates_cost_a_line_each_and_nobody_an_answer(
    seeded: Path, tmp_path: Path
) -> None:
    data = shutil.copytree(seeded, tmp_path / "data")
    with LocalTelegram() as telegram, BotProcess(data, telegram) as bot:
        bot.listening()
        wait_of(telegram, 50, "/trend compute")
        wait_of(telegram, 7, "/help")
        before, lines = memory(bot.pid), bot.err.count("\n")
        for update in hostile(HOSTILE):
            telegram.push(update)
        waits = [wait_of(telegram, 60 + number, "/trend compute") for number in range(10)]
        assert sorted(waits)[5] < 2
        bot.marked(telegram.last_update)
        settled(bot)
        assert memory(bot.pid) - before < MEMORY_MB
        assert set(bot.outcomes().values()) <= {"done", "failed", "poison"}
        assert list(bot.outcomes().values()).count("poison") > HOSTILE / 2
        assert bot.err.count("\n") - lines <= HOSTILE
        assert WORDS not in bot.err + bot.out
        assert "Traceback" not in bot.err
        assert bot.end(signal.SIGTERM) == 0


def test_updates_without_a_chat_are_over_after_a_restart_too(seeded: Path, tmp_path: Path) -> None:
    data = shutil.copytree(seeded, tmp_path / "data")
    with LocalTelegram() as telegram:
        with BotProcess(data, telegram) as bot:
            bot.listening()
            for _ in range(450):
                telegram.push({"message": {"message_id": 1, "date": 1, "chat": None, "text": WORDS}})
            assert wait_of(telegram, 7, "/help") < 10
            assert bot.end(signal.SIGTERM) == 0
        with BotProcess(data, telegram) as bot:
            bot.listening()
            assert wait_of(telegram, 7, "/help", 2) < 10
            settled(bot)


@pytest.mark.parametrize("kind", ["questions", "presses"])
def test_one_account_that_floods_keeps_nobody_waiting(kind: str, seeded: Path, tmp_path: Path) -> None:
    data = shutil.copytree(seeded, tmp_path / "data")
    with LocalTelegram() as telegram, BotProcess(data, telegram) as bot:
        bot.listening()
        telegram.say(7, 7, "/trend compute")
        answer = telegram.reply(7)
        for _ in range(600):
            if kind == "questions":
                telegram.say(7, 7, "/trend compute")
            else:
                telegram.press(answer, "More", 7)
        waits = sorted(wait_of(telegram, 100 + number, "/trend 算力") for number in range(20))
        assert waits[18] < 2, "95 of 100 wait less than two seconds"
        assert bot.end(signal.SIGTERM) == 0
    assert "Traceback" not in bot.err


def test_who_writes_again_after_a_block_has_an_open_chat(seeded: Path, tmp_path: Path) -> None:
    from bot.state.state import State

    data = shutil.copytree(seeded, tmp_path / "data")
    state = State(data / "state.db")
    state.chats.set_language(7, "zh")
    state.chats.close(7, 1)
    state.close()
    with LocalTelegram() as telegram, BotProcess(data, telegram) as bot:
        bot.listening()
        telegram.say(7, 7, "/help")
        assert "帮助" in telegram.reply(7)["text"] or telegram.reply(7)["text"]
        assert bot.rows("SELECT closed_at FROM chat WHERE chat_id = 7") == [(None,)]
