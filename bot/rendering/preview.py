"""Renders a message outside Telegram: as the text a reader would see, and as plain values for JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.messages import Button, Link, Message
from bot.rendering.callbacks import encode
from bot.rendering.renderer import plain_text


def as_text(message: Message) -> str:
    """Return the message without tags; picture and buttons are shown in brackets, a line per row of buttons."""
    rows = [" ".join(f"[{button.text}]" for button in row) for row in message.buttons]
    picture = ["[picture]"] if message.image else []
    return "\n".join([*picture, plain_text(message.html), *([""] if rows else []), *rows])


def as_value(message: Message) -> dict[str, Any]:
    """Return the message for JSON: text, html, rows of buttons with `data` or `url`, and whether it has a photo."""
    return {
        "text": plain_text(message.html),
        "html": message.html,
        "buttons": [[_button(button) for button in row] for row in message.buttons],
        "photo": message.image is not None,
    }


def joined_value(messages: Sequence[Message]) -> dict[str, Any]:
    """Return the parts of one answer as one value of the same form, their texts separated by a blank line."""
    values = [as_value(message) for message in messages]
    return {
        "text": "\n\n".join(value["text"] for value in values),
        "html": "\n\n".join(value["html"] for value in values),
        "buttons": [row for value in values for row in value["buttons"]],
        "photo": any(value["photo"] for value in values),
    }


def _button(button: Button) -> dict[str, str]:
    if isinstance(button.action, Link):
        return {"text": button.text, "url": button.action.url}
    return {"text": button.text, "data": encode(button.action)}
