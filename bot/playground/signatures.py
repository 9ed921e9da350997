"""Derives the Bot API's methods, parameters and types from python-telegram-bot's classes, so that no copy of the
specification is kept here.

Keyword-only parameters are the library's own conveniences, not the API's, and are left out.
"""

from __future__ import annotations

import datetime as dt
import functools
import inspect
import json
import re
import types
import typing
from collections.abc import Callable, Collection, Sequence
from enum import Enum
from typing import Any, Literal, NamedTuple, Union

import telegram
from msgspec import Struct

# The library's annotations name these two, which it does not export.
from telegram._utils import types as _types
from telegram._utils.defaultvalue import DefaultValue

from bot.playground.readers import (
    Reader,
    Upload,
    anything,
    boolean,
    file,
    identifier,
    integer,
    number,
    string,
    truth,
    wrong,
)
from bot.playground.refusals import Json, Refused, bad


class Parameter(Struct, frozen=True):
    """A method's parameter or an object's field; `kind` is the API's name for its type."""

    name: str
    required: bool
    kind: str
    read: Reader


class _Type(NamedTuple):
    kind: str
    read: Reader


# Parameters that the Bot API requires although PTB makes them optional, for a convenience of its own.
_REQUIRED = {
    "sendLocation": {"latitude", "longitude"},
    "editMessageLiveLocation": {"latitude", "longitude"},
    "sendVenue": {"latitude", "longitude", "title", "address"},
    "sendContact": {"phone_number", "first_name"},
}
_MISSING = {
    "text": "message text is empty",
    "chat_id": "chat_id is empty",
    "user_id": "invalid user_id specified",
    "message_id": "message identifier is not specified",
    "message_ids": "message identifiers are not specified",
    "callback_query_id": "query is too old and response timeout expired or query ID is invalid",
    "file_id": "file_id not specified",
    "action": "wrong parameter action in request",
}
_PARSED = {"reply_markup": "reply keyboard markup"}
_PREFIX = {
    "InlineKeyboardButton": "can't parse inline keyboard button: ",
    "KeyboardButton": "can't parse keyboard button: ",
    "MessageEntity": "can't parse MessageEntity: ",
}


@functools.cache
def methods() -> dict[str, str]:
    """Return the names of the Bot API's methods by their lower-case form, since Telegram ignores case."""
    methods = {
        name
        for name, _ in inspect.getmembers(telegram.Bot, inspect.isfunction)
        if re.search(r"[a-z][A-Z]", name)
    }
    return {name.lower(): name for name in methods | {"close"}}


@functools.cache
def parameters(method: str) -> dict[str, Parameter]:
    """Return the parameters of a method by name, in the library's order."""
    function = inspect.unwrap(getattr(telegram.Bot, method))
    return _fields(function, _REQUIRED.get(method, set()))


def read(method: str, given: Json, lost: list[str]) -> Json:
    """Return a call's parameters as typed values.

    Raises Refused for a missing parameter and for a wrong type. Ignores unknown parameters, as Telegram does, and
    notes them in `lost`.
    """
    known = parameters(method)
    values = {}
    for name, value in given.items():
        parameter = known.get(name)
        if parameter is None:
            if not isinstance(value, Upload):
                lost.append(f"{method} has no parameter {name}")
        elif value is not None and not (value == "" and not parameter.required):
            if parameter.kind in {"Array", "Object"} and isinstance(value, str):
                value = _json(value, name)  # noqa: PLW2901 - what arrives in a form is text
            values[name] = _read_top(parameter, value)
    for parameter in _required_last_chat(method):
        if values.get(parameter.name) in (None, ""):
            raise _missing(parameter, method)
    return values


def _missing(parameter: Parameter, method: str) -> Refused:
    if parameter.kind == "File":
        return bad(f"there is no {parameter.name.replace('_', ' ')} in the request")
    if parameter.name == "chat_id" and method.startswith("delete"):
        return bad("chat identifier is not specified")
    return bad(_MISSING.get(parameter.name, f'parameter "{parameter.name}" is required'))


def _read_top(parameter: Parameter, value: Any) -> Any:
    """Read a parameter. An invalid number or boolean is refused and marked "(local)"; Telegram would guess a value."""
    reader = truth if parameter.kind == "Boolean" else parameter.read
    try:
        return reader(value, parameter.name)
    except Refused as refusal:
        if parameter.kind in _READERS and parameter.name != "user_id":
            raise Refused(400, f"{refusal} (local)") from None
        raise


@functools.cache
def _required_last_chat(method: str) -> tuple[Parameter, ...]:
    """Return the required parameters, chat_id last: Telegram checks the content before the chat."""
    needed = [parameter for parameter in parameters(method).values() if parameter.required]
    return tuple(sorted(needed, key=lambda parameter: parameter.name == "chat_id"))


def _fields(function: Callable[..., Any], required: set[str]) -> dict[str, Parameter]:
    hints = typing.get_type_hints(function, localns={**vars(telegram), **vars(_types), "dtm": dt})
    fields = {}
    for name, parameter in inspect.signature(function).parameters.items():
        if name in {"self", "api_kwargs"} or parameter.kind is not parameter.POSITIONAL_OR_KEYWORD:
            continue
        needed = parameter.default is parameter.empty or name in required
        kind, reader = _type(hints.get(name, Any))
        fields[name] = Parameter(name, needed, kind, reader)
    return fields


