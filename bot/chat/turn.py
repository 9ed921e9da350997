"""One turn of a conversation as values: what came in, and what is to be done. No logic."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.models import Language, Message
from bot.storage.state import View


@dataclass(frozen=True, slots=True)
class Asked:
    """A text that somebody sent to the bot. `admin` is whether they may configure the chat.

    `chosen` is the language of their choice where the chat has none stored (a preview has no chat).
    """

    chat_id: int
    user_id: int
    text: str
    private: bool
    language_code: str | None = None
    admin: bool = True
    chosen: Language | None = None


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button that somebody pressed, with the data it claims to carry."""

    chat_id: int
    user_id: int
    data: str
    private: bool
    admin: bool = False


@dataclass(frozen=True, slots=True)
class ChooseLanguage:
    """An effect: the chat answers in `language` from now on."""

    chat_id: int
    language: Language


@dataclass(frozen=True, slots=True)
class OpenView:
    """An effect: buttons with this view's id may be pressed."""

    view: View


@dataclass(frozen=True, slots=True)
class Forget:
    """An effect: nothing of this person is kept any more."""

    user_id: int


Effect = ChooseLanguage | OpenView | Forget


@dataclass(frozen=True, slots=True)
class Reply:
    """What to do: send `message` (or put it in place of the pressed one), show `notice`, keep `effects`."""

    message: Message | None = None
    edit: bool = False
    notice: str = ""
    effects: tuple[Effect, ...] = ()


@dataclass(frozen=True, slots=True)
class Voice:
    """The defaults of this bot: its language and zone, and its user name once Telegram has told it."""

    language: Language
    timezone: ZoneInfo
    username: str | None = None
