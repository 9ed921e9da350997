"""What a group agrees to, and what its members do not: /capture, /purge, /optout, /optin, /forgetme, /privacy."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from bot.dialogue.effects import (
    Effect,
    Forget,
    OpenView,
    OptIn,
    OptOut,
    Purge,
    Reply,
    TurnOff,
    TurnOn,
)
from bot.dialogue.events import BotProfile, ButtonEvent, TextEvent
from bot.dialogue.views import new_view
from bot.models import Button, Language, Message, Press
from bot.rendering.renderer import Renderer
from bot.state.backup import KEPT
from bot.state.captures import LONGEST_HOURS, Capture
from bot.state.state import State, View

USUAL_HOURS = 72
SHORTEST_HOURS = 24
PANEL = "/capture"
"""What the view of the settings panel asks for."""

_OFFERED_HOURS = (24, 72, 168, 720)
_LENGTH = re.compile(r"(\d{1,4})\s*(h|hours?|小时|d|days?|天|日)?")
_ON = frozenset({"on", "yes", "start", "开", "开启", "打开", "開啟"})
_OFF = frozenset({"off", "no", "stop", "关", "关闭", "停止", "關閉"})


class Consent:
    """Answers what concerns the keeping of a group's talk. The caller has checked who may configure."""

    def __init__(self, renderer: Renderer, state: State, profile: BotProfile) -> None:
        self._renderer = renderer
        self._state = state
        self._profile = profile

    def capture(self, asked: TextEvent, rest: str, language: Language, now: datetime) -> Reply:
        """/capture: the panel, or what `rest` says."""
        if asked.private:
            return Reply(self._say("groups_only", language))
        if not rest:
            view = new_view(asked, PANEL)
            return Reply(self._panel(asked.chat_id, view.id, language), effects=(OpenView(view),))
        if rest.strip().lower() in _OFF:
            return self._turn_off(asked.chat_id, language, now)
        hours = _hours(rest)
        if hours is None:
            return Reply(self._say("capture_unknown", language))
        return self._turn_on(asked, hours, language, now)

    def press(self, view: View, value: str, pressed: ButtonEvent, language: Language, now: datetime) -> Reply:
        """A button of the panel: the notice is a message of its own, for everybody to see."""
        if view.query != PANEL or pressed.private:
            return self._refused("stale", language)
        if not pressed.admin:
            return self._refused("admins_only", language)
        if value == "off":
            return self._turn_off(pressed.chat_id, language, now)
        hours = _hours(f"{value}h") if value.isdecimal() else None
        if hours is None:
            return self._refused("stale", language)
        return self._turn_on(pressed, hours, language, now)

    def answer(self, name: str, asked: TextEvent, language: Language, now: datetime) -> Reply:
        """/purge erases a group's talk until now; the others are a person's own and hold for every group."""
        match name:
            case "privacy":
                return Reply(self._privacy(asked, language))
            case "purge" if asked.private:
                return Reply(self._say("groups_only", language))
            case "purge":
                return self._erased("purged", language, now, Purge(asked.chat_id))
            case _ if asked.user_id <= 0:  # a group or channel writes: nobody knows which of its admins
                return Reply(self._say("nobody", language))
            case "optin":
                return Reply(self._say("opted_in", language), effects=(OptIn(asked.user_id),))
            case "optout":
                return self._erased("opted_out", language, now, OptOut(asked.user_id))
            case _:
                return self._erased("forgotten", language, now, Forget(asked.user_id))

    def _privacy(self, asked: TextEvent, language: Language) -> Message:
        """What is kept of whom and for how long, here and of the reader."""
        captures = self._state.captures
        return Message(
            self._renderer.message(
                "privacy",
                language,
                private=asked.private,
                capture=None if asked.private else captures.of_chat(asked.chat_id),
                since=self._since(asked.chat_id),
                opted_out=captures.opted_out(asked.user_id),
                kept=captures.kept(asked.user_id) if asked.private else 0,
                backup_days=KEPT,
            )
        )

    def hello(self, language: Language, *, sees: bool) -> Message:
        """What the bot says in a group that it was added to."""
        return self._say("group_hello", language, sees)

    # -- effects and their words -------------------------------------------------------------------------

    def _turn_on(
        self, asked: TextEvent | ButtonEvent, hours: int, language: Language, now: datetime
    ) -> Reply:
        capture = Capture(asked.chat_id, hours, asked.user_id, int(now.timestamp()))
        notice = self._say("capture_notice", language, hours, asked.sees)
        return Reply(notice, effects=(TurnOn(capture),))

    def _turn_off(self, chat_id: int, language: Language, now: datetime) -> Reply:
        if self._state.captures.of_chat(chat_id) is None:
            return Reply(self._say("capture_is_off", language))
        return self._erased("capture_off", language, now, TurnOff(chat_id))

    def _erased(self, name: str, language: Language, now: datetime, effect: Effect) -> Reply:
        """Confirms an erasure; after /forgetme also says when the last daily backup with the person's settings expires."""
        said = [self._notice(name, language)]
        if isinstance(effect, Forget):
            until = now.astimezone(self._profile.timezone).date() + timedelta(days=KEPT)
            said.append(self._notice("backups_until", language, until))
        otherwise = [*said, self._notice("log_busy", language)]
        return Reply(Message("\n\n".join(said)), effects=(effect,), otherwise=Message("\n\n".join(otherwise)))

    def _panel(self, chat_id: int, view: str, language: Language) -> Message:
        capture = self._state.captures.of_chat(chat_id)
        text = self._notice("capture_panel", language, capture.hours if capture else 0, self._since(chat_id))

        def button(word: str, name: str, *values: object) -> Button:
            return Button(self._renderer.word(word, language, *values), Press(view, language, name))

        rows = [tuple(button("for_hours", f"cap:{hours}", hours) for hours in _OFFERED_HOURS)]
        if capture:
            rows.append((button("button_capture_off", "cap:off"),))
        return Message(text, tuple(rows))

    def _since(self, chat_id: int) -> object:
        capture = self._state.captures.of_chat(chat_id)
        return capture and datetime.fromtimestamp(capture.since, self._profile.timezone).date()

    def _say(self, name: str, language: Language, *values: object) -> Message:
        return Message(self._notice(name, language, *values))

    def _notice(self, name: str, language: Language, *values: object) -> str:
        return self._renderer.notice(name, language, *values)

    def _refused(self, name: str, language: Language) -> Reply:
        return Reply(notice=self._renderer.word(name, language))


def _hours(text: str) -> int | None:
    """How long messages are to be kept: "on", "72h", "7 days", 3天; None for what is not 1 to 30 days."""
    text = text.strip().lower()
    if text in _ON:
        return USUAL_HOURS
    found = _LENGTH.fullmatch(text.removeprefix("on").strip())
    if found is None:
        return None
    number = int(found[1])
    hours = number if (found[2] or "h")[0] in "h小" else number * 24
    return hours if SHORTEST_HOURS <= hours <= LONGEST_HOURS else None
