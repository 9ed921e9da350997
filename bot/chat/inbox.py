"""Updates from Telegram to their handlers without a loss: kept on disk before they are confirmed, handled
in order for each chat, many chats at once. Knows no command.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from telegram import Bot
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.chat.commands import parse_command, without_mention
from bot.storage.state import Received, State

_log = logging.getLogger(__name__)

ALLOWED_UPDATES = ("message", "callback_query", "my_chat_member")
POLL_SECONDS = 25
BEAT = "poll"
# Beyond Telegram's own time: a connection that died without a word must not leave the bot deaf.
_SILENCE_SECONDS = 20
_CHATS_AT_ONCE = 16
_IN_MEMORY = 400
_LONGEST_PAUSE = 60.0
# After a week without updates Telegram goes on with a random id (Bot API, Update).
_QUIET_SECONDS = 6 * 86_400.0

Update = dict[str, Any]


class Intake:
    """Asks Telegram for updates and keeps them in the inbox; only then are they confirmed."""

    def __init__(self, bot: Bot, state: State, clock: Callable[[], datetime], arrived: asyncio.Event) -> None:
        """`arrived` is set whenever there is something new in the inbox."""
        self._bot = bot
        self._state = state
        self._clock = clock
        self._arrived = arrived
        self._heard = 0.0

    async def run(self) -> None:
        """Polls until cancelled. Raises InvalidToken when Telegram refuses the token."""
        now = int(self._clock().timestamp())
        last = await asyncio.to_thread(self._state.last_update, now)
        offset, self._heard = None if last is None else last + 1, time.monotonic()
        pause = 0.0
        while True:
            if time.monotonic() - self._heard > _QUIET_SECONDS:
                offset = None  # the next ids may be lower; what is known already is left alone
            try:
                # Not wait_for: Python 3.11's loses a cancellation that comes together with the answer.
                async with asyncio.timeout(POLL_SECONDS + _SILENCE_SECONDS):
                    updates = await self._ask(offset)
            except InvalidToken:
                raise
            except (TelegramError, TimeoutError) as error:
                pause = await self._rest(error, pause)
                continue
            pause = 0.0
            offset = await self._keep(updates, offset)

    async def _ask(self, offset: int | None) -> list[Update]:
        wanted = {"timeout": POLL_SECONDS, "allowed_updates": list(ALLOWED_UPDATES)}
        if offset is not None:
            wanted["offset"] = offset
        # Not get_updates, which drops all updates when it cannot read one; nor do_api_request, which warns of
        # this use and takes a revoked token for a missing method.
        found: list[Update] = await self._bot._post(  # noqa: SLF001
            "getUpdates", wanted, read_timeout=POLL_SECONDS + _SILENCE_SECONDS / 2
        )
        return found

    async def _keep(self, updates: list[Update], offset: int | None) -> int | None:
        now = int(self._clock().timestamp())
        numbered = [(update["update_id"], self._body(update)) for update in updates]
        await asyncio.to_thread(self._store, numbered, now)
        if not numbered:
            return offset
        self._arrived.set()
        self._heard = time.monotonic()
        return int(max(number for number, _ in numbered)) + 1

    def _store(self, numbered: list[tuple[int, str | None]], now: int) -> None:
        with self._state.transaction():
            if numbered:
                self._state.receive(numbered, now)
            self._state.beat(BEAT, now)

    def _body(self, update: Update) -> str | None:
        """What is kept of an update: nothing of a group's talk that is not for the bot."""
        if not addressed(update, self._bot.username):
            return None
        return json.dumps(update, ensure_ascii=False)

    async def _rest(self, error: Exception, pause: float) -> float:
        pause = min(_LONGEST_PAUSE, max(1.0, pause * 2))
        if isinstance(error, RetryAfter):
            pause = max(pause, _seconds(error))
        if isinstance(error, Conflict):
            _log.error("Another process polls with this token; stop it. Trying again in %.0f s.", pause)
        else:
            _log.warning("Telegram did not answer (%s); trying again in %.0f s.", type(error).__name__, pause)
        if isinstance(error, TimeoutError):
            await self._reconnect()
        await asyncio.sleep(pause)
        return pause

    async def _reconnect(self) -> None:
        """A new connection pool, since the old one may hold a dead connection for ever."""
        request = self._bot._request[0]  # noqa: SLF001  # PTB shows only the other of its two requests
        await request.shutdown()
        await request.initialize()


