"""Keeps received updates on disk before Telegram is told that they came, so that none is lost.

an update -> read once -> one transaction: the inbox keeps what is to be handled, a capture what a group said
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.dialogue.events import Event, FileEvent, OtherEvent, Poison, PostEvent, TextEvent
from bot.inbound.capture import Edited, Heard, Moved, Said, Update, heard
from bot.inbound.quota import Admission
from bot.inbound.updates import dump, read
from bot.state.heartbeats import RECEIVED
from bot.state.state import State

_log = logging.getLogger(__name__)

ALLOWED_UPDATES = (
    *("message", "edited_message", "callback_query", "my_chat_member"),
    *("channel_post", "edited_channel_post", "inline_query"),
)
"""The kinds of updates that Telegram is asked for."""

_LARGEST_ID = 1 << 53


@dataclass(frozen=True, slots=True)
class Incoming:
    """An update that was read: what is to be answered, and what a group's capture may keep."""

    id: int
    event: Event | None
    talk: Heard | None


def is_update(value: object) -> bool:
    """Whether a JSON value is an object with an update's number."""
    number = value.get("update_id") if isinstance(value, dict) else None
    return isinstance(number, int) and not isinstance(number, bool) and 0 <= number < _LARGEST_ID


class Receiver:
    """Reads updates, however they come, and keeps them in the inbox."""

    def __init__(
        self, username: str, state: State, clock: Callable[[], datetime], arrived: asyncio.Event
    ) -> None:
        """`arrived` is set whenever there is something new to handle in the inbox."""
        self._username = username
        self._state = state
        self._clock = clock
        self._arrived = arrived
        self._admission = Admission()

    def read(self, update: Update) -> Incoming:
        """An update with what it asks for, or says of a group; counted against its sender's quota."""
        number = int(update["update_id"])
        event, talk = read(update, self._username), None
        if isinstance(event, Poison):
            _log.warning("Update %d cannot be read (%s) and is skipped.", number, event.reason)
        elif event is None:
            # What asks something of the bot is no talk.
            talk = heard(update, self._username)
        else:
            event = self._admission.admit(event, time.monotonic())
        return Incoming(number, event, talk)

    async def keep(
        self, updates: Sequence[Incoming], handled: Callable[[int], bool] = lambda _: False
    ) -> None:
        """Keeps updates, and what groups with capture say in them, in one transaction. Raises StorageError.

        Of those that are `handled` already, only the number is kept.
        """
        await asyncio.to_thread(self._store, updates, int(self._clock().timestamp()), handled)
        if any(update.event for update in updates):
            self._arrived.set()

    def _store(self, updates: Sequence[Incoming], now: int, handled: Callable[[int], bool]) -> None:
        with self._state.transaction():
            bodies = [(update.id, None if handled(update.id) else self._body(update)) for update in updates]
            fresh = self._state.inbox.receive(bodies, now)
            for update in updates:
                # What came before is not kept again: its author may have had it erased since.
                if update.id in fresh:
                    self._store_one(update)
            self._state.heartbeats.beat(RECEIVED, now)

    def _body(self, update: Incoming) -> str | None:
        """What waits to be handled: nothing of a group's talk, nor of a channel that no operator has said yes to."""
        event = update.event
        if event is None or isinstance(event, OtherEvent):
            return None
        if isinstance(event, PostEvent) and event.direct:
            source = self._state.sources.of_channel(event.channel_id)
            if source is None or source.state != "active":
                return None
        return dump(event)

    def _store_one(self, update: Incoming) -> None:
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
