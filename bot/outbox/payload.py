"""A Message as the outbox keeps it: JSON whose buttons are in Telegram's own form, so that sending encodes nothing."""

from __future__ import annotations

import json
from typing import Any

from bot.messages import Button, Link, Message
from bot.rendering.callbacks import encode

_COMPACT: dict[str, Any] = {"ensure_ascii": False, "separators": (",", ":")}


def dump(message: Message) -> str:
    """The message as JSON: {"html", "markup"}; `markup` is the text of an InlineKeyboardMarkup (Bot API), or ""."""
    rows = [[_button(button) for button in row] for row in message.buttons]
    markup = json.dumps({"inline_keyboard": rows}, **_COMPACT) if rows else ""
    return json.dumps({"html": message.html, "markup": markup}, **_COMPACT)


def load(payload: str) -> tuple[str, str]:
    """The HTML and the markup of a payload."""
    value = json.loads(payload)
    return value["html"], value["markup"]


def _button(button: Button) -> dict[str, str]:
    if isinstance(button.action, Link):
        return {"text": button.text, "url": button.action.url}
    return {"text": button.text, "callback_data": encode(button.action)}
