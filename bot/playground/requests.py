"""Requests and answers of the Bot API as HTTP carries them."""

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


async def given_in(request: web.Request) -> Json:
    """The parameters of a call, in whichever of Telegram's four ways they came. Raises Refused."""
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
    """A form's fields. Not by urllib, which takes most of a request's time over Chinese, byte by byte."""
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
    """A field, or the media that it describes, with the file that lies elsewhere in the form under the name it gives."""
    if isinstance(value, str) and value.startswith("attach://"):
        return form.get(value.removeprefix("attach://"), value)
    if isinstance(value, str) and value.startswith("{") and '"attach://' in value:
        media = json.loads(value)
        return {name: _with_files(inner, form) for name, inner in media.items()}
    return value


def answer(result: Any) -> web.Response:
    """Telegram's answer: a result, or a Refused."""
    if isinstance(result, Refused):
        return _response(result.status, result.body)
    return _response(200, {"ok": True, "result": result})


def _response(status: int, body: Json) -> web.Response:
    raw = json.dumps(body, separators=(",", ":")).encode()
    return web.Response(body=raw, status=status, content_type="application/json")


def canned(fault: Fault) -> web.Response:
    """The answer of a failure."""
    body = fault.answer()
    if isinstance(body, str):
        return web.Response(status=fault.status, text=body)
    return _response(fault.status, body)


async def endless(request: web.Request, fault: Fault) -> web.StreamResponse:
    """Answers until the caller has had enough."""
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    await response.prepare(request)
    chunk = str(fault.answer()).encode()
    with contextlib.suppress(ConnectionError):
        while True:
            await response.write(chunk)
            await asyncio.sleep(fault.seconds)
    return response


def summary(given: Json) -> str:
    """A call in a few words: the text it carries, or what else names it."""
    for name in ("text", "caption", "action", "callback_query_id", "file_id", "offset"):
        if name in given:
            shown = " ".join(str(given[name]).split())
            return shown if len(shown) <= _LONG else f"{shown[: _LONG - 1]}…"
    return ", ".join(sorted(given))[:_LONG]
