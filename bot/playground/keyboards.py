"""Checks a message's keyboard as Telegram does."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from bot.playground.cleaning import units
from bot.playground.refusals import Json, bad

MAX_BUTTONS, MAX_DATA, MAX_COPIED, MAX_MARKUP_BYTES = 100, 64, 256, 10_240

_ACTIONS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
)
_HOST = re.compile(r"[\w-]+(\.[\w-]+)+\.?|localhost", re.ASCII)


def markup_fields(markup: Json | None) -> Json:
    """Return the Message fields for a keyboard; empty unless it is an inline one, as others are not part of a message.

    Raises Refused for a keyboard that Telegram would not accept.
    """
    if not markup:
        return {}
    for name in ("force_reply", "remove_keyboard"):
        if not isinstance(markup.get(name, True), bool):
            raise bad(f'Field "{name}" must be of type Boolean')
    if "inline_keyboard" not in markup:
        return {}
    rows = [[_button(button) for button in row] for row in markup["inline_keyboard"]]
    buttons = [button for row in rows for button in row]
    if len(buttons) > MAX_BUTTONS or len(str(buttons).encode()) > MAX_MARKUP_BYTES:
        raise bad("reply markup is too long")
    rows = [row for row in rows if row]
    return {"reply_markup": {"inline_keyboard": rows}} if rows else {}


def _button(button: Json) -> Json:
    if not str(button["text"]).strip():
        raise bad("can't parse inline keyboard button: Button text must be non-empty")
    actions = [name for name in _ACTIONS if button.get(name) not in (None, "", False)]
    if "switch_inline_query" in button or "switch_inline_query_current_chat" in button:
        return button
    if not actions:
        raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    action = actions[0]
    if action == "callback_data" and len(str(button[action]).encode()) > MAX_DATA:
        raise bad("BUTTON_DATA_INVALID")
    if action == "url":
        _address(str(button[action]))
    if action == "web_app" and not str(button[action].get("url", "")).startswith("https://"):
        address = button[action].get("url", "")
        raise bad(f"inline keyboard button Web App URL '{address}' is invalid: Only HTTPS links are allowed")
    if action == "copy_text" and not 1 <= units(str(button[action].get("text", ""))) <= MAX_COPIED:
        raise bad("BUTTON_COPY_TEXT_INVALID")
    if action in {"callback_game", "pay"}:
        raise bad("BUTTON_TYPE_INVALID")
    return button


def _address(address: str) -> None:
    scheme, separator, _ = address.partition("://")
    reason = ""
    if separator and scheme.lower() not in {"http", "https", "tg", "ton", "tonsite"}:
        reason = "Unsupported URL protocol"
    elif scheme.lower() == "tg":
        return
    else:
        try:
            host = urlsplit(address if separator else f"http://{address}").hostname or ""
        except ValueError:
            host = ""
        reason = "" if _HOST.fullmatch(host) else "Wrong HTTP URL"
    if reason:
        raise bad(f"inline keyboard button URL '{address}' is invalid: {reason}")
