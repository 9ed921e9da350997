"""Stores received updates on disk before they are confirmed to Telegram, so that none is lost.

an update -> parse it once -> one transaction: the inbox stores what has to be handled, a capture what a group said
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from datetime import datetime

from msgspec import Struct

from bot.dialogue.events import Event, FileEvent, MalformedUpdate, OtherEvent, PostEvent, TextEvent
from bot.inbound.capture import Edited, MessageWritten, Moved, TalkEvent, Update, talk_of
from bot.inbound.quota import Admission
from bot.inbound.updates import dump, read
from bot.state.heartbeats import RECEIVED
from bot.state.state import State

_log = logging.getLogger(__name__)

ALLOWED_UPDATES = (
    *("message", "edited_message", "callback_query", "my_chat_member"),
    *("channel_post", "edited_channel_post", "inline_query"),
)
"""The kinds of updates requested from Telegram."""

_LARGEST_ID = 1 << 53


class Incoming(Struct, frozen=True):
    """A parsed update: the event to answer, and the talk that a group's capture may keep; either may be None."""

    id: int
    event: Event | None
    talk: TalkEvent | None


def is_update(value: object) -> bool:
    """Return whether a JSON value is an object with a valid update_id."""
    number = value.get("update_id") if isinstance(value, dict) else None
    return isinstance(number, int) and not isinstance(number, bool) and 0 <= number < _LARGEST_ID


class Receiver:
    """Receiver of updates, polled or delivered: parses them and stores them in the inbox."""

    def __init__(
        self,
        username: str,
        state: State,
        clock: Callable[[], datetime],
        arrived: asyncio.Event,
        operators: frozenset[int] = frozenset(),
    ) -> None:
        """`arrived` is set whenever the inbox has something new to handle; files of `operators` are not limited."""
        self._username = username
        self._state = state
        self._clock = clock
        self._arrived = arrived
        self._admission = Admission(operators)

    def read(self, update: Update) -> Incoming:
        """Parse an update and count its event against the sender's quota."""
        number = int(update["update_id"])
        event, talk = read(update, self._username), None
        if isinstance(event, MalformedUpdate):
            _log.warning("Update %d cannot be read (%s) and is skipped.", number, event.reason)
        elif event is None:
            # A request to the bot is not talk.
            talk = talk_of(update, self._username)
        else:
            event = self._admission.admit(event, time.monotonic())
        return Incoming(number, event, talk)

    async def keep(self, updates: Sequence[Incoming], handled: Callable[[int], bool] | None = None) -> None:
        """Store updates, and the talk of groups with capture, in one transaction. Raises StorageError.

        Of updates for which `handled` is true, only the id is stored.
        """
        await asyncio.to_thread(self._store, updates, int(self._clock().timestamp()), handled)
        if any(update.event for update in updates):
            self._arrived.set()

    def _store(self, updates: Sequence[Incoming], now: int, handled: Callable[[int], bool] | None) -> None:
        state = self._state
        bodies = [
            (update.id, None if handled and handled(update.id) else self._body(update)) for update in updates
        ]
        with state.transaction():
            fresh = state.inbox.receive(bodies, now)
            # A repeated update is not stored again: its author may have had it erased since.
            for update in (update for update in updates if update.id in fresh):
                match update.event:
                    case MalformedUpdate():
                        state.inbox.finish(update.id, "poison")
                    # Someone who writes has reopened their chat, even if no update said so. It is nearly always open,
                    # and the check comes first because a read waits for nobody, while a write makes all others wait.
                    case TextEvent(chat_id=chat) | FileEvent(chat_id=chat) | OtherEvent(chat_id=chat) if (
                        chat > 0 and state.chats.closed(chat)
                    ):
                        state.chats.open(chat)
                match update.talk:
                    case MessageWritten(chat_id, message, others):
                        state.captures.keep(chat_id, message, others)
                    case Edited(chat_id, message_id, text):
                        state.captures.edit(chat_id, message_id, text)
                    case Moved(old, new):
                        state.migrate_chat(old, new)
            state.heartbeats.beat(RECEIVED, now)

    def _body(self, update: Incoming) -> str | None:
        """Return what the inbox stores, None for no body: no group talk, and no post of a channel that is not approved."""
        event = update.event
        if event is None or isinstance(event, OtherEvent):
            return None
        if isinstance(event, PostEvent) and event.direct:
            source = self._state.sources.of_channel(event.channel_id)
            if source is None or source.state != "active":
                return None
        return dump(event)
