"""In-memory state: users, chats, members, topics and messages. Knows nothing of API methods and HTTP."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from typing import Any, Literal

from msgspec import Struct, field

from bot.playground.readers import Upload
from bot.playground.refusals import Json, Refused, bad, forbidden
from bot.playground.webhook import Webhook

Kind = Literal["private", "group", "supergroup", "channel"]
Status = Literal["creator", "administrator", "member", "left", "kicked"]

ANONYMOUS = 1_087_968_824
"""The id of GroupAnonymousBot, the author of anonymous admins' messages."""

CHANNELS = 777_000
"""The id of Telegram's own account, the author of a channel's posts in its linked group."""

_SUPERGROUP = -1_000_000_000_000
_PRESENT = {"creator", "administrator", "member"}


class Member(Struct):
    """A user's status in a chat."""

    status: Status = "member"
    anonymous: bool = False


class Chat(Struct):
    """A chat. `blocked` and `started` concern private chats; `order` holds all message ids, `own` those of the bot."""

    id: int
    kind: Kind
    title: str = ""
    username: str = ""
    forum: bool = False
    members: dict[int, Member] = field(default_factory=dict)
    topics: dict[int, str] = field(default_factory=dict)
    closed: set[int] = field(default_factory=set)
    linked: int | None = None
    moved_to: int | None = None
    blocked: bool = False
    started: bool = True
    order: list[int] = field(default_factory=list)
    own: list[int] = field(default_factory=list)
    pinned: list[int] = field(default_factory=list)

    @property
    def named(self) -> str:
        """The name of its kind in Telegram's errors."""
        return f"{self.kind} chat"

    def status(self, user: int) -> Status:
        """Return a user's status; "left" if the user was never a member."""
        member = self.members.get(user)
        return member.status if member else "left"

    def present(self, user: int) -> bool:
        """Return whether a user is in the chat."""
        return self.status(user) in _PRESENT


