"""Updates from Telegram to their handlers without a loss: kept on disk before they are confirmed, handled
in order for each chat, many chats at once. Knows no command.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from telegram import Bot
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.chat.capturing import Edited, Heard, Moved, Said, addressed, heard, slim
from bot.chat.keeping import Keeping
from bot.chat.status import BEAT
from bot.logs import Trouble
from bot.storage.errors import StorageError
from bot.storage.state import Received, State

_log = logging.getLogger(__name__)

ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
POLL_SECONDS = 25
CONFLICT = "conflict"
"""The heartbeat of the last answer that said that another process polls with the same token."""

_STORAGE_SECONDS = 1.0
_QUIET_POLL = 0.05
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

    def __init__(
        self,
        bot: Bot,
        state: State,
        clock: Callable[[], datetime],
        arrived: asyncio.Event,
        dispatcher: Dispatcher | None = None,
    ) -> None:
        """`arrived` is set whenever there is something new in the inbox.

        `dispatcher` handles what the inbox cannot take while the disk is full.
        """
        self._bot = bot
        self._dispatcher = dispatcher
        self._storage = Trouble(_log, "Updates cannot be kept", "Updates are kept again")
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
                    updates = _readable(await self._ask(offset))
            except InvalidToken:
                raise
            except (TelegramError, TimeoutError) as error:
                pause = await self._rest(error, pause)
                continue
            pause = 0.0
            offset = await self._keep(updates, offset)

    async def _ask(self, offset: int | None) -> object:
        wanted = {"timeout": POLL_SECONDS, "allowed_updates": list(ALLOWED_UPDATES)}
        if offset is not None:
            wanted["offset"] = offset
        # Not get_updates, which drops all updates when it cannot read one; nor do_api_request, which warns of
        # this use and takes a revoked token for a missing method.
        found: object = await self._bot._post(  # noqa: SLF001
            "getUpdates", wanted, read_timeout=POLL_SECONDS + _SILENCE_SECONDS / 2
        )
        return found

    async def _keep(self, updates: list[Update], offset: int | None) -> int | None:
        now = int(self._clock().timestamp())
        try:
            if self._dispatcher is not None:
                await self._dispatcher.quiet()
            await asyncio.to_thread(self._store, updates, now)
        except StorageError as error:
            self._storage.struck(error)
            return await self._aside(updates, offset)
        self._storage.over()
        if self._dispatcher is not None:
            self._dispatcher.settle()
        if not updates:
            return offset
        self._arrived.set()
        self._heard = time.monotonic()
        return int(max(update["update_id"] for update in updates)) + 1

    async def _aside(self, updates: list[Update], offset: int | None) -> int | None:
        """The disk is full: updates are handled all the same, and confirmed when nothing of theirs is to be kept.

        What somebody chose is confirmed only once it is kept; a group's talk that is passed over is not recapped.
        """
        await asyncio.sleep(_STORAGE_SECONDS)
        if self._dispatcher is None or not updates:
            return offset
        self._heard = time.monotonic()
        waiting = [update for update in updates if not self._dispatcher.handled(update["update_id"])]
        for update in waiting:
            body = _body(update, self._bot.username)
            if body is not None:
                self._dispatcher.offer(Received(update["update_id"], body))
        open_ones = [update["update_id"] for update in updates if self._dispatcher.needs(update["update_id"])]
        return int(min(open_ones)) if open_ones else int(max(update["update_id"] for update in updates)) + 1

    def _store(self, updates: list[Update], now: int) -> None:
        """Keeps updates, and what groups with capture say in them, in one transaction."""
        username = self._bot.username
        with self._state.transaction():
            if updates:
                known = self._state.known(update["update_id"] for update in updates)
                # What came before is not kept again: its author may have had it erased since.
                fresh = [update for update in updates if update["update_id"] not in known]
                self._state.receive(
                    [(update["update_id"], self._waits(update, username)) for update in fresh], now
                )
                for update in fresh:
                    self._capture(heard(update, username))
            self._state.beat(BEAT, now)

    def _waits(self, update: Update, username: str) -> str | None:
        if self._dispatcher is not None and self._dispatcher.handled(update["update_id"]):
            return None
        return _body(update, username)

    def _capture(self, what: Heard | None) -> None:
        match what:
            case Said(chat_id, message, others):
                self._state.captures.keep(chat_id, message, others)
            case Edited(chat_id, message_id, text):
                self._state.captures.edit(chat_id, message_id, text)
            case Moved(old, new):
                self._state.migrate_chat(old, new)

    async def _rest(self, error: Exception, pause: float) -> float:
        pause = min(_LONGEST_PAUSE, max(1.0, pause * 2))
        if isinstance(error, RetryAfter):
            pause = max(pause, _seconds(error))
        if isinstance(error, Conflict):
            await self._tell_health()
            _log.error("Another process polls with this token; stop it. Trying again in %.0f s.", pause)
        else:
            _log.warning("Telegram did not answer (%s); trying again in %.0f s.", type(error).__name__, pause)
        if isinstance(error, TimeoutError):
            await self._reconnect()
        await asyncio.sleep(pause)
        return pause

    async def _tell_health(self) -> None:
        with contextlib.suppress(StorageError):
            await asyncio.to_thread(self._state.beat, CONFLICT, int(self._clock().timestamp()))

    async def _reconnect(self) -> None:
        """A new connection pool, since the old one may hold a dead connection for ever."""
        request = self._bot._request[0]  # noqa: SLF001  # PTB shows only the other of its two requests
        await request.shutdown()
        await request.initialize()


class Dispatcher:
    """Takes updates out of the inbox: in order within a chat, up to 16 chats at once."""

    def __init__(
        self,
        state: State,
        handle: Callable[[int, Update], Awaitable[None]],
        arrived: asyncio.Event,
        keeping: Keeping | None = None,
    ) -> None:
        """`handle` gets each update once per run of the process, and marks it when its effects are kept.

        `keeping` knows the marks that the disk could not take yet.
        """
        self._keeping = keeping
        # Updates that are in no inbox, and whether they have been handled.
        self._offered: dict[int, bool] = {}
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
            in_hand = frozenset(self._in_hand) | self._offered.keys()
            if self._keeping is not None:
                in_hand |= self._keeping.waiting
            try:
                waiting = await asyncio.to_thread(self._state.waiting, -1, _IN_MEMORY + len(in_hand))
            except Exception:  # noqa: BLE001  # whatever a file that cannot be read raises, it may be read again
                _log.exception("The inbox cannot be read; trying again.")
                await asyncio.sleep(_STORAGE_SECONDS)
                continue
            fresh = [received for received in waiting if received.update_id not in in_hand]
            for received in fresh:
                await self._room.wait()
                self._put(received)
            if not fresh:
                await self._arrived.wait()

    def offer(self, received: Received) -> None:
        """Handles an update that the inbox cannot take now; once, however often it is offered."""
        if received.update_id not in self._offered and received.update_id not in self._in_hand:
            self._offered[received.update_id] = False
            self._put(received)

    def handled(self, update_id: int) -> bool:
        """Whether an update that was offered has been handled."""
        return self._offered.get(update_id, False)

    def needs(self, update_id: int) -> bool:
        """Whether an update that was offered is still to be handled, or to be kept."""
        if self._keeping is not None and update_id in self._keeping.precious:
            return True
        return not self._offered.get(update_id, True)

    async def quiet(self) -> None:
        """Waits until what was offered has been handled, so that the inbox can be told what it need not hold."""
        while not all(self._offered.values()):  # noqa: ASYNC110  # rare and short: only after a full disk
            await asyncio.sleep(_QUIET_POLL)

    def settle(self) -> None:
        """The inbox has what was offered, or Telegram knows that it was handled."""
        self._offered.clear()

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
        try:
            chat = chat_of(json.loads(received.body))
        except ValueError:
            chat = 0  # a row that the disk has damaged: said where it is handled
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
                    if received.update_id in self._offered:
                        self._offered[received.update_id] = True
                except Exception:  # noqa: BLE001  # the database may be full or busy; the next updates go on
                    _log.exception(
                        "Update %d could not be marked; the next start tries it again.", received.update_id
                    )
                _log.debug("Update %d took %.3f s.", received.update_id, time.monotonic() - started)
            self._room.set()
        del self._lines[chat]
        if not self._lines:
            # Erased bodies go out of the write-ahead log too.
            with contextlib.suppress(StorageError):
                await asyncio.to_thread(self._state.checkpoint)


def _readable(found: object) -> list[Update]:
    """The updates of an answer, without those that have no number. Raises TelegramError when it has none at all."""
    updates = found if isinstance(found, list) else None
    if updates is None:
        raise TelegramError("The answer to getUpdates is no list.")
    readable = [
        update for update in updates if isinstance(update, dict) and _numbered(update.get("update_id"))
    ]
    if len(readable) < len(updates):
        _log.error(
            "%d of %d updates have no number and are skipped.", len(updates) - len(readable), len(updates)
        )
        if not readable:
            raise TelegramError("No update has a number.")
    return readable


def _numbered(number: object) -> bool:
    return isinstance(number, int) and 0 <= number < 1 << 53


def chat_of(update: Update) -> int:
    """The chat whose order an update belongs to, 0 for none."""
    for part in update.values():
        if isinstance(part, dict):
            holder = part if "chat" in part else part.get("message")
            if isinstance(holder, dict) and isinstance(holder.get("chat"), dict):
                number = holder["chat"].get("id")
                return number if isinstance(number, int) else 0
    return 0


def _body(update: Update, username: str) -> str | None:
    """What waits to be handled: nothing of a group's talk, and of others' words nothing at all."""
    if not addressed(update, username):
        return None
    return json.dumps(slim(update), ensure_ascii=False).encode("utf-8", "replace").decode()


def _seconds(error: RetryAfter) -> float:
    wait = error.retry_after
    return float(wait) if isinstance(wait, int) else wait.total_seconds()
