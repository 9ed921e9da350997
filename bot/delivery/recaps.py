"""Recaps as messages: those that are asked for, and those that groups get each day by way of the outbox."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from bot.delivery.payload import dump
from bot.delivery.schedule import is_late, newest_slot
from bot.models import ChatMessage, Language, Message
from bot.rendering.renderer import Renderer, fits
from bot.storage.captures import MOST_MESSAGES, RecapSchedule
from bot.storage.state import State

if TYPE_CHECKING:
    from bot.briefings.recap import RecapBriefer

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
        from bot.rendering.recaps import recap_message  # with the engine's patterns, which no question needs

        recap = self._briefer().recap(messages, language, today)
        cut = ""
        if len(messages) == MOST_MESSAGES:
            said = self._renderer.message("notice", language, name="recap_cut", values=(MOST_MESSAGES,))
            cut = f"\n\n{said}"
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
        """Queues every daily recap that is due and erases messages whose time is over; returns how many are queued.

        A recap that the bot was too late for by an hour is left out: its members have read the talk by then.
        """
        queued = sum(self._queue(schedule, now) for schedule in self._state.captures.schedules())
        at = int(now.timestamp())
        if self._state.captures.expire(at):
            self._state.checkpoint()
        if at - (self._state.last_beat(_TIDY) or 0) >= _TIDY_SECONDS:
            self._state.beat(_TIDY, at)
            self._state.rewrite()
        return queued

    def _queue(self, schedule: RecapSchedule, now: datetime) -> bool:
        slot = newest_slot(schedule.minute, _EVERY_DAY, schedule.timezone, now)
        at, made = int(now.timestamp()), self._state.slots.newest(schedule.id)
        if slot is None or slot.at.timestamp() < schedule.created or (made and slot.day <= made):
            return False
        message = None if is_late(slot, now) else self._due(schedule, now)
        with self._state.transaction():
            if not self._state.slots.claim(schedule.id, slot.day, at) or message is None:
                return False
            reader = (schedule.chat_id, schedule.thread_id)
            delivery = f"{schedule.delivery}:{slot.day.isoformat()}"
            self._state.outbox.put(delivery, reader, [dump(message)], at, silent=schedule.silent)
            self._state.captures.mark_recapped(*reader, at)
        return True

    def _due(self, schedule: RecapSchedule, now: datetime) -> Message | None:
        """What was said since the last recap, None when it was less than the schedule asks for."""
        where = (schedule.chat_id, schedule.thread_id)
        last = max(self._state.captures.recapped(*where) or 0, schedule.created - 86_400)
        since = max(last, int((now - _LONGEST).timestamp()))
        messages = self._state.captures.since(*where, since)
        if len(messages) < schedule.least:
            return None
        return self.message(messages, schedule.chat_id, schedule.language, now.astimezone(UTC).date())


def link(chat_id: int, message_id: int) -> str | None:
    """The address of a message, None where Telegram gives none: outside supergroups, and from before one.

    A supergroup's id is -100 and the number that its links carry (Telegram, message links).
    """
    number = str(chat_id).removeprefix("-100")
    if number == str(chat_id) or message_id <= 0:
        return None
    return f"https://t.me/c/{number}/{message_id}"
