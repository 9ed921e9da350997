"""What the bot answers to a text or a press. Knows no Telegram library: values in, values out.

Reads the library and the state, and writes neither: what must be written comes back as effects, so that the
caller can commit them together with the update they came from.
"""

from __future__ import annotations

import secrets
import string
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.analysis.query import MAX_CHARACTERS, understand
from bot.briefings.citation import cited_passage
from bot.briefings.nearest import nearest_topics, richest_topics
from bot.briefings.trend import Briefing, TrendBriefer
from bot.chat.commands import BY_NAME, COMMANDS, without_mention
from bot.chat.keyboards import VIEWS, Keyboards
from bot.models import Language, Message, Press
from bot.rendering.callbacks import decode
from bot.rendering.renderer import Renderer, deep_links, fits
from bot.reports.topics import Glossary
from bot.storage.library import Library
from bot.storage.state import State, View
from bot.text.normalise import fold, has_han
from bot.text.segment import Segmenter

_ID_CHARACTERS = string.ascii_letters + string.digits
_OFFERED = 6
_FORMS = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """A text that somebody sent to the bot. `admin` is whether they may configure the chat.

    `chosen` is the language of their choice where the chat has none stored (a preview has no chat).
    """

    chat_id: int
    user_id: int
    text: str
    private: bool
    language_code: str | None = None
    admin: bool = True
    chosen: Language | None = None


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button that somebody pressed, with the data it claims to carry."""

    chat_id: int
    user_id: int
    data: str
    private: bool
    admin: bool = False


@dataclass(frozen=True, slots=True)
class ChooseLanguage:
    """An effect: the chat answers in `language` from now on."""

    chat_id: int
    language: Language


@dataclass(frozen=True, slots=True)
class OpenView:
    """An effect: buttons with this view's id may be pressed."""

    view: View


Effect = ChooseLanguage | OpenView


@dataclass(frozen=True, slots=True)
class Reply:
    """What to do: send `message` (or put it in place of the pressed one), show `notice`, keep `effects`."""

    message: Message | None = None
    edit: bool = False
    notice: str = ""
    effects: tuple[Effect, ...] = ()


@dataclass(frozen=True, slots=True)
class Voice:
    """The defaults of this bot: its language and zone, and its user name once Telegram has told it."""

    language: Language
    timezone: ZoneInfo
    username: str | None = None


