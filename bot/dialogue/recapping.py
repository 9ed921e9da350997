"""Recaps of a group's talk: which stretch, for whom, and each day. Membership and rights are checked by the caller."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.dialogue.effects import (
    OpenView,
    Recapped,
    Reply,
    ScheduleRecap,
    UnscheduleRecaps,
)
from bot.dialogue.events import BotProfile, ButtonEvent, TextEvent
from bot.dialogue.views import new_view, view_id
from bot.models import Button, ChatMessage, Language, Link, Message, Press
from bot.recaps.due import Recaps
from bot.rendering.renderer import Renderer
from bot.state.captures import MOST_MESSAGES, RecapSchedule
from bot.state.state import State, View

PAYLOAD = "r_"
"""How the start payload of "send it to me privately" begins; a view's id and a window follow."""

_OFFERED_HOURS = (1, 4, 12, 24)
_OFFERED_TIMES = (9 * 60, 12 * 60, 18 * 60, 21 * 60)
_ABOUT = re.compile(r"/recap (-\d{1,18}) (\d{1,18})")
_WINDOW = re.compile(r"(h|n|t)(\d{1,12})|(me|last)")
_TYPED = re.compile(
    r"(?P<number>\d{1,4})\s*(?:(?P<hours>h|hours?|小时|个小时)|(?P<days>d|days?|天)|messages?|条)?"
)
_DAILY = re.compile(r"(?:daily|每天|每日)\s*(.*)", re.IGNORECASE | re.DOTALL)
_TIME = re.compile(r"(?<!\d)([01]?\d|2[0-3])[:：]([0-5]\d)(?!\d)")
_LEAST = re.compile(r"(?:min|least|至少)\s*(\d{1,4})", re.IGNORECASE)
_SILENT = re.compile(r"silent|quiet|静音|安静", re.IGNORECASE)
_ENDS = frozenset({"off", "stop", "no", "关", "关闭", "停止"})
_USUAL_LEAST = 20
_MOST_TIMES = 4


@dataclass(frozen=True, slots=True)
class Window:
    """Which stretch: the last hours ("h"), the last messages ("n"), all since a second ("t"), since the reader
    last wrote ("me"), or since the last recap ("last").
    """

    kind: Literal["h", "n", "t", "me", "last"]
    number: int = 0

    @property
    def code(self) -> str:
        """How a button and a link name it."""
        return f"{self.kind}{self.number}" if self.kind in "hnt" else self.kind


