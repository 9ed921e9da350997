"""What the bot does with a text or a press: routes it, checks rights, chooses the language.

Knows no Telegram library: values in, values out. Reads the library and the state, and writes neither: what must
be written comes back as effects, so that the caller commits them together with the update they came from.
"""

from __future__ import annotations

from datetime import datetime

from bot.dialogue.answers import Answers
from bot.dialogue.browsing import Browsing
from bot.dialogue.commands import BY_NAME, parse_command, plain_command, without_mention
from bot.dialogue.consent import Consent
from bot.dialogue.digest_presses import KINDS, DigestPresses
from bot.dialogue.effects import ChooseLanguage, Reply
from bot.dialogue.events import BotProfile, ButtonEvent, TextEvent
from bot.dialogue.recapping import PAYLOAD, Recapping, group_of, linked, schedules
from bot.dialogue.status import Status
from bot.dialogue.subscribing import DIGESTING, Subscribing
from bot.models import Language, Message, Press
from bot.rendering.callbacks import decode
from bot.state.state import State, View
from bot.text.normalise import has_han


class Conversation:
    """Answers texts and presses, in the reader's language."""

    def __init__(
        self,
        answers: Answers,
        browsing: Browsing,
        consent: Consent,
        recapping: Recapping,
        subscribing: Subscribing,
        presses: DigestPresses,
        status: Status,
        state: State,
        profile: BotProfile,
    ) -> None:
        self._answers = answers
        self._browsing = browsing
        self._consent = consent
        self._recapping = recapping
        self._subscribing = subscribing
        self._presses = presses
        self._status = status
        self._state = state
        self._profile = profile

    # -- what was typed --------------------------------------------------------------------------------

    def answer(self, asked: TextEvent, now: datetime) -> Reply | None:
        """The reply to a text, None when it is not for the bot (a group's talk, another bot's command)."""
        name, rest = parse_command(asked.text, self._profile.username)
        if name is None and asked.private:
            name, rest = plain_command(asked.text)
            if name is None:
                return self._trend(asked, asked.text, now)
        if name is None:
            question = without_mention(asked.text, self._profile.username)
            return None if question is None else self._trend(asked, question, now)
        language = self._language(asked, rest)
        if name not in BY_NAME:
            return Reply(self._answers.help(language, private=True)) if asked.private else None
        if BY_NAME[name].admins and not asked.private and not asked.admin:
            return Reply(self._answers.say("admins_only", language))
        handle = self._subscribing.answer if name in DIGESTING else self._command
        return handle(name, rest, asked, language, now)

    def _command(self, name: str, rest: str, asked: TextEvent, language: Language, now: datetime) -> Reply:
        match name:
            case "trend":
                return self._trend(asked, rest, now)
            case "search":
                return self._browsing.search(asked, rest, language)
            case "topics" | "sources":
                return self._browsing.listed(asked, name, language)
            case "lang":
                return self._lang(asked, rest, language)
            case "start":
                return self._start(asked, rest, language, now)
            case "about" | "status":
                return self._about(name, asked, language)
            case "recap":
                return self._recapping.recap(asked, rest, language, now)
            case "capture":
                return self._consent.capture(asked, rest, language, now)
            case "purge" | "optout" | "optin" | "forgetme" | "privacy":
                return self._consent.answer(name, asked, language, now)
            case _:
                return Reply(self._answers.help(language, private=asked.private))

    def _about(self, name: str, asked: TextEvent, language: Language) -> Reply:
        if name == "about":
            return Reply(self._answers.about(asked.user_id, language))
        status = self._status.message(asked.user_id, language, private=asked.private)
        return Reply(status or self._answers.help(language, private=asked.private))

    def _trend(self, asked: TextEvent, text: str, now: datetime) -> Reply:
        return self._browsing.trend(asked, text, self._language(asked, text), now)

    def _lang(self, asked: TextEvent, code: str, language: Language) -> Reply:
        chosen = language_of(code)
        if chosen:
            message = self._answers.say("language_set", chosen)
            return Reply(message, effects=(ChooseLanguage(asked.chat_id, chosen),))
        sentence = "language_unknown" if code else "choose_language"
        return Reply(self._answers.languages(sentence, language))

    def _start(self, asked: TextEvent, payload: str, language: Language, now: datetime) -> Reply:
        if payload.startswith("trend_"):
            return self._trend(asked, payload.removeprefix("trend_"), now)
        if payload.startswith("p_"):
            message = self._answers.passage(payload.removeprefix("p_"), language)
            return Reply(message or self._answers.say("passage_gone", language))
        if payload.startswith(PAYLOAD):
            opened, code = linked(payload)
            return self._recapping.start(self._state.view(opened), code, asked, language, now)
        return self._browsing.start(asked, language)

    # -- what was pressed ------------------------------------------------------------------------------

    def view_of(self, data: str) -> View | None:
        """The stored view that callback data claims to belong to."""
        press = decode(data)
        return self._state.view(press.view) if press else None

    def group_of(self, asked: TextEvent) -> int | None:
        """The group whose members alone may read the answer to a link; None for any other text."""
        name, rest = parse_command(asked.text, self._profile.username)
        if not asked.private or name != "start" or not rest.startswith(PAYLOAD):
            return None
        return group_of(self._state.view(linked(rest)[0]))

    def group_behind(self, data: str) -> int | None:
        """The group whose members alone may press this button in private; None for any other button."""
        return group_of(self.view_of(data))

    def configures(self, text: str) -> bool:
        """Whether a group's command is for its admins."""
        name, rest = parse_command(text, self._profile.username)
        if name not in BY_NAME:
            return False
        return BY_NAME[name].admins or (name == "recap" and schedules(rest))

    def is_heavy(self, text: str) -> bool:
        """Whether answering a text takes seconds: a recap does."""
        name, rest = parse_command(text, self._profile.username)
        return (name == "recap" and bool(rest)) or (name == "start" and rest.startswith(PAYLOAD))

    def is_heavy_press(self, data: str) -> bool:
        """Whether answering a press takes seconds: a recap does."""
        press = decode(data)
        return press is not None and press.name.partition(":")[0] == "r"

    def presses_for_admins(self, data: str) -> bool:
        """Whether a button is for admins alone, even its own asker must be one."""
        press = decode(data)
        return press is not None and press.name.startswith(("cap:", "rd:"))

    def presses_anew(self, data: str) -> bool:
        """Whether a button asks for rights at each press, even of its own asker."""
        press = decode(data)
        return press is not None and (press.name.partition(":")[0] in KINDS or self.presses_for_admins(data))

    def press(self, pressed: ButtonEvent, now: datetime) -> Reply:
        """The reply to a press. Rights are checked anew: callback data is only a claim."""
        press = decode(pressed.data)
        if press is None:
            return self._refused("stale", self._profile.language)
        if press.name.startswith("lang:"):
            return self._press_language(pressed, press)
        kind, _, value = press.name.partition(":")
        if kind in KINDS and kind != "daily":
            return self._presses.press(press, pressed, now)
        view = self._state.view(press.view)
        if view is None or view.chat_id != pressed.chat_id:
            return self._refused("stale", press.language)
        if not pressed.private and not pressed.admin and view.user_id != pressed.user_id:
            return self._refused("not_yours", press.language)
        match kind:
            case "daily":
                return self._presses.press(press, pressed, now, view.query)
            case "cap":
                return self._consent.press(view, value, pressed, press.language, now)
            case "r":
                return self._recapping.press(view, value, pressed, press.language, now)
            case "rd":
                return self._recapping.press_daily(view, value, pressed, press.language, now)
        return self._browsing.press(view, press, pressed, now) or self._refused("stale", press.language)

    def _press_language(self, pressed: ButtonEvent, press: Press) -> Reply:
        chosen = language_of(press.name.removeprefix("lang:"))
        if chosen is None:
            return self._refused("stale", press.language)
        if not pressed.private and not pressed.admin:
            return self._refused("admins_only", press.language)
        message = self._answers.say("language_set", chosen)
        return Reply(message, edit=True, effects=(ChooseLanguage(pressed.chat_id, chosen),))

    # -- sentences and languages -----------------------------------------------------------------------

    def apology(self, chat_id: int, text: str, language_code: str | None, reference: str) -> Message:
        """What a person who sent `text` reads after a failure that is logged under `reference`."""
        asked = TextEvent(chat_id, 0, text, private=True, language_code=language_code)
        return self._answers.say("failed", self._language(asked, text), reference)

    def too_many_presses(self, language: Language) -> str:
        """The notice over a button that is pressed too often."""
        return self._answers.word("press_slower", language)

    def language_in(self, chat_id: int, language_code: str | None) -> Language:
        """The language of a chat where nothing was typed."""
        return self._chosen(chat_id) or language_of(language_code or "") or self._profile.language

    def slow_down(self, asked: TextEvent, seconds: float, name: str = "slow_down") -> Message:
        """What a person reads who asks too fast, or in whose group too much is asked, with the wait."""
        return self._answers.say(name, self._language(asked, asked.text), max(1, round(seconds)))

    def busy(self, asked: TextEvent) -> Message:
        """What a person reads whose recap would wait too long."""
        return self._answers.say("busy", self._language(asked, asked.text))

    def busy_notice(self, data: str) -> str:
        """The same as a notice over the button that asked for it."""
        press = decode(data)
        return self._answers.word("busy", press.language if press else self._profile.language)

    def hello(self, chat_id: int, title: str, language_code: str | None, *, sees: bool) -> Message:
        """What the bot says in a group that it was added to; its title tells of its language."""
        language = self._chosen(chat_id) or (
            "zh" if has_han(title) else self.language_in(chat_id, language_code)
        )
        return self._consent.hello(language, sees=sees)

    def _refused(self, name: str, language: Language) -> Reply:
        return Reply(notice=self._answers.word(name, language))

    def _chosen(self, chat_id: int) -> Language | None:
        return language_of(self._state.language(chat_id) or "")

    def _language(self, asked: TextEvent, text: str) -> Language:
        """/lang if set, else Chinese for a text with Han characters, else what Telegram says, else ours."""
        chosen = asked.chosen or self._chosen(asked.chat_id)
        if chosen:
            return chosen
        if has_han(text) or has_han(asked.text):
            return "zh"
        return self.language_in(asked.chat_id, asked.language_code)


def language_of(code: str) -> Language | None:
    """zh for every kind of Chinese, en for English, None for anything else (Telegram sends IETF tags)."""
    word = code.strip().lower()
    if word.startswith("zh") or word in {"中文", "汉语", "chinese"}:
        return "zh"
    return "en" if word.split("-")[0] in {"en", "english", "英文", "英语"} else None
