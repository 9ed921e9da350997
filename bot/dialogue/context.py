"""What a command works with: the parts of the bot, and what is known of one turn. Read once, handed to the handler."""

from __future__ import annotations

import secrets
import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from bot.dialogue.effects import Reply
from bot.dialogue.events import BotProfile, ButtonEvent, TextEvent
from bot.digests.prepare import Digests
from bot.library.glossary import Glossary
from bot.library.library import Library
from bot.library.query import Query, understand
from bot.library.search import Search
from bot.messages import Button, Message, Place, Press, Rights
from bot.models import Language
from bot.recaps.due import Recaps
from bot.rendering.renderer import Renderer
from bot.state.state import State
from bot.state.views import View
from bot.text.segment import Segmenter
from bot.trends.briefing import TrendBriefer

if TYPE_CHECKING:
    from bot.intake.sources.adding import Found
    from bot.rewriting.material import KnownRetellings

_ID_CHARACTERS = string.ascii_letters + string.digits


@dataclass(frozen=True, slots=True)
class Services:
    """The parts of the bot that commands read from. They write nothing: what must be written are effects."""

    library: Library
    glossary: Glossary
    segmenter: Segmenter
    search: Search
    briefer: TrendBriefer
    renderer: Renderer
    state: State
    recaps: Recaps
    digests: Digests
    operators: frozenset[int]
    profile: BotProfile
    found_at: Callable[[str, int], Found]
    """What source an address leads to, at a UTC second; asks the address. Raises NotFetched."""
    retellings: KnownRetellings | None = None

    def understand(self, text: str) -> Query:
        """What a reader typed, as the library understands it."""
        return understand(text, self.glossary, self.segmenter)


@dataclass(frozen=True, slots=True)
class Context:
    """One turn: what came in, the chat's language, the moment, and the parts of the bot.

    `view` is the question that a pressed button belongs to, None where it belongs to none.
    """

    event: TextEvent | ButtonEvent
    language: Language
    now: datetime
    services: Services
    commands: tuple[Command, ...] = ()
    view: View | None = None

    @property
    def private(self) -> bool:
        """Whether nobody reads along."""
        return self.event.private

    @property
    def today(self) -> date:
        """The day where the bot is at home, for who has said no zone."""
        return self.now.astimezone(self.services.profile.timezone).date()

    @property
    def seconds(self) -> int:
        """The moment as a UTC second."""
        return int(self.now.timestamp())

    @property
    def place(self) -> Place:
        """The chat and its forum topic."""
        return self.event.place

    @property
    def viewed_query(self) -> Query:
        """The question that a pressed button belongs to, an empty one where it belongs to none."""
        return self.services.understand(self.view.query if self.view else "")

    def new_view(self, query: str = "") -> View:
        """A view for the buttons under the answer; `query` is what they are about."""
        return View(new_id(), self.event.chat_id, self.event.user_id, query)

    def notice(self, name: str, *values: object) -> str:
        """The sentence `name` as HTML."""
        return self.services.renderer.notice(name, self.language, *values)

    def word(self, name: str, *values: object) -> str:
        """The sentence `name` as plain text: a button's label, or a notice over a button."""
        return self.services.renderer.word(name, self.language, *values)

    def message(self, name: str, *values: object) -> Message:
        """The sentence `name` as a message without buttons."""
        return Message(self.notice(name, *values))

    def say(self, name: str, *values: object) -> Reply:
        """A reply of the sentence `name` alone."""
        return Reply(self.message(name, *values))

    def refuse(self, name: str, *values: object) -> Reply:
        """A reply to a press that is only a notice over the button."""
        return Reply(notice=self.word(name, *values))

    def button(self, press: Press, name: str, *values: object) -> Button:
        """A button with the label `name`."""
        return Button(self.word(name, *values), press)


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A slash command, and the plain Chinese words that mean it in a private chat.

    `handle` gets the turn and what follows the command. `buttons` are the types of buttons that this command answers.
    `takes`: words may follow it. `listed`: /help and the menus show it; `in_groups`: those of groups too. `order` is
    its place there. `rights_for` says who may send it with a given argument, where that differs. `membership` gives
    the group whose members alone may read the answer in private. `shows_sight`: the answer tells whether Telegram
    shows the bot a group's talk. `heavy_for` says whether it takes seconds to answer an argument.
    """

    name: str
    words: tuple[str, ...]
    handle: Callable[[Context, str], Reply]
    order: int
    rights: Rights
    takes: bool = False
    listed: bool = True
    in_groups: bool = True
    buttons: Mapping[type[Press], Callable[[Context, Any], Reply]] | None = field(default=None, hash=False)
    rights_for: Callable[[str], Rights] | None = None
    membership: Callable[[State, str], int | None] | None = None
    shows_sight: bool = False
    heavy_for: Callable[[str], bool] | None = None


def new_id() -> str:
    """Twelve characters that cannot be guessed (71 bits), for a view or a draft."""
    return "".join(secrets.choice(_ID_CHARACTERS) for _ in range(12))