class Recapping:
    """Answers /recap and its buttons."""

    def __init__(self, renderer: Renderer, state: State, recaps: Recaps, profile: BotProfile) -> None:
        self._renderer = renderer
        self._state = state
        self._recaps = recaps
        self._profile = profile

    def recap(self, asked: TextEvent, rest: str, language: Language, now: datetime) -> Reply:
        """/recap in a group: an offer, the stretch that `rest` names, or a daily recap."""
        if asked.private:
            return Reply(self._say("groups_only", language))
        if self._state.captures.of_chat(asked.chat_id) is None:
            return Reply(self._say("recap_off", language))
        if schedule := _DAILY.fullmatch(rest):
            return self._daily(asked, schedule[1].strip(), language, now)
        view = new_view(asked, f"/recap {asked.chat_id} {asked.thread_id}")
        if not rest:
            return Reply(self._offer(view, language, private=False), effects=(OpenView(view),))
        window = _typed(rest)
        if window is None:
            return Reply(self._say("recap_unknown", language))
        return self._told(view, window, asked, language, now)

    def start(
        self, view: View | None, code: str, asked: TextEvent, language: Language, now: datetime
    ) -> Reply:
        """A link from a group, opened in private by somebody who may no longer be a member."""
        about = _about(view)
        if about is None:
            return Reply(self._say("stale", language))
        if asked.member_of != about[0]:
            return Reply(self._say("not_a_member", language))
        own = new_view(asked, f"/recap {about[0]} {about[1]}")
        window = _window(code)
        if window is None:
            return Reply(self._offer(own, language, private=True), effects=(OpenView(own),))
        return self._told(own, window, asked, language, now)

    def press(self, view: View, code: str, pressed: ButtonEvent, language: Language, now: datetime) -> Reply:
        """A stretch that was picked."""
        about, window = _about(view), _window(code)
        if about is None or window is None:
            return self._refused("stale", language)
        if pressed.private and pressed.member_of != about[0]:
            return self._refused("not_a_member", language)
        if not pressed.private and about[0] != pressed.chat_id:
            return self._refused("stale", language)
        return self._told(view, window, pressed, language, now)

    def press_daily(
        self, view: View, value: str, pressed: ButtonEvent, language: Language, now: datetime
    ) -> Reply:
        """A time of day that was picked for daily recaps, or their end."""
        about = _about(view)
        if about is None or about[0] != pressed.chat_id:
            return self._refused("stale", language)
        if not pressed.admin:
            return self._refused("admins_only", language)
        if value == "off":
            return Reply(self._say("recap_daily_off", language), effects=(UnscheduleRecaps(*about),))
        if not value.isdecimal() or int(value) not in _OFFERED_TIMES:
            return self._refused("stale", language)
        return self._scheduled(about, pressed.user_id, [int(value)], _USUAL_LEAST, language, now, silent=True)

    # -- one stretch -----------------------------------------------------------------------------------

    def _told(
        self, view: View, window: Window, who: TextEvent | ButtonEvent, language: Language, now: datetime
    ) -> Reply:
        pressed = isinstance(who, ButtonEvent)
        chat_id, thread_id = _about(view) or (0, 0)
        found = self._messages(chat_id, thread_id, window, who.user_id, int(now.timestamp()))
        if found is None:
            word = "recap_never_spoke"
            return self._refused(word, language) if pressed else Reply(self._say(word, language))
        messages, since = found
        total = len(messages)
        if total == MOST_MESSAGES:
            total = self._total(chat_id, thread_id, window, since)
        message = self._recaps.message(messages, chat_id, language, total)
        if message is None:
            # A stretch that was picked in vain leaves the others open.
            word = self._renderer.word("recap_nothing", language, len(messages))
            return (
                Reply(notice=word) if pressed else Reply(self._say("recap_nothing", language, len(messages)))
            )
        effects: list[OpenView | Recapped] = [] if pressed else [OpenView(view)]
        if not who.private:
            effects.append(Recapped(chat_id, thread_id, int(now.timestamp())))
            private = self._private_button(view, Window("t", since), language)
            message = Message(message.html, (*message.buttons, *private))
        return Reply(message, edit=pressed, effects=tuple(effects))

    def _messages(
        self, chat_id: int, thread_id: int, window: Window, reader: int, now: int
    ) -> tuple[list[ChatMessage], int] | None:
        """The messages of a stretch and the second from which it goes; None for a reader who never wrote."""
        captures = self._state.captures
        if window.kind == "n":
            messages = captures.newest(chat_id, thread_id, min(window.number, MOST_MESSAGES))
            return messages, messages[0].at if messages else now
        since = window.number
        if window.kind == "h":
            since = now - window.number * 3_600
        elif window.kind == "last":
            since = captures.recapped(chat_id, thread_id) or 0
        elif window.kind == "me":
            spoke = captures.last_spoke(chat_id, thread_id, reader)
            if spoke is None:
                return None
            since = spoke + 1
        return captures.since(chat_id, thread_id, since), since

    def _total(self, chat_id: int, thread_id: int, window: Window, since: int) -> int:
        """How many messages a stretch has that is longer than what one recap gets."""
        if window.kind == "n":
            return min(window.number, self._state.captures.count(chat_id, thread_id, 0))
        return self._state.captures.count(chat_id, thread_id, since)

    # -- each day --------------------------------------------------------------------------------------

    def _daily(self, asked: TextEvent, rest: str, language: Language, now: datetime) -> Reply:
        if not asked.admin:
            return Reply(self._say("admins_only", language))
        about = (asked.chat_id, asked.thread_id)
        if rest.lower() in _ENDS:
            return Reply(self._say("recap_daily_off", language), effects=(UnscheduleRecaps(*about),))
        minutes = [int(hour) * 60 + int(minute) for hour, minute in _TIME.findall(rest)][:_MOST_TIMES]
        if not minutes:
            return self._daily_panel(asked, language)
        least = _LEAST.search(rest)
        return self._scheduled(
            about,
            asked.user_id,
            minutes,
            int(least[1]) if least else _USUAL_LEAST,
            language,
            now,
            silent=bool(_SILENT.search(rest)),
        )

    def _scheduled(
        self,
        about: tuple[int, int],
        user_id: int,
        minutes: list[int],
        least: int,
        language: Language,
        now: datetime,
        *,
        silent: bool,
    ) -> Reply:
        """Daily recaps at new times, which take the place of the old ones."""
        zone = self._state.subscriptions.timezone(about[0]) or self._profile.timezone.key
        made = int(now.timestamp())
        new = [
            ScheduleRecap(
                RecapSchedule(view_id(), *about, user_id, minute, zone, language, silent, least, made)
            )
            for minute in sorted(set(minutes))
        ]
        times = [clock(effect.schedule.minute) for effect in new]
        said = self._say("recap_daily_set", language, times, zone, silent, least)
        return Reply(said, effects=(UnscheduleRecaps(*about), *new))

    def _daily_panel(self, asked: TextEvent, language: Language) -> Reply:
        schedules = self._state.captures.schedules(asked.chat_id)
        here = [schedule for schedule in schedules if schedule.thread_id == asked.thread_id]
        view = new_view(asked, f"/recap {asked.chat_id} {asked.thread_id}")
        times = tuple(
            Button(clock(minute), Press(view.id, language, f"rd:{minute}")) for minute in _OFFERED_TIMES
        )
        rows = [times]
        if here:
            word = self._renderer.word("button_daily_off", language)
            rows.append((Button(word, Press(view.id, language, "rd:off")),))
        zone = here[0].timezone if here else ""
        text = self._notice("recap_daily_panel", language, [clock(s.minute) for s in here], zone)
        return Reply(Message(text, tuple(rows)), effects=(OpenView(view),))

    # -- buttons and sentences -------------------------------------------------------------------------

    def _offer(self, view: View, language: Language, *, private: bool) -> Message:
        def button(word: str, code: str, *values: object) -> Button:
            return Button(self._renderer.word(word, language, *values), Press(view.id, language, f"r:{code}"))

        rows = [
            tuple(button("last_hours", f"h{hours}", hours) for hours in _OFFERED_HOURS),
            (button("button_since_me", "me"), button("button_since_recap", "last")),
        ]
        if not private:
            rows.extend(self._private_button(view, None, language))
        return Message(self._notice("recap_offer", language), tuple(rows))

    def _private_button(
        self, view: View, window: Window | None, language: Language
    ) -> tuple[tuple[Button, ...], ...]:
        if not self._profile.username:
            return ()
        payload = f"{PAYLOAD}{view.id}{f'_{window.code}' if window else ''}"
        link = Link(f"https://t.me/{self._profile.username}?start={payload}")
        return ((Button(self._renderer.word("button_privately", language), link),),)

    def _say(self, name: str, language: Language, *values: object) -> Message:
        return Message(self._notice(name, language, *values))

    def _notice(self, name: str, language: Language, *values: object) -> str:
        return self._renderer.notice(name, language, *values)

    def _refused(self, name: str, language: Language) -> Reply:
        return Reply(notice=self._renderer.word(name, language))


