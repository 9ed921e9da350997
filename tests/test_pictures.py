"""A picture is stored as its source, drawn when it is sent, uploaded once, and its failure never costs the message's words."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from picture_kit import size_of
from postgres_kit import OpenState
from sender_kit import FastClock, empty, sending
from telegram.ext import ExtBot

from bot.charts.drawing import WIDTH, CannotDraw, draw, key_of
from bot.messages import Button, Image, Link, Message, Place
from bot.outbox.payload import dump, load
from bot.playground.server import TOKEN, LocalTelegram
from bot.rendering.renderer import fits
from bot.state.state import State
from bot.telegram.http import AiohttpRequest
from bot.telegram.pictures import Pictures
from bot.telegram.send import edit, send

NOW = int(time.time())
ME = 7


def image(text: str = "算力") -> Image:
    return Image(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 48"><rect width="64" height="48" fill="#fff"/>'
        f'<text x="4" y="30" font-family="Trendbot Sans" font-size="20">{text}</text></svg>'
    )


CHART = Message("<b>Compute</b> by month", ((Button("Open", Link("https://example.org/")),),), image())


@pytest.fixture
def telegram() -> Iterator[LocalTelegram]:
    with LocalTelegram() as telegram:
        telegram.say(ME, ME, "hello")
        yield telegram


@pytest.fixture
def state(open_state: OpenState, tmp_path: Path) -> Iterator[State]:
    state = open_state(tmp_path / "state.db")
    yield state
    state.close()


def send_all(state: State, telegram: LocalTelegram, messages: list[Message]) -> None:
    """Queue each message as a delivery of its own, and send until the outbox is empty."""

    async def main() -> None:
        async with sending(state, telegram, FastClock()):
            await empty(state)

    for number, message in enumerate(messages):
        state.outbox.put(f"d{number}-{time.monotonic_ns()}", Place(ME), [dump(message)], NOW, silent=True)
    asyncio.run(main())


def with_bot(telegram: LocalTelegram, test: Callable[[ExtBot[Any]], Awaitable[None]]) -> None:
    async def main() -> None:
        async with ExtBot(TOKEN, base_url=f"{telegram.url}/bot", request=AiohttpRequest()) as bot:
            await test(bot)

    asyncio.run(main())


def test_a_picture_is_drawn_with_our_letters_alone() -> None:
    drawn = draw(image())
    assert size_of(drawn) == (WIDTH, WIDTH * 48 // 64)
    assert drawn == draw(image())
    assert drawn != draw(image("")), "the letters are there"
    with pytest.raises(CannotDraw):
        draw(Image("<svg"))


def test_a_caption_is_shorter_than_a_text() -> None:
    assert fits(Message("x" * 4096))
    assert not fits(Message("x" * 1025, image=image()))
    assert fits(Message("x" * 1024, image=image()))


def test_what_waits_is_what_the_picture_is_drawn_from() -> None:
    html, markup, kept = load(dump(CHART))
    assert (html, kept) == (CHART.html, CHART.image)
    assert "example.org" in markup
    assert load('{"html":"a","markup":""}').image is None, "as older versions wrote it"


def test_the_outbox_uploads_a_picture_once(state: State, telegram: LocalTelegram) -> None:
    send_all(state, telegram, [CHART, replace(CHART, html="again"), replace(CHART, image=image("芯片"))])
    first, second, other = telegram.sent(ME)
    assert (first["caption"], second["caption"]) == ("Compute by month", "again")
    assert first["reply_markup"]["inline_keyboard"][0][0]["url"] == "https://example.org/"
    assert first["photo"] == second["photo"] != other["photo"]
    assert len(telegram.files) == 2
    assert telegram.called("sendPhoto")[0].parameters["disable_notification"] is True
    assert telegram.refused == []


def test_a_picture_under_way_at_a_crash_is_sent_as_it_was(state: State, telegram: LocalTelegram) -> None:
    state.outbox.put("d", Place(ME), [dump(CHART)], NOW, silent=False)
    (part,) = state.outbox.next(NOW, 1)
    assert state.outbox.take(part), "here the process ends"
    send_all(state, telegram, [])
    (message,) = telegram.sent(ME)
    assert size_of(telegram.files[message["photo"][-1]["file_id"]].content)[0] == WIDTH


@pytest.mark.parametrize("waiting", [True, False], ids=["outbox", "reply"])
def test_a_name_that_telegram_has_forgotten_is_uploaded_again(
    state: State, telegram: LocalTelegram, *, waiting: bool
) -> None:
    state.uploaded_pictures.put(key_of(image()), "AgACAgIAAxkBAAM", NOW)
    if waiting:
        send_all(state, telegram, [CHART])
    else:
        with_bot(telegram, lambda bot: _send(bot, state))
    (message,) = telegram.sent(ME)
    assert state.uploaded_pictures.file_id(key_of(image())) == message["photo"][-1]["file_id"]
    assert len(telegram.called("sendPhoto")) == 2


def test_what_cannot_be_drawn_leaves_its_words(state: State, telegram: LocalTelegram) -> None:
    broken = replace(CHART, image=Image("<svg"))
    send_all(state, telegram, [broken])
    with_bot(telegram, lambda bot: _send(bot, state, broken))
    assert [m["text"] for m in telegram.sent(ME)] == ["Compute by month"] * 2


async def _send(bot: ExtBot[Any], state: State, message: Message = CHART) -> None:
    pictures = Pictures(state.uploaded_pictures, FastClock())
    await send(bot, Place(ME), message, pictures=pictures)
    await pictures.keep()


def test_a_reply_is_edited_into_another_picture_and_back(state: State, telegram: LocalTelegram) -> None:
    async def test(bot: ExtBot[Any]) -> None:
        pictures = Pictures(state.uploaded_pictures, FastClock())
        number = await send(bot, Place(ME), CHART, reply_to=1, pictures=pictures)
        for shown in (replace(CHART, image=image("芯片")), CHART, CHART):
            await edit(bot, ME, number, shown, pictures)

    with_bot(telegram, test)
    (message,) = telegram.sent(ME)
    assert message["reply_to_message"]["message_id"] == 1
    assert message["caption"] == "Compute by month"
    assert len(telegram.files) == 2, "the second and third time by its name"
    assert len(telegram.called("editMessageMedia")) == 3


def test_a_picture_whose_caption_has_broken_markup_keeps_its_words(
    state: State, telegram: LocalTelegram
) -> None:
    send_all(state, telegram, [replace(CHART, html="a < b")])
    (message,) = telegram.sent(ME)
    assert message["caption"] == "a < b"
    assert "photo" in message


def test_a_picture_goes_by_its_name_while_that_is_being_written(state: State) -> None:
    async def main() -> None:
        pictures = Pictures(state.uploaded_pictures, lambda: datetime.now(UTC))
        pictures.remember(image(), [{"file_id": "one"}])
        with state.transaction():  # So that the file's id cannot be stored yet.
            keeping = asyncio.create_task(pictures.keep())
            await asyncio.sleep(0)
            assert await pictures.media(image()) == "one"
        await keeping
        assert await pictures.media(image()) == "one"

    asyncio.run(main())


def test_what_telegram_calls_a_picture_is_kept_for_ninety_days(state: State) -> None:
    state.uploaded_pictures.put("k", "file", NOW)
    state.uploaded_pictures.put("k", "file2", NOW + 5)
    assert state.uploaded_pictures.file_id("k") == "file2"
    assert state.uploaded_pictures.expire(NOW + 5 + 90 * 86_400) == 0
    assert state.uploaded_pictures.expire(NOW + 6 + 90 * 86_400) == 1
    assert state.uploaded_pictures.file_id("k") is None
