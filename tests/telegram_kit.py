"""What tests ask of the local Telegram and of the messages that it holds."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

from bot.playground.refusals import Json
from bot.playground.server import LocalTelegram


def call(telegram: LocalTelegram, method: str, **given: Any) -> tuple[int, Any]:
    """Calls a method: the status and the result, or the description of the refusal."""
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
    """The inline buttons under a message, row after row."""
    return [button for row in message.get("reply_markup", {}).get("inline_keyboard", []) for button in row]


def labels(message: Json) -> list[str]:
    """What stands on the inline buttons under a message."""
    return [button["text"] for button in buttons(message)]


def shown(message: Json) -> Json:
    """A message but for when it was edited: two that are equal look the same."""
    return {name: value for name, value in message.items() if name != "edit_date"}
