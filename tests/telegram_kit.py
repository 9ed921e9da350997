"""A small, strict Bot API server over real HTTP, for tests that run the bot as a process.

It refuses what Telegram refuses, in Telegram's words, and remembers every call. `refused` and `lost` must be
empty at the end of a test: they hold what the bot got wrong, with an error and without one.
"""

from __future__ import annotations

import asyncio
import json
import re
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, Self, TypeVar

from aiohttp import web
from telegram_html import CannotParse, parse, units

TOKEN = "123456789:AAExampleTokenDontLeak-0123456789abcde"  # noqa: S105 - it opens nothing
KEY = TOKEN.partition(":")[2]
USERNAME = "trendtest_bot"

MAX_UNITS, MAX_BYTES, MAX_BUTTONS, MAX_DATA, MAX_NOTICE = 4096, 32_768, 100, 64, 200

Json = dict[str, Any]
T = TypeVar("T")

_WORDS = {401: "Unauthorized", 404: "Not Found", 429: "Too Many Requests", 502: "Bad Gateway"}
_DEFAULT_UPDATES = frozenset({"message", "edited_message", "callback_query", "my_chat_member"})
_ADMIN_RIGHTS = (
    "can_be_edited is_anonymous can_manage_chat can_delete_messages can_manage_video_chats can_restrict_members "
    "can_promote_members can_change_info can_invite_users can_post_stories can_edit_stories can_delete_stories"
).split()


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


class Refused(Exception):
    """The server's refusal of a call."""

    def __init__(self, status: int, description: str) -> None:
        super().__init__(description)
        self.status = status


