"""The ways into the library and through it: what a question opens, and where the buttons under its answer lead.

Checks no rights: who may press is decided in `conversation`.
"""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.dialogue.answers import Answers
from bot.dialogue.effects import OpenView, Reply
from bot.dialogue.events import ButtonEvent, TextEvent
from bot.dialogue.keyboards import VIEWS
from bot.dialogue.views import new_view, view_id
from bot.models import Language, Message, Press
from bot.state.state import View

# Of pages, results and citations: a forged press may claim any.
_HIGHEST = 100_000


class Browsing:
    """Opens views of one library. `timezone` says which day it is where nobody said otherwise."""

    def __init__(self, answers: Answers, timezone: ZoneInfo) -> None:
        self._answers = answers
        self._timezone = timezone

    # -- what a question opens -------------------------------------------------------------------------

    def trend(self, asked: TextEvent, text: str, language: Language, now: datetime) -> Reply:
        """A briefing on a question, else topics to pick from."""
        query = self._answers.understand(text)
        view = new_view(asked, query.text)
        briefing = self._answers.briefing(query, language, self._today(now))
        if query.empty:
            message = self._answers.offer("ask_topic", view.id, language)
        elif briefing is None:
            message = self._answers.nothing(query.text, view.id, language)
        else:
            message = self._answers.told(briefing, view.id, language, "first", private=asked.private)
        return Reply(message, effects=(OpenView(view),))

    def search(self, asked: TextEvent, text: str, language: Language) -> Reply:
        """The first page of what is found, else topics to pick from."""
        query = self._answers.understand(text)
        view = new_view(asked, query.text)
        if query.empty:
            message = self._answers.offer("ask_search", view.id, language)
        else:
            found = self._answers.results(query, 0, view.id, language, private=asked.private)
            message = found or self._answers.nothing(query.text, view.id, language)
        return Reply(message, effects=(OpenView(view),))

    def listed(self, asked: TextEvent, name: str, language: Language) -> Reply:
        """The first page of the "topics" or "sources" of the library."""
        view = new_view(asked, "")
        pages = self._answers.topics if name == "topics" else self._answers.reports
        message = pages(0, view.id, language) or self._answers.say("library_empty", language)
        return Reply(message, effects=(OpenView(view),))

    def start(self, asked: TextEvent, language: Language) -> Reply:
        """The first message of a chat, with topics to pick from."""
        view = new_view(asked, "")
        return Reply(self._answers.start(view.id, language), effects=(OpenView(view),))

    # -- where a button leads --------------------------------------------------------------------------

    def press(self, view: View, press: Press, pressed: ButtonEvent, now: datetime) -> Reply | None:
        """What a button of `view` leads to, None when it leads nowhere any more."""
        kind, _, value = press.name.partition(":")
        language, number = press.language, int(value) if value.isdecimal() else 0
        if number > _HIGHEST:
            return None
        answers, query = self._answers, self._answers.understand(view.query)
        message: Message | None = None
        match kind:
            case "t":
                return self._open_topic(view, value, press, pressed, now)
            case "s":
                message = answers.results(query, number, view.id, language, private=pressed.private)
            case "h":
                message = answers.result(query, number, view.id, language)
            case "tp":
                message = answers.topics(number, view.id, language)
            case "rp":
                message = answers.reports(number, view.id, language)
            case _:
                message = self._open_briefing(view, kind, number, press, pressed, now)
        return Reply(message, edit=True) if message else None

    def _open_topic(
        self, view: View, topic: str, press: Press, pressed: ButtonEvent, now: datetime
    ) -> Reply | None:
        """The picked topic is a question of its own, so that its buttons lead back to it."""
        view = View(view_id(), pressed.chat_id, view.user_id, topic)
        message = self._open_briefing(view, "first", 0, press, pressed, now)
        return Reply(message, edit=True, effects=(OpenView(view),)) if message else None

    def _open_briefing(
        self, view: View, shown: str, number: int, press: Press, pressed: ButtonEvent, now: datetime
    ) -> Message | None:
        if shown not in ("c", "first", *VIEWS):
            return None
        query = self._answers.understand(view.query)
        briefing = self._answers.briefing(query, press.language, self._today(now))
        if briefing is None:
            return None
        if shown != "c":
            return self._answers.told(briefing, view.id, press.language, shown, private=pressed.private)
        if not 0 < number <= len(briefing.citations):
            return None
        back = (view.id, "first")
        return self._answers.passage(briefing.citations[number - 1], press.language, number, back)

    def _today(self, now: datetime) -> date:
        return now.astimezone(self._timezone).date()
