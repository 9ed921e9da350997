"""What came in, as typed values: an update of Telegram is read once, and nothing after that sees JSON. No logic."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.models import Language


@dataclass(frozen=True, slots=True)
class TextEvent:
    """A text that somebody sent to the bot. `admin` is whether they may configure the chat.

    `chosen` is the language of their choice where the chat has none stored (a preview has no chat). `thread_id`
    is the forum topic, 0 where there is none. `member_of` is the group that a press or a link from there is
    about, if Telegram says at this moment that they are in it. `sees`: the bot is shown a group's talk.
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


@dataclass(frozen=True, slots=True)
class ButtonEvent:
    """A button that somebody pressed, with the data it claims to carry; `member_of` as in TextEvent."""

    chat_id: int
    user_id: int
    data: str
    private: bool
    admin: bool = False
    thread_id: int = 0
    member_of: int | None = None
    sees: bool = True


@dataclass(frozen=True, slots=True)
class BotProfile:
    """The defaults of this bot: its language and zone, and its user name once Telegram has told it."""

    language: Language
    timezone: ZoneInfo
    username: str | None = None