def _type(hint: Any) -> _Type:
    """Return the API's name for a type hint, and its reader."""
    members = [member for member in _members(hint) if member is not type(None)]
    if any(member in {bytes, telegram.InputFile} for member in members):
        return _Type("File", file)
    sequences = [m for m in members if typing.get_origin(m) in {list, Sequence, tuple, Collection}]
    if sequences:
        inner = [m for m in _members(typing.get_args(sequences[0])[0]) if typing.get_origin(m) is not tuple]
        return _Type("Array", functools.partial(_array, _lazy(Union[tuple(inner)])))  # noqa: UP007
    plain = {_SCALARS[member] for member in members if member in _SCALARS}
    if len(plain) > 1 or not members:
        return _Type(
            " or ".join(sorted(plain)) or "Any", identifier if plain == {"Integer", "String"} else anything
        )
    classes = tuple(m for m in members if isinstance(m, type) and issubclass(m, telegram.TelegramObject))
    if plain:
        kind = plain.pop()
        return _Type(kind, _READERS[kind])
    return _Type("Object", functools.partial(_object, classes)) if classes else _Type("Any", anything)


def _members(hint: Any) -> list[Any]:
    if isinstance(hint, type) and issubclass(hint, Enum):
        return [int if issubclass(hint, int) else str]
    origin = typing.get_origin(hint)
    if origin is Literal:
        return [type(typing.get_args(hint)[0])]
    if origin is DefaultValue:
        return _members(typing.get_args(hint)[0])
    if origin in {Union, types.UnionType}:
        return [inner for member in typing.get_args(hint) for inner in _members(member)]
    return [hint]


def _lazy(hint: Any) -> Reader:
    # Types may be recursive: a button can contain objects that contain buttons.
    known: list[Reader] = []

    def reader(value: Any, name: str) -> Any:
        if not known:
            known.append(_item(hint))
        return known[0](value, name)

    return reader


def _item(hint: Any) -> Reader:
    """Return the reader for an array's items; where a string may stand for the simplest object, it reads either."""
    members = _members(hint)
    classes = tuple(m for m in members if isinstance(m, type) and issubclass(m, telegram.TelegramObject))
    if classes and str in members:
        return functools.partial(_either, string, classes)
    return _type(hint).read


def _array(inner: Reader, value: Any, name: str) -> list[Any]:
    if not isinstance(value, list):
        raise wrong(name, "Array")
    return [inner(item, name) for item in value]


def _object(classes: tuple[type[Any], ...], value: Any, name: str) -> Json:
    if not isinstance(value, dict):
        raise bad(f"object expected as {name.replace('_', ' ')}")
    chosen = _chosen(classes, value)
    if chosen is None:
        return value
    prefix = _PREFIX.get(chosen.__name__, "")
    try:
        return _read_object(chosen, value)
    except Refused as refusal:
        if not prefix or prefix in str(refusal):
            raise
        reason = str(refusal).removeprefix("Bad Request: ")
        raise bad(prefix + reason[:1].upper() + reason[1:]) from None


def _either(scalar: Reader, classes: tuple[type[Any], ...], value: Any, name: str) -> Any:
    return _object(classes, value, name) if isinstance(value, dict) else scalar(value, name)


def _chosen(classes: tuple[type[Any], ...], found: Json) -> type[Any] | None:
    """Return the class that an object fits: all required fields given, else any field; None for a family of classes."""
    if any(cls.__subclasses__() for cls in classes):
        return None
    if len(classes) == 1:
        return classes[0]
    fitting = [cls for cls in classes if _shape(cls).keys() & found.keys()]
    best = [cls for cls in fitting if all(name in found for name, p in _shape(cls).items() if p.required)]
    return (best or fitting or [None])[0]  # type: ignore[list-item]


_SHAPES: dict[type[Any], dict[str, Parameter]] = {}


def _shape(cls: type[Any]) -> dict[str, Parameter]:
    """Return the fields of an object's class."""
    if cls not in _SHAPES:
        _SHAPES[cls] = _fields(cls.__init__, set())
    return _SHAPES[cls]


def _read_object(cls: type[Any], found: Json) -> Json:
    fields = _shape(cls)
    for field in fields.values():
        if field.required and found.get(field.name) is None:
            raise bad(f'Can\'t find field "{field.name}"')
    return {
        name: fields[name].read(value, name) if name in fields else value
        for name, value in found.items()
        if value is not None
    }


def _json(value: str, name: str) -> Any:
    try:
        return json.loads(value)
    except ValueError:
        raise bad(f"can't parse {_PARSED.get(name, name)} JSON object") from None


_SCALARS: dict[Any, str] = {
    int: "Integer",
    dt.timedelta: "Integer",
    dt.datetime: "Integer",
    str: "String",
    bool: "Boolean",
    float: "Number",
}
_READERS: dict[str, Reader] = {"Integer": integer, "String": string, "Boolean": boolean, "Number": number}
