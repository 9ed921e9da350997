"""Buttons: their callback data from typed presses and back, and their rows. Checks no rights: decoded data is only a claim.

A press is written as format version, view, language, the code of its type, and its fields: `1.aB3.en.c:4`. Fields are
parsed by their declared types; data that no button of ours could carry decodes to None.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Literal, get_args, get_origin, get_type_hints

from bot.languages import entry_of
from bot.messages import Button, Press, Rows

MAX_BYTES = 64
"""Bot API, InlineKeyboardButton: callback_data is 1-64 bytes."""

NO_VIEW = "0"
"""View id of a button that belongs to no question, such as a digest's."""

_FORM = re.compile(r"1\.([0-9A-Za-z_-]{1,16})\.(en|zh)\.([a-z0-9:_-]{1,40})")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,11}")


def encode(press: Press) -> str:
    """Return the callback data of a press. Raises ValueError if that could not be read back."""
    values = [str(getattr(press, name)) for name in _own_fields(type(press))]
    data = f"1.{press.view}.{press.language}.{':'.join([press.code, *values] if press.code else values)}"
    if len(data) > MAX_BYTES or _FORM.fullmatch(data) is None or "" in values:
        raise ValueError(f"{press!r} does not fit into callback data.")
    return data


def decode(data: str, kinds: Mapping[str, type[Press]]) -> Press | None:
    """Return the press that `data` encodes, or None where no button in `kinds` (types by code) could carry it."""
    match = _FORM.fullmatch(data)
    if match is None or len(data) > MAX_BYTES:
        return None
    view, language, name = match.groups()
    first, _, rest = name.partition(":")
    for code in (f"{first}:{rest.partition(':')[0]}", first, ""):
        if (kind := kinds.get(code)) is not None:
            values = name if not code else name[len(code) + 1 :]
            press = _press(kind, view, entry_of(language).code, values)
            # Each press has exactly one spelling: a changed byte gives another claim or none.
            return press if press is not None and encode(press) == data else None
    return None


def _press(kind: type[Press], view: str, language: str, text: str) -> Press | None:
    readers = _readers(kind)
    # The last field takes the rest, so that it may contain a colon.
    values = text.split(":", len(readers) - 1) if readers else []
    if len(values) != len(readers):
        return None
    try:
        read = [reader(value) for reader, value in zip(readers, values, strict=True)]
    except ValueError:
        return None
    return kind(view, language, *read)  # type: ignore[arg-type]  # the form admits our languages only


def _own_fields(kind: type[Press]) -> list[str]:
    """Return the names of the fields that a button type adds to Press, in order."""
    return [name for name in kind.__struct_fields__ if name not in Press.__struct_fields__]


@cache
def _readers(kind: type[Press]) -> tuple[Callable[[str], object], ...]:
    """Return the parser of each field of _own_fields."""
    types = get_type_hints(kind)
    return tuple(_reader(types[name]) for name in _own_fields(kind))


def _reader(kind: object) -> Callable[[str], object]:
    if kind is int:
        return _number
    return _choice(get_args(kind)) if get_origin(kind) is Literal else _word


def _number(text: str) -> int:
    if _NUMBER.fullmatch(text) is None:
        raise ValueError(text)
    return int(text)


def _word(text: str) -> str:
    if not text:
        raise ValueError(text)
    return text


def _choice(options: tuple[object, ...]) -> Callable[[str], object]:
    def read(text: str) -> str:
        if text not in options:
            raise ValueError(text)
        return text

    return read


def rows_of(buttons: Sequence[Button], per_row: int = 3) -> Rows:
    """Arrange buttons in rows of `per_row`."""
    return tuple(tuple(buttons[i : i + per_row]) for i in range(0, len(buttons), per_row))
