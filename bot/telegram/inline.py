"""Answers inline queries with cards. The only converter from our cards to Telegram's results."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from telegram import Bot, InlineQueryResultArticle, InputTextMessageContent, LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import NetworkError

from bot.messages import Card

_log = logging.getLogger(__name__)

_CACHE_SECONDS = 300
"""Seconds for which Telegram may repeat an answer to the same person: about as long as the library stays unchanged."""


async def answer_inline(bot: Bot, query_id: str, cards: Sequence[Card]) -> None:
    """Show what a person who types the bot's name can send. A late answer is no error: they have typed on."""
    results = [
        InlineQueryResultArticle(
            card.id,
            card.title,
            InputTextMessageContent(
                card.message.html, ParseMode.HTML, link_preview_options=LinkPreviewOptions(is_disabled=True)
            ),
            description=card.description,
        )
        for card in cards
    ]
    try:
        await bot.answer_inline_query(query_id, results, cache_time=_CACHE_SECONDS, is_personal=True)
    except NetworkError as error:  # BadRequest is one
        _log.info("An inline query was not answered: %s", error)