class FakeTelegram:
    """The server and its only bot: a context manager that serves from a thread of this process.

    Everything public may be used from the test's thread while the server runs.
    """

    def __init__(self, port: int = 0) -> None:
        self.port = port
        self.calls: list[Call] = []
        self.messages: dict[tuple[int, int], Json] = {}
        self.admins: set[tuple[int, int]] = set()
        self.refused: list[str] = []
        self.lost: list[str] = []
        self._faults: defaultdict[str, deque[Fault]] = defaultdict(deque)
        self._updates: deque[Json] = deque()
        self._allowed = _DEFAULT_UPDATES
        self._poll: _Poll | None = None
        self._queries: set[str] = set()
        self._last_update, self._last_message = 1000, 0
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="telegram")
        self._ready = threading.Event()
        self._methods: dict[str, Callable[[Json], Any]] = {
            "getMe": self._get_me,
            "sendMessage": self._send_message,
            "editMessageText": self._edit_message_text,
            "answerCallbackQuery": self._answer_callback_query,
            "getChatMember": self._get_chat_member,
            "setMyCommands": self._set_my_commands,
            "sendChatAction": lambda _: True,
            "deleteWebhook": lambda _: True,
        }

    # -- the test's side -------------------------------------------------------------------------------

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

    def say(self, chat: int, user: int, text: str, **fields: Any) -> Json:
        """Somebody writes a text; `fields` are further ones of the Message. Returns the message.

        A positive chat is private, a negative one a supergroup.
        """
        with self._changed:
            message = self._new_message(chat, _person(user), text=text) | fields
            if text.startswith("/"):
                command = {"type": "bot_command", "offset": 0, "length": units(text.split()[0])}
                message["entities"] = [command]
            self.messages[chat, message["message_id"]] = message
            self.push({"message": message})
            return message

    def press(self, message: Json, data: str, user: int) -> str:
        """Somebody presses a button; its label will do for `data`. Returns the query's id."""
        with self._changed:
            query = f"{user}{self._last_update + 1}"
            self._queries.add(query)
            pressed = {
                "id": query,
                "from": _person(user),
                "message": message,
                "chat_instance": str(message["chat"]["id"]),
                "data": next((b["callback_data"] for b in buttons(message) if b["text"] == data), data),
            }
            self.push({"callback_query": pressed})
            return query

    def push(self, raw: Json) -> int:
        """Queues an update and returns its id. Kinds that the bot does not ask for are dropped, as Telegram does."""
        with self._changed:
            self._last_update += 1
            if not raw.keys() & (_DEFAULT_UPDATES - self._allowed):
                self._updates.append({"update_id": self._last_update} | raw)
            self._loop.call_soon_threadsafe(self._wake)
            return self._last_update

    def fail_next(self, method: str, status: int, body: Json | str | None = None) -> None:
        """The next call of the method has no effect and gets this answer; without a body, Telegram's usual one."""
        self._faults[method].append(Fault("fail", status, body))

    def drop_next(self, method: str) -> None:
        """The next call of the method has its effect, but the connection ends without an answer."""
        self._faults[method].append(Fault("drop"))

    def hang(self, method: str) -> None:
        """The next call of the method has its effect, but is never answered."""
        self._faults[method].append(Fault("hang"))

    def wait(self, condition: Callable[[], T], what: str, seconds: float = 60.0) -> T:
        """The first true value of `condition`, which is asked after each call; AssertionError when none comes."""
        deadline = time.monotonic() + seconds
        with self._changed:
            while not (value := condition()):
                left = deadline - time.monotonic()
                if left <= 0:
                    tail = "\n".join(f"{c.method} {c.status} {c.parameters}" for c in self.calls[-10:])
                    raise AssertionError(f"Waited in vain for {what}. Last calls:\n{tail}")
                self._changed.wait(left)
            return value

    def called(self, method: str) -> list[Call]:
        """Every call of a method so far."""
        return [call for call in self.calls if call.method == method]

    def sent(self, chat: int) -> list[Json]:
        """The bot's messages in a chat, as they stand now, in the order they were sent."""
        found = [m for (where, _), m in self.messages.items() if where == chat and m["from"]["is_bot"]]
        return sorted(found, key=lambda message: message["message_id"])

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

        def answered() -> list[Call]:
            return [
                c for c in self.called("answerCallbackQuery") if c.parameters["callback_query_id"] == query
            ]

        return str(self.wait(answered, f"an answer to query {query}")[0].parameters.get("text", ""))

    # -- the server's side -----------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        app = web.Application()
        app.router.add_route("*", "/{bot}/{method}", self._answer)
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
        if fault and fault.kind == "fail":
            call.status = fault.status
            return _canned(fault)
        try:
            answer = web.json_response({"ok": True, "result": await self._result(method, parameters)})
        except Refused as refusal:
            answer = _failure(refusal.status, str(refusal))
        if fault and fault.kind == "hang":
            await asyncio.Event().wait()
        if fault and request.transport:
            request.transport.abort()
            return answer
        with self._changed:
            call.status = answer.status
            self._changed.notify_all()
        return answer

    async def _result(self, method: str, parameters: Json) -> Any:
        if method == "getUpdates":
            return await self._get_updates(parameters)
        if method not in self._methods:
            self.refused.append(f"{method}: there is no such method here")
            raise Refused(404, "Not Found")
        with self._changed:
            try:
                return self._methods[method](parameters)
            except Refused as refusal:
                if "not modified" not in str(refusal):
                    self.refused.append(f"{method}: {refusal} {parameters}")
                raise
            finally:
                self._changed.notify_all()

    async def _get_updates(self, parameters: Json) -> list[Json]:
        if self._poll:
            self._poll.replaced = True
            self._poll.arrived.set()
        poll = self._poll = _Poll()
        if "allowed_updates" in parameters:
            self._allowed = frozenset(parameters["allowed_updates"])
        offset, limit = int(parameters.get("offset", 0)), int(parameters.get("limit", 100))
        while self._updates and self._updates[0]["update_id"] < offset:
            self._updates.popleft()
        try:
            if not self._updates:
                async with asyncio.timeout(float(parameters.get("timeout", 0))):
                    await poll.arrived.wait()
        except TimeoutError:
            pass
        finally:
            if self._poll is poll:
                self._poll = None
        if poll.replaced:
            raise Refused(
                409,
                "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
            )
        return list(self._updates)[:limit]

    def _wake(self) -> None:
        if self._poll:
            self._poll.arrived.set()

    def _get_me(self, _: Json) -> Json:
        return _person(int(TOKEN.partition(":")[0])) | {"is_bot": True, "username": USERNAME}

    def _send_message(self, parameters: Json) -> Json:
        chat = int(parameters["chat_id"])
        message = self._new_message(chat, self._get_me({}), **self._content(parameters))
        if "message_thread_id" in parameters:
            message |= {"message_thread_id": int(parameters["message_thread_id"]), "is_topic_message": True}
        if quoted := parameters.get("reply_parameters"):
            original = self.messages.get((chat, quoted["message_id"]))
            if original is None and not quoted.get("allow_sending_without_reply"):
                raise Refused(400, "Bad Request: message to be replied not found")
            if original:
                message["reply_to_message"] = {k: v for k, v in original.items() if k != "reply_to_message"}
        self.messages[chat, message["message_id"]] = message
        return message

    def _edit_message_text(self, parameters: Json) -> Json:
        key = (int(parameters["chat_id"]), int(parameters["message_id"]))
        old = self.messages.get(key)
        if old is None:
            raise Refused(400, "Bad Request: message to edit not found")
        if not old["from"]["is_bot"]:
            raise Refused(400, "Bad Request: message can't be edited")
        kept = {name: value for name, value in old.items() if name != "reply_markup"}
        new = kept | self._content(parameters)
        if new == old:
            raise Refused(
                400,
                "Bad Request: message is not modified: specified new message content and reply markup are exactly "
                "the same as a current content and reply markup of the message",
            )
        self.messages[key] = new
        return new

    def _answer_callback_query(self, parameters: Json) -> bool:
        if parameters["callback_query_id"] not in self._queries:
            raise Refused(
                400, "Bad Request: query is too old and response timeout expired or query ID is invalid"
            )
        if units(parameters.get("text", "")) > MAX_NOTICE:
            raise Refused(400, "Bad Request: MESSAGE_TOO_LONG")
        self._queries.remove(parameters["callback_query_id"])
        return True

    def _get_chat_member(self, parameters: Json) -> Json:
        chat, user = int(parameters["chat_id"]), int(parameters["user_id"])
        if (chat, user) in self.admins:
            return {"status": "administrator", "user": _person(user)} | dict.fromkeys(_ADMIN_RIGHTS, True)
        return {"status": "member", "user": _person(user)}

    def _set_my_commands(self, parameters: Json) -> bool:
        for command in parameters["commands"]:
            if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]):
                raise Refused(400, "Bad Request: BOT_COMMAND_INVALID")
            if not 1 <= units(command["description"]) <= 256:
                raise Refused(400, "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID")
        return True

    def _content(self, parameters: Json) -> Json:
        """Text and buttons of a message, checked."""
        text = parameters.get("text", "")
        if len(text.encode()) > MAX_BYTES:
            raise Refused(400, "Bad Request: text is too long")
        if parameters.get("parse_mode") == "HTML":
            try:
                parsed = parse(text)
            except CannotParse as error:
                raise Refused(400, f"Bad Request: {error}") from None
            self.lost.extend(parsed.lost)
            text = parsed.text
        text = text.strip()
        if not text:
            raise Refused(400, "Bad Request: message text is empty")
        if units(text) > MAX_UNITS:
            raise Refused(400, "Bad Request: message is too long")
        if markup := parameters.get("reply_markup"):
            _check_buttons([button for row in markup["inline_keyboard"] for button in row])
            return {"text": text, "reply_markup": markup}
        return {"text": text}

    def _new_message(self, chat: int, author: Json, **fields: Any) -> Json:
        self._last_message += 1
        kind = {"type": "private", "first_name": "P"} if chat > 0 else {"type": "supergroup", "title": "G"}
        where = {"id": chat} | kind
        return {
            "message_id": self._last_message,
            "date": int(time.time()),
            "chat": where,
            "from": author,
        } | fields


