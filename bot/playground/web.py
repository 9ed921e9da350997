"""Serves the demo's page: its files, its event stream and the requests for its actions (see acts)."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from importlib import resources
from itertools import chain
from operator import itemgetter
from urllib.parse import quote

from aiohttp import web

from bot.playground.acts import Acts, Clock
from bot.playground.refusals import CannotDo, Json
from bot.playground.server import LocalTelegram

_TYPES = {"html": "text/html", "css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
_LARGEST = 50 << 20
_LARGEST_ACT = 256 << 10
_CALLS = 120

# The page may load its own files and contact its own server, nothing else; no text can become markup.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-DNS-Prefetch-Control": "off",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Page:
    """The page's routes, for the person `you`. Add them with `telegram.mount(page.routes)`."""

    def __init__(self, telegram: LocalTelegram, you: int, clock: Clock) -> None:
        self._telegram = telegram
        self._you = you
        self._files = {
            file.name: file.read_bytes()
            for file in resources.files("bot.playground").joinpath("page").iterdir()
        }
        self._calls: dict[bool, deque[Json]] = {poll: deque(maxlen=_CALLS) for poll in (False, True)}
        self._acts = Acts(telegram, you, clock)

    def routes(self, app: web.Application) -> None:
        """Add the page's routes to the server's."""
        app.cleanup_ctx.append(self._watched)
        app.router.add_get("/", self._own(self._index))
        app.router.add_get("/page/{name}", self._own(self._file))
        app.router.add_get("/events", self._own(self._events))
        app.router.add_get("/files/{file}", self._own(self._sent_file))
        app.router.add_post("/api/{act}", self._own(self._act))
        app.router.add_post("/upload", self._own(self._upload))

    async def _watched(self, _: web.Application) -> AsyncIterator[None]:
        """Remember the latest calls, polls separately, for a page opened later."""
        watching = asyncio.create_task(self._watch())
        yield
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)

    async def _watch(self) -> None:
        queue = self._telegram.subscribe()
        try:
            while True:
                event = await queue.get()
                if event["type"] == "call":
                    self._calls[event["method"] == "getUpdates"].append(event)
        finally:
            self._telegram.unsubscribe(queue)

    def _own(self, handler: Handler) -> Handler:
        """Wrap a handler to answer this page only: refuse other sites' scripts, and host names rebound to this address."""

        async def guarded(request: web.Request) -> web.StreamResponse:
            hosts = {f"{name}:{self._telegram.port}" for name in ("127.0.0.1", "localhost")}
            origin = request.headers.get("Origin")
            if request.host not in hosts or (origin and origin.removeprefix("http://") not in hosts):
                return web.json_response({"error": "This page answers only itself."}, status=403)
            return await handler(request)

        return guarded

    # -- files -------------------------------------------------------------------------------------------

    async def _index(self, _: web.Request) -> web.Response:
        return self._page_file("index.html")

    async def _file(self, request: web.Request) -> web.Response:
        return self._page_file(request.match_info["name"])

    def _page_file(self, name: str) -> web.Response:
        body = self._files.get(name)
        kind = _TYPES.get(name.rpartition(".")[2])
        if body is None or kind is None:
            raise web.HTTPNotFound
        return web.Response(body=body, content_type=kind, charset="utf-8", headers=_HEADERS)

    async def _sent_file(self, request: web.Request) -> web.Response:
        """Serve a file from a chat: a picture to be shown in place, anything else as a download."""
        stored = self._telegram.files.get(request.match_info["file"])
        if stored is None:
            raise web.HTTPNotFound
        picture = stored.mime in {"image/png", "image/jpeg", "image/gif", "image/webp"}
        disposition = "inline" if picture else f"attachment; filename*=UTF-8''{quote(stored.name, safe='')}"
        return web.Response(
            body=stored.content,
            content_type=stored.mime if picture else "application/octet-stream",
            headers=_HEADERS | {"Content-Disposition": disposition, "Content-Security-Policy": "sandbox"},
        )

    # -- what happens ------------------------------------------------------------------------------------

    async def _events(self, request: web.Request) -> web.StreamResponse:
        """Stream server-sent events: first the whole state, then each event, and the whole state again after a gap."""
        response = web.StreamResponse(headers=_HEADERS | {"Content-Type": "text/event-stream; charset=utf-8"})
        queue = self._telegram.subscribe()
        try:
            await response.prepare(request)
            await _tell(response, self._state())
            while True:
                event = await queue.get()
                await _tell(response, self._state() if event["type"] == "behind" else event)
        except ConnectionError:
            return response  # The page was closed.
        finally:
            self._telegram.unsubscribe(queue)

    def _state(self) -> Json:
        chats = self._telegram.chats()
        return {
            "type": "state",
            "bot": self._acts.bot(),
            "you": self._you,
            "chats": [chat for chat in chats if chat["type"] != "private" or chat["id"] == self._you],
            "messages": [message for chat in chats for message in self._telegram.history(chat["id"])],
            "calls": sorted(chain(*self._calls.values()), key=itemgetter("id")),
            "faults": self._telegram.pending_faults(),
            "clock": self._acts.now(),
        }

    # -- what a person does --------------------------------------------------------------------------------

    async def _act(self, request: web.Request) -> web.Response:
        act = self._acts.by_name.get(request.match_info["act"])
        if act is None or request.content_type != "application/json":
            raise web.HTTPNotFound
        return await self._done(lambda given: act(_object(given)), await _body(request, _LARGEST_ACT))

    async def _upload(self, request: web.Request) -> web.Response:
        where = dict(request.query)
        return await self._done(
            lambda content: self._acts.send_file(where, content), await _body(request, _LARGEST)
        )

    async def _done(self, act: Callable[[bytes], object], given: bytes) -> web.Response:
        """Run an action and return its result as JSON, or a 400 with the reason why it is impossible."""
        try:
            return web.json_response(await asyncio.to_thread(act, given), headers=_HEADERS)
        except CannotDo as error:
            reason = str(error)
        except (KeyError, TypeError, ValueError, OverflowError, RecursionError) as error:
            reason = f"{type(error).__name__}: {error}"
        return web.json_response({"error": reason}, status=400, headers=_HEADERS)


async def _body(request: web.Request, largest: int) -> bytes:
    """Return the body of a request. Raises HTTPRequestEntityTooLarge beyond `largest` bytes."""
    content = bytearray()
    async for chunk in request.content.iter_chunked(1 << 16):
        content += chunk
        if len(content) > largest:
            raise web.HTTPRequestEntityTooLarge(largest, len(content))
    return bytes(content)


def _object(content: bytes) -> Json:
    given = json.loads(content)
    if not isinstance(given, dict):
        raise TypeError("an object is wanted")
    return given


async def _tell(response: web.StreamResponse, event: Json) -> None:
    await response.write(f"data: {json.dumps(event, ensure_ascii=False)}\n\n".encode())
