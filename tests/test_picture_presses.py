"""Pictures in a running bot: a press replaces a picture by a picture, and sends anything else as a new message."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from bot_process import BotProcess
from picture_kit import size_of

from bot.playground.server import LocalTelegram

ME, GROUP = 7, -1_000_000_000_007


@pytest.fixture
def telegram() -> Iterator[LocalTelegram]:
    with LocalTelegram() as telegram:
        telegram.add_user(ME, language_code="en")
        yield telegram
        assert telegram.refused == []
        assert telegram.lost == []


@pytest.fixture
def bot(telegram: LocalTelegram, data: Path) -> Iterator[BotProcess]:
    with BotProcess(data, telegram) as bot:
        yield bot.listening()


@pytest.mark.usefixtures("bot")
def test_a_picture_gives_way_to_a_picture_and_to_nothing_else(telegram: LocalTelegram) -> None:
    telegram.say(ME, ME, "/chart compute")
    chart = telegram.reply(ME)
    (photo,) = chart["photo"]
    assert size_of(telegram.files[photo["file_id"]].content) == (photo["width"], photo["height"])
    assert chart["caption"].startswith("Compute")
    telegram.press(chart, "By language", ME)
    by_language = telegram.edited(chart)
    assert by_language["photo"] != chart["photo"]
    assert "English and Chinese" in by_language["caption"]
    telegram.press(by_language, "Briefing", ME)
    briefing = telegram.reply(ME, 2)
    assert "photo" not in briefing
    assert briefing["text"].startswith("Compute")
    telegram.press(by_language, "1", ME)
    passage = telegram.reply(ME, 3)
    assert "photo" not in passage
    assert telegram.messages[ME, chart["message_id"]] == by_language


def photos_in(chat: int, telegram: LocalTelegram) -> list[Any]:
    return [message["photo"] for message in telegram.sent(chat) if "photo" in message]


@pytest.mark.usefixtures("bot")
def test_the_same_picture_is_uploaded_once_for_everybody(telegram: LocalTelegram) -> None:
    telegram.create_group(GROUP, "Club", ME)
    telegram.add_bot(GROUP, ME)
    pictures: list[Any] = []
    for chat in (ME, GROUP):
        telegram.say(chat, ME, "/compare@trendtest_bot compute vs chips")
        pictures.append(telegram.wait(partial(photos_in, chat, telegram), "a picture")[0])
    assert pictures[0] == pictures[1]
    assert len(telegram.files) == 1


@pytest.mark.usefixtures("bot")
def test_a_text_stays_where_it_is_and_its_picture_comes_below(telegram: LocalTelegram) -> None:
    telegram.say(ME, ME, "/timeline compute")
    timeline = telegram.reply(ME)
    telegram.press(timeline, "Chart", ME)
    assert "photo" in telegram.reply(ME, 2)
    assert telegram.messages[ME, timeline["message_id"]] == timeline
