"""Clients that share no code with the bot's library work against the local Telegram."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from io import BytesIO

import pytest
from aiogram import Bot, Dispatcher
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ParseMode
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramRetryAfter,
)
from aiogram.filters import Command
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllGroupChats,
    BufferedInputFile,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
)
from picture_kit import png

from bot.playground.server import LocalTelegram

ME = 7
KEYBOARD = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="More", callback_data="more")]])


@pytest.fixture
def telegram() -> Iterator[LocalTelegram]:
    """A local Telegram that must lose no markup."""
    with LocalTelegram() as telegram:
        telegram.say(ME, ME, "hello")
        yield telegram
        assert telegram.lost == []


def with_bot(telegram: LocalTelegram, test: Callable[[Bot], Awaitable[None]]) -> None:
    """Run a test with aiogram's bot on our server."""

    async def run() -> None:
        session = AiohttpSession(api=TelegramAPIServer.from_base(telegram.url))
        properties = DefaultBotProperties(parse_mode=ParseMode.HTML)
        async with Bot(telegram.token, session=session, default=properties) as bot:
            await test(bot)

    asyncio.run(run())


def test_it_sends_edits_uploads_and_downloads(telegram: LocalTelegram) -> None:
    async def test(bot: Bot) -> None:
        me = await bot.get_me()
        assert me.username == telegram.username
        sent = await bot.send_message(ME, "<b>算力</b> &amp; more", reply_markup=KEYBOARD)
        assert (sent.text, sent.html_text) == ("算力 & more", "<b>算力</b> &amp; more")
        edited = await bot.edit_message_text("<i>done</i>", chat_id=ME, message_id=sent.message_id)
        assert isinstance(edited, Message)
        assert edited.html_text == "<i>done</i>"
        assert edited.reply_markup is None
        report = await bot.send_document(ME, BufferedInputFile(b"# x", "算力.md"), caption="<b>a</b>")
        assert report.document is not None
        assert (report.document.file_name, report.caption) == ("算力.md", "a")
        content = await bot.download(report.document, BytesIO())
        assert content is not None
        assert content.read() == b"# x"
        await bot.send_photo(ME, BufferedInputFile(png(), "x.png"))
        await bot.set_my_commands(
            [BotCommand(command="trend", description="x")], scope=BotCommandScopeAllGroupChats()
        )
        assert [c.command for c in await bot.get_my_commands(scope=BotCommandScopeAllGroupChats())] == [
            "trend"
        ]
        assert (await bot.get_chat(ME)).type == "private"
        assert await bot.delete_message(ME, sent.message_id)

    with_bot(telegram, test)
    assert telegram.refused == []
    assert [m.get("text") for m in telegram.history(ME)] == ["hello", None, None]


def test_its_dispatcher_answers_a_command_and_a_press(telegram: LocalTelegram) -> None:
    dispatcher = Dispatcher()

    @dispatcher.message(Command("trend"))
    async def trend(message: Message) -> None:
        await message.answer("Compute", reply_markup=KEYBOARD)

    @dispatcher.callback_query()
    async def more(query: CallbackQuery) -> None:
        assert isinstance(query.message, Message)
        await query.message.edit_text(f"{query.message.text}: {query.data}")
        await query.answer("Here it is")

    async def test(bot: Bot) -> None:
        polling = asyncio.create_task(
            dispatcher.start_polling(bot, handle_signals=False, close_bot_session=False)
        )

        def talk() -> None:
            telegram.say(ME, ME, "/trend compute")
            query = telegram.press(telegram.reply(ME), "More", ME)
            assert telegram.notice(query) == "Here it is"

        await asyncio.to_thread(talk)
        await dispatcher.stop_polling()
        await polling

    with_bot(telegram, test)
    assert telegram.sent(ME)[0]["text"] == "Compute: more"
    assert telegram.refused == []


def test_it_understands_every_kind_of_refusal(telegram: LocalTelegram) -> None:
    telegram.say(8, 8, "hello")
    telegram.block(8)
    telegram.create_group(-5, "Old", ME, kind="group")
    telegram.add_bot(-5, ME)
    new = telegram.migrate(-5)
    telegram.fail_next("sendMessage", retry_after=3)

    async def test(bot: Bot) -> None:
        with pytest.raises(TelegramRetryAfter) as flood:
            await bot.send_message(ME, "x")
        assert flood.value.retry_after == 3
        with pytest.raises(TelegramBadRequest, match="Unsupported start tag"):
            await bot.send_message(ME, "<h1>x</h1>")
        with pytest.raises(TelegramForbiddenError, match="blocked"):
            await bot.send_message(8, "x")
        with pytest.raises(TelegramMigrateToChat) as migrated:
            await bot.send_message(-5, "x")
        assert migrated.value.migrate_to_chat_id == new

    with_bot(telegram, test)
