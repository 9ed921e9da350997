"""The local Telegram server: the Bot API over HTTP on loopback, with controls for people and network faults."""

from __future__ import annotations

import asyncio
import contextlib
import re
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from aiohttp import web

from bot.playground.api import SENDING, Api
from bot.playground.events import Events
from bot.playground.faults import Fault, Faults
from bot.playground.flood import FloodControl
from bot.playground.groups import Groups
from bot.playground.people import People
from bot.playground.record import Call, Record
from bot.playground.refusals import WEBHOOK_ACTIVE, Json, Refused, too_many
from bot.playground.requests import answer, endless, failure_response, parameters_of, summary
from bot.playground.serving import Serving
from bot.playground.updates import Updates
from bot.playground.world import World

TOKEN = "123456789:AAExampleTokenDontLeak-0123456789abcde"  # noqa: S105 - it opens nothing
USERNAME = "trendtest_bot"

_SHAPE = re.compile(r"\d+:[\w-]{30,}")


class LocalTelegram(People, Groups, Faults, Record, Serving):
    """The server with its only bot; the package's docstring describes its whole API."""

    def __init__(
        self,
        port: int = 0,
        *,
        token: str = TOKEN,
        username: str = USERNAME,
        flood: bool = False,
        privacy: bool = False,
        remember_calls: int | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        Serving.__init__(self, port)
        self.token = token
        self.username = username
        self.world = World(int(token.partition(":")[0]), username, now, privacy=privacy)
        self.updates = Updates()
        self.events = Events()
        Faults.__init__(self)
        self.calls = [] if remember_calls is None else deque(maxlen=remember_calls)
        self._api = Api(self.world, privacy=privacy)
        self.world.emit, self.world.push = self.events.emit, self.push
        self.world.waiting = self.updates.__len__
        self._flood = FloodControl() if flood else None
        self._connections: set[asyncio.Transport] = set()
        self._calls_seen = 0

    # -- serving -----------------------------------------------------------------------------------------

    def attach(self, app: web.Application) -> None:
        """Add the Bot API's routes to an application that the caller serves."""
        app.router.add_route("*", "/bot{token:[^/]+}/{method}", self._answer)
        app.router.add_get("/file/bot{token:[^/]+}/documents/{name}", self._download)
        app.on_startup.append(self._begin)
        app.on_shutdown.append(self._end)

    async def _begin(self, _: web.Application) -> None:
        self._loop = asyncio.get_running_loop()
        self.events.serve(self._loop)
        self._delivering = self._loop.create_task(self.world.webhook.deliver(self.updates))

    async def _end(self, _: web.Application) -> None:
        self._delivering.cancel()
        await asyncio.gather(self._delivering, return_exceptions=True)
        self.events.serve(None)
        self._loop = None
        self.updates.wake()

    # -- what goes wrong ---------------------------------------------------------------------------------

    def push_malformed(self) -> int:
        """Queue a malformed update, a message without its required fields; return the update's id."""
        return self.push({"message": {"message_id": 1, "text": "?"}})

    def leave_webhook(self, url: str) -> None:
        """Set a webhook that delivers nothing, as another program may have left one behind."""
        with self.world.lock:
            self.world.webhook.url = url

    def pass_webhooks_to(self, base: str) -> None:
        """Accept webhooks from now on, and deliver their updates to their path at `base`, http://host:port."""
        with self.world.lock:
            self.world.webhook.through = base

    def disconnect(self) -> None:
        """Cut the connections of all requests in progress, polls included; later requests are served."""
        loop = self._loop
        if loop is not None:
            loop.call_soon_threadsafe(self._abort_all)

    def _abort_all(self) -> None:
        for transport in tuple(self._connections):
            transport.abort()

    # -- what is there to see ----------------------------------------------------------------------------

    def push(self, raw: Json) -> int:
        """Queue an update and return its id; drop a kind that the bot did not ask for, as Telegram does."""
        with self.world.lock:
            number = self.updates.add(raw)
            if self._loop is not None:
                self._loop.call_soon_threadsafe(self.updates.wake)
            return number

    @property
    def last_update(self) -> int:
        """The id of the last update."""
        return self.updates.last

    @last_update.setter
    def last_update(self, number: int) -> None:
        self.updates.last = number

    def add_user(self, user: int, **fields: Any) -> Json:
        """Add or change a user (first_name, username, language_code) and return the User."""
        with self.world.lock:
            return self.world.add_user(user, **fields)

    def menu(self, chat: int, user: int) -> list[Json]:
        """Return the commands that `/` offers a user in a chat, in the user's language."""
        with self.world.lock:
            return self._api.profile.menu(self.world, self.world.chat(chat), user)

    def introduction(self, language: str = "") -> Json:
        """Return the bot's name and descriptions for a user with this language."""
        with self.world.lock:
            introduction = self._api.profile.introduction(language)
            return introduction | {
                "name": introduction["name"] or self.world.user(self.world.bot)["first_name"]
            }

    def subscribe(self) -> asyncio.Queue[Json]:
        """Return a queue that receives every event from now on."""
        return self.events.subscribe()

    def unsubscribe(self, queue: asyncio.Queue[Json]) -> None:
        """Stop sending events to the queue."""
        self.events.unsubscribe(queue)

    # -- the Bot API -------------------------------------------------------------------------------------

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        started = time.monotonic()
        if (token := request.match_info["token"]) != self.token:
            return answer(
                Refused(401, "Unauthorized") if _SHAPE.fullmatch(token) else Refused(404, "Not Found")
            )
        transport = request.transport
        if transport is not None:
            self._connections.add(transport)
        try:
            return await self._play(request, started)
        finally:
            if transport is not None:
                self._connections.discard(transport)

    async def _play(self, request: web.Request, started: float) -> web.StreamResponse:
        method = request.match_info["method"]
        call = Call(method, {}, started)
        try:
            method = call.method = self._api.name(method)
            given = await parameters_of(request)
        except Refused as refusal:
            self._note(call)
            self._api.refuse(method, {}, refusal)
            return self._finish(call, answer(refusal))
        call.parameters = given
        fault = self._note(call)
        if fault and fault.kind == "fail":
            with contextlib.suppress(Refused):
                call.parameters = self._api.read(method, given)
            return self._finish(call, failure_response(fault))
        if fault and fault.kind == "endless":
            return await endless(request, fault)
        response = await self._usual(call)
        if fault and fault.kind in {"hang", "delay"}:
            await asyncio.sleep(fault.seconds if fault.kind == "delay" else 86_400)
        if fault and fault.kind == "drop" and request.transport:
            request.transport.abort()
            self._told(call, 0)
            return response
        return self._finish(call, response)

    def _note(self, call: Call) -> Fault | None:
        with self.world.lock:
            self.remember(call)
            fault = self.take_fault(call.method)
            self.world.lock.notify_all()
            return fault

    async def _usual(self, call: Call) -> web.Response:
        method = call.method
        try:
            call.parameters = self._api.read(method, call.parameters)
            if method == "getUpdates":
                if self.world.webhook.url:
                    return answer(Refused(409, WEBHOOK_ACTIVE))
                return answer(await self.updates.get(call.parameters))
            with self.world.lock:
                try:
                    self._pace(call)
                    return answer(self._api.call(method, call.parameters))
                finally:
                    self.world.lock.notify_all()
        except Refused as refusal:
            self._api.refuse(method, call.parameters, refusal)
            return answer(refusal)

    def _pace(self, call: Call) -> None:
        if self._flood is None or call.method not in SENDING:
            return
        chat = call.parameters.get("chat_id")
        if isinstance(chat, int) and (wait := self._flood.admit(chat, chat < 0, time.monotonic())):
            raise too_many(wait)

    def _finish(self, call: Call, answer: web.Response) -> web.Response:
        with self.world.lock:
            call.status = answer.status
            self.world.lock.notify_all()
        self._told(call, answer.status)
        return answer

    def _told(self, call: Call, status: int) -> None:
        self._calls_seen += 1
        self.events.emit(
            {
                "type": "call",
                "id": self._calls_seen,
                "method": call.method,
                "status": status,
                "milliseconds": round((time.monotonic() - call.at) * 1000, 1),
                "chat": call.parameters.get("chat_id"),
                "summary": summary(call.parameters),
            }
        )

    async def _download(self, request: web.Request) -> web.Response:
        file = self.world.files.get(request.match_info["name"])
        if request.match_info["token"] != self.token or file is None:
            return answer(Refused(404, "Not Found"))
        return web.Response(body=file.content)
