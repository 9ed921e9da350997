"""Turns an event into what the person reads: has the reply composed, sends it, commits, and deals with failures.

an event from the inbox -> its reply (replies) -> erase what it says is erased -> send the reply, or edit it in
-> commit the effects and the update's mark in one transaction
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec.structs import replace
from telegram import Bot
from telegram.error import Forbidden, TelegramError

from bot.dialogue.effects import ERASING, Delivered, Effect, MarkRecapRead
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
from bot.dialogue.reply import Reply
from bot.dialogue.router import Router
from bot.inbound.apply import erase
from bot.inbound.channels import Channels
from bot.inbound.commit import Commits
from bot.inbound.members import Membership
from bot.inbound.replies import Replies
from bot.inbound.report_intake import ReportIntake
from bot.messages import Message
from bot.sqlite.errors import Damaged, StorageError
from bot.state.leases import LeaseLost
from bot.state.state import State
from bot.telegram.in_flight import InFlight
from bot.telegram.limiter import NotPermitted
from bot.telegram.pictures import Pictures
from bot.telegram.send import answer_inline, answer_press, edit, send, send_file
from bot.telemetry import Telemetry

if TYPE_CHECKING:
    from bot.inbound.retellings import Retellings

_log = logging.getLogger(__name__)

# Half a minute in all: time for a database to come back or for another machine to take over.
_TRIES, _AGAIN_SECONDS = 15, 2.0


class Handlers:
    """Handler of all events, one of a chat at a time; blocking work runs in threads."""

    def __init__(
        self,
        bot: Bot,
        router: Router,
        replies: Replies,
        intake: ReportIntake,
        channels: Channels,
        commits: Commits,
        state: State,
        clock: Callable[[], datetime],
        telemetry: Telemetry,
        retellings: Retellings | None,
        in_flight: InFlight,
    ) -> None:
        """`in_flight` limits the messages of the whole process to one at a time.

        `retellings` replaces an answer with the language model's retelling of it; None without a model.
        """
        self._telemetry = telemetry
        self._bot = bot
        self._router = router
        self._intake = intake
        self._channels = channels
        self._state = state
        self._clock = clock
        self._replies = replies
        self.commits = commits
        self._retellings = retellings
        self._membership = Membership(router, state, clock)
        self._in_flight = in_flight
        self._pictures = Pictures(state.uploaded_pictures, clock)

    async def handle(self, update_id: int, event: Event | None) -> None:
        """Handle an event and mark its update done, failed or poison, whatever it raises."""
        with self._in_flight.recorded():
            kind, began = self._router.kind(event), time.monotonic()
            try:
                await self._with_patience(update_id, event)
            except LeaseLost:
                _log.info("Update %d is handled by the machine that took over.", update_id)
            except Exception as error:  # noqa: BLE001  # whatever one update raises, its neighbours go on
                self._telemetry.failures[kind] += 1
                await self._failed(update_id, event, error)
            else:
                self._telemetry.answered(kind, time.monotonic() - began)
                # For events without a reply; an earlier mark stays.
                if not isinstance(event, TextEvent | ButtonEvent | MalformedUpdate):
                    await self.commits.commit(update_id, (), "done")
        await self._pictures.keep()

    async def close(self) -> None:
        """Cancel retellings in progress, then write the marks that still wait."""
        if self._retellings:
            await self._retellings.close()
        await self.commits.close()

    async def _with_patience(self, update_id: int, event: Event | None) -> None:
        """Handle an event, retrying on StorageError while a shared database is away: a restart is soon over.

        Also retries while its answer may not be sent because another machine may have taken over.
        """
        left = _TRIES if self._state.shared else 0
        while True:
            try:
                return await self._one(update_id, event)
            except NotPermitted:
                pass  # until the lease is trusted again, or lost and this task cancelled
            except Damaged:
                raise
            except StorageError:
                if not left:
                    raise
                left -= 1
            await asyncio.sleep(_AGAIN_SECONDS)

    async def _one(self, update_id: int, event: Event | None) -> None:
        match event:
            case TextEvent():
                await self._text(update_id, event)
            case ButtonEvent():
                await self._press(update_id, event)
            case FileEvent():
                await self._intake.file(event)
            case PostEvent():
                await self._post(update_id, event)
            case InlineEvent():
                cards = await asyncio.to_thread(self._router.cards, event, self._clock())
                await answer_inline(self._bot, event.query_id, cards)
            case MemberEvent(channel=True):
                await self._channels.changed(event, self._bot)
            case MemberEvent():
                await self._membership.changed(event, self._bot)
            case MalformedUpdate():
                _log.warning("Update %d cannot be read (%s) and is skipped.", update_id, event.reason)
                await self.commits.commit(update_id, (), "poison")

    # -- kinds of events -------------------------------------------------------------------------------

    async def _text(self, update_id: int, event: TextEvent) -> None:
        """Answer a text in its chat and forum topic; outside private chats, as a reply to the question."""
        if (address := self._intake.uploads.address(event)) is not None and not event.slow_down:
            await self._intake.address(event, address)
            await self.commits.commit(update_id, (), "done")
            return
        reply = await self._erased(await self._replies.to_text(event) or Reply())
        async with self._committed(update_id, reply.effects):
            if reply.message:
                quoted = None if event.private else event.message_id
                sent = await send(self._bot, event.place, reply.message, quoted, self._pictures)
                self._retell(event, sent, reply)
            for part in reply.more:
                await send(self._bot, event.place, part, pictures=self._pictures)
            await self._send_files(event, reply)

    async def _post(self, update_id: int, event: PostEvent) -> None:
        """Take a channel's post into the library where that is wanted; else answer a forwarded one like any other message."""
        if await asyncio.to_thread(self._intake.uploads.wants, event):
            await self._intake.post(event)
        elif not event.direct and event.text.strip():
            await self._text(update_id, event.question)
        elif not event.direct:
            await self._intake.file(event.upload)

    async def _press(self, update_id: int, event: ButtonEvent) -> None:
        """Answer a pressed button, usually by editing its message."""
        reply = await self._erased(await self._replies.to_press(event))
        async with self._committed(update_id, reply.effects):
            if self._retellings:
                self._retellings.cancel(event.chat_id, event.message_id)
            await answer_press(self._bot, event.query_id, reply.notice)
            if reply.message:
                self._retell(event, await self._put(event, reply.message, in_place=reply.edit), reply)
            await self._send_files(event, reply)

    async def _put(self, event: ButtonEvent, message: Message, *, in_place: bool) -> int:
        """Replace the pressed message, or send a new one where Telegram cannot; return the id of the message with it."""
        # A text cannot replace a picture (Bot API, editMessageText), and a picture that replaced a text could not turn
        # back.
        if not in_place or event.picture != (message.image is not None):
            return await send(self._bot, event.place, message, pictures=self._pictures)
        await edit(self._bot, event.chat_id, event.message_id, message, self._pictures)
        return event.message_id

    async def _send_files(self, event: TextEvent | ButtonEvent, reply: Reply) -> None:
        for file in reply.files:
            await send_file(self._bot, event.place, file)

    def _retell(self, event: TextEvent | ButtonEvent, message_id: int, reply: Reply) -> None:
        if self._retellings and reply.retell:
            self._retellings.start(event, message_id, reply)

    # -- what comes of an event ------------------------------------------------------------------------

    async def _failed(self, update_id: int, event: Event | None, error: Exception) -> None:
        """Log a failure under a reference, and tell the person that reference where they can be reached."""
        reference = secrets.token_hex(3)
        if isinstance(error, Forbidden):
            _log.info("Update %d: the chat is closed to the bot.", update_id)
        elif isinstance(error, TelegramError | StorageError):
            # Damage is told once, by the upkeep of the library.
            if not isinstance(error, Damaged):
                _log.error("Update %d failed, reference %s: %s", update_id, reference, error)
        else:
            _log.error("Update %d failed, reference %s.", update_id, reference, exc_info=error)
        await self.commits.commit(update_id, (), "failed")
        if (
            event is None
            or isinstance(error, Forbidden)
            or isinstance(event, InlineEvent | OtherEvent | MalformedUpdate)
        ):
            return
        # A channel's readers have nothing to do with the failure.
        if isinstance(event, PostEvent) and event.direct:
            return
        try:
            told = "" if isinstance(error, Damaged) else reference
            apology = await asyncio.to_thread(self._router.apology, event, told)
            await send(self._bot, event.place, apology)
        except TelegramError as second:
            _log.warning("Reference %s could not be told: %s", reference, second)

    async def _erased(self, reply: Reply) -> Reply:
        """Erase what a reply says is erased, in the write-ahead log too, before the reply is sent."""
        if not any(isinstance(effect, ERASING) for effect in reply.effects):
            return reply
        complete = await asyncio.to_thread(self._erase, reply.effects)
        if self._retellings:
            self._retellings.forget_talk()
        return replace(reply, effects=(), message=reply.message if complete else reply.otherwise)

    def _erase(self, effects: tuple[Effect, ...]) -> bool:
        now = int(self._clock().timestamp())
        return all([erase(effect, self._state, now) for effect in effects])  # noqa: C419  # each is to be erased

    @asynccontextmanager
    async def _committed(self, update_id: int, effects: tuple[Effect, ...]) -> AsyncIterator[None]:
        """Commit the effects even when the reply could not be sent: the person made that choice all the same."""
        try:
            yield
        except NotPermitted:
            raise  # nothing was sent: the update is handled again, here or by the machine that took over
        except BaseException as error:
            if isinstance(error, Exception):
                # What may not have arrived counts as undelivered: a repeated sentence is better than a lost one.
                chosen = tuple(
                    effect for effect in effects if not isinstance(effect, Delivered | MarkRecapRead)
                )
                await self.commits.commit(update_id, chosen, "failed")
            raise
        await self.commits.commit(update_id, effects, "done")
