"""What is typed to make, see, change, pause and end subscriptions, and to read a digest at once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.dialogue.digest_pages import DigestPages, all_of
from bot.dialogue.effects import (
    ChooseZone,
    Delivered,
    Effect,
    KeepDraft,
    Pause,
    Reply,
    Subscribe,
    Unsubscribe,
)
from bot.dialogue.events import TextEvent
from bot.dialogue.panel import LIMIT, Page, new_draft
from bot.dialogue.schedule_text import MAX_QUERIES, Reader, Wish
from bot.dialogue.views import view_id
from bot.digests.prepare import Prepared
from bot.models import Language, Message, Subscription
from bot.state.state import State

DIGESTING = frozenset({"subscribe", "subscriptions", "unsubscribe", "digest", "pause"})
"""The commands that are answered here."""

# A text without a topic goes on with the panel that its sender used last, but not with last week's.
_GOING_ON = timedelta(hours=1)
_WEEK = timedelta(days=7)
_LONGEST_PAUSE = timedelta(days=366)
_SPAN = re.compile(
    r"(\d{1,4}|[一二两三四五六七八九十半])\s*(?:个)?\s*(h|hours?|小时|d|days?|天|日|w|weeks?|周|星期|礼拜|months?|月)"
)
_UNITS = {
    "h": 1,
    "小": 1,
    "d": 24,
    "天": 24,
    "日": 24,
    "w": 168,
    "周": 168,
    "星": 168,
    "礼": 168,
    "m": 720,
    "月": 720,
}
_NUMBERS = {char: number for number, char in enumerate("一二三四五六七八九十", 1)} | {"两": 2}
_OFF = frozenset("off resume end stop 恢复 继续 取消".split())
_ALL = frozenset("all 全部 所有".split())


class DigestsNow(Protocol):
    """What makes a digest at once."""

    def prepare(self, subscriptions: Sequence[Subscription], now: datetime) -> Iterator[Prepared]:
        """The digest of each subscription."""


class Subscribing:
    """Answers commands about subscriptions; reads the state and writes nothing."""

    def __init__(
        self, reader: Reader, pages: DigestPages, digests: DigestsNow, state: State, usual: ZoneInfo
    ) -> None:
        self._reader = reader
        self._pages = pages
        self._digests = digests
        self._kept = state.subscriptions
        self._usual = usual

    # -- what was typed --------------------------------------------------------------------------------

    def answer(self, name: str, rest: str, asked: TextEvent, language: Language, now: datetime) -> Reply:
        """The reply to one of these commands; who may configure the chat has been checked."""
        match name:
            case "subscribe":
                return self._subscribe(rest, asked, language, now)
            case "unsubscribe":
                return self._unsubscribe(rest, self._held(asked), language)
            case "pause":
                return self._pause(rest, self._held(asked), language, now)
            case "digest":
                return self._digest(rest, asked, language, now)
            case _:
                return Reply(self._pages.held(self._held(asked), language, now))

    def _held(self, asked: TextEvent) -> list[Subscription]:
        """The digests of the place that somebody writes in: a forum topic's are its own."""
        return self._kept.of_reader(asked.chat_id, asked.thread_id)

    def _subscribe(self, text: str, asked: TextEvent, language: Language, now: datetime) -> Reply:
        wish = self._reader.read(text)
        if wish.trouble:
            return self._say(wish.trouble, language, wish.troubling)
        if len(self._kept.of_chat(asked.chat_id)) >= LIMIT:
            return self._say("too_many_digests", language, LIMIT)
        complete = wish.minute is not None and bool(wish.queries)
        panel, draft = self._draft(wish, asked, language, now, fresh=complete)
        zone = wish.timezone or self._kept.timezone(asked.chat_id)
        effects: list[Effect] = []
        if wish.timezone:
            effects.append(ChooseZone(asked.chat_id, wish.timezone))
        if complete and zone:
            message = self._pages.saved(draft, language, now)
            return Reply(message, effects=(*effects, Subscribe(draft)))
        page: Page = "zone" if complete and not zone else "main"
        known = self._kept.get(draft.id) is not None
        message = self._pages.panel(
            draft, panel, page, language, now, known=known, asked=zone is not None, last=page == "zone"
        )
        return Reply(message, effects=(*effects, KeepDraft(panel, draft)))

    def _draft(
        self, wish: Wish, asked: TextEvent, language: Language, now: datetime, *, fresh: bool
    ) -> tuple[str, Subscription]:
        """The draft that a text goes on with, or begins, with what the text says of it."""
        panel, draft = view_id(), None
        if not fresh and wish != Wish():
            after = int((now - _GOING_ON).timestamp())
            latest = self._kept.latest_draft(asked.chat_id, asked.thread_id, asked.user_id, after)
            draft = self._kept.draft(latest) if latest else None
            panel = latest if latest and draft else panel
        if draft is None:
            draft = self._blank(asked, language, now)
        queries = tuple(dict.fromkeys((*draft.queries, *wish.queries)))[:MAX_QUERIES]
        return panel, replace(
            draft,
            queries=queries,
            minute=draft.minute if wish.minute is None else wish.minute,
            days=wish.days or draft.days,
            timezone=wish.timezone or draft.timezone,
        )

    def _blank(self, asked: TextEvent, language: Language, now: datetime) -> Subscription:
        zone = self._kept.timezone(asked.chat_id) or self._usual.key
        return new_draft((asked.chat_id, asked.thread_id), asked.user_id, zone, language, now)

    def _unsubscribe(self, text: str, held: Sequence[Subscription], language: Language) -> Reply:
        if not held:
            return self._say("no_digests", language)
        if len(held) == 1 or text.strip().casefold() in _ALL:
            message = Message(self._pages.notice("all_ended", language, len(held)))
            return Reply(message, effects=tuple(Unsubscribe(s.id) for s in held))
        return Reply(self._pages.endings(held, language))

    def _pause(self, text: str, held: Sequence[Subscription], language: Language, now: datetime) -> Reply:
        if not held:
            return self._say("no_digests", language)
        if text.strip().casefold() in _OFF:
            paused = [s for s in held if s.paused_until]
            effects = tuple(Pause(s.id, None) for s in paused)
            return Reply(Message(self._pages.notice("resumed", language, len(held))), effects=effects)
        span = _WEEK if not text.strip() else pause_of(text)
        if span is None:
            return self._say("pause_unclear", language)
        until = int((now + span).timestamp())
        zone = self._kept.timezone(held[0].chat_id) or held[0].timezone
        local = datetime.fromtimestamp(until, ZoneInfo(zone))
        button = ("button_resume", "sg", all_of(held))
        message = self._pages.offered("paused_until", language, button, local, zone)
        return Reply(message, effects=tuple(Pause(s.id, until) for s in held))

    def _digest(self, text: str, asked: TextEvent, language: Language, now: datetime) -> Reply:
        """The digests of this place, or one on other queries; what it says counts as sent."""
        wish = self._reader.read(text)
        if wish.queries:
            blank = self._blank(asked, language, now)
            # Nothing was asked for before: everything that the library holds is open.
            held = [replace(blank, id="", queries=wish.queries)]
        else:
            held = self._held(asked)
        if not held:
            return self._say("no_digests", language)
        parts: list[Message] = []
        effects: list[Effect] = []
        for prepared in self._digests.prepare(held, now):
            parts.extend(prepared.parts)
            effects.append(
                Delivered(
                    (asked.chat_id, asked.thread_id),
                    prepared.marks,
                    prepared.subscription_id,
                    prepared.outcome,
                    prepared.spent,
                )
            )
        if not parts:
            return Reply(self._nothing(held, language, now), effects=tuple(effects))
        return Reply(parts[0], effects=tuple(effects), more=tuple(parts[1:]))

    def _nothing(self, held: Sequence[Subscription], language: Language, now: datetime) -> Message:
        """That there is nothing new on what is not muted; where all is, the list says so and undoes it."""
        muted = self._kept.muted(held[0].reader, int(now.timestamp())) if held[0].id else {}
        queries = tuple(dict.fromkeys(query for s in held for query in s.queries if query not in muted))
        if not queries:
            return self._pages.listing(held, language, now)
        return Message(self._pages.notice("nothing_new", language, queries))

    def _say(self, name: str, language: Language, *values: object) -> Reply:
        return Reply(Message(self._pages.notice(name, language, *values)))


def pause_of(text: str) -> timedelta | None:
    """How long "7d", "2 weeks", 三天 or 两周 are; None for anything else and for more than a year."""
    match = _SPAN.fullmatch(text.strip().casefold())
    if match is None:
        return None
    unit = _UNITS[match[2][0]]
    hours = unit // 2 if match[1] == "半" else unit * (_NUMBERS.get(match[1]) or int(match[1]))
    span = timedelta(hours=hours)
    return span if timedelta(0) < span <= _LONGEST_PAUSE else None
