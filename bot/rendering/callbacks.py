"""The codec between a Press and Telegram's callback data. Decides no rights: a decoded press is only a claim."""

from __future__ import annotations

import re

from bot.models import Press

MAX_BYTES = 64
"""Bot API, InlineKeyboardButton: callback_data is 1-64 bytes."""

NO_VIEW = "0"
"""The view of a button that belongs to no question: a digest's, a language's."""

_FORM = re.compile(r"1\.([0-9A-Za-z_-]{1,16})\.(en|zh)\.([a-z0-9:_-]{1,40})")


def encode(press: Press) -> str:
    """The callback data of a press. Raises ValueError when it cannot be read back or is over 64 bytes."""
    data = f"1.{press.view}.{press.language}.{press.name}"
    if decode(data) != press:
        raise ValueError(f"{press!r} does not fit into callback data.")
    return data


def decode(data: str) -> Press | None:
    """The press that `data` stands for, None for anything this version did not write."""
    match = _FORM.fullmatch(data)
    if match is None or len(data.encode()) > MAX_BYTES:
        return None
    return Press(match[1], "zh" if match[2] == "zh" else "en", match[3])
