"""What the bot says, and the buttons under it, as frozen values. Pure data: no Telegram, no templates."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import ClassVar, NamedTuple

from bot.languages import Language


class Rights(Enum):
    """Who may send a command or press a button. In a private chat ANYONE, ASKER and ADMIN all mean its person.

    Telegram is asked anew at each use (an admin's role is believed for a minute), whoever the message was sent to.
    """

    ANYONE = "anyone"
    ASKER = "asker"
    """Who asked the question that the button stands under, or an admin of the group."""
    MEMBER = "member"
    """Anyone in the group; in private only a member of the group that the question is about."""
    ADMIN = "admin"
    """An admin of the group, even if they asked themselves."""
    OPERATOR = "operator"
    """Who runs the bot, in private."""


@dataclass(frozen=True, slots=True)
class Press:
    """A button that asks the bot for something; a subclass for each kind of button adds what it carries.

    `view` names the stored question that it belongs to, `language` the one of the answer. `code` is how callback
    data names the type. `needs_view`: the question must be stored and of the same chat. `shows_sight`: the answer
    tells whether Telegram shows the bot a group's talk. `heavy`: it takes seconds.
    """

    view: str
    language: Language

    code: ClassVar[str]
    rights: ClassVar[Rights] = Rights.ASKER
    needs_view: ClassVar[bool] = True
    shows_sight: ClassVar[bool] = False
    heavy: ClassVar[bool] = False


@dataclass(frozen=True, slots=True)
class Link:
    """A button that opens an address."""

    url: str


@dataclass(frozen=True, slots=True)
class Button:
    """One inline button."""

    text: str
    action: Press | Link


Rows = tuple[tuple[Button, ...], ...]
"""The buttons under a message, row by row."""


@dataclass(frozen=True, slots=True)
class Image:
    """A picture, as the SVG document that it is drawn from: kept and sent again, it is the same picture."""

    svg: str


@dataclass(frozen=True, slots=True)
class Message:
    """What the bot says: Telegram HTML, rows of buttons, and the picture of which the HTML is the caption."""

    html: str
    buttons: Rows = ()
    image: Image | None = None


class Place(NamedTuple):
    """Where messages go: a chat and its forum topic (0 where there is none)."""

    chat_id: int
    thread_id: int = 0


@dataclass(frozen=True, slots=True)
class Card:
    """One offer to somebody who types the bot's name in any chat: how it stands in the list, and what choosing it sends.

    `id` is unique among the offers of one answer. The message has no buttons.
    """

    id: str
    title: str
    description: str
    message: Message
