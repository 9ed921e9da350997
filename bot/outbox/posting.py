"""Posts a part of the outbox to Telegram: builds its parameters, and uploads its picture if Telegram lacks it."""

from __future__ import annotations

from typing import Any

from telegram import InputFile
from telegram.constants import ParseMode
from telegram.error import BadRequest
from telegram.ext import ExtBot

from bot.outbox.payload import load
from bot.rendering.renderer import plain_text
from bot.state.outbox import Part
from bot.telegram.pictures import FILE_NAME, Pictures

_NO_PREVIEW = '{"is_disabled":true}'
_HTML = str(ParseMode.HTML)


class Posting:
    """Client that posts parts in the bot's slow lane, which leaves room for answers."""

    def __init__(self, bot: ExtBot[Any], pictures: Pictures) -> None:
        self._bot = bot
        self._lane = bot._merge_api_rl_kwargs(None, "broadcast")  # noqa: SLF001  # as ExtBot's own methods do
        self._pictures = pictures

    async def post(self, part: Part) -> int:
        """Post a part and return the id of its message. Raises TelegramError."""
        html, markup, image = load(part.payload)
        form = _form(part, markup)
        text = plain_text(html) if part.plain else html
        photo = await self._pictures.media(image) if image else None
        # Not send_message(): parsing the buttons and the response into objects costs as much as everything else.
        if image is None or photo is None:
            form |= {"text": text, "link_preview_options": _NO_PREVIEW}
            return int((await self._call("sendMessage", form))["message_id"])
        form["caption"] = text
        form["photo"] = photo if isinstance(photo, str) else InputFile(photo, FILE_NAME)
        try:
            answer = await self._call("sendPhoto", form)
        except BadRequest as error:
            if not await self._pictures.drop_if_unknown(image, error):
                raise
            # Telegram has not taken the message: try again in the same attempt, with the picture itself.
            return await self.post(part)
        self._pictures.remember(image, answer.get("photo"))
        return int(answer["message_id"])

    async def _call(self, method: str, form: dict[str, Any]) -> dict[str, Any]:
        answer: Any = await self._bot._post(method, form, api_kwargs=self._lane)  # noqa: SLF001
        return dict(answer)


def _form(part: Part, markup: str) -> dict[str, Any]:
    """Return the parameters of a message except its text.

    Each is a string, as it is sent: PTB encodes any other value one by one.
    """
    form: dict[str, Any] = {
        "chat_id": str(part.chat_id),
        "disable_notification": "true" if part.silent else "false",
    }
    if not part.plain:
        form["parse_mode"] = _HTML
    if markup and (not part.plain or "parse entities" in part.error):
        # A plain part keeps its buttons only if Telegram blamed the text; otherwise a button may be at fault.
        form["reply_markup"] = markup
    if part.thread_id:
        form["message_thread_id"] = str(part.thread_id)
    return form
