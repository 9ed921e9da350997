"""What the bot shows about subscriptions: the panel's pages and the list. Decides no rights and keeps nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Literal, Protocol
from zoneinfo import ZoneInfo

from bot.dialogue.panel import Page, PanelButtons
from bot.digests.schedule import next_slot
from bot.library.glossary import Glossary
from bot.library.library import Library
from bot.library.query import Query
from bot.library.search import Search
from bot.models import Button, Language, Message, Press, Rows, Subscription
from bot.rendering.callbacks import NO_VIEW
from bot.rendering.renderer import Renderer, fits
from bot.trends.nearest import richest_topics

_OFFERED = 12
# Beside three buttons for each of 20 digests: a keyboard takes 100.
_UNMUTED = 30
_QUESTIONS: dict[Page, str] = {
    "topics": "choose_topics",
    "time": "choose_time",
    "days": "choose_days",
    "zone": "choose_zone",
}

Kind = Literal["new", "change", "saved"]


class Preview(Protocol):
    """What a subscription would bring: one sentence of HTML, and the messages."""

    @property
    def intro(self) -> str:
        """The sentence above the messages."""

    @property
    def parts(self) -> tuple[Message, ...]:
        """The messages, without buttons."""


class Previews(Protocol):
    """What looks back for a subscription."""

    def preview(self, subscription: Subscription, now: datetime) -> Preview:
        """What it would bring; nothing of it counts as sent."""


class DigestPages:
    """Builds messages about subscriptions from one library; `usual` is the bot's own time zone."""

    def __init__(
        self,
        library: Library,
        glossary: Glossary,
        search: Search,
        understand: Callable[[str], Query],
        renderer: Renderer,
        previews: Previews,
        usual: ZoneInfo,
        made: Callable[[str], date | None],
        muted: Callable[[tuple[int, int], int], Mapping[str, int]],
    ) -> None:
        """`made` gives the newest local date that a subscription has had its digest of.

        `muted` gives the queries that a reader does not want at a second, each with the second when it comes back.
        """
        self._library = library
        self._glossary = glossary
        self._search = search
        self._understand = understand
        self._renderer = renderer
        self._previews = previews
        self._usual = usual
        self._made = made
        self._muted = muted
        self._buttons = PanelButtons(renderer, glossary)

    def panel(
        self,
        draft: Subscription,
        panel: str,
        page: Page,
        language: Language,
        now: datetime,
        *,
        known: bool,
        asked: bool,
        last: bool = False,
    ) -> Message:
        """A page of the panel over `draft`. `known`: it exists already; `asked`: the zone has been chosen.

        `last`: the zone is all that is missing.
        """
        buttons = self._buttons
        match page:
            case "topics":
                offered = richest_topics(self._library, self._glossary, _OFFERED)
                rows = buttons.topics(draft, offered, panel, language)
            case "time":
                rows = buttons.time(draft, panel, language)
            case "days":
                rows = buttons.days(draft, panel, language)
            case "zone":
                rows = buttons.zone(draft, panel, language, now, self._usual.key, asked=asked, last=last)
            case _:
                rows = buttons.main(draft, panel, language, known=known)
                return self._told(draft, "change" if known else "new", language, now, rows)
        return Message(self.notice(_QUESTIONS[page], language), rows)

    def saved(self, subscription: Subscription, language: Language, now: datetime) -> Message:
        """A subscription that is kept now, and what it will bring."""
        row = tuple(
            self._press(word, name, subscription.id, language)
            for word, name in (("button_change", "se"), ("button_remove", "sx"))
        )
        return self._told(subscription, "saved", language, now, (row,))

    def _told(self, s: Subscription, kind: Kind, language: Language, now: datetime, rows: Rows) -> Message:
        """With the latest digest where one message holds both."""
        preview = self._previews.preview(s, now) if s.queries else None
        unknown = [query for query in s.queries if not self._search.evidence(self._understand(query))]
        if len(unknown) == len(s.queries):
            unknown = []  # the preview says so
        for whole in (True, False):
            text = self._renderer.message(
                "subscription",
                language,
                s=s,
                kind=kind,
                unknown=unknown,
                preview=preview,
                whole=whole,
                **_times(s, now, self._made(s.id)),
            )
            message = Message(text, rows)
            if fits(message):
                break
        return message

    def held(self, subscriptions: Sequence[Subscription], language: Language, now: datetime) -> Message:
        """The list, or how to begin where there is nothing to list."""
        if not subscriptions:
            return Message(self.notice("no_digests", language))
        return self.listing(subscriptions, language, now)

    def listing(
        self,
        subscriptions: Sequence[Subscription],
        language: Language,
        now: datetime,
        heard: str | None = None,
    ) -> Message:
        """Subscriptions with their last outcome, their next run and what is muted; `heard` is no longer."""
        rows = []
        buttons: list[tuple[Button, ...]] = []
        unmute: list[tuple[Button, ...]] = []
        for number, s in enumerate(subscriptions, 1):
            times = _times(s, now, self._made(s.id))
            last = datetime.fromtimestamp(s.outcome_at, ZoneInfo(s.timezone)) if s.outcome_at else None
            silent = self._silent(s, now, heard)
            rows.append((s, last, times["paused"], times["due"], times["seconds"], silent))
            still = ("button_resume", "sg") if times["paused"] else ("button_pause", "sp")
            words = (("button_change", "se"), still, ("button_remove", "sx"))
            counted = number if len(subscriptions) > 1 else 0
            buttons.append(tuple(self._press(word, name, s.id, language, counted) for word, name in words))
            unmute += [(self._unmute(query, f"su:{s.id}:{place}", language),) for query, _, place in silent]
        buttons += unmute[:_UNMUTED]
        while True:
            message = Message(self._renderer.message("subscriptions", language, rows=rows), tuple(buttons))
            if fits(message) or len(rows) <= 1:
                return message
            rows.pop()

    def _silent(self, s: Subscription, now: datetime, heard: str | None) -> list[tuple[str, date, int]]:
        """The queries of a subscription that are muted, until when, and their places among all."""
        muted, zone = self._muted(s.reader, int(now.timestamp())), ZoneInfo(s.timezone)
        return [
            (query, datetime.fromtimestamp(muted[query], zone).date(), place)
            for place, query in enumerate(s.queries)
            if query in muted and query != heard
        ]

    def _unmute(self, query: str, press: str, language: Language) -> Button:
        return Button(self._renderer.word("button_unmute", language, query), Press(NO_VIEW, language, press))

    def endings(self, subscriptions: Sequence[Subscription], language: Language) -> Message:
        """Which of several subscriptions shall end."""
        rows = [
            (
                Button(
                    self._renderer.word("listed", language, s.queries)[:40],
                    Press(NO_VIEW, language, f"sx:{s.id}"),
                ),
            )
            for s in subscriptions
        ]
        rows.append((self._press("button_remove_all", "sx", all_of(subscriptions), language),))
        return Message(self.notice("which_to_end", language), tuple(rows))

    def offered(
        self, name: str, language: Language, button: tuple[str, str, str], *values: object
    ) -> Message:
        """The sentence `name` with one button: its word, its press and whose."""
        word, press, subscription_id = button
        return Message(
            self.notice(name, language, *values), ((self._press(word, press, subscription_id, language),),)
        )

    def notice(self, name: str, language: Language, *values: object) -> str:
        """The sentence `name` as HTML."""
        return self._renderer.notice(name, language, *values)

    def word(self, name: str, language: Language, *values: object) -> str:
        """The sentence `name` as plain text."""
        return self._renderer.word(name, language, *values)

    def _press(self, word: str, name: str, value: str, language: Language, number: int = 0) -> Button:
        values = (number,) if word not in _UNNUMBERED else ()
        return Button(
            self._renderer.word(word, language, *values), Press(NO_VIEW, language, f"{name}:{value}")
        )


_UNNUMBERED = frozenset({"button_remove_all"})


def all_of(subscriptions: Sequence[Subscription]) -> str:
    """What a press for all digests of their place carries: a message too old to be read tells no forum topic."""
    return f"all:{subscriptions[0].thread_id}"


def _times(s: Subscription, now: datetime, made: date | None) -> dict[str, object]:
    """When the subscription is due next and until when it is paused, in its own zone."""
    zone = ZoneInfo(s.timezone)
    paused = None
    if s.paused_until is not None and s.paused_until > now.timestamp():
        paused = datetime.fromtimestamp(s.paused_until, UTC).astimezone(zone)
    due = next_slot(s, now, made)
    return {
        "due": due.astimezone(zone) if due else None,
        "paused": paused,
        "seconds": int((due - now).total_seconds()) if due else 0,
    }