class World:
    """Every chat and user, and the operations on them.

    `privacy` is the bot's privacy mode: in groups it receives only messages meant for it. Hold `lock` to read or
    change anything; it is notified after each Bot API call. The server sets `emit`, which receives each event, `push`,
    which receives each update, and `waiting`, which returns the number of queued updates.
    """

    def __init__(self, bot: int, username: str, now: Callable[[], float], *, privacy: bool = False) -> None:
        self.lock = threading.Condition()
        self.bot = bot
        self.privacy = privacy
        self.username = username
        self.now = now
        self.webhook = Webhook(now)
        self.users: dict[int, Json] = {}
        self.chats: dict[int, Chat] = {}
        self.messages: dict[tuple[int, int], Json] = {}
        self.files: dict[str, Upload] = {}
        self.queries: dict[str, Json] = {}
        self.inline_mode = True
        self.inline_queries: dict[str, Json] = {}
        self.offers: dict[str, list[Json]] = {}
        self.reactions: dict[tuple[int, int], dict[int, list[Json]]] = {}
        self.refused: list[str] = []
        self.lost: list[str] = []
        self.emit: Callable[[Json], None] = _nothing
        self.push: Callable[[Json], int] = _no_update
        self.waiting: Callable[[], int] = int
        self.add_user(bot, first_name="Trendbot", username=username, is_bot=True)
        self.add_user(ANONYMOUS, first_name="Group", username="GroupAnonymousBot", is_bot=True)
        self.add_user(CHANNELS, first_name="Telegram")
        self._shared = itertools.count(1)
        self._counters: dict[int, itertools.count[int]] = {}
        self._names = itertools.count(1)
        self._presses = itertools.count(4_000_000_000_000_000_001)

    # -- people and chats --------------------------------------------------------------------------------

    def add_user(self, user: int, *, first_name: str = "", is_bot: bool = False, **fields: Any) -> Json:
        """Add or change a user and return the User; `fields` are added to it."""
        known = self.users.get(user, {"first_name": f"User {user}"})
        given = {name: value for name, value in fields.items() if value}
        user_object = {"id": user, "is_bot": is_bot, "first_name": first_name or known["first_name"]}
        self.users[user] = {**known, **user_object, **given}
        return self.users[user]

    def user(self, user: int) -> Json:
        """Return a User, created if unknown."""
        return self.users.get(user) or self.add_user(user)

    def chat(self, chat: int) -> Chat:
        """Return a chat, created if unknown: private for a positive id, else a supergroup with the bot in it."""
        known = self.chats.get(chat)
        if known is None:
            kind: Kind = "private" if chat > 0 else "supergroup"
            known = self.chats[chat] = Chat(chat, kind, "" if chat > 0 else f"Group {-chat}")
            if chat > 0:
                self.user(chat)
            else:
                known.members[self.bot] = Member()
            self.changed(known)
        return known

    def add_chat(self, chat: Chat) -> Chat:
        """Add a chat, emit the event, and return the chat."""
        self.chats[chat.id] = chat
        self.changed(chat)
        return chat

    def resolve_chat(self, chat: object, *, write: bool = False) -> Chat:
        """Return the chat that a call names. Raises Refused if the bot may not access it, or with `write` not write."""
        known = self._named(chat)
        if known is None or (known.kind == "private" and not known.started):
            if isinstance(chat, int) and chat in self.users:
                raise forbidden("bot can't initiate conversation with a user")
            raise bad("chat not found")
        if known.moved_to is not None:
            reason = "Bad Request: group chat was upgraded to a supergroup chat"
            raise Refused(400, reason, {"migrate_to_chat_id": known.moved_to})
        if known.kind != "private":
            self._admitted(known, write)
        elif write and known.blocked:
            raise forbidden("bot was blocked by the user")
        return known

    def _named(self, chat: object) -> Chat | None:
        if isinstance(chat, int):
            return self.chats.get(chat)
        name = str(chat).removeprefix("@").lower()
        return next((c for c in self.chats.values() if c.username and c.username.lower() == name), None)

    def _admitted(self, chat: Chat, write: bool) -> None:
        status = chat.status(self.bot)
        if status == "kicked":
            raise forbidden(f"bot was kicked from the {chat.named}")
        if status == "left":
            raise forbidden(f"bot is not a member of the {chat.named}")
        if write and chat.kind == "channel" and status == "member":
            raise bad("need administrator rights in the channel chat")

    def changed(self, chat: Chat) -> None:
        """Emit the current view of a chat."""
        self.emit({"type": "chat", "chat": self.view(chat)})

    # -- messages ----------------------------------------------------------------------------------------

    def write(self, chat: Chat, author: int | None, **fields: Any) -> Json:
        """Add a message to a chat and return it; without an author, the chat itself is the sender."""
        number = self._next_id(chat)
        message: Json = {"message_id": number, "date": int(self.now()), "chat": self.shown(chat)}
        if author is not None:
            message["from"] = self.user(author)
        else:
            message["sender_chat"] = self.shown(chat)
        message |= fields
        self.messages[chat.id, number] = message
        chat.order.append(number)
        if author == self.bot or fields.get("author_signature") == self.username:
            chat.own.append(number)
        self.emit({"type": "message", "chat": chat.id, "message": message})
        return message

    def replace(self, message: Json) -> Json:
        """Replace a message by its new version and return that."""
        self.messages[message["chat"]["id"], message["message_id"]] = message
        self.emit({"type": "edited", "chat": message["chat"]["id"], "message": message})
        return message

    def remove(self, chat: Chat, number: int) -> None:
        """Delete a message for everybody."""
        del self.messages[chat.id, number]
        chat.order.remove(number)
        for numbers in (chat.own, chat.pinned):
            if number in numbers:
                numbers.remove(number)
        self.emit({"type": "deleted", "chat": chat.id, "message_id": number})

    def store_file(self, upload: Upload) -> Json:
        """Store a file and return the fields common to all kinds of files."""
        name = f"file_{next(self._names)}"
        self.files[name] = upload
        return {"file_id": name, "file_unique_id": f"u{name}", "file_size": len(upload.content)}

    def create_callback_query(self, user: int, message: Json, data: str) -> Json:
        """Create a CallbackQuery for the bot to answer."""
        query: Json = {
            "id": str(next(self._presses)),
            "from": self.user(user),
            "message": message,
            "data": data,
        }
        self.queries[query["id"]] = query
        return query | {"chat_instance": str(message["chat"]["id"])}

    def create_inline_query(self, user: int, text: str, offset: str) -> Json:
        """Create an InlineQuery for the bot to answer."""
        query: Json = {
            "id": str(next(self._presses)),
            "from": self.user(user),
            "query": text,
            "offset": offset,
        }
        self.inline_queries[query["id"]] = query
        return query

    def _next_id(self, chat: Chat) -> int:
        # Private chats and basic groups share one message counter; each supergroup and channel has its own.
        if chat.kind in {"private", "group"}:
            return next(self._shared)
        return next(self._counters.setdefault(chat.id, itertools.count(1)))

    # -- how they look -----------------------------------------------------------------------------------

    def shown(self, chat: Chat) -> Json:
        """Return the Chat object that messages carry."""
        shown: Json = {"id": chat.id, "type": chat.kind}
        if chat.kind == "private":
            person = self.user(chat.id)
            return shown | {
                name: person[name] for name in ("first_name", "last_name", "username") if name in person
            }
        shown["title"] = chat.title
        if chat.username:
            shown["username"] = chat.username
        if chat.forum:
            shown["is_forum"] = True
        return shown

    def view(self, chat: Chat) -> Json:
        """Return a chat as the page shows it."""
        members = [
            {"user": self.user(user), "status": member.status, "is_anonymous": member.anonymous}
            for user, member in chat.members.items()
            if user != self.bot
        ]
        topics = [{"message_thread_id": number, "name": name} for number, name in chat.topics.items()]
        return self.shown(chat) | {
            "is_forum": chat.forum,
            "topics": topics,
            "members": members,
            "bot": "member" if chat.kind == "private" else chat.status(self.bot),
            "linked_chat_id": chat.linked,
            "blocked": chat.blocked,
            "moved_to": chat.moved_to,
        }


def supergroup_id(chat: int) -> int:
    """Return the id that a group gets when it becomes a supergroup."""
    return _SUPERGROUP - abs(chat)


def quoted(message: Json) -> Json:
    """Return a message as a reply to it carries it, without the message that it replies to."""
    return {name: value for name, value in message.items() if name != "reply_to_message"}


def _nothing(_: Json) -> None:
    pass


def _no_update(_: Json) -> int:
    return 0
