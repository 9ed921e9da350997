"""A small, strict Bot API server over real HTTP, for tests that run the bot as a process.

It refuses what Telegram refuses, in Telegram's words, and remembers every call. At the end of a test `refused`
and `lost` must be empty: they hold what the bot got wrong, with an error and without one.
"""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, Self, TypeVar

from aiohttp import web
from telegram_html import units
from telegram_methods import TOKEN, Chats, Json, Refused, buttons, person

T = TypeVar("T")

FIRST_UPDATE = 1001
"""The id of the first update that is pushed."""

_KINDS = frozenset({"message", "edited_message", "callback_query", "my_chat_member"})
_WORDS = {400: "Bad Request", 401: "Unauthorized", 404: "Not Found", 502: "Bad Gateway"}
_CONFLICT = (
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
)


@dataclass(slots=True)
class Call:
    """One request to the Bot API: when it came (monotonic), and its status, 0 for no answer yet or ever."""

    method: str
    parameters: Json
    at: float
    status: int = 0


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to one call instead of the usual. Only "fail" has no effect."""

    kind: Literal["fail", "drop", "hang"]
    status: int = 0
    body: Json | str | None = None


@dataclass(slots=True)
class _Poll:
    """A getUpdates under way, and whether a newer one has ended it."""

    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    replaced: bool = False


class FakeTelegram(Chats):
    """The server and its only bot: a context manager that serves from a thread of this process.

    Everything public may be used from the test's thread while the server runs.
    """

    def __init__(self, port: int = 0) -> None:
        super().__init__()
        self.port = port
        self.calls: list[Call] = []
        self._faults: defaultdict[str, deque[Fault]] = defaultdict(deque)
        self._updates: deque[Json] = deque()
        self._wanted = _KINDS
        self._poll: _Poll | None = None
        self.last_update = FIRST_UPDATE - 1
        self._changed = threading.Condition()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="telegram")

    @property
    def url(self) -> str:
        """What TRENDBOT_API_URL takes."""
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    # -- what people do --------------------------------------------------------------------------------

    def say(self, chat: int, user: int, text: str, **fields: Any) -> Json:
        """Somebody writes a text; `fields` are further ones of the Message. Returns the message."""
        if text.startswith("/"):
            command = {"type": "bot_command", "offset": 0, "length": units(text.split(maxsplit=1)[0])}
            fields = {"entities": [command]} | fields
        with self._changed:
            message = self.write(chat, person(user), text=text, **fields)
            self.push({"message": message})
        return message

    def upload(self, chat: int, user: int, name: str, content: bytes) -> Json:
        """Somebody sends a file. Returns the message."""
        with self._changed:
            file = f"file_{len(self.files)}"
            self.files[file] = content
            document = {"file_id": file, "file_unique_id": file, "file_name": name, "file_size": len(content)}
            message = self.write(chat, person(user), document=document)
            self.push({"message": message})
        return message

    def press(self, message: Json, data: str, user: int) -> str:
        """Somebody presses a button; its label will do for `data`. Returns the query's id."""
        found = [button.get("callback_data", "") for button in buttons(message) if button["text"] == data]
        pressed = {"from": person(user), "message": message, "chat_instance": str(message["chat"]["id"])}
        with self._changed:
            query = f"query-{self.last_update + 1}"
            self.queries.add(query)
            self.push({"callback_query": {"id": query, "data": [*found, data][0]} | pressed})
        return query

    def push(self, raw: Json) -> int:
        """Queues an update and returns its id; a kind that the bot did not ask for is dropped, as Telegram does."""
        with self._changed:
            self.last_update += 1
            if not raw.keys() & (_KINDS - self._wanted):
                self._updates.append({"update_id": self.last_update} | raw)
            self._loop.call_soon_threadsafe(self._wake)
            return self.last_update

    # -- what goes wrong -------------------------------------------------------------------------------

    def fail_next(self, method: str, status: int, body: Json | str | None = None) -> None:
        """The method's next call has no effect and gets this answer; without a body, Telegram's usual one."""
        self._faults[method].append(Fault("fail", status, body))

    def drop_next(self, method: str) -> None:
        """The method's next call has its effect, but the connection ends without an answer."""
        self._faults[method].append(Fault("drop"))

    def hang(self, method: str) -> None:
        """The method's next call has its effect, but is never answered."""
        self._faults[method].append(Fault("hang"))

    # -- what the bot did ------------------------------------------------------------------------------

    def wait(self, condition: Callable[[], T], what: str, seconds: float = 60.0) -> T:
        """The first true value of `condition`, asked after each call; AssertionError when none comes."""
        deadline = time.monotonic() + seconds
        with self._changed:
            while not (value := condition()):
                if not self._changed.wait(deadline - time.monotonic()):
                    last = [f"{call.method} {call.status} {call.parameters}" for call in self.calls[-10:]]
                    raise AssertionError("\n".join([f"Waited in vain for {what}. The last calls:", *last]))
            return value

    def called(self, method: str) -> list[Call]:
        """Every call of a method so far."""
        return [call for call in self.calls if call.method == method]

    def sent(self, chat: int) -> list[Json]:
        """The bot's messages in a chat, as they stand now, in the order they were sent."""
        with self._changed:
            found = [m for (where, _), m in self.messages.items() if where == chat and m["from"]["is_bot"]]
        return sorted(found, key=lambda message: int(message["message_id"]))

    def reply(self, chat: int, number: int = 1) -> Json:
        """Waits for the bot's `number`-th message in a chat."""
        return self.wait(lambda: self.sent(chat)[number - 1 : number], f"reply {number} in chat {chat}")[0]

    def edited(self, message: Json) -> Json:
        """Waits until a message is no longer what it was, and returns what it is."""
        key = (message["chat"]["id"], message["message_id"])
        self.wait(lambda: self.messages[key] != message, f"an edit of {key}")
        return self.messages[key]

    def notice(self, query: str) -> str:
        """Waits for the answer to a pressed button and returns its text."""

        def answers() -> list[Call]:
            return [
                c for c in self.called("answerCallbackQuery") if c.parameters["callback_query_id"] == query
            ]

        return str(self.wait(answers, f"an answer to {query}")[-1].parameters.get("text", ""))

    # -- the server ------------------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        app = web.Application()
        app.router.add_route("*", "/{bot}/{method}", self._answer)
        app.router.add_get(f"/file/bot{TOKEN}/documents/{{name}}", self._download)
        runner = web.AppRunner(app, shutdown_timeout=0.1, handler_cancellation=True, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", self.port, reuse_address=True)
        await site.start()
        self.port = site.port
        self._ready.set()
        await self._stop.wait()
        await runner.cleanup()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        method, parameters = request.match_info["method"], await _parameters(request)
        if request.match_info["bot"] != f"bot{TOKEN}":
            return _failure(401, "Unauthorized")
        call = Call(method, parameters, time.monotonic())
        with self._changed:
            self.calls.append(call)
            fault = self._faults[method].popleft() if self._faults[method] else None
            self._changed.notify_all()
        answer = _canned(fault) if fault and fault.kind == "fail" else await self._usual(method, parameters)
        if fault and fault.kind == "hang":
            await asyncio.Event().wait()
        if fault and fault.kind == "drop" and request.transport:
            request.transport.abort()
            return answer
        with self._changed:
            call.status = answer.status
            self._changed.notify_all()
        return answer

    async def _download(self, request: web.Request) -> web.Response:
        return web.Response(body=self.files[request.match_info["name"]])

    async def _usual(self, method: str, parameters: Json) -> web.Response:
        try:
            if method == "getUpdates":
                return _success(await self._get_updates(parameters))
            with self._changed:
                try:
                    return _success(self.call(method, parameters))
                finally:
                    self._changed.notify_all()
        except Refused as refusal:
            return _failure(refusal.status, str(refusal))

    async def _get_updates(self, parameters: Json) -> list[Json]:
        if self._poll:
            self._poll.replaced = True
            self._poll.arrived.set()
        poll = self._poll = _Poll()
        with self._changed:
            self._wanted = frozenset(parameters.get("allowed_updates", self._wanted))
            while self._updates and self._updates[0]["update_id"] < int(parameters.get("offset", 0)):
                self._updates.popleft()
            if self._updates:
                poll.arrived.set()
        try:
            async with asyncio.timeout(float(parameters.get("timeout", 0))):
                await poll.arrived.wait()
        except TimeoutError:
            pass
        finally:
            if self._poll is poll:
                self._poll = None
        if poll.replaced:
            raise Refused(409, _CONFLICT)
        with self._changed:
            return list(self._updates)[: int(parameters.get("limit", 100))]

    def _wake(self) -> None:
        if self._poll:
            self._poll.arrived.set()


async def _parameters(request: web.Request) -> Json:
    if request.content_type == "application/json":
        return dict(await request.json())
    given: Json = {**request.query, **await request.post()}
    for name, value in given.items():
        if name != "text" and value[:1] in {"[", "{"}:
            given[name] = json.loads(value)
    return given


def _success(result: Any) -> web.Response:
    return web.json_response({"ok": True, "result": result})


def _failure(status: int, description: str) -> web.Response:
    return web.json_response({"ok": False, "error_code": status, "description": description}, status=status)


def _canned(fault: Fault) -> web.Response:
    if isinstance(fault.body, str):
        return web.Response(status=fault.status, text=fault.body)
    if fault.body is not None:
        return web.json_response(fault.body, status=fault.status)
    return _failure(fault.status, _WORDS.get(fault.status, "Internal Server Error"))