class Dispatcher:
    """Takes updates out of the inbox: in order within a chat, up to 16 chats at once."""

    def __init__(
        self, state: State, handle: Callable[[int, Update], Awaitable[None]], arrived: asyncio.Event
    ) -> None:
        """`handle` gets each update once per run of the process, and marks it when its effects are kept."""
        self._state = state
        self._handle = handle
        self._arrived = arrived
        self._lines: dict[int, asyncio.Queue[Received]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._places = asyncio.Semaphore(_CHATS_AT_ONCE)
        # Ids, not a highest one: after a quiet week Telegram may go on with lower ids (Bot API, Update).
        self._in_hand: set[int] = set()
        self._room = asyncio.Event()
        self._room.set()

    async def run(self) -> None:
        """Dispatches until cancelled; what is under way goes on, see drain()."""
        while True:
            self._arrived.clear()
            # As it is before the read: what is finished during it was still new to it, and is not to run again.
            in_hand = frozenset(self._in_hand)
            waiting = await asyncio.to_thread(self._state.waiting, -1, _IN_MEMORY + len(in_hand))
            fresh = [received for received in waiting if received.update_id not in in_hand]
            for received in fresh:
                await self._room.wait()
                self._put(received)
            if not fresh:
                await self._arrived.wait()

    async def drain(self, seconds: float) -> None:
        """Waits up to `seconds` for the updates that are being handled; the rest stay in the inbox."""
        for line in self._lines.values():
            while not line.empty():
                line.get_nowait()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=seconds)
            # Not left to fail on a closing connection, which would mark them as failed for good.
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _put(self, received: Received) -> None:
        self._in_hand.add(received.update_id)
        if len(self._in_hand) >= _IN_MEMORY:
            self._room.clear()
        update = json.loads(received.body)
        chat = chat_of(update)
        line = self._lines.get(chat)
        if line is None:
            line = self._lines[chat] = asyncio.Queue()
            task = asyncio.create_task(self._work(chat, line))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        line.put_nowait(received)

    async def _work(self, chat: int, line: asyncio.Queue[Received]) -> None:
        while not line.empty():
            async with self._places:
                # Taken only now: what waits for a place is still in line when drain() empties the lines.
                if line.empty():
                    break
                received = line.get_nowait()
                started = time.monotonic()
                try:
                    await self._handle(received.update_id, json.loads(received.body))
                    self._in_hand.discard(received.update_id)
                except Exception:  # noqa: BLE001  # the database may be full or busy; the next updates go on
                    _log.exception(
                        "Update %d could not be marked; the next start tries it again.", received.update_id
                    )
                _log.debug("Update %d took %.3f s.", received.update_id, time.monotonic() - started)
            self._room.set()
        del self._lines[chat]
        if not self._lines:
            # Erased bodies go out of the write-ahead log too.
            await asyncio.to_thread(self._state.checkpoint)


def chat_of(update: Update) -> int:
    """The chat whose order an update belongs to, 0 for none."""
    for part in update.values():
        if isinstance(part, dict):
            holder = part if "chat" in part else part.get("message")
            if isinstance(holder, dict) and isinstance(holder.get("chat"), dict):
                number = holder["chat"].get("id")
                return number if isinstance(number, int) else 0
    return 0


def addressed(update: Update, username: str) -> bool:
    """Whether an update is for the bot: private, a press, a membership change, a command or a mention."""
    message = update.get("message")
    if not isinstance(message, dict):
        return True
    chat = message.get("chat")
    if not isinstance(chat, dict) or chat.get("type") == "private":
        return True
    text = message.get("text") or message.get("caption") or ""
    if not isinstance(text, str):
        return False
    name, _ = parse_command(text, username)
    return bool(name) if text.startswith("/") else without_mention(text, username) is not None


def _seconds(error: RetryAfter) -> float:
    wait = error.retry_after
    return float(wait) if isinstance(wait, int) else wait.total_seconds()
