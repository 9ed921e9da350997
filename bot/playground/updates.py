"""Decides which messages become updates, and queues them as Telegram does: one poller at a time, kinds on request."""

from __future__ import annotations

import asyncio
import itertools
from collections import deque

from msgspec import Struct, field

from bot.playground.refusals import CONFLICT, Json, Refused
from bot.playground.world import Chat, World

FIRST_UPDATE = 1001
"""The id of the first update."""

KINDS = frozenset(
    "message edited_message channel_post edited_channel_post business_connection business_message "
    "edited_business_message deleted_business_messages guest_message message_reaction message_reaction_count "
    "inline_query chosen_inline_result callback_query shipping_query pre_checkout_query purchased_paid_media poll "
    "poll_answer my_chat_member chat_member chat_join_request chat_boost removed_chat_boost managed_bot".split()
)
_ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
_USUAL = KINDS - _ON_REQUEST
_LONGEST = 50.0


class _Poll(Struct):
    """A getUpdates call in progress; `replaced` says that a newer one has ended it."""

    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    replaced: bool = False


class Updates:
    """Queue of updates for the bot. `add` may be called by any thread that holds the server's lock."""

    def __init__(self) -> None:
        self.last = FIRST_UPDATE - 1
        self._waiting: deque[Json] = deque()
        self._wanted = _USUAL
        self._poll: _Poll | None = None

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, raw: Json) -> int:
        """Queue an update and return its id; drop a kind that the bot did not ask for, as Telegram does."""
        self.last += 1
        if not raw.keys() & (KINDS - self._wanted):
            self._waiting.append({"update_id": self.last} | raw)
        return self.last

    def wake(self) -> None:
        """Wake the waiting poll. Call it on the serving loop."""
        if self._poll:
            self._poll.arrived.set()

    def drop(self) -> None:
        """Drop all queued updates."""
        self._waiting.clear()

    async def get(self, given: Json) -> list[Json]:
        """Serve getUpdates. Raises Refused (409) if a newer poll replaces this one."""
        self._replace()
        poll = self._poll = _Poll()
        if "allowed_updates" in given:
            # An empty list means the default kinds; unknown names are ignored.
            self._wanted = frozenset(given["allowed_updates"]) & KINDS or _USUAL
        self.confirm(given.get("offset", 0))
        if self._waiting:
            poll.arrived.set()
        timeout = min(_LONGEST, max(0, given.get("timeout", 0)))
        try:
            if not poll.arrived.is_set() and timeout:
                async with asyncio.timeout(timeout):
                    await poll.arrived.wait()
        except TimeoutError:
            pass
        finally:
            if self._poll is poll:
                self._poll = None
        if poll.replaced:
            raise Refused(409, CONFLICT)
        limit = min(100, max(1, given.get("limit", 100)))
        return list(itertools.islice(self._waiting, limit))

    def first(self) -> Json | None:
        """Return the oldest queued update, or None."""
        return self._waiting[0] if self._waiting else None

    def _replace(self) -> None:
        if self._poll:
            self._poll.replaced = True
            self._poll.arrived.set()

    def confirm(self, offset: int) -> None:
        """Drop the updates before an id; a negative offset -n keeps the newest n (Bot API, getUpdates)."""
        if offset < 0:
            while len(self._waiting) > -offset:
                self._waiting.popleft()
        while self._waiting and self._waiting[0]["update_id"] < offset:
            self._waiting.popleft()


def post_message(world: World, chat: Chat, author: int, fields: Json) -> Json:
    """Add a user's message to a chat, queue an update if the bot may see it, and return the message."""
    message = world.write(chat, author, **fields)
    if bot_receives(world, chat, message):
        world.push({"message": message})
    return message


def bot_receives(world: World, chat: Chat, message: Json) -> bool:
    """Return whether the bot receives a message: it is in the chat, and privacy mode does not hide the message."""
    if chat.kind == "private":
        return True
    status = chat.status(world.bot)
    if not world.privacy or status == "administrator" or "text" not in message:
        return chat.present(world.bot)
    entities = [(e["type"], e["offset"], e["length"]) for e in message.get("entities", ())]
    command = any(kind == "bot_command" and start == 0 for kind, start, _ in entities)
    replied = message.get("reply_to_message", {}).get("from", {}).get("id") == world.bot
    mentioned = f"@{world.username}".lower() in message["text"].lower()
    sent_by_it = message.get("via_bot", {}).get("id") == world.bot
    return chat.present(world.bot) and (command or replied or mentioned or sent_by_it)
