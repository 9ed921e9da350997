"""The context of one turn: the bot's services and the facts about the event, read once and passed to the handler."""

from __future__ import annotations

import secrets
import string
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from msgspec import Struct

from bot.dialogue.events import BotProfile, ButtonEvent, TextEvent
from bot.dialogue.reply import Reply
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
from bot.trends.briefer import TrendBriefer

if TYPE_CHECKING:
    from bot.dialogue.schedule_text import ScheduleRequest
    from bot.intake.sources.adding import Found
    from bot.rewriting.material import KnownRetellings

_ID_CHARACTERS = string.ascii_letters + string.digits


class Services(Struct, frozen=True):
    """Read access to the parts of the bot. Commands write nothing themselves: they return effects."""

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
    find_source: Callable[[str, int], Found]
    """Find the source behind an address by fetching it, at a UTC second. Raises NotFetched."""
    retellings: KnownRetellings | None = None

    def understand(self, text: str) -> Query:
        """Parse what a reader typed into a library query."""
        return understand(text, self.glossary, self.segmenter)

    def parse_schedule(self, text: str) -> ScheduleRequest:
        """Parse topics, a time, days and a zone from a text."""
        # Imported here: its patterns take as long to compile as answering a question.
        from bot.dialogue.schedule_text import ScheduleParser

        return ScheduleParser(self.glossary, self.segmenter, self.understand).parse(text)


class Context(Struct, frozen=True):
    """One turn: the event, the chat's language, the current time and the services.

    `view` is the stored question that a pressed button belongs to, or None.
    """

    event: TextEvent | ButtonEvent
    language: Language
    now: datetime
    services: Services
    commands: tuple[Command, ...] = ()
    view: View | None = None

    @property
    def private(self) -> bool:
        """Whether this is a private chat."""
        return self.event.private

    @property
    def today(self) -> date:
        """Today's date in the bot's own time zone, for readers who have chosen none."""
        return self.now.astimezone(self.services.profile.timezone).date()

    @property
    def seconds(self) -> int:
        """The current time as a UTC second."""
        return int(self.now.timestamp())

    @property
    def place(self) -> Place:
        """The chat and forum topic to answer in."""
        return self.event.place

    @property
    def viewed_query(self) -> Query:
        """The question that a pressed button belongs to; an empty query if there is none."""
        return self.services.understand(self.view.query if self.view else "")

    def zone_of(self, chat_id: int) -> ZoneInfo:
        """Return a chat's time zone, or the bot's default."""
        services = self.services
        return ZoneInfo(services.state.chats.timezone(chat_id) or services.profile.timezone.key)

    def new_view(self, query: str = "") -> View:
        """Return a new view about `query`, to be stored for the buttons under the answer."""
        return View(new_id(), self.event.chat_id, self.event.user_id, query)

    def notice(self, name: str, *values: object) -> str:
        """Render the sentence `name` as HTML."""
        return self.services.renderer.notice(name, self.language, *values)

    def word(self, name: str, *values: object) -> str:
        """Render the sentence `name` as plain text, for a button's label or a press notice."""
        return self.services.renderer.word(name, self.language, *values)

    def message(self, name: str, *values: object) -> Message:
        """Return the sentence `name` as a message without buttons."""
        return Message(self.notice(name, *values))

    def say(self, name: str, *values: object) -> Reply:
        """Return a reply that sends the sentence `name`."""
        return Reply(self.message(name, *values))

    def refuse(self, name: str, *values: object) -> Reply:
        """Return a reply that answers a press with a notice and sends nothing."""
        return Reply(notice=self.word(name, *values))

    def button(self, press: Press, name: str, *values: object) -> Button:
        """Return a button labelled with the word `name`."""
        return Button(self.word(name, *values), press)


class Command(Struct, frozen=True, kw_only=True, eq=False):
    """A slash command and the plain Chinese words that trigger it in a private chat.

    `handle` takes the context and the argument; `buttons` maps the press types that this command answers to their
    handlers. `takes`: it accepts an argument. `listed`: /help and the menus show it, with `in_groups` also in groups,
    at position `order`. `rights_for` returns the rights needed for a given argument, where they differ from `rights`.
    `membership` returns the group whose members alone may read the answer in private. `shows_sight`: the answer says
    whether Telegram shows the bot the group's messages. `heavy_for` returns whether an argument takes seconds to answer.
    """

    name: str
    words: tuple[str, ...]
    handle: Callable[[Context, str], Reply]
    order: int
    rights: Rights
    takes: bool = False
    listed: bool = True
    in_groups: bool = True
    buttons: Mapping[type[Press], Callable[[Context, Any], Reply]] | None = None
    rights_for: Callable[[str], Rights] | None = None
    membership: Callable[[State, str], int | None] | None = None
    shows_sight: bool = False
    heavy_for: Callable[[str], bool] | None = None


def new_id() -> str:
    """Return an unguessable id (12 characters, 71 bits) for a view or a draft."""
    return "".join(secrets.choice(_ID_CHARACTERS) for _ in range(12))
