"""What Telegram's server does to any text before it looks at it, and how it counts it. After clean_input_string
and fix_formatted_text in tdlib, as far as a bot can see it.
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
    """The length of a text in UTF-16 code units, which Telegram's offsets and limits count."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def clean(text: str) -> str:
    """Control characters become spaces; carriage returns, separators and some overlays go."""
    if not _DIRTY.search(text):
        return text
    return _CONTROL.sub(" ", _DROPPED.sub("", text))


def trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """The text without space at its ends, and the entities where they are then; empty ones are gone."""
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
