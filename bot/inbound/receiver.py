"""Stores received updates on disk before they are confirmed to Telegram, so that none is lost.

an update -> parse it once -> within the limits per minute of its sender and chat?
-> one transaction: the inbox stores what has to be handled, a capture what a group said

An update over a limit is not stored, so that a flood displaces nobody.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from bot.dialogue.events import (
    ButtonEvent,
    Event,
    FileEvent,
    InlineEvent,
    MalformedUpdate,
    MemberEvent,
    OtherEvent,
    PostEvent,
    TextEvent,
)
from bot.inbound.capture import Edited, MessageWritten, Moved, TalkEvent, Update, talk_of
from bot.inbound.updates import dump, read
from bot.state.heartbeats import RECEIVED
from bot.state.state import State

QUESTIONS = 30
PRESSES = 60
IN_A_GROUP = 15
"""Questions per group, of all its members. Telegram lets a bot send 20 messages a minute to a group (FAQ for bots); the
rest is left for digests, recaps and notices about the limit.
"""
WINDOW_SECONDS = 60.0
# Beyond this many, whoever asked least recently is forgotten first.
_REMEMBERED = 10_000


_log = logging.getLogger(__name__)

ALLOWED_UPDATES = (
    *("message", "edited_message", "callback_query", "my_chat_member"),
    *("channel_post", "edited_channel_post", "inline_query"),
)
"""The kinds of updates requested from Telegram."""

_LARGEST_ID = 1 << 53


class Quota:
    """Sliding window of WINDOW_SECONDS per person or group, by id."""

    def __init__(self, questions: int) -> None:
        self._questions = questions
        self._asked: OrderedDict[int, deque[float]] = OrderedDict()
        self._told: dict[int, float] = {}

    def admit(self, person: int, now: float) -> float:
        """Count a question and return 0.0 if `person` may ask it now; else return the seconds to wait."""
        times = self._asked.setdefault(person, deque(maxlen=self._questions))
        self._asked.move_to_end(person)
        while len(self._asked) > _REMEMBERED:
            forgotten, _ = self._asked.popitem(last=False)
            self._told.pop(forgotten, None)
        if len(times) == self._questions and now - times[0] < WINDOW_SECONDS:
            return WINDOW_SECONDS - (now - times[0])
        times.append(now)
        return 0.0

    def must_tell(self, person: int, now: float) -> bool:
        """Return whether to tell them that they must wait: once per window, or the notices would become the flood."""
        if now - self._told.get(person, -WINDOW_SECONDS) < WINDOW_SECONDS:
            return False
        self._told[person] = now
        return True


class Admission:
    """Admission control of events: those within the quota, then one notice about the wait, then none.

    What `operators` send to be read is not limited: a folder of files, or the posts of a month, come in one go.
    """

    def __init__(self, operators: frozenset[int] = frozenset()) -> None:
        self._operators = operators
        self._questions = Quota(QUESTIONS)
        self._in_group = Quota(IN_A_GROUP)
        self._presses = Quota(PRESSES)
        self._greetings = Quota(1)

    def admit(self, event: Event | None, now: float) -> Event | None:
        """Return the event to handle, marked `slow_down` if a notice is due; None if the sender already had the notice."""
        match event:
            case ButtonEvent():
                if not self._presses.admit(event.user_id, now):
                    return event
                told = not self._presses.must_tell(event.user_id, now)
                return None if told else replace(event, slow_down="press_slower")
            case InlineEvent():  # each typed word is one query, and a notice would not be read there
                return None if self._presses.admit(event.user_id, now) else event
            case TextEvent():
                # A sender without an id, as in a channel's post, is counted by chat.
                quotas = [(self._questions, event.user_id or event.chat_id, "slow_down")]
                if not event.private:
                    quotas.append((self._in_group, event.chat_id, "slow_down_group"))
                for quota, key, sentence in quotas:
                    if key and (wait := quota.admit(key, now)):
                        told = not quota.must_tell(key, now)
                        return None if told else replace(event, slow_down=sentence, wait=wait)
                return event
            case MemberEvent() if event.present and not event.was_present:
                # A group that adds and removes the bot repeatedly is greeted once a minute.
                return replace(event, was_present=bool(self._greetings.admit(event.chat_id, now)))
            case FileEvent() | PostEvent(direct=False) if event.user_id not in self._operators:
                return None if self._questions.admit(event.user_id or event.chat_id, now) else event
            case _:
                return event


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
