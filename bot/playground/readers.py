"""Readers for the Bot API's simple types, from a form's text or from JSON. All raise Refused for another type."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from bot.playground.refusals import Refused, bad

Reader = Callable[[Any, str], Any]
"""Turns what was given into a value; the name is the field's, for the refusal."""


_INTEGER = re.compile(r"[+-]?\d{1,19}")
_TRUE, _FALSE = {"true", "yes", "1"}, {"false", "no", "0", ""}


class Upload(NamedTuple):
    """A file uploaded with a request; `kind` is the type it was sent as."""

    name: str
    content: bytes
    mime: str
    kind: str = "document"


def wrong(name: str, kind: str) -> Refused:
    """Return Telegram's refusal of a value that has the wrong type."""
    return bad(f'Field "{name}" must be of type {kind}')


def integer(value: Any, name: str) -> int:
    """Read an integer, or a string of digits."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and _INTEGER.fullmatch(value.strip()):
        return int(value)
    raise bad("invalid user_id specified") if name == "user_id" else wrong(name, "Integer")


def truth(value: Any, name: str) -> bool:
    """Read a boolean in a form's spelling or JSON's."""
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower()
    if word in _TRUE or word in _FALSE:
        return word in _TRUE
    raise wrong(name, "Boolean")


def boolean(value: Any, name: str) -> bool:
    """Read JSON's true or false, the only spellings that Telegram accepts inside an object."""
    if isinstance(value, bool):
        return value
    raise wrong(name, "Boolean")


def string(value: Any, name: str) -> str:
    """Read a string, or a number as one."""
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    raise wrong(name, "String")


def number(value: Any, name: str) -> float:
    """Read a number."""
    try:
        return float(value)
    except (TypeError, ValueError):
        raise wrong(name, "Number") from None


def identifier(value: Any, name: str) -> int | str:
    """Read an id: an integer or a name."""
    text = string(value, name)
    return int(text) if _INTEGER.fullmatch(text) else text


def anything(value: Any, name: str) -> Any:  # noqa: ARG001 - a reader
    """Return the value unchanged."""
    return value


def file(value: Any, name: str) -> Any:
    """Read a file: an upload, or a string that names one."""
    return value if isinstance(value, Upload) else string(value, name)
