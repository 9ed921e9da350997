"""Photos at the local Telegram, by a client that shares no code with the bot: sent, sent again by id, and replaced."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import BufferedInputFile, InputMediaAudio, InputMediaDocument, InputMediaPhoto, Message
from picture_kit import jpeg, png

from bot.playground.server import LocalTelegram

ME = 7


@pytest.fixture
def telegram() -> Iterator[LocalTelegram]:
    with LocalTelegram() as telegram:
        telegram.say(ME, ME, "hello")
        yield telegram
        assert telegram.lost == []


def with_bot(telegram: LocalTelegram, test: Callable[[Bot], Awaitable[None]]) -> None:
    async def run() -> None:
        session = AiohttpSession(api=TelegramAPIServer.from_base(telegram.url))
        async with Bot(telegram.token, session=session) as bot:
            await test(bot)

    asyncio.run(run())


def upload(content: bytes) -> BufferedInputFile:
    return BufferedInputFile(content, "chart.png")


def test_a_photo_has_its_own_size_and_is_sent_again_by_its_id(telegram: LocalTelegram) -> None:
    async def test(bot: Bot) -> None:
        first = await bot.send_photo(ME, upload(png(30, 20)), caption="<b>one</b>", parse_mode="HTML")
        assert first.photo is not None
        assert (first.photo[-1].width, first.photo[-1].height, first.caption) == (30, 20, "one")
        again = await bot.send_photo(ME, first.photo[-1].file_id)
        assert again.photo == first.photo
        tall = await bot.send_photo(ME, upload(jpeg(40, 300)))
        assert tall.photo is not None
        assert (tall.photo[-1].width, tall.photo[-1].height) == (40, 300)

    with_bot(telegram, test)
    assert telegram.refused == []
    assert len(telegram.files) == 2


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"%PDF-1.7", "IMAGE_PROCESS_FAILED"),
        (b"\x89PNG", "IMAGE_PROCESS_FAILED"),
        (b"\xff\xd8\xff\xe0\x00\x04ab", "IMAGE_PROCESS_FAILED"),
        (png(0, 9), "PHOTO_INVALID_DIMENSIONS"),
        (png(21, 1), "PHOTO_INVALID_DIMENSIONS"),
        (jpeg(9_000, 1_001), "PHOTO_INVALID_DIMENSIONS"),
        (b"", "file must be non-empty"),
        (png() + bytes(10 << 20), "file is too big for a photo (local)"),
    ],
    ids=("document", "head", "frameless", "empty", "flat", "large", "nothing", "heavy"),
)
def test_what_is_no_photo_is_refused(telegram: LocalTelegram, content: bytes, reason: str) -> None:
    async def test(bot: Bot) -> None:
        with pytest.raises(TelegramBadRequest, match=re.escape(f"Bad Request: {reason}")):
            await bot.send_photo(ME, upload(content))

    with_bot(telegram, test)
    assert telegram.sent(ME) == []


def test_a_document_is_no_photo_and_a_caption_is_short(telegram: LocalTelegram) -> None:
    async def test(bot: Bot) -> None:
        report = await bot.send_document(ME, BufferedInputFile(png(), "a.png"))
        assert report.document is not None
        for media, caption, reason in (
            (report.document.file_id, None, "can't use file of type Document as Photo"),
            ("AgACAgIAAxkB", None, "wrong remote file identifier specified"),
            (upload(png()), "x" * 1_025, "message caption is too long"),
        ):
            with pytest.raises(TelegramBadRequest, match=reason):
                await bot.send_photo(ME, media, caption=caption)
        with pytest.raises(TelegramBadRequest, match="no text in the message to edit"):
            await bot.edit_message_text("words", chat_id=ME, message_id=report.message_id)

    with_bot(telegram, test)


def test_a_photo_takes_the_place_of_a_text_and_of_another_photo(telegram: LocalTelegram) -> None:
    async def test(bot: Bot) -> None:
        said = await bot.send_message(ME, "words")
        where: dict[str, Any] = {"chat_id": ME, "message_id": said.message_id}
        media = InputMediaPhoto(media=upload(png(30, 20)), caption="<i>one</i>", parse_mode="HTML")
        edited = await bot.edit_message_media(media, **where)
        assert isinstance(edited, Message)
        assert edited.photo is not None
        assert (edited.text, edited.caption, edited.photo[-1].width) == (None, "one", 30)
        first = edited.photo[-1].file_id
        await bot.edit_message_media(InputMediaPhoto(media=upload(png(50, 20))), **where)
        with pytest.raises(TelegramBadRequest, match="message caption is too long"):
            await bot.edit_message_media(InputMediaPhoto(media=first, caption="x" * 1_025), **where)
        back = InputMediaPhoto(media=first, caption="two")
        await bot.edit_message_media(back, **where)
        with pytest.raises(TelegramBadRequest, match="message is not modified"):
            await bot.edit_message_media(back, **where)
        await bot.edit_message_caption(caption="three", **where)

    with_bot(telegram, test)
    (message,) = telegram.sent(ME)
    assert (message["caption"], message["photo"][0]["width"]) == ("three", 30)
    assert "text" not in message


def test_what_is_not_played_is_said(telegram: LocalTelegram) -> None:
    async def test(bot: Bot) -> None:
        said = await bot.send_message(ME, "words")
        where: dict[str, Any] = {"chat_id": ME, "message_id": said.message_id}
        with pytest.raises(TelegramBadRequest, match=r"only photos and documents are played .*\(local\)"):
            await bot.edit_message_media(InputMediaAudio(media=upload(png())), **where)
        await bot.edit_message_media(InputMediaDocument(media=upload(b"# text")), **where)
        with pytest.raises(TelegramBadRequest, match="message to edit not found"):
            await bot.edit_message_media(
                InputMediaPhoto(media=upload(png())), chat_id=ME, message_id=said.message_id + 9
            )

    with_bot(telegram, test)
    assert telegram.sent(ME)[0]["document"]["file_name"] == "chart.png"
