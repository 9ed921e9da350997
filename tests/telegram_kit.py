"""Test kit for the local Telegram: calls its methods and reads its messages."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

from bot.playground.refusals import Json
from bot.playground.server import LocalTelegram


def call(telegram: LocalTelegram, method: str, **given: Any) -> tuple[int, Any]:
    """Call a method and return the status with the result, or with the description of the error."""
    request = urllib.request.Request(  # noqa: S310 - our own server
        f"{telegram.url}/bot{telegram.token}/{method}",
        json.dumps(given).encode(),
        {"Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            return answer.status, json.load(answer)["result"]
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)["description"]


def buttons(message: Json) -> list[Json]:
    """Return the inline buttons under a message, row by row."""
    return [button for row in message.get("reply_markup", {}).get("inline_keyboard", []) for button in row]


def labels(message: Json) -> list[str]:
    """Return the labels of the inline buttons under a message."""
    return [button["text"] for button in buttons(message)]


def shown(message: Json) -> Json:
    """Return a message without its edit date, so that messages that look the same are equal."""
    return {name: value for name, value in message.items() if name != "edit_date"}
