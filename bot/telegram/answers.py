"""Decides which HTTP answers are Telegram's own and what they mean. Every other answer counts as a network fault.

Proxies, captive portals and firewalls answer in Telegram's place. Only an answer in the Bot API's form may close a
chat, migrate a group, give up a message or refuse the token: JSON with `ok` and, for an error, the HTTP status as
`error_code` and a description that begins with that status's own phrase (telegram-bot-api, Client.cpp,
fail_query_with_error). python-telegram-bot goes by the status alone, and logs the body of what it cannot parse.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, NoReturn, TypeGuard

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

LONGEST_RETRY = 86_400
"""Longest retry_after of a 429 that is believed, in seconds. Telegram's own are minutes, rarely hours."""

_PHRASES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    413: "Request Entity Too Large",
    429: "Too Many Requests",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}
# A method that this server lacks says nothing about the token (telegram-bot-api, Client.cpp).
_NO_METHOD = "method not found"
_DESCRIPTION = 300
_TOKEN = re.compile(r"\d{3,}(?::|%3[Aa])[\w-]{16,}")
_NUMBER_BITS, _DATE_BITS = 52, 35


class ForeignAnswer(NetworkError):
    """Something between the bot and Telegram answered. Whether the request arrived is unknown."""


class TelegramFailure(NetworkError):
    """Telegram itself reports that it failed: a 5xx in the Bot API's form."""


class CheckedAnswer(bytes):
    """Body of a successful answer in the Bot API's form; `parsed` is its JSON."""

    parsed: dict[str, Any]


def checked(method: str, status: int, body: bytes) -> CheckedAnswer:
    """Return the answer to a call of `method` (as in the URL: "sendMessage").

    Raises the TelegramError for a refusal by Telegram, and ForeignAnswer for anything that Telegram would not answer:
    another form, another type of result, a number out of bounds. Neither quotes a foreign body.
    """
    try:
        parsed = _DECODER.decode(body.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        parsed = None
    if not isinstance(parsed, dict):
        raise _foreign(status, body)
    if 200 <= status <= 299:
        is_result = _RESULTS.get(method, _is_given)
        if parsed.get("ok") is not True or not is_result(parsed.get("result")):
            raise _foreign(status, body)
        answer = CheckedAnswer(body)
        answer.parsed = parsed
        return answer
    raise _refusal(status, parsed) or _foreign(status, body)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


_DECODER = json.JSONDecoder(parse_constant=_refuse_constant)


def _foreign(status: int, body: bytes) -> ForeignAnswer:
    return ForeignAnswer(f"The answer is not Telegram's: HTTP {status}, {len(body)} bytes.")


def _refusal(status: int, answer: dict[str, Any]) -> TelegramError | None:
    """Return the error of an answer in the Bot API's form, or None where it is not in that form."""
    description, parameters = answer.get("description"), answer.get("parameters", {})
    phrase = _PHRASES.get(status)
    if (
        answer.get("ok") is not False
        or answer.get("error_code") != status
        or not isinstance(description, str)
        or not isinstance(parameters, dict)
        or phrase is None
        or not description.startswith(phrase)
    ):
        return None
    text = _TOKEN.sub("<token>", " ".join(description.split())[:_DESCRIPTION])
    if status == 429:
        seconds = parameters.get("retry_after")
        return RetryAfter(seconds) if _is_number(seconds) and 0 < seconds <= LONGEST_RETRY else None
    if status == 400 and "migrate_to_chat_id" in parameters:
        chat = parameters["migrate_to_chat_id"]
        return ChatMigrated(chat) if _is_number(chat) and chat < 0 else None
    return _error(status, text)


def _error(status: int, text: str) -> TelegramError:
    match status:
        case 401:
            return InvalidToken(text)
        case 404 if _NO_METHOD not in text:
            return InvalidToken(text)
        case 403:
            return Forbidden(text)
        case 409:
            return Conflict(text)
        case _ if status >= 500:
            return TelegramFailure(text)
        case _:
            return BadRequest(text)


def _is_number(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1 << _NUMBER_BITS


def _is_given(value: object) -> bool:
    return value is not None


def _is_user(value: object) -> bool:
    return (
        isinstance(value, dict)
        and _is_number(value.get("id"))
        and isinstance(value.get("is_bot"), bool)
        and isinstance(value.get("first_name"), str)
    )


def _is_me(value: object) -> bool:
    return _is_user(value) and isinstance(value, dict) and isinstance(value.get("username"), str)


def _is_message(value: object) -> bool:
    if not isinstance(value, dict):
        return False
    chat, date = value.get("chat"), value.get("date")
    return (
        _is_number(value.get("message_id"))
        and isinstance(date, int)
        and 0 <= date < 1 << _DATE_BITS
        and isinstance(chat, dict)
        and _is_number(chat.get("id"))
        and isinstance(chat.get("type"), str)
    )


def _is_member(value: object) -> bool:
    return isinstance(value, dict) and isinstance(value.get("status"), str) and _is_user(value.get("user"))


def _is_file(value: object) -> bool:
    return isinstance(value, dict) and all(
        isinstance(value.get(name), str) for name in ("file_id", "file_unique_id")
    )


_RESULTS: dict[str, Callable[[object], bool]] = {
    "getMe": _is_me,
    "getUpdates": lambda value: isinstance(value, list),
    "getChatMember": _is_member,
    "getFile": _is_file,
    "getWebhookInfo": lambda value: isinstance(value, dict) and isinstance(value.get("url"), str),
    "sendMessage": _is_message,
    "sendDocument": _is_message,
    "sendPhoto": _is_message,
    "editMessageText": lambda value: value is True or _is_message(value),
    "editMessageMedia": lambda value: value is True or _is_message(value),
}
"""Validators of the results that this bot reads (Bot API). A result of any other method only has to be present."""
