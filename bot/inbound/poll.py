"""Updates are asked of Telegram and kept on disk before they are confirmed, so that none is lost."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from telegram import Bot
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.dialogue.events import Event, FileEvent, OtherEvent, Poison, TextEvent
from bot.inbound.capture import Edited, Heard, Moved, Said, Update, heard
from bot.inbound.dispatch import Dispatcher
from bot.inbound.quota import Admission
from bot.inbound.updates import dump, read
from bot.logs import Trouble
from bot.sqlite.errors import StorageError
from bot.state.heartbeats import CONFLICT, POLL
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
_LONGEST_PAUSE, _LONGEST_FLOOD = 60.0, 300.0
# Updates in one answer; fewer after a failure, which may have been that a slow line could not carry them in time.
_MANY, _FEW = 100, 10
# After a week without updates Telegram goes on with a random id (Bot API, Update).
_QUIET_SECONDS = 6 * 86_400.0
_LARGEST_ID = 1 << 53


@dataclass(frozen=True, slots=True)
class _Incoming:
    """An update that was read: what is to be answered, and what a group's capture may keep."""

    id: int
    event: Event | None
    talk: Heard | None


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
        self._admission = Admission()
        # Telegram sends what is not confirmed again, which is not asked again.
        self._unconfirmed: dict[int, _Incoming] = {}

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
                    updates = _readable(await self._ask(offset, _FEW if pause else _MANY))
            except InvalidToken:
                raise
            except (TelegramError, TimeoutError) as error:
                pause = await self._rest(error, pause)
                continue
            pause = 0.0
            offset = await self._keep([self._read(update) for update in updates], offset)

    async def _ask(self, offset: int | None, limit: int) -> object:
        wanted = {"timeout": POLL_SECONDS, "allowed_updates": list(ALLOWED_UPDATES), "limit": limit}
        if offset is not None:
            wanted["offset"] = offset
        # Not get_updates, which drops all updates when it cannot read one; nor do_api_request, which warns of
        # this use and takes a revoked token for a missing method.
        answer: object = await self._bot._post(  # noqa: SLF001
            "getUpdates", wanted, read_timeout=POLL_SECONDS + _SILENCE_SECONDS / 2
        )
        return answer

    async def _keep(self, updates: list[_Incoming], offset: int | None) -> int | None:
        now = int(self._clock().timestamp())
        try:
            if self._storage.lasts and self._dispatcher is not None:
                await self._dispatcher.quiet()
            await asyncio.to_thread(self._store, updates, now)
        except StorageError as error:
            self._storage.struck(error)
            return await self._aside(updates, offset)
        if self._storage.lasts:
            self._storage.over()
            if self._dispatcher is not None:
                self._dispatcher.settle()
        if not updates:
            return offset
        if any(update.event for update in updates):
            self._arrived.set()
        self._heard = time.monotonic()
        self._unconfirmed.clear()
        return max(update.id for update in updates) + 1

    async def _aside(self, updates: list[_Incoming], offset: int | None) -> int | None:
        """The disk is full: updates are handled all the same, and confirmed when nothing of theirs is to be kept.

        What somebody chose is confirmed only once it is kept; a group's talk that is passed over is not recapped.
        """
        await asyncio.sleep(_STORAGE_SECONDS)
        if self._dispatcher is None or not updates:
            return offset
        self._heard = time.monotonic()
        for update in updates:
            if update.event is not None and not self._dispatcher.handled(update.id):
                self._dispatcher.offer(update.id, update.event)
        open_ones = [update.id for update in updates if self._dispatcher.needs(update.id)]
        confirmed = min(open_ones) if open_ones else max(update.id for update in updates) + 1
        self._forget_below(confirmed)
        return confirmed

    def _read(self, update: Update) -> _Incoming:
        """An update with what it asks for, or says of a group; each is counted against its sender's quota once."""
        number = int(update["update_id"])
        if (known := self._unconfirmed.get(number)) is not None:
            return known
        event, talk = read(update, self._bot.username), None
        if isinstance(event, Poison):
            _log.warning("Update %d cannot be read (%s) and is skipped.", number, event.reason)
        elif event is None:
            # What asks something of the bot is no talk.
            talk = heard(update, self._bot.username)
        else:
            event = self._admission.admit(event, time.monotonic())
        incoming = self._unconfirmed[number] = _Incoming(number, event, talk)
        return incoming

    def _forget_below(self, offset: int) -> None:
        for number in [number for number in self._unconfirmed if number < offset]:
            del self._unconfirmed[number]

    def _store(self, updates: list[_Incoming], now: int) -> None:
        """Keeps updates, and what groups with capture say in them, in one transaction."""
        with self._state.transaction():
            fresh = self._state.inbox.receive([(update.id, self._body(update)) for update in updates], now)
            for update in updates:
                # What came before is not kept again: its author may have had it erased since.
                if update.id in fresh:
                    self._store_one(update)
            self._state.heartbeats.beat(POLL, now)

    def _body(self, update: _Incoming) -> str | None:
        """What waits to be handled: nothing of a group's talk, and of others' words nothing at all."""
        if update.event is None or isinstance(update.event, OtherEvent):
            return None
        aside = self._dispatcher if self._storage.lasts else None
        return None if aside is not None and aside.handled(update.id) else dump(update.event)

    def _store_one(self, update: _Incoming) -> None:
        """Keeps what an update changes before it is handled."""
        event, state = update.event, self._state
        match event:
            case Poison():
                state.inbox.finish(update.id, "poison")
            # Somebody writes: whatever closed their chat is over, also where no update told of its end. Nearly always
            # it is open, and is asked for first: a reader waits for nobody, a writer for all others.
            case TextEvent() | FileEvent() | OtherEvent() if event.chat_id > 0 and state.chats.closed(
                event.chat_id
            ):
                state.chats.open(event.chat_id)
        match update.talk:
            case Said(chat_id, message, others):
                state.captures.keep(chat_id, message, others)
            case Edited(chat_id, message_id, text):
                state.captures.edit(chat_id, message_id, text)
            case Moved(old, new):
                state.migrate_chat(old, new)

    async def _rest(self, error: Exception, pause: float) -> float:
        pause = min(_LONGEST_PAUSE, max(1.0, pause * 2))
        if isinstance(error, RetryAfter):
            pause = max(pause, min(_LONGEST_FLOOD, seconds_of(error)))
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


def _readable(answer: object) -> list[Update]:
    """The updates of an answer, without those that have no number. Raises TelegramError when it has none at all."""
    updates = answer if isinstance(answer, list) else None
    if updates is None:
        raise TelegramError("The answer to getUpdates is no list.")
    readable = [
        update
        for update in updates
        if isinstance(update, dict)
        and isinstance(number := update.get("update_id"), int)
        and 0 <= number < _LARGEST_ID
    ]
    if len(readable) < len(updates):
        _log.error(
            "%d of %d updates have no number and are skipped.", len(updates) - len(readable), len(updates)
        )
        if not readable:
            raise TelegramError("No update has a number.")
    return readable
