"""Files sent together are answered by one message, which stays true when the bot is killed between two of them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from signal import SIGKILL

import pytest
from bot_process import BotProcess
from pdf_kit import typeset
from telegram_kit import labels

from bot.playground.refusals import Json
from bot.playground.server import LocalTelegram

OPERATOR, STRANGER = 60_001, 60_002


@pytest.fixture
def data(seeded: Path, tmp_path: Path) -> Path:
    return shutil.copytree(seeded, tmp_path / "data")


@pytest.fixture
def telegram() -> Iterator[LocalTelegram]:
    with LocalTelegram() as telegram:
        telegram.add_user(OPERATOR, first_name="Ada", language_code="en")
        yield telegram
        assert telegram.refused == []
        assert telegram.lost == []


def send_album(telegram: LocalTelegram, user: int, *names: str) -> None:
    """Send files together: notes with a sentence of their own, a PDF without text, and whatever else as it is."""
    for number, name in enumerate(names):
        note = f"Zeppelin {number} carried mail to Oslo, the post office said on Monday.".encode()
        content = typeset([]).raw if name.endswith(".pdf") else note
        telegram.upload(user, user, name, content, album="13579")


def answered(telegram: LocalTelegram, heading: str) -> Json:
    """Return the message with this heading, once it is there."""
    return telegram.wait(
        lambda: [one for one in telegram.sent(OPERATOR) if one["text"].startswith(heading)], heading
    )[0]


def test_an_album_is_answered_by_one_message_with_a_button_for_each_report(
    telegram: LocalTelegram, data: Path
) -> None:
    with BotProcess(data, telegram, TRENDBOT_OPERATORS=str(OPERATOR)) as bot:
        bot.listening()
        send_album(telegram, OPERATOR, "a.md", "scan.pdf", "b.txt", "tool.exe")
        answer = answered(telegram, "4 files: 2 read, 2 not.")
        lines = answer["text"].splitlines()[1:]
        assert [line.partition(":")[0] for line in lines] == ["1. Read", "scan.pdf", "2. Read", "tool.exe"]
        assert labels(answer) == ["1", "2"]
        assert len(telegram.sent(OPERATOR)) == 1
        telegram.press(answer, "2", OPERATOR)
        opened = telegram.reply(OPERATOR, 2)
        assert "Zeppelin 2 carried mail" in opened["text"]
        assert labels(opened) == ["Take it out"]
        assert answered(telegram, "4 files: 2 read")["message_id"] == answer["message_id"], "the list stays"
        assert "Traceback" not in bot.err


def test_an_album_of_somebody_else_is_refused_once(telegram: LocalTelegram, data: Path) -> None:
    with BotProcess(data, telegram, TRENDBOT_OPERATORS=str(OPERATOR)) as bot:
        bot.listening()
        send_album(telegram, STRANGER, "a.md", "b.md", "c.md")
        telegram.say(STRANGER, STRANGER, "/help")
        telegram.wait(lambda: len(telegram.sent(STRANGER)) == 2, "a refusal and the help")
        assert telegram.sent(STRANGER)[0]["text"].startswith("Only the operator")


def test_a_kill_between_two_files_loses_none_and_leaves_one_true_message(
    telegram: LocalTelegram, data: Path
) -> None:
    names = [f"note-{number}.md" for number in range(6)]
    with BotProcess(data, telegram, TRENDBOT_OPERATORS=str(OPERATOR)) as bot:
        bot.listening()
        send_album(telegram, OPERATOR, *names)
        telegram.wait(
            lambda: any(" read" in one["text"] for one in telegram.sent(OPERATOR)), "the first file"
        )
        bot.end(SIGKILL)
    with BotProcess(data, telegram, TRENDBOT_OPERATORS=str(OPERATOR)) as bot:
        bot.listening()
        answer = answered(telegram, "6 files: 6 read.")
        assert labels(answer) == [str(number) for number in range(1, 7)]
        assert len(telegram.sent(OPERATOR)) == 1
