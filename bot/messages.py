"""The bot's messages and their buttons, as frozen values. Pure data: no Telegram, no templates."""

from __future__ import annotations

from enum import Enum
from typing import ClassVar, NamedTuple

from msgspec import Struct

from bot.languages import Language


class Rights(Enum):
    """Who may send a command or press a button. In a private chat, ANYONE, ASKER and ADMIN all mean its person.

    Rights are checked with Telegram at each use (an admin's role is cached for a minute), whoever received the message.
    """

    ANYONE = "anyone"
    ASKER = "asker"
    """The person who asked the question above the button, or an admin of the group."""
    MEMBER = "member"
    """Anyone in the group; in a private chat, only members of the group that the question is about."""
    ADMIN = "admin"
    """An admin of the group, even for the person who asked."""
    OPERATOR = "operator"
    """The person who runs the bot, in a private chat."""


class Press(Struct, frozen=True):
    """Button that asks the bot for something. Each kind of button is a subclass with its own fields.

    `view` names the stored question that it belongs to, `language` the language of the answer. `code` is the type's
    code in callback data. `needs_view`: the question must be stored and belong to the same chat. `shows_sight`: the
    answer tells whether Telegram shows the bot a group's talk. `heavy`: it takes seconds.
    """

    view: str
    language: Language

    code: ClassVar[str]
    rights: ClassVar[Rights] = Rights.ASKER
    needs_view: ClassVar[bool] = True
    shows_sight: ClassVar[bool] = False
    heavy: ClassVar[bool] = False


class Link(Struct, frozen=True):
    """Button action: opens a URL."""

    url: str


class Button(Struct, frozen=True):
    """One inline button."""

    text: str
    action: Press | Link


Rows = tuple[tuple[Button, ...], ...]
"""The buttons under a message, row by row."""


class Image(Struct, frozen=True):
    """A picture, as the SVG document that it is rendered from; equal documents give equal pictures."""

    svg: str


class Message(Struct, frozen=True):
    """What the bot says: Telegram HTML, rows of buttons, and a picture with the HTML as its caption."""

    html: str
    buttons: Rows = ()
    image: Image | None = None


class Place(NamedTuple):
    """Destination of messages: a chat and its forum topic, 0 for none."""

    chat_id: int
    thread_id: int = 0


class Card(Struct, frozen=True):
    """One result of an inline query: its entry in the list, and the message that choosing it sends.

    `id` is unique within one answer. The message has no buttons.
    """

    id: str
    title: str
    description: str
    message: Message
