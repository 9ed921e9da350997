"""Between Telegram's updates and the conversation: reads an update, replies, keeps the effects."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from telegram import Bot, Message, Update
from telegram.constants import ChatAction, ChatType
from telegram.error import Forbidden, TelegramError
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    ChatMemberHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from bot.dialogue.effects import (
    ERASING,
    Delivered,
    Effect,
    Recapped,
    Reply,
)
from bot.dialogue.events import ButtonEvent, TextEvent
from bot.dialogue.router import PressRoute, Router
from bot.inbound.apply import erase
from bot.inbound.commit import Commits
from bot.inbound.heavy_work import HeavyWork, Result, TooMuchWork
from bot.inbound.members import Membership, is_member, sees_talk
from bot.inbound.quota import IN_A_GROUP, QUESTIONS, Quota
from bot.inbound.roles import Roles
from bot.inbound.uploads import Uploads
from bot.models import Message as OurMessage
from bot.models import Place, Rights
from bot.state.state import State
from bot.telegram.send import answer_press, edit, send

_log = logging.getLogger(__name__)

Context = ContextTypes.DEFAULT_TYPE
AnyApplication = Application[Any, Any, Any, Any, Any, Any]


class Handlers:
    """Handles one update at a time for a chat; what must not block runs in threads."""

    def __init__(
        self,
        router: Router,
        uploads: Uploads,
        state: State,
        clock: Callable[[], datetime],
        heavy: HeavyWork,
    ) -> None:
        self._router = router
        self._uploads = uploads
        self._state = state
        self._clock = clock
        self._heavy = heavy
        self.commits = Commits(state, clock)
        self._roles = Roles()
        self._membership = Membership(router, state, clock)
        self._questions = Quota()
        self._in_group = Quota(IN_A_GROUP)
        self._presses = Quota(2 * QUESTIONS)

    def register(self, application: AnyApplication) -> None:
        """Adds the handlers. An edited message is not among them: it would run twice."""
        application.add_handler(MessageHandler(filters.UpdateType.MESSAGE & filters.TEXT, self.text))
        own_file = filters.UpdateType.MESSAGE & filters.ChatType.PRIVATE & filters.Document.ALL
        application.add_handler(MessageHandler(own_file, self.file))
        application.add_handler(CallbackQueryHandler(self.press))
        own_place = ChatMemberHandler(self._membership.changed, ChatMemberHandler.MY_CHAT_MEMBER)
        application.add_handler(own_place)
        application.add_error_handler(self.failed)

    async def handle(self, application: AnyApplication, update_id: int, raw: dict[str, Any]) -> None:
        """Handles a raw update from the inbox and marks it; never raises.

        An update that the library cannot read is skipped as poison; its body goes to no log.
        """
        try:
            update = Update.de_json(raw, application.bot)
        except Exception as error:  # noqa: BLE001  # whatever a malformed update raises, its neighbours go on
            _log.error(
                "Update %d cannot be read (%s) and is skipped.", update_id, type(error).__name__
            )  # a traceback would quote the update
            await self.commits.commit(update_id, (), "poison")
            return
        if update.message is not None and update.message.chat.type == ChatType.PRIVATE:
            await self._membership.heard_from(update.message.chat_id)
        await application.process_update(update)
        # Marks what no handler was for; a mark that a handler has set stays.
        await self.commits.commit(update_id, (), "done")

    async def text(self, update: Update, context: Context) -> None:
        """Answers a text in its chat, in its forum topic, quoting the question where others write too."""
        message = update.effective_message
        if message is None or message.text is None:
            return
        private = message.chat.type == ChatType.PRIVATE
        user = message.from_user
        asked = TextEvent(
            chat_id=message.chat_id,
            user_id=message.sender_chat.id if message.sender_chat else user.id if user else 0,
            text=message.text,
            private=private,
            language_code=user.language_code if user else None,
            admin=private,
            thread_id=_thread(message) or 0,
        )
        reply = await self._too_fast(asked)
        if reply is None:
            reply = await self._answer(asked, message, context.bot)
        if reply is None:
            return
        reply = await self._erased(reply)
        async with self._committed(update.update_id, reply.effects):
            if reply.message:
                await send(
                    context.bot, _place(message), reply.message, reply_to=None if private else message.id
                )
            for part in reply.more:
                await send(context.bot, _place(message), part)

    async def _too_fast(self, asked: TextEvent) -> Reply | None:
        """The wait for a person or a group that asks too much, said once a minute; None for everybody else."""
        now = time.monotonic()
        for quota, key, sentence in (
            (self._questions, asked.user_id, "slow_down"),
            (self._in_group, 0 if asked.private else asked.chat_id, "slow_down_group"),
        ):
            wait = quota.wait(key, now) if key else 0.0
            if wait:
                if not quota.must_tell(key, now):
                    return Reply()
                return Reply(await asyncio.to_thread(self._router.slow_down, asked, wait, sentence))
        return None

    async def _answer(self, asked: TextEvent, message: Message, bot: Bot) -> Reply | None:
        """The answer to a text, after Telegram was asked what its route has to know of the sender."""
        route = await asyncio.to_thread(self._router.route, asked)
        if route is None:
            return None
        if route.group is not None and await is_member(bot, route.group, asked.user_id):
            asked = replace(asked, member_of=route.group)
        if not asked.private and route.rights is Rights.ADMIN:
            admin = await self._may_configure(message, bot)
            sees = not (admin and route.command.shows_sight) or await sees_talk(bot, asked.chat_id)
            asked = replace(asked, admin=admin, sees=sees)
        answer = partial(self._router.reply, route, asked, self._clock())
        if not route.heavy:
            return await asyncio.to_thread(answer)
        return await self._in_turn(answer, partial(self._router.busy, asked))

    async def file(self, update: Update, context: Context) -> None:
        """Takes a document from an operator into the library and says what was cut, or recaps an exported chat."""
        message = update.effective_message
        if message is None or message.document is None or message.from_user is None:
            return
        person, document = message.from_user, message.document
        language = await asyncio.to_thread(self._router.language_in, message.chat_id, person.language_code)
        name = document.file_name or ""
        refusal = self._uploads.refusal(person.id, name, document.file_size or 0, language)
        if refusal is None:
            await context.bot.send_chat_action(message.chat_id, ChatAction.TYPING)
            file = await context.bot.get_file(document.file_id)
            raw = bytes(await file.download_as_bytearray())
            now = int(self._clock().timestamp())
            take = partial(self._uploads.take, name, raw, language, now)
            refusal = await self._in_turn(take, lambda: self._uploads.busy(language))
        await send(context.bot, _place(message), refusal)

    async def press(self, update: Update, context: Context) -> None:
        """Answers a pressed button, usually by editing its message."""
        query = update.callback_query
        if query is None or query.message is None or query.data is None:
            return
        if self._presses.wait(query.from_user.id, time.monotonic()):
            notice = self._router.too_many_presses(query.from_user.language_code)
            await answer_press(context.bot, query.id, notice)
            return
        chat = query.message.chat
        private = chat.type == ChatType.PRIVATE
        pressed = ButtonEvent(
            chat_id=chat.id,
            user_id=query.from_user.id,
            data=query.data,
            private=private,
            admin=private,
            thread_id=(_thread(query.message) if isinstance(query.message, Message) else None) or 0,
        )
        route = await asyncio.to_thread(self._router.route_press, pressed)
        pressed = await self._looked_up(pressed, route, context.bot)
        answer = partial(self._router.reply_press, route, pressed, self._clock())
        if route.press is None or not route.press.heavy:
            reply = await asyncio.to_thread(answer)
        else:
            reply = await self._in_turn(answer, partial(self._router.busy_press, route.press))
        reply = await self._erased(reply)
        async with self._committed(update.update_id, reply.effects):
            await answer_press(context.bot, query.id, reply.notice)
            if reply.message and reply.edit:
                await edit(context.bot, chat.id, query.message.message_id, reply.message)
            elif reply.message:
                await send(context.bot, Place(chat.id, pressed.thread_id), reply.message)

    async def _looked_up(self, pressed: ButtonEvent, route: PressRoute, bot: Bot) -> ButtonEvent:
        """A press with what Telegram says of who pressed: an admin's role, a membership, what the bot is shown."""
        press, view = route.press, route.view
        if press is None:
            return pressed
        if pressed.private:
            group = view.group_id if view and press.rights is Rights.MEMBER else None
            member = group is not None and await is_member(bot, group, pressed.user_id)
            return replace(pressed, member_of=group if member else None)
        if press.rights is Rights.ANYONE or (press.rights is not Rights.ADMIN and route.own(pressed.user_id)):
            return pressed
        admin = await self._roles.is_admin(bot, pressed.chat_id, pressed.user_id)
        sees = not (admin and press.shows_sight) or await sees_talk(bot, pressed.chat_id)
        return replace(pressed, admin=admin, sees=sees)

    async def failed(self, update: object, context: Context) -> None:
        """Logs a failure under a number and tells the person that number."""
        reference = secrets.token_hex(3)
        error = context.error
        number = update.update_id if isinstance(update, Update) else -1
        if isinstance(error, Forbidden):
            _log.info("Update %d: the chat is closed to the bot.", number)
        else:
            _log.error("Update %d failed, reference %s.", number, reference, exc_info=error)
        await self.commits.commit(number, (), "failed")
        chat = update.effective_chat if isinstance(update, Update) else None
        if chat is None or isinstance(error, Forbidden):
            return
        message = update.effective_message if isinstance(update, Update) else None
        # A button's message that has become inaccessible has no thread to tell.
        place = _place(message) if isinstance(message, Message) else Place(chat.id)
        try:
            await send(context.bot, place, await self._apology(update, chat.id, reference))
        except TelegramError as second:
            _log.warning("Reference %s could not be told: %s", reference, second)

    async def _apology(self, update: object, chat_id: int, reference: str) -> OurMessage:
        person = update.effective_user if isinstance(update, Update) else None
        message = update.effective_message if isinstance(update, Update) else None
        text = (message.text if isinstance(message, Message) else None) or ""
        event = TextEvent(
            chat_id, 0, text, private=True, language_code=person.language_code if person else None
        )
        return await asyncio.to_thread(self._router.apology, event, reference)

    async def _in_turn(self, work: Callable[[], Result], busy: Callable[[], Result]) -> Result:
        """What heavy work returns, or `busy` where too much of it waits already."""
        try:
            return await self._heavy.run(work)
        except TooMuchWork:
            return await asyncio.to_thread(busy)

    async def _erased(self, reply: Reply) -> Reply:
        """Erases what a reply says is erased, in the write-ahead log too, before it is said."""
        if not any(isinstance(effect, ERASING) for effect in reply.effects):
            return reply
        complete = await asyncio.to_thread(self._erase, reply.effects)
        return replace(reply, effects=(), message=reply.message if complete else reply.otherwise)

    def _erase(self, effects: tuple[Effect, ...]) -> bool:
        now = int(self._clock().timestamp())
        return all([erase(effect, self._state, now) for effect in effects])  # noqa: C419  # each is to be erased

    @asynccontextmanager
    async def _committed(self, update_id: int, effects: tuple[Effect, ...]) -> AsyncIterator[None]:
        """Commits the effects even when the reply could not be sent: the choice was made all the same."""
        try:
            yield
        except BaseException as error:
            if isinstance(error, Exception):
                # What may not have arrived is told again: a repeated sentence is better than a lost one.
                chosen = tuple(effect for effect in effects if not isinstance(effect, Delivered | Recapped))
                await self.commits.commit(update_id, chosen, "failed")
            raise
        await self.commits.commit(update_id, effects, "done")

    async def _may_configure(self, message: Message, bot: Bot) -> bool:
        """Whether the sender of a group's command is an admin."""
        if message.sender_chat is not None:
            return message.sender_chat.id == message.chat_id  # an anonymous admin writes as the group
        return message.from_user is not None and await self._roles.is_admin(
            bot, message.chat_id, message.from_user.id
        )


def _place(message: Message) -> Place:
    """Beside a message: in its chat and forum topic."""
    return Place(message.chat_id, _thread(message) or 0)


def _thread(message: Message) -> int | None:
    """The forum topic of a message; outside forums a thread is only a chain of answers."""
    return message.message_thread_id if message.is_topic_message else None
