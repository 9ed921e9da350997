"""What came in, as typed values: an update of Telegram is read once, and nothing after that sees its JSON. No logic."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.messages import Place
from bot.models import Language


@dataclass(frozen=True, slots=True)
class TextEvent:
    """A text that somebody sent to the bot.

    `user_id` is the group or channel in whose name it was written, where nobody signs it, and 0 for nobody.
    `thread_id` is the forum topic, 0 where there is none. `chosen` is the language of their choice where the chat has
    none stored (a preview has no chat). `slow_down` names the sentence for who asks too much, "" for everybody else,
    and `wait` the seconds it tells.

    What Telegram is asked about them before it is answered: `admin`, whether they may configure the chat; `member_of`,
    the group that a link is about, if they are in it at this moment; `sees`, whether the bot is shown a group's talk.
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

    @property
    def place(self) -> Place:
        """Where it happened, and where the answer goes."""
        return Place(self.chat_id, self.thread_id)


@dataclass(frozen=True, slots=True)
class ButtonEvent:
    """A button that somebody pressed, with the data it claims to carry; the rest as in TextEvent.

    `query_id` ends the waiting state of the button, and `message_id` is the message it stands under; `picture` says that
    this is one.
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
        """Where it happened, and where the answer goes."""
        return Place(self.chat_id, self.thread_id)


@dataclass(frozen=True, slots=True)
class FileEvent:
    """A document that somebody sent in private; `size` in bytes, 0 where Telegram does not tell."""

    chat_id: int
    user_id: int
    file_id: str
    name: str
    size: int
    language_code: str | None = None
    thread_id: int = 0
    message_id: int = 0
    caption: str = ""

    @property
    def place(self) -> Place:
        """Where it happened, and where the answer goes."""
        return Place(self.chat_id, self.thread_id)


@dataclass(frozen=True, slots=True)
class PostEvent:
    """A post of a channel: forwarded to the bot in private, or `direct`, from a channel that the bot is an admin of.

    `username` is the channel's public name, "" for none, `post_id` its number there, `at` the UTC second of it.
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

    @property
    def place(self) -> Place:
        """Where it happened, and where the answer goes."""
        return Place(self.chat_id, self.thread_id)

    @property
    def question(self) -> TextEvent:
        """What it is from somebody who may not have it taken in: a text like any other."""
        return TextEvent(
            self.chat_id,
            self.user_id,
            self.text,
            private=True,
            language_code=self.language_code,
            thread_id=self.thread_id,
            message_id=self.message_id,
        )


@dataclass(frozen=True, slots=True)
class MemberEvent:
    """The bot's own place in a chat has changed: whether it was and is in it, and is an admin now.

    `username` is the public name of a channel.
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
        """Where it happened, and where the answer goes."""
        return Place(self.chat_id)


@dataclass(frozen=True, slots=True)
class InlineEvent:
    """Somebody types the bot's name and `text` in some chat, which is not told; `query_id` is what is answered."""

    chat_id: int
    user_id: int
    query_id: str
    text: str
    language_code: str | None = None


@dataclass(frozen=True, slots=True)
class OtherEvent:
    """Somebody wrote something in private that asks for nothing, such as a sticker: the chat is open."""

    chat_id: int


@dataclass(frozen=True, slots=True)
class Poison:
    """An update that is not of Telegram's form: skipped for good. `reason` names the part, never its content."""

    reason: str
    chat_id: int = 0


Event = TextEvent | ButtonEvent | FileEvent | PostEvent | MemberEvent | InlineEvent | OtherEvent | Poison


@dataclass(frozen=True, slots=True)
class BotProfile:
    """The defaults of this bot: its language and zone, and its user name once Telegram has told it."""

    language: Language
    timezone: ZoneInfo
    username: str | None = None