def buttons(message: Json) -> list[Json]:
    """The inline buttons under a message, row after row."""
    return [button for row in message.get("reply_markup", {}).get("inline_keyboard", []) for button in row]


def labels(message: Json) -> list[str]:
    """What stands on the inline buttons under a message."""
    return [button["text"] for button in buttons(message)]


def _check_buttons(found: list[Json]) -> None:
    if len(found) > MAX_BUTTONS:
        raise Refused(400, "Bad Request: reply markup is too long")
    for button in found:
        actions = button.keys() & {"callback_data", "url"}
        if len(actions) != 1 or not button.get("text", "").strip():
            raise Refused(400, "Bad Request: text buttons are unallowed in the inline keyboard")
        if "callback_data" in actions and not 1 <= len(button["callback_data"].encode()) <= MAX_DATA:
            raise Refused(400, "Bad Request: BUTTON_DATA_INVALID")
        if "url" in actions and not re.match(r"(https?|tg)://[^\s/]+", button["url"]):
            raise Refused(400, "Bad Request: BUTTON_URL_INVALID")


def _person(user: int) -> Json:
    return {"id": user, "is_bot": False, "first_name": f"User {user}"}


async def _parameters(request: web.Request) -> Json:
    if request.content_type == "application/json":
        return dict(await request.json())
    given: Json = {**request.query, **await request.post()}
    for name, value in given.items():
        if isinstance(value, str) and value[:1] in {"[", "{"} and name != "text":
            given[name] = json.loads(value)
    return given


def _failure(status: int, description: str, **more: Any) -> web.Response:
    body = {"ok": False, "error_code": status, "description": description, **more}
    return web.json_response(body, status=status)


def _canned(fault: Fault) -> web.Response:
    if isinstance(fault.body, str):
        return web.Response(status=fault.status, text=fault.body)
    if fault.body is not None:
        return web.json_response(fault.body, status=fault.status)
    return _failure(fault.status, _WORDS.get(fault.status, "Internal Server Error"))
