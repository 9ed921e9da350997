"""Sends a Message to Telegram, edits one in place, or answers an inline query. The only converter from our values to Telegram's."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputFile,
    InputMediaPhoto,
    InputTextMessageContent,
    LinkPreviewOptions,
    ReplyParameters,
)
from telegram import Message as TelegramMessage
from telegram.constants import ParseMode
from telegram.error import BadRequest, NetworkError

from bot.messages import Card, Link, Message, Place
from bot.rendering.attachment import Attachment
from bot.rendering.callbacks import encode
from bot.rendering.renderer import plain_text
from bot.telegram import in_flight
from bot.telegram.limiter import NotPermitted
from bot.telegram.pictures import FILE_NAME, Pictures

_log = logging.getLogger(__name__)

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
# Bot API, answerCallbackQuery: a longer text is refused, and the person would see nothing.
_NOTICE = 200
# A person waits: a few quick tries, then they are told.
_PAUSES = (0.5, 2.0, 5.0)


_CACHE_SECONDS = 300
"""Seconds for which Telegram may repeat an answer to the same person: about as long as the library stays unchanged."""


def keyboard(message: Message) -> InlineKeyboardMarkup | None:
    """Return the inline keyboard of a message, None without buttons."""
    if not message.buttons:
        return None
    return InlineKeyboardMarkup(
        [
            [
                InlineKeyboardButton(button.text, url=button.action.url)
                if isinstance(button.action, Link)
                else InlineKeyboardButton(button.text, callback_data=encode(button.action))
                for button in row
            ]
            for row in message.buttons
        ]
    )


async def send(
    bot: Bot, place: Place, message: Message, reply_to: int | None = None, pictures: Pictures | None = None
) -> int:
    """Send a message, as a reply to `reply_to` where it is given, and return its id in the chat.

    A message with a picture needs `pictures`. Raises TelegramError when Telegram refuses it or cannot be reached in
    four tries. A time-out may hide a message that arrived; it is sent again, because silence is worse than a
    repetition.
    """
    common: dict[str, Any] = {
        "chat_id": place.chat_id,
        "reply_markup": keyboard(message),
        "message_thread_id": place.thread_id or None,
        "reply_parameters": ReplyParameters(reply_to, allow_sending_without_reply=True) if reply_to else None,
    }
    sent = 0

    async def attempt(text: str, mode: str | None) -> None:
        nonlocal sent
        photo = await pictures.media(message.image) if pictures and message.image else None
        if photo is None:
            answer = await bot.send_message(
                text=text, parse_mode=mode, link_preview_options=_NO_PREVIEW, **common
            )
        else:
            answer = await bot.send_photo(
                photo=photo, filename=FILE_NAME, caption=text, parse_mode=mode, **common
            )
            _remember(pictures, message, answer)
        sent = answer.message_id

    await _deliver(message, attempt, pictures)
    return sent


async def send_first(bot: Bot, place: Place, message: Message) -> int | None:
    """Send, in one try, a progress message that will be edited; return its id, or None where it did not arrive."""
    try:
        sent = await bot.send_message(
            chat_id=place.chat_id, text=plain_text(message.html), message_thread_id=place.thread_id or None
        )
    except NetworkError as error:
        _log.info("What takes long was not announced: %s", error)
        return None
    in_flight.release()  # the work that it announces takes long, and so would waiting for its record
    return sent.message_id


async def edit_first(bot: Bot, chat_id: int, message_id: int, message: Message) -> None:
    """Edit a message of send_first() to report progress; other messages go on meanwhile."""
    try:
        await edit(bot, chat_id, message_id, message)
    finally:
        in_flight.release()  # progress is no record of the work


async def send_file(bot: Bot, place: Place, file: Attachment) -> None:
    """Send a text file. Raises TelegramError when Telegram refuses it or cannot be reached in four tries."""

    async def attempt(_text: str, _mode: str | None) -> None:
        await bot.send_document(
            chat_id=place.chat_id,
            document=InputFile(file.text.encode(), filename=file.name),
            message_thread_id=place.thread_id or None,
        )

    await _patiently(attempt, "", None)


async def edit(
    bot: Bot, chat_id: int, message_id: int, message: Message, pictures: Pictures | None = None
) -> None:
    """Replace a message's content, with the retries of send(); identical content is no error.

    A picture can replace a text, but a text cannot replace a picture (Bot API, editMessageText).
    """
    common: dict[str, Any] = {
        "chat_id": chat_id,
        "message_id": message_id,
        "reply_markup": keyboard(message),
    }

    async def attempt(text: str, mode: str | None) -> None:
        if message.image is None or pictures is None:
            await bot.edit_message_text(
                text=text, parse_mode=mode, link_preview_options=_NO_PREVIEW, **common
            )
            return
        photo = await pictures.media(message.image)
        if photo is None:
            await bot.edit_message_caption(caption=text, parse_mode=mode, **common)
            return
        media = InputMediaPhoto(photo, caption=text, parse_mode=mode, filename=FILE_NAME)
        _remember(pictures, message, await bot.edit_message_media(media, **common))

    try:
        await _deliver(message, attempt, pictures)
    except BadRequest as error:
        if "not modified" not in str(error):
            raise


def _remember(pictures: Pictures | None, message: Message, answer: TelegramMessage | bool) -> None:
    if pictures and message.image and isinstance(answer, TelegramMessage):
        pictures.remember(message.image, answer.photo)


async def _deliver(
    message: Message, attempt: Callable[[str, str | None], Awaitable[None]], pictures: Pictures | None = None
) -> None:
    """Try with the message's HTML, then with its plain text where Telegram cannot parse the HTML.

    A picture whose file id Telegram no longer knows is uploaded again.
    """
    try:
        await _patiently(attempt, message.html, ParseMode.HTML)
    except BadRequest as error:
        if pictures and message.image and await pictures.drop_if_unknown(message.image, error):
            await _patiently(attempt, message.html, ParseMode.HTML)
            return
        if "parse entities" not in str(error):
            raise
        # The template is at fault: the text matters more than its formatting. No traceback: its frames hold the message.
        _log.error("Telegram could not read a message's HTML (%s); sent without it.", error)
        await _patiently(attempt, plain_text(message.html), None)


async def _patiently(
    attempt: Callable[[str, str | None], Awaitable[None]], text: str, mode: str | None
) -> None:
    for pause in (*_PAUSES, None):
        try:
            await attempt(text, mode)
        except (BadRequest, NotPermitted):
            raise
        except NetworkError as error:
            if pause is None:
                raise
            in_flight.release()
            _log.warning("Sending failed (%s); trying again in %.1f s.", type(error).__name__, pause)
            await asyncio.sleep(pause)
        else:
            return


async def answer_press(bot: Bot, query_id: str, notice: str) -> None:
    """End the loading state of a pressed button, with a notice if there is one. Too late is no error."""
    if len(notice) > _NOTICE:
        notice = f"{notice[: _NOTICE - 1]}…"
    try:
        await bot.answer_callback_query(query_id, text=notice or None, show_alert=bool(notice))
    except NetworkError as error:  # BadRequest is one
        _log.info("A press was not answered: %s", error)


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
