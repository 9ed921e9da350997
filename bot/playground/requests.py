"""Reads the Bot API's requests from HTTP and writes its answers."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
from typing import Any

from aiohttp import web

from bot.playground.faults import Fault
from bot.playground.readers import Upload
from bot.playground.refusals import Json, Refused, bad

_LONG = 64
_ESCAPES = re.compile(rb"(?:%[0-9A-Fa-f]{2})+")


async def parameters_of(request: web.Request) -> Json:
    """Return a call's parameters from the query, JSON, form or multipart body. Raises Refused."""
    given: Json = dict(request.query)
    if request.method not in {"GET", "POST"}:
        raise Refused(405, "Method Not Allowed")
    kind = request.content_type
    try:
        if request.method == "GET" or not request.can_read_body:
            return given
        if kind == "application/json":
            body = json.loads(await request.read())
            if not isinstance(body, dict):
                raise bad("expected an Object as the body (local)")
            return given | body
        if kind == "multipart/form-data":
            return given | await _multipart(request)
        return given | _form(await request.read())
    except UnicodeDecodeError:
        raise bad("strings must be encoded in UTF-8") from None
    except web.HTTPRequestEntityTooLarge:
        raise Refused(413, "Request Entity Too Large") from None
    except ValueError:
        raise bad("can't parse the request's body (local)") from None


def _form(body: bytes) -> Json:
    """Parse a form's fields. urllib is too slow here: it unquotes Chinese byte by byte, most of a request's time."""
    fields = {}
    for field in body.replace(b"+", b" ").split(b"&"):
        name, _, value = field.partition(b"=")
        if not name:
            continue
        fields[_ESCAPES.sub(_unescaped, name).decode()] = _ESCAPES.sub(_unescaped, value).decode()
    return fields


def _unescaped(escapes: re.Match[bytes]) -> bytes:
    return bytes.fromhex(escapes[0].replace(b"%", b"").decode())


async def _multipart(request: web.Request) -> Json:
    fields: Json = {}
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            fields[name] = Upload(value.filename, value.file.read(), value.content_type)
        else:
            fields[name] = value
    return {name: _with_files(value, fields) for name, value in fields.items()}


def _with_files(value: Any, form: Json) -> Any:
    """Return a field, or the media it describes, with an `attach://` reference replaced by the form's file."""
    if isinstance(value, str) and value.startswith("attach://"):
        return form.get(value.removeprefix("attach://"), value)
    if isinstance(value, str) and value.startswith("{") and '"attach://' in value:
        media = json.loads(value)
        return {name: _with_files(inner, form) for name, inner in media.items()}
    return value


def answer(result: Any) -> web.Response:
    """Return Telegram's response for a result or a Refused."""
    if isinstance(result, Refused):
        return _response(result.status, result.body)
    return _response(200, {"ok": True, "result": result})


def _response(status: int, body: Json) -> web.Response:
    raw = json.dumps(body, separators=(",", ":")).encode()
    return web.Response(body=raw, status=status, content_type="application/json")


def failure_response(fault: Fault) -> web.Response:
    """Return the response of an injected failure."""
    body = fault.answer()
    if isinstance(body, str):
        return web.Response(status=fault.status, text=body)
    return _response(fault.status, body)


async def endless(request: web.Request, fault: Fault) -> web.StreamResponse:
    """Write the answer again and again until the caller closes the connection."""
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    await response.prepare(request)
    chunk = str(fault.answer()).encode()
    with contextlib.suppress(ConnectionError):
        while True:
            await response.write(chunk)
            await asyncio.sleep(fault.seconds)
    return response


def summary(given: Json) -> str:
    """Summarise a call in at most 64 characters: its text, or what else identifies it."""
    for name in ("text", "caption", "action", "callback_query_id", "file_id", "offset"):
        if name in given:
            shown = " ".join(str(given[name]).split())
            return shown if len(shown) <= _LONG else f"{shown[: _LONG - 1]}…"
    return ", ".join(sorted(given))[:_LONG]
