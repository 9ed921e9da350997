"""Makes recaps as messages: those asked for, and the scheduled daily ones, which are queued in the outbox."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.digests.schedule import EVERY_DAY, Slot, is_late, newest_slot
from bot.messages import Message, Place
from bot.models import Language
from bot.outbox.payload import dump
from bot.recaps.message import message_link, recap_message, recap_rows
from bot.rendering.renderer import Renderer
from bot.sqlite.errors import StorageError
from bot.state.recap_schedules import RecapSchedule
from bot.state.state import State
from bot.state.views import View
from bot.talk import ChatMessage

if TYPE_CHECKING:
    from bot.recaps.compose import Recap, RecapBriefer
    from bot.rewriting.material import KnownRetellings, Material

_log = logging.getLogger(__name__)

# A daily recap covers one day, and time that the bot was off, but not weeks.
_LONGEST = timedelta(days=3)


class Recaps:
    """Makes recaps and queues those that are due."""

    def __init__(
        self,
        state: State,
        briefer: Callable[[], RecapBriefer],
        renderer: Renderer,
        username: str | None,
        retellings: KnownRetellings | None = None,
    ) -> None:
        """Create it. `retellings` holds the texts that a language model made of recaps, None without a model."""
        self._retellings = retellings
        self._state = state
        self._briefer = briefer
        self._renderer = renderer
        self._username = username

    def recap(
        self, messages: Sequence[ChatMessage], language: Language, total: int = 0, *, least: int | None = None
    ) -> Recap | None:
        """Return the recap of messages of one forum topic, the newest of `total`; None if too little was said.

        `least` is the least number of messages that count, ENOUGH_MESSAGES if None.
        """
        return self._briefer().recap(messages, language, total=total, least=least)

    def shown(
        self,
        recap: Recap,
        chat_id: int,
        language: Language,
        zone: ZoneInfo,
        *,
        brief: bool = False,
        about: str = "",
    ) -> Message:
        """Return a recap as a message for its group, with moments in `zone`; `brief`: in six lines, retold if known.

        `about` is the subject or person (@name) that was asked for, "" for the whole talk.
        """
        material = self.material(recap, chat_id, language) if brief else None
        retelling = self._retellings.known(material) if self._retellings and material else None
        return recap_message(
            self._renderer,
            recap,
            language,
            partial(message_link, chat_id),
            self._username,
            brief=brief,
            retelling=retelling,
            zone=zone,
            about=about,
        )

    def material(self, recap: Recap, chat_id: int, language: Language) -> Material | None:
        """Return what a language model may retell of a recap's six lines; None without a model or group's consent."""
        capture = self._state.captures.of_chat(chat_id) if self._retellings else None
        if capture is None or not capture.model:
            return None
        # Imported here: it loads the recap engine, which answering questions does not need.
        from bot.recaps.message import recap_material

        return recap_material(recap.brief, language)

    def ahead(self, until: datetime) -> Iterator[tuple[Material, int]]:
        """Yield (material to retell, group id) for the recaps due up to a moment. Raises StorageError."""
        for schedule in self._state.recaps.all():
            capture = self._state.captures.of_chat(schedule.chat_id)
            slot = self._slot(schedule, until)
            if slot is None or is_late(slot, until) or capture is None or not capture.model:
                continue
            recap = self._recap(
                schedule, self._messages(schedule, since := self._since(schedule, until)), since
            )
            material = self.material(recap, schedule.chat_id, schedule.language) if recap else None
            if material is not None:
                yield material, schedule.chat_id

    def tick(self, now: datetime) -> int:
        """Expire old rows, queue every daily recap that is due, and return how many were queued.

        A recap more than an hour late is skipped: the members have read the talk by then. Raises StorageError.
        """
        moment = int(now.timestamp())
        # First: retention times hold even if a recap fails.
        self._state.expiry.run(moment)
        return sum(self._queue(schedule, now) for schedule in self._state.recaps.all())

    def _queue(self, schedule: RecapSchedule, now: datetime) -> bool:
        slot, moment = self._slot(schedule, now), int(now.timestamp())
        if slot is None:
            return False
        since = self._since(schedule, now)
        messages = [] if is_late(slot, now) else self._messages(schedule, since)
        view = View(
            secrets.token_urlsafe(9),
            schedule.chat_id,
            schedule.user_id,
            "",
            schedule.chat_id,
            schedule.thread_id,
        )
        message = self._message(schedule, messages, since, view.id)
        with self._state.transaction():
            if message is not None and not self._is_unchanged(schedule, messages, since):
                return False
            if not self._state.slots.claim(schedule.id, slot.day, moment) or message is None:
                return False
            place = Place(schedule.chat_id, schedule.thread_id)
            delivery = f"{schedule.delivery}:{slot.day.isoformat()}"
            self._state.outbox.put(delivery, place, [dump(message)], moment, silent=schedule.silent)
            self._state.recaps.mark_covered(*place, moment)
            self._state.views.put(view, moment)
        return True

    def _slot(self, schedule: RecapSchedule, now: datetime) -> Slot | None:
        """Return a schedule's slot that is due at `now` and not taken yet, None without one."""
        slot = newest_slot(schedule.minute, EVERY_DAY, schedule.timezone, now)
        made = self._state.slots.newest(schedule.id)
        if slot is None or slot.at.timestamp() < schedule.created or (made and slot.day <= made):
            return None
        return slot

    def _since(self, schedule: RecapSchedule, now: datetime) -> int:
        """Return the second from which a recap covers the talk: the last recap, but not longer ago than _LONGEST."""
        recapped = self._state.recaps.covered_until(schedule.chat_id, schedule.thread_id) or 0
        return max(recapped, schedule.created - 86_400, int((now - _LONGEST).timestamp()))

    def _messages(self, schedule: RecapSchedule, since: int) -> list[ChatMessage]:
        return self._state.captures.since(schedule.chat_id, schedule.thread_id, since)

    def _message(
        self, schedule: RecapSchedule, messages: Sequence[ChatMessage], since: int, view: str
    ) -> Message | None:
        """Return the recap as a message; None if less was said than the schedule asks for, or if making it failed."""
        try:
            recap = self._recap(schedule, messages, since)
            if recap is None:
                return None
            zone = ZoneInfo(schedule.timezone)
            message = self.shown(recap, schedule.chat_id, schedule.language, zone, brief=True)
            span = f"s{min(since, recap.since)}-{recap.until}"
            rows = recap_rows(self._renderer, recap, view, schedule.language, span, brief=True)
            return Message(message.html, rows)
        except StorageError:
            raise  # a fault of the disk or the server: the next tick retries
        except Exception as error:  # noqa: BLE001  # one failed recap must not stop those of other groups
            # No traceback: it may quote what was said.
            _log.error("A group's daily recap cannot be made (%s).", type(error).__name__)
            return None

    def _recap(self, schedule: RecapSchedule, messages: Sequence[ChatMessage], since: int) -> Recap | None:
        """Return the recap, None if less was said than the schedule asks for."""
        if not messages or len(messages) < schedule.least:
            return None
        total = self._state.captures.count(schedule.chat_id, schedule.thread_id, since)
        return self.recap(messages, schedule.language, total)

    def _is_unchanged(self, schedule: RecapSchedule, messages: Sequence[ChatMessage], since: int) -> bool:
        """Return whether the schedule and all messages still exist: somebody may have erased their words meanwhile."""
        if schedule not in self._state.recaps.all(schedule.chat_id):
            return False
        return set(messages) <= set(self._messages(schedule, since))
