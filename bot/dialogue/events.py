"""Incoming events as typed values. A Telegram update is parsed once; no later code sees its JSON. No logic."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from msgspec import Struct

from bot.messages import Place
from bot.models import Language


class TextEvent(Struct, frozen=True):
    """A text message to the bot.

    `user_id` is the id of the group or channel for an anonymous sender, 0 if unknown. `thread_id` is the forum topic,
    0 for none. `chosen` is the sender's language when the chat has none stored (a preview has no chat). `slow_down`
    names the sentence sent to a rate-limited sender, "" for all others, and `wait` is the number of seconds it states.
    `answers`, in a reply to a message of the bot, is the id of the view behind that message's buttons, "" if it has none;
    None in any other text.

    Three facts are asked of Telegram before answering: `admin`, whether the sender may configure the chat; `member_of`,
    the group that a link refers to, if the sender is in it now; `sees`, whether Telegram shows the bot all messages.
    """

    chat_id: int
    user_id: int
    text: str
    private: bool
    language_code: str | None = None
    admin: bool = True
    chosen: Language | None = None
    thread_id: int = 0
    member_of: int | None = None
    sees: bool = True
    message_id: int = 0
    slow_down: str = ""
    wait: float = 0.0
    answers: str | None = None

    @property
    def place(self) -> Place:
        """The chat and forum topic to answer in."""
        return Place(self.chat_id, self.thread_id)


class ButtonEvent(Struct, frozen=True):
    """A button press with its unverified callback data; other fields as in TextEvent.

    `query_id` identifies the press when answering it; `message_id` is the message with the button, and `picture` says
    whether that message is a photo.
    """

    chat_id: int
    user_id: int
    data: str
    private: bool
    admin: bool = False
    thread_id: int = 0
    member_of: int | None = None
    sees: bool = True
    language_code: str | None = None
    query_id: str = ""
    message_id: int = 0
    slow_down: str = ""
    picture: bool = False

    @property
    def place(self) -> Place:
        """The chat and forum topic to answer in."""
        return Place(self.chat_id, self.thread_id)


class FileEvent(Struct, frozen=True):
    """A file sent in a private chat; `size` in bytes, 0 if Telegram does not state it.

    A photo without a caption is a file without a name, which nothing can read. `album` is shared by files sent together.
    """

    chat_id: int
    user_id: int
    file_id: str
    name: str
    size: int
    language_code: str | None = None
    thread_id: int = 0
    message_id: int = 0
    caption: str = ""
    album: str = ""

    @property
    def place(self) -> Place:
        """The chat and forum topic to answer in."""
        return Place(self.chat_id, self.thread_id)


class PostEvent(Struct, frozen=True):
    """A channel post: forwarded in private, or `direct` from a channel where the bot is an admin.

    `username` is the channel's public name, "" for none; `post_id` the post's number there; `at` its UTC second. `text`
    may be empty if it has a document (`file_id`, `file_name`, `file_size` as in FileEvent). `edited`: it is a
    later version of the post.
    """

    chat_id: int
    user_id: int
    channel_id: int
    title: str
    username: str
    post_id: int
    text: str
    at: int
    direct: bool
    language_code: str | None = None
    thread_id: int = 0
    message_id: int = 0
    file_id: str = ""
    file_name: str = ""
    file_size: int = 0
    edited: bool = False
    album: str = ""

    @property
    def place(self) -> Place:
        """The chat and forum topic to answer in."""
        return Place(self.chat_id, self.thread_id)

    @property
    def question(self) -> TextEvent:
        """The same post as an ordinary text, for senders who may not add reports."""
        return TextEvent(
            self.chat_id,
            self.user_id,
            self.text,
            private=True,
            language_code=self.language_code,
            thread_id=self.thread_id,
            message_id=self.message_id,
        )

    @property
    def upload(self) -> FileEvent:
        """Its document as an ordinary file."""
        return FileEvent(
            self.chat_id,
            self.user_id,
            self.file_id,
            self.file_name,
            self.file_size,
            self.language_code,
            self.thread_id,
            self.message_id,
            album=self.album,
        )


class MemberEvent(Struct, frozen=True):
    """A change of the bot's own membership in a chat: before, now, and whether it is an admin now.

    `username` is the channel's public name, "" for none.
    """

    chat_id: int
    user_id: int
    group: bool
    title: str
    was_present: bool
    present: bool
    admin: bool
    language_code: str | None = None
    channel: bool = False
    username: str = ""

    @property
    def place(self) -> Place:
        """The chat and forum topic to answer in."""
        return Place(self.chat_id)


class InlineEvent(Struct, frozen=True):
    """An inline query: the bot's name and `text` typed in a chat that Telegram does not reveal."""

    chat_id: int
    user_id: int
    query_id: str
    text: str
    language_code: str | None = None


class OtherEvent(Struct, frozen=True):
    """A private message that needs no answer, such as a sticker; it shows that the chat is reachable."""

    chat_id: int


class MalformedUpdate(Struct, frozen=True):
    """A malformed update, skipped for good. `reason` names the faulty field, never its content."""

    reason: str
    chat_id: int = 0


Event = (
    TextEvent | ButtonEvent | FileEvent | PostEvent | MemberEvent | InlineEvent | OtherEvent | MalformedUpdate
)


class BotProfile(Struct, frozen=True):
    """The bot's defaults: language, time zone, and its user name once Telegram has returned it."""

    language: Language
    timezone: ZoneInfo
    username: str | None = None
