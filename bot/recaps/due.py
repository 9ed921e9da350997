"""Recaps as messages: those that are asked for, and those that groups get each day by way of the outbox."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.digests.schedule import is_late, newest_slot
from bot.models import ChatMessage, Language, Message
from bot.outbox.payload import dump
from bot.rendering.renderer import Renderer, fits
from bot.sqlite.errors import StorageError
from bot.state.captures import MOST_MESSAGES, RecapSchedule
from bot.state.state import State

if TYPE_CHECKING:
    from bot.recaps.compose import RecapBriefer

_log = logging.getLogger(__name__)

# Copies of erased messages between other rows go once a day.
_TIDY, _TIDY_SECONDS = "tidy", 86_400
_EVERY_DAY = 0b1111111
# A daily recap tells of one day, and of the time that the bot was away, but not of weeks.
_LONGEST = timedelta(days=3)


class Recaps:
    """Builds recaps and queues those that are due."""

    def __init__(
        self, state: State, briefer: Callable[[], RecapBriefer], renderer: Renderer, username: str | None
    ) -> None:
        self._state = state
        self._briefer = briefer
        self._renderer = renderer
        self._username = username

    def message(
        self, messages: Sequence[ChatMessage], chat_id: int, language: Language, today: date
    ) -> Message | None:
        """A recap of messages of one topic of one group, None where too little was said."""
        from bot.recaps.message import recap_message  # with the engine's patterns, which no question needs

        recap = self._briefer().recap(messages, language, today)
        cut = ""
        if len(messages) == MOST_MESSAGES:
            cut = f"\n\n{self._renderer.notice('recap_cut', language, MOST_MESSAGES)}"
        while recap is not None:
            message = recap_message(
                self._renderer, recap, language, lambda number: link(chat_id, number), self._username
            )
            message = Message(f"{message.html}{cut}", message.buttons)
            recap = recap.shortened()
            if fits(message) or recap is None:
                return message
        return None

    def tick(self, now: datetime) -> int:
        """Erases messages whose time is over and queues every daily recap that is due; returns how many are queued.

        A recap that the bot was too late for by an hour is left out: its members have read the talk by then.
        Raises StorageError.
        """
        at = int(now.timestamp())
        # First: whatever becomes of a recap, what a group was promised about its words holds.
        if self._state.captures.expire(at):
            self._state.checkpoint()
        queued = sum(self._queue(schedule, now) for schedule in self._state.captures.schedules())
        if at - (self._state.last_beat(_TIDY) or 0) >= _TIDY_SECONDS:
            self._state.beat(_TIDY, at)
            self._state.rewrite()
        return queued

    def _queue(self, schedule: RecapSchedule, now: datetime) -> bool:
        slot = newest_slot(schedule.minute, _EVERY_DAY, schedule.timezone, now)
        at, made = int(now.timestamp()), self._state.slots.newest(schedule.id)
        if slot is None or slot.at.timestamp() < schedule.created or (made and slot.day <= made):
            return False
        said = [] if is_late(slot, now) else self._said(schedule, now)
        message = self._made(schedule, said, now)
        with self._state.transaction():
            if message is not None and not self._stands(schedule, said, now):
                return False
            if not self._state.slots.claim(schedule.id, slot.day, at) or message is None:
                return False
            reader = (schedule.chat_id, schedule.thread_id)
            delivery = f"{schedule.delivery}:{slot.day.isoformat()}"
            self._state.outbox.put(delivery, reader, [dump(message)], at, silent=schedule.silent)
            self._state.captures.mark_recapped(*reader, at)
        return True

    def _said(self, schedule: RecapSchedule, now: datetime) -> list[ChatMessage]:
        """What was said since the last recap."""
        where = (schedule.chat_id, schedule.thread_id)
        last = max(self._state.captures.recapped(*where) or 0, schedule.created - 86_400)
        since = max(last, int((now - _LONGEST).timestamp()))
        return self._state.captures.since(*where, since)

    def _made(self, schedule: RecapSchedule, said: Sequence[ChatMessage], now: datetime) -> Message | None:
        """The recap, None when less was said than the schedule asks for, or where it cannot be made."""
        if not said or len(said) < schedule.least:
            return None
        today = now.astimezone(ZoneInfo(schedule.timezone)).date()
        try:
            return self.message(said, schedule.chat_id, schedule.language, today)
        except StorageError:
            raise  # the disk's fault: the next tick makes it
        except Exception as error:  # noqa: BLE001  # whatever one raises, those of other groups are made
            # No traceback: it may quote what was said.
            _log.error("The recap of chat %d cannot be made (%s).", schedule.chat_id, type(error).__name__)
            return None

    def _stands(self, schedule: RecapSchedule, said: Sequence[ChatMessage], now: datetime) -> bool:
        """Whether all of it is still kept and still wanted: somebody may have had their words erased meanwhile."""
        if schedule not in self._state.captures.schedules(schedule.chat_id):
            return False
        return set(said) <= set(self._said(schedule, now))


def link(chat_id: int, message_id: int) -> str | None:
    """The address of a message, None where Telegram gives none: outside supergroups, and from before one.

    A supergroup's id is -100 and the number that its links carry (Telegram, message links).
    """
    number = str(chat_id).removeprefix("-100")
    if number == str(chat_id) or message_id <= 0:
        return None
    return f"https://t.me/c/{number}/{message_id}"
