"""Serves the demo's page: its files, its event stream and its actions. Knows none of Telegram's rules."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import datetime
from importlib import resources
from itertools import chain
from operator import itemgetter
from typing import Protocol
from urllib.parse import quote

from aiohttp import web

from bot.playground.refusals import CannotDo, Json
from bot.playground.server import LocalTelegram

_TYPES = {"html": "text/html", "css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
_LARGEST = 50 << 20
_LARGEST_ACT = 256 << 10
_INLINE_SECONDS = 8.0
"""How long the page waits for what the bot offers to somebody who types its name."""
_LISTED = ("id", "title", "description")
_FLOOD_SECONDS = 3
_CALLS = 120
_LANGUAGES = {"en": "en", "zh": "zh-hans"}

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


class Clock(Protocol):
    """The bot's clock, as the page shows and advances it."""

    def now(self) -> datetime:
        """Return the current time, timezone-aware."""

    def forward(self) -> None:
        """Advance to the next time at which the bot has something to send."""


class Page:
    """The page's routes, for the person `you`. Add them with `telegram.mount(page.routes)`."""

    def __init__(self, telegram: LocalTelegram, you: int, clock: Clock) -> None:
        self._telegram = telegram
        self._you = you
        self._clock = clock
        self._files = {
            file.name: file.read_bytes()
            for file in resources.files("bot.playground").joinpath("page").iterdir()
        }
        self._language = "en"
        self._calls: dict[bool, deque[Json]] = {poll: deque(maxlen=_CALLS) for poll in (False, True)}
        self._acts: Mapping[str, Callable[[Json], object]] = {
            "say": self._say,
            "edit": self._edit,
            "press": self._press,
            "start": self._start,
            "inline": self._inline,
            "choose": self._choose,
            "menu": lambda given: telegram.menu(int(given["chat"]), int(given["user"])),
            "language": self._choose_language,
            "bot": lambda _: self._bot(),
            "block": self._block,
            "fault": self._fault,
            "migrate": lambda given: {"chat": telegram.migrate(int(given["chat"]))},
            "forward": self._forward,
        }

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
        faults: Json | None = None
        try:
            await response.prepare(request)
            await _tell(response, self._state())
            while True:
                event = await queue.get()
                await _tell(response, self._state() if event["type"] == "behind" else event)
                if event["type"] == "call" and (pending := self._telegram.pending_faults()) != faults:
                    faults = dict(pending)
                    await _tell(response, {"type": "faults", "faults": faults})
        except ConnectionError:
            return response  # The page was closed.
        finally:
            self._telegram.unsubscribe(queue)

    def _state(self) -> Json:
        chats = self._telegram.chats()
        return {
            "type": "state",
            "bot": self._bot(),
            "you": self._you,
            "chats": [chat for chat in chats if chat["type"] != "private" or chat["id"] == self._you],
            "messages": [message for chat in chats for message in self._telegram.history(chat["id"])],
            "calls": sorted(chain(*self._calls.values()), key=itemgetter("id")),
            "faults": self._telegram.pending_faults(),
            "clock": self._now(),
        }

    def _bot(self) -> Json:
        told = self._telegram.introduction(_LANGUAGES[self._language][:2])
        return {
            "id": self._telegram.world.bot,
            "username": self._telegram.username,
            "first_name": told["name"],
            "description": told["description"],
        }

    def _now(self) -> str:
        return self._clock.now().isoformat(timespec="seconds")

    # -- what a person does --------------------------------------------------------------------------------

    async def _act(self, request: web.Request) -> web.Response:
        act = self._acts.get(request.match_info["act"])
        if act is None or request.content_type != "application/json":
            raise web.HTTPNotFound
        return await self._done(lambda given: act(_object(given)), await _body(request, _LARGEST_ACT))

    async def _upload(self, request: web.Request) -> web.Response:
        where = dict(request.query)
        return await self._done(
            lambda content: self._send_file(where, content), await _body(request, _LARGEST)
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

    def _say(self, given: Json) -> Json:
        if self._telegram.is_channel(int(given["chat"])):
            return self._post(int(given["chat"]), str(given["text"]))
        where = {name: given[name] for name in ("thread", "reply_to") if given.get(name) is not None}
        return self._telegram.say(int(given["chat"]), int(given["user"]), str(given["text"]), **where)

    def _post(self, channel: int, text: str, file: tuple[str, bytes] | None = None) -> Json:
        """Post in one of your channels; the first post makes the bot its admin."""
        if not self._telegram.has_bot(channel):
            self._telegram.add_bot(channel, self._you)
        return self._telegram.post(channel, text, file)

    def _edit(self, given: Json) -> Json:
        """Edit a text: your channel's, or the one of the person who speaks."""
        message = self._message(given)
        author = self._you if message["chat"]["type"] == "channel" else message["from"]["id"]
        if "text" not in message or author != int(given["user"]):
            raise ValueError("only its author can edit a text")
        return self._telegram.edit_text(message, str(given["text"]))

    def _send_file(self, where: Mapping[str, str], content: bytes) -> Json:
        if self._telegram.is_channel(int(where["chat"])):
            return self._post(int(where["chat"]), where.get("caption", ""), (where["name"], content))
        beside = {name: int(where[name]) for name in ("thread", "reply_to") if name in where}
        return self._telegram.upload(
            int(where["chat"]),
            int(where["user"]),
            where["name"],
            content,
            caption=where.get("caption", ""),
            **beside,
        )

    def _press(self, given: Json) -> Json:
        return {"query": self._telegram.press(self._message(given), str(given["data"]), int(given["user"]))}

    def _message(self, given: Json) -> Json:
        """Return the message that is named. Raises ValueError if there is none."""
        history = self._telegram.history(int(given["chat"]))
        message = next((m for m in history if m["message_id"] == int(given["message"])), None)
        if message is None:
            raise ValueError("there is no such message")
        return message

    def _inline(self, given: Json) -> Json:
        query = self._telegram.type_inline(int(given["user"]), str(given["text"]))
        offers = self._telegram.await_offers(query, _INLINE_SECONDS)
        return {"query": query, "offers": [{name: offer[name] for name in _LISTED} for offer in offers]}

    def _choose(self, given: Json) -> Json:
        return self._telegram.choose(
            int(given["chat"]), int(given["user"]), str(given["query"]), str(given["result"])
        )

    def _start(self, given: Json) -> Json:
        return self._telegram.start(int(given["user"]), str(given.get("payload", "")))

    def _choose_language(self, given: Json) -> Json:
        """Set the page's language, which is the person's language too, as with Telegram's apps."""
        self._language = given["language"] if given["language"] in _LANGUAGES else "en"
        self._telegram.add_user(self._you, language_code=_LANGUAGES[self._language])
        return self._bot()

    def _block(self, given: Json) -> Json:
        if given["block"]:
            self._telegram.block(self._you)
        else:
            self._telegram.unblock(self._you)
        return {}

    def _fault(self, given: Json) -> Json:
        if given["kind"] == "flood":
            self._telegram.fail_next("*", 429, retry_after=_FLOOD_SECONDS)
        else:
            self._telegram.drop_next("sendMessage")
        return {"faults": self._telegram.pending_faults()}

    def _forward(self, _: Json) -> Json:
        self._clock.forward()
        return {"now": self._now()}


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
