"""A notice over a pressed button is never refused for its length."""

from __future__ import annotations

import asyncio

from telegram import Bot

from bot.playground.server import LocalTelegram
from bot.telegram.send import answer_press

MOST = 200  # Bot API, answerCallbackQuery


def test_a_long_notice_is_cut_to_what_telegram_takes_and_a_short_one_is_left_alone() -> None:
    async def press(telegram: LocalTelegram) -> None:
        async with Bot(telegram.token, base_url=f"{telegram.url}/bot") as bot:
            for text in ("x" * MOST, "x" * (MOST + 1)):
                await answer_press(bot, "1", text)

    with LocalTelegram() as telegram:
        asyncio.run(press(telegram))
        sent = [call.parameters["text"] for call in telegram.called("answerCallbackQuery")]
    assert sent == ["x" * MOST, "x" * (MOST - 1) + "…"]