def group_of(view: View | None) -> int | None:
    """The group whose talk a view is about."""
    about = _about(view)
    return about[0] if about else None


def schedules(rest: str) -> bool:
    """Whether what follows /recap sets daily recaps, which only admins may."""
    return _DAILY.fullmatch(rest) is not None


def linked(payload: str) -> tuple[str, str]:
    """The view and the window of a start payload that a link of ours carries; "" for what it lacks."""
    view, _, code = payload.removeprefix(PAYLOAD).partition("_")
    return view, code


def clock(minute: int) -> str:
    """A minute of the day as it is written: 21:05."""
    return f"{minute // 60:02}:{minute % 60:02}"


def _about(view: View | None) -> tuple[int, int] | None:
    """The group and the topic that a view is about, None for a view of something else."""
    found = _ABOUT.fullmatch(view.query) if view else None
    return (int(found[1]), int(found[2])) if found else None


def _window(code: str) -> Window | None:
    found = _WINDOW.fullmatch(code)
    if found is None:
        return None
    match found[1]:
        case "h":
            return Window("h", int(found[2]))
        case "n":
            return Window("n", int(found[2]))
        case "t":
            return Window("t", int(found[2]))
    return Window("me" if found[3] == "me" else "last")


def _typed(text: str) -> Window | None:
    """What is typed after /recap: "6h", "2 days", "200"."""
    found = _TYPED.fullmatch(text.strip().lower())
    if found is None or not int(found["number"]):
        return None
    number = int(found["number"])
    if found["hours"]:
        return Window("h", number)
    return Window("h", number * 24) if found["days"] else Window("n", number)
