"""What is pressed about subscriptions: in the panel, in the list, under a digest, under a briefing.

Rights are checked anew at each press: an id in callback data is only a claim.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.dialogue.digest_pages import DigestPages
from bot.dialogue.effects import (
    ChooseZone,
    Digesting,
    DropDraft,
    Effect,
    KeepDraft,
    Mute,
    OnlyNews,
    Pause,
    Reply,
    Subscribe,
    Unsubscribe,
)
from bot.dialogue.events import ButtonEvent
from bot.dialogue.panel import LIMIT, Page, changed, new_draft
from bot.dialogue.views import view_id
from bot.library.glossary import Glossary
from bot.models import Language, Message, Press, Subscription
from bot.state.state import State

KINDS = frozenset("pp pq pr pt pd pw pz py pl pn ps pc se sp sg sx su dw dm du dn daily".split())
"""The kinds of presses that are answered here."""

_PANEL = frozenset(kind for kind in KINDS if kind.startswith("p"))
_FOR_ALL = frozenset({"dw"})
_WEEK = timedelta(days=7)
# A topic is the id of its first message: 32 bits.
_LONGEST_THREAD = 10


class DigestPresses:
    """Answers presses; reads the state and writes nothing."""

    def __init__(self, glossary: Glossary, pages: DigestPages, state: State, usual: ZoneInfo) -> None:
        self._glossary = glossary
        self._pages = pages
        self._kept = state.subscriptions
        self._usual = usual

    def press(self, press: Press, pressed: ButtonEvent, now: datetime, query: str = "") -> Reply:
        """The reply to a press of one of KINDS; `query` is the question of the message that it stands under."""
        kind, _, value = press.name.partition(":")
        language = press.language
        if kind not in _FOR_ALL and not pressed.private and not pressed.admin:
            return self._notice("admins_only", language)
        if kind == "daily":
            return self._daily(query, pressed, language, now)
        if kind in _PANEL:
            return self._press_panel(press, pressed, now)
        subscription_id, _, index = value.partition(":")
        if subscription_id == "all":
            return self._press_all(kind, pressed.chat_id, index, language)
        subscription = self._kept.get(subscription_id)
        if subscription is None or subscription.chat_id != pressed.chat_id:
            return self._notice("digest_ended", language)
        if kind.startswith("d"):
            return self._press_digest(kind, subscription, index, language, now)
        if kind == "su":
            return self._unmute(subscription, index, language, now)
        return self._press_listed(kind, subscription, pressed, language, now)

    def _daily(self, query: str, pressed: ButtonEvent, language: Language, now: datetime) -> Reply:
        """A panel for what the message was about, beside that message."""
        if len(self._kept.of_chat(pressed.chat_id)) >= LIMIT:
            return self._notice("too_many_digests", language, LIMIT)
        asked = self._kept.timezone(pressed.chat_id)
        place = (pressed.chat_id, pressed.thread_id)
        blank = new_draft(place, pressed.user_id, asked or self._usual.key, language, now)
        draft = replace(blank, queries=(query,) if query else ())
        panel = view_id()
        page: Page = "topics" if not query else "main" if asked else "zone"
        message = self._pages.panel(draft, panel, page, language, now, known=False, asked=asked is not None)
        return Reply(message, effects=(KeepDraft(panel, draft),))

    def _press_panel(self, press: Press, pressed: ButtonEvent, now: datetime) -> Reply:
        draft, language = self._kept.draft(press.view), press.language
        if draft is None or draft.chat_id != pressed.chat_id:
            return self._notice("stale", language)
        stored = self._kept.get(draft.id)
        match press.name:
            case "pc":
                message = Message(self._pages.notice("not_changed", language))
                return Reply(message, edit=True, effects=(DropDraft(press.view),))
            case "ps":
                return self._save(press, draft, stored, now)
        change = changed(draft, press.name, self._glossary)
        if change is None:
            return self._notice("stale", language)
        effects: tuple[Digesting, ...] = (KeepDraft(press.view, change.draft),)
        known = self._kept.timezone(pressed.chat_id) is not None
        if press.name.startswith("py:"):
            return self._save(press, change.draft, stored, now)
        if press.name.startswith("pz:"):
            effects, known = (*effects, ChooseZone(pressed.chat_id, change.draft.timezone)), True
        message = self._pages.panel(
            change.draft, press.view, change.page, language, now, known=stored is not None, asked=known
        )
        return Reply(message, edit=True, effects=effects)

    def _save(self, press: Press, draft: Subscription, stored: Subscription | None, now: datetime) -> Reply:
        language = press.language
        if not draft.queries:
            return self._notice("stale", language)
        if stored is None and len(self._kept.of_chat(draft.chat_id)) >= LIMIT:
            return self._notice("too_many_digests", language, LIMIT)
        placed = press.name.startswith("py:")
        if not placed and self._kept.timezone(draft.chat_id) is None:
            # Nobody has said where they are: a digest at the wrong hour is worse than one more question.
            message = self._pages.panel(
                draft, press.view, "zone", language, now, known=False, asked=False, last=True
            )
            return Reply(message, edit=True)
        if stored is None:
            at = int(now.timestamp())
            draft = replace(draft, created=at, since=at)
        message = self._pages.saved(draft, language, now)
        zone = (ChooseZone(draft.chat_id, draft.timezone),) if placed else ()
        return Reply(message, edit=True, effects=(*zone, Subscribe(draft), DropDraft(press.view)))

    def _press_all(self, kind: str, chat_id: int, thread: str, language: Language) -> Reply:
        if not (thread.isascii() and thread.isdecimal()) or len(thread) > _LONGEST_THREAD:
            return self._notice("stale", language)
        held = self._kept.of_reader(chat_id, int(thread))
        if kind == "sx" and held:
            return self._end_all(held, language)
        if kind == "sg" and held:
            message = Message(self._pages.notice("resumed", language, len(held)))
            return Reply(message, edit=True, effects=tuple(Pause(s.id, None) for s in held))
        return self._notice("digest_ended" if not held else "stale", language)

    def _press_listed(
        self, kind: str, s: Subscription, pressed: ButtonEvent, language: Language, now: datetime
    ) -> Reply:
        match kind:
            case "se":
                panel = view_id()
                message = self._pages.panel(s, panel, "main", language, now, known=True, asked=True)
                return Reply(
                    message, edit=True, effects=(KeepDraft(panel, replace(s, user_id=pressed.user_id)),)
                )
            case "sx":
                message = Message(self._pages.notice("ended", language, s.queries))
                return Reply(message, edit=True, effects=(Unsubscribe(s.id),))
            case "sp" | "sg":
                until = int((now + _WEEK).timestamp()) if kind == "sp" else None
                held = [
                    replace(h, paused_until=until) if h.id == s.id else h
                    for h in self._kept.of_reader(*s.reader)
                ]
                message = self._pages.listing(held, language, now)
                return Reply(message, edit=True, effects=(Pause(s.id, until),))
            case _:
                return self._notice("stale", language)

    def _unmute(self, s: Subscription, index: str, language: Language, now: datetime) -> Reply:
        query = _chosen(s, index)
        if query is None:
            return self._notice("stale", language)
        message = self._pages.listing(self._kept.of_reader(*s.reader), language, now, heard=query)
        return Reply(message, edit=True, effects=(Mute(s.reader, query, int(now.timestamp())),))

    def _press_digest(
        self, kind: str, s: Subscription, index: str, language: Language, now: datetime
    ) -> Reply:
        match kind:
            case "dw":
                since = datetime.fromtimestamp(s.created, ZoneInfo(s.timezone)).date()
                return self._notice("why_this", language, s.queries, s.days, s.minute, s.timezone, since)
            case "du":
                return self._notice("ended", language, s.queries, effects=(Unsubscribe(s.id),))
            case "dn":
                return self._notice("only_news_now", language, effects=(OnlyNews(s.id),))
            case "dm" if (query := _chosen(s, index)) is not None:
                until = now + _WEEK
                day = until.astimezone(ZoneInfo(s.timezone)).date()
                effects = (Mute(s.reader, query, int(until.timestamp())),)
                return self._notice("muted", language, query, day, effects=effects)
            case _:
                return self._notice("stale", language)

    def _end_all(self, held: Sequence[Subscription], language: Language) -> Reply:
        message = Message(self._pages.notice("all_ended", language, len(held)))
        return Reply(message, edit=True, effects=tuple(Unsubscribe(s.id) for s in held))

    def _notice(
        self, name: str, language: Language, *values: object, effects: tuple[Effect, ...] = ()
    ) -> Reply:
        return Reply(notice=self._pages.word(name, language, *values), effects=effects)


def _chosen(s: Subscription, index: str) -> str | None:
    """The query that a press names by its place."""
    number = int(index) if index.isdecimal() and len(index) <= 4 else len(s.queries)
    return s.queries[number] if number < len(s.queries) else None
