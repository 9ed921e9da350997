"""Cleans and measures text as Telegram's server does before anything else: clean_input_string and fix_formatted_text
in tdlib, as far as a bot can observe them.
"""

from __future__ import annotations

import re
from typing import Any

_DROPPED = re.compile("[\r\u2028-\u202e\u0333\u033f\u030a]")
_CONTROL = re.compile("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f]")
_DIRTY = re.compile("[\x00-\x09\x0b-\x1f\x7f\u2028-\u202e\u0333\u033f\u030a]")
_SPACE = " \t\r\n\0\v"

Entity = dict[str, Any]


def units(text: str) -> int:
    """Return the length of a text in UTF-16 code units, the unit of Telegram's offsets and limits."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def clean(text: str) -> str:
    """Replace control characters by spaces; remove carriage returns, separators and some overlays."""
    if not _DIRTY.search(text):
        return text
    return _CONTROL.sub(" ", _DROPPED.sub("", text))


def trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Strip a text and return it with its entities moved accordingly, without those left empty."""
    stripped = text.strip(_SPACE)
    if stripped == text:
        return text, entities
    before = units(text[: len(text) - len(text.lstrip(_SPACE))])
    end = units(stripped)
    trimmed_entities = []
    for entity in entities:
        first = max(0, entity["offset"] - before)
        last = min(end, entity["offset"] + entity["length"] - before)
        if last > first:
            trimmed_entities.append(entity | {"offset": first, "length": last - first})
    return stripped, trimmed_entities
