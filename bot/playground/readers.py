"""How a value of each of the Bot API's simple types is read, from a form's text or from JSON."""

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
    """A file that came with a request; `kind` is what it was sent as."""

    name: str
    content: bytes
    mime: str
    kind: str = "document"


def wrong(name: str, kind: str) -> Refused:
    """Telegram's refusal of a value of another type."""
    return bad(f'Field "{name}" must be of type {kind}')


def integer(value: Any, name: str) -> int:
    """A whole number, or one in digits."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and _INTEGER.fullmatch(value.strip()):
        return int(value)
    raise bad("invalid user_id specified") if name == "user_id" else wrong(name, "Integer")


def truth(value: Any, name: str) -> bool:
    """What a form says for true and false."""
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower()
    if word in _TRUE or word in _FALSE:
        return word in _TRUE
    raise wrong(name, "Boolean")


def boolean(value: Any, name: str) -> bool:
    """JSON's own true and false, which is all that Telegram takes inside an object."""
    if isinstance(value, bool):
        return value
    raise wrong(name, "Boolean")


def string(value: Any, name: str) -> str:
    """A text; a number will do."""
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    raise wrong(name, "String")


def number(value: Any, name: str) -> float:
    """Any number."""
    try:
        return float(value)
    except (TypeError, ValueError):
        raise wrong(name, "Number") from None


def identifier(value: Any, name: str) -> int | str:
    """A number, or the name that stands for one."""
    text = string(value, name)
    return int(text) if _INTEGER.fullmatch(text) else text


def anything(value: Any, name: str) -> Any:  # noqa: ARG001 - a reader
    """What was given."""
    return value


def file(value: Any, name: str) -> Any:
    """An upload, or the text that names a file elsewhere."""
    return value if isinstance(value, Upload) else string(value, name)
