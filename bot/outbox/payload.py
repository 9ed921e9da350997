"""A Message as the outbox keeps it: JSON whose buttons are in Telegram's own form, so that sending encodes nothing.

A picture is kept as what it is drawn from, so that one that was not sent yet is drawn again after a crash.
"""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from bot.messages import Button, Image, Link, Message
from bot.rendering.callbacks import encode

_COMPACT: dict[str, Any] = {"ensure_ascii": False, "separators": (",", ":")}


class Payload(NamedTuple):
    """A message's HTML, the text of its InlineKeyboardMarkup (Bot API; "" without buttons), and its picture."""

    html: str
    markup: str
    image: Image | None


def dump(message: Message) -> str:
    """The message as JSON: {"html", "markup"}, and "svg" where it has a picture."""
    rows = [[_button(button) for button in row] for row in message.buttons]
    markup = json.dumps({"inline_keyboard": rows}, **_COMPACT) if rows else ""
    value = {"html": message.html, "markup": markup}
    if message.image is not None:
        value["svg"] = message.image.svg
    return json.dumps(value, **_COMPACT)


def load(payload: str) -> Payload:
    """What dump() wrote."""
    value = json.loads(payload)
    image = Image(value["svg"]) if "svg" in value else None
    return Payload(value["html"], value["markup"], image)


def _button(button: Button) -> dict[str, str]:
    if isinstance(button.action, Link):
        return {"text": button.text, "url": button.action.url}
    return {"text": button.text, "callback_data": encode(button.action)}
