"""Updates are asked of Telegram and kept on disk before they are confirmed, so that none is lost."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import time
from collections.abc import Callable
from datetime import datetime

from telegram import Bot
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.inbound.capture import Edited, Heard, Moved, Said, addressed, heard, slim
from bot.inbound.dispatch import Dispatcher, Update
from bot.logs import Trouble
from bot.sqlite.errors import StorageError
from bot.state.heartbeats import CONFLICT, POLL
from bot.state.inbox import Received
from bot.state.state import State
from bot.telegram.answers import ForeignAnswer
from bot.telegram.limiter import seconds_of

_log = logging.getLogger(__name__)

ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
POLL_SECONDS = 25

_STORAGE_SECONDS = 1.0
# telegram-bot-api, Client.cpp: "can't use getUpdates method while webhook is active".
_WEBHOOK_ACTIVE = "webhook is active"
# Beyond Telegram's own time: a connection that died without a word must not leave the bot deaf.
_SILENCE_SECONDS = 20
_LONGEST_PAUSE = 60.0
# After a week without updates Telegram goes on with a random id (Bot API, Update).
_QUIET_SECONDS = 6 * 86_400.0


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
        last = await asyncio.to_thread(self._state.inbox.last_update, now)
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
                known = self._state.inbox.known(update["update_id"] for update in updates)
                # What came before is not kept again: its author may have had it erased since.
                fresh = [update for update in updates if update["update_id"] not in known]
                self._state.inbox.receive(
                    [(update["update_id"], self._waits(update, username)) for update in fresh], now
                )
                for update in fresh:
                    self._capture(heard(update, username))
            self._state.heartbeats.beat(POLL, now)

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
            pause = max(pause, seconds_of(error))
        if isinstance(error, Conflict) and _WEBHOOK_ACTIVE in error.message:
            await self._remove_webhook()
        elif isinstance(error, Conflict):
            await self._tell_health()
            _log.error("Another process polls with this token; stop it. Trying again in %.0f s.", pause)
        else:
            reason = str(error) if isinstance(error, ForeignAnswer) else type(error).__name__
            _log.warning("Telegram did not answer (%s); trying again in %.0f s.", reason.rstrip("."), pause)
        if isinstance(error, TimeoutError):
            await self._reconnect()
        await asyncio.sleep(pause)
        return pause

    async def _tell_health(self) -> None:
        with contextlib.suppress(StorageError):
            await asyncio.to_thread(self._state.heartbeats.beat, CONFLICT, int(self._clock().timestamp()))

    async def _remove_webhook(self) -> None:
        """Lets updates be polled again: a webhook that another program has set keeps them from every poll."""
        try:
            await self._bot.delete_webhook()
        except TelegramError as error:
            _log.error("A webhook is set for this token and cannot be removed (%s).", type(error).__name__)
        else:
            _log.warning("A webhook was set for this token, so nothing could be polled; it is removed.")

    async def _reconnect(self) -> None:
        """A new connection pool, since the old one may hold a dead connection for ever."""
        request = self._bot._request[0]  # noqa: SLF001  # PTB shows only the other of its two requests
        await request.shutdown()
        await request.initialize()


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


def _body(update: Update, username: str) -> str | None:
    """What waits to be handled: nothing of a group's talk, and of others' words nothing at all."""
    if not addressed(update, username):
        return None
    return json.dumps(slim(update), ensure_ascii=False).encode("utf-8", "replace").decode()