class Conversation:
    """Answers texts and presses from one library, in the reader's language."""

    def __init__(
        self,
        library: Library,
        state: State,
        glossary: Glossary,
        segmenter: Segmenter,
        briefer: TrendBriefer,
        renderer: Renderer,
        voice: Voice,
    ) -> None:
        self._library = library
        self._state = state
        self._glossary = glossary
        self._segmenter = segmenter
        self._briefer = briefer
        self._renderer = renderer
        self._keyboards = Keyboards(renderer)
        self._voice = voice

    # -- what was typed --------------------------------------------------------------------------------

    def answer(self, asked: Asked, now: datetime) -> Reply | None:
        """The reply to a text, None when it is not for the bot (a group's talk, another bot's command)."""
        name, rest = self._command(asked.text)
        if name is None:
            question = asked.text if asked.private else without_mention(rest, self._voice.username)
            return None if question is None else self._trend(asked, question, now)
        if name not in BY_NAME:
            return self._help(asked) if asked.private else None
        if BY_NAME[name].admins and not asked.private and not asked.admin:
            return self._say("admins_only", self._language(asked, ""))
        match name:
            case "trend":
                return self._trend(asked, rest, now)
            case "lang":
                return self._lang(asked, rest)
            case "start":
                return self._start(asked, rest, now)
            case _:
                return self._help(asked)

    def _command(self, text: str) -> tuple[str | None, str]:
        """The command and what follows it; (None, text) for a plain text, ("", "") for another bot's."""
        if not text.startswith("/"):
            return None, text
        first, *rest = text.split(maxsplit=1)
        name, at, owner = first[1:].partition("@")
        if at and self._voice.username and owner.lower() != self._voice.username.lower():
            return "", ""
        return name.lower(), rest[0].strip() if rest else ""

    def _trend(self, asked: Asked, text: str, now: datetime) -> Reply:
        language = self._language(asked, text)
        query = understand(text, self._glossary, self._segmenter)
        if query.empty:
            return self._offer("ask_topic", language)
        briefing = self._briefer.brief(query, language, now.astimezone(self._voice.timezone).date())
        if briefing is None:
            return self._nothing(query.text, language)
        view = View(_view_id(), asked.chat_id, asked.user_id, query.text)
        message = self._briefing(briefing, view.id, language, "first", asked.private)
        return Reply(message, effects=(OpenView(view),))

    def _lang(self, asked: Asked, code: str) -> Reply:
        chosen = _language_code(code)
        if chosen:
            reply = self._say("language_set", chosen)
            return Reply(reply.message, effects=(ChooseLanguage(asked.chat_id, chosen),))
        language = self._language(asked, "")
        text = self._notice("language_unknown" if code else "choose_language", language)
        return Reply(Message(text, self._keyboards.languages(language)))

    def _start(self, asked: Asked, payload: str, now: datetime) -> Reply:
        language = self._language(asked, "")
        if payload.startswith("trend_"):
            return self._trend(asked, payload.removeprefix("trend_"), now)
        if payload.startswith("p_"):
            message = self._passage(payload.removeprefix("p_"), language)
            return Reply(message) if message else self._say("passage_gone", language)
        text = self._renderer.message("start", language, coverage=self._library.coverage())
        offered = richest_topics(self._library, self._glossary, _OFFERED // 2)
        return Reply(Message(text, self._keyboards.topics(offered, language)))

    def _help(self, asked: Asked) -> Reply:
        listed = [command.name for command in COMMANDS if command.listed]
        return Reply(Message(self._renderer.message("help", self._language(asked, ""), commands=listed)))

    # -- what was pressed ------------------------------------------------------------------------------

    def view_of(self, data: str) -> View | None:
        """The stored view that callback data claims to belong to."""
        press = decode(data)
        return self._state.view(press.view) if press else None

    def press(self, pressed: Pressed, now: datetime) -> Reply:
        """The reply to a press. Rights are checked anew: callback data is only a claim."""
        press = decode(pressed.data)
        fallback: Language = press.language if press else self._voice.language
        if press is None:
            return Reply(notice=self._renderer.word("stale", fallback))
        if press.name.startswith("lang:"):
            return self._press_language(pressed, press)
        view = self._state.view(press.view)
        if view is None and press.name.startswith("t:") and press.view == "0":
            view = View(_view_id(), pressed.chat_id, pressed.user_id, "")
        if view is None or view.chat_id != pressed.chat_id:
            return Reply(notice=self._renderer.word("stale", fallback))
        if not pressed.private and not pressed.admin and view.user_id != pressed.user_id:
            return Reply(notice=self._renderer.word("not_yours", fallback))
        return self._open(view, press, pressed, now)

    def _press_language(self, pressed: Pressed, press: Press) -> Reply:
        chosen = _language_code(press.name.removeprefix("lang:"))
        if chosen is None:
            return Reply(notice=self._renderer.word("stale", press.language))
        if not pressed.private and not pressed.admin:
            return Reply(notice=self._renderer.word("admins_only", press.language))
        message = Message(self._notice("language_set", chosen))
        return Reply(message, edit=True, effects=(ChooseLanguage(pressed.chat_id, chosen),))

    def _open(self, view: View, press: Press, pressed: Pressed, now: datetime) -> Reply:
        effects: tuple[Effect, ...] = ()
        kind, _, value = press.name.partition(":")
        if kind == "t":
            # The picked topic is a question of its own, so that its buttons lead back to it.
            view = View(_view_id(), pressed.chat_id, view.user_id, value)
            effects, kind = (OpenView(view),), "first"
        query = understand(view.query, self._glossary, self._segmenter)
        today = now.astimezone(self._voice.timezone).date()
        briefing = None if query.empty else self._briefer.brief(query, press.language, today)
        if briefing is None:
            return Reply(notice=self._renderer.word("stale", press.language))
        if kind == "c":
            number = int(value) if value.isdecimal() else 0
            if not 0 < number <= len(briefing.citations):
                return Reply(notice=self._renderer.word("stale", press.language))
            message = self._passage(briefing.citations[number - 1], press.language, number, view.id)
            if message is None:
                return Reply(notice=self._renderer.word("passage_gone", press.language))
            return Reply(message, edit=True)
        if kind not in ("first", *VIEWS):
            return Reply(notice=self._renderer.word("stale", press.language))
        message = self._briefing(briefing, view.id, press.language, kind, pressed.private)
        return Reply(message, edit=True, effects=effects)

    # -- messages --------------------------------------------------------------------------------------

    def _briefing(
        self, briefing: Briefing, view: str, language: Language, shown: str, private: bool
    ) -> Message:
        links_for = None if private else self._voice.username
        rows = self._keyboards.briefing(briefing, view, language, shown, links_for)
        while True:
            message = Message(self._briefing_text(briefing, language, shown), rows)
            shorter = briefing.shortened()
            if fits(message) or shorter is None:
                return message
            briefing = shorter

    def _briefing_text(self, briefing: Briefing, language: Language, shown: str) -> str:
        return self._renderer.message(
            "briefing" if shown == "first" else shown,
            language,
            b=briefing,
            heading=self._heading(briefing, language),
            links=deep_links(self._voice.username, briefing.citations),
            forms=[*_forms(briefing, language), *briefing.query.phrases, *briefing.query.words],
            first_citations=max(
                [p.citation for p in briefing.points] + [f.citation for f in briefing.figures]
            ),
        )

    def _heading(self, briefing: Briefing, language: Language) -> str:
        if len(briefing.topics) != 1 or not briefing.query.plain:
            return briefing.query.text
        return self._renderer.word("topic_heading", language, dict(briefing.topics[0].names))

    def _passage(
        self, passage_id: str, language: Language, number: int = 0, view: str | None = None
    ) -> Message | None:
        cited = cited_passage(self._library, passage_id)
        if cited is None:
            return None
        text = self._renderer.message("citation", language, c=cited, number=number)
        return Message(text, self._keyboards.citation(view, language) if view else ())

    def _nothing(self, query: str, language: Language) -> Reply:
        near = nearest_topics(query, self._library, self._glossary, _OFFERED)
        text = self._notice("nothing_found", language, query[: MAX_CHARACTERS // 4])
        return Reply(Message(text, self._keyboards.topics(near, language)))

    def _offer(self, notice: str, language: Language) -> Reply:
        topics = richest_topics(self._library, self._glossary, _OFFERED)
        return Reply(Message(self._notice(notice, language), self._keyboards.topics(topics, language)))

    def apology(self, chat_id: int, reference: str) -> Message:
        """What a person reads after a failure that is logged under `reference`."""
        chosen = _language_code(self._state.language(chat_id) or "") or self._voice.language
        return Message(self._notice("failed", chosen, reference))

    def _say(self, name: str, language: Language, *values: object) -> Reply:
        return Reply(Message(self._notice(name, language, *values)))

    def _notice(self, name: str, language: Language, *values: object) -> str:
        return self._renderer.message("notice", language, name=name, values=values)

    def _language(self, asked: Asked, text: str) -> Language:
        """/lang if set, else Chinese for a text with Han characters, else what Telegram says, else ours."""
        chosen = asked.chosen or self._state.language(asked.chat_id)
        if chosen in {"en", "zh"}:
            return "zh" if chosen == "zh" else "en"
        if has_han(text):
            return "zh"
        return _language_code(asked.language_code or "") or self._voice.language


def _forms(briefing: Briefing, language: Language) -> list[str]:
    """The written forms that were matched: the most usual of each language, and the one that was typed."""
    typed, dropped = fold(briefing.query.text), set(briefing.query.dropped)
    shown: list[str] = []
    for topic in briefing.topics:
        usual = {form for forms in topic.forms.values() for form in forms[:_FORMS]}
        shown.extend(
            form
            for form in topic.written(language)
            if fold(form) not in dropped and (form in usual or fold(form) == typed)
        )
    return shown


def _language_code(code: str) -> Language | None:
    """zh for every kind of Chinese, en for English, None for anything else (Telegram sends IETF tags)."""
    word = code.strip().lower()
    if word.startswith("zh") or word in {"中文", "汉语", "chinese"}:
        return "zh"
    return "en" if word.split("-")[0] in {"en", "english", "英文", "英语"} else None


def _view_id() -> str:
    """Twelve characters that cannot be guessed (71 bits)."""
    return "".join(secrets.choice(_ID_CHARACTERS) for _ in range(12))
