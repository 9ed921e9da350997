"""A Message as the outbox stores it: JSON with the buttons in Telegram's own form, so that sending encodes nothing.

A picture is stored as its SVG source, so that one not sent yet can be drawn again after a crash.
"""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from bot.messages import Button, Image, Link, Message
from bot.rendering.callbacks import encode

_COMPACT: dict[str, Any] = {"ensure_ascii": False, "separators": (",", ":")}


class Payload(NamedTuple):
    """A message's HTML, its InlineKeyboardMarkup as JSON (Bot API; "" without buttons), and its picture if any."""

    html: str
    markup: str
    image: Image | None


def dump(message: Message) -> str:
    """Return the message as JSON: {"html", "markup"}, and "svg" if it has a picture."""
    rows = [[_button(button) for button in row] for row in message.buttons]
    markup = json.dumps({"inline_keyboard": rows}, **_COMPACT) if rows else ""
    value = {"html": message.html, "markup": markup}
    if message.image is not None:
        value["svg"] = message.image.svg
    return json.dumps(value, **_COMPACT)


def load(payload: str) -> Payload:
    """Return the payload that dump() wrote."""
    value = json.loads(payload)
    image = Image(value["svg"]) if "svg" in value else None
    return Payload(value["html"], value["markup"], image)


def _button(button: Button) -> dict[str, str]:
    if isinstance(button.action, Link):
        return {"text": button.text, "url": button.action.url}
    return {"text": button.text, "callback_data": encode(button.action)}
