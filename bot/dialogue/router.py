"""Routes an event to its command or button handler: parses it once, checks rights, calls the handler.

Depends on no Telegram library. It only reads the library and the state; changes are returned as effects, which the
caller commits together with the update.
"""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from bot.dialogue.context import Command, Context, Services
from bot.dialogue.effects import OpenView
from bot.dialogue.events import ButtonEvent, Event, FileEvent, InlineEvent, MemberEvent, PostEvent, TextEvent
from bot.dialogue.feed_pages import channel_offer
from bot.dialogue.inline import cards
from bot.dialogue.parse import asked_in_reply, mentioned, parse_command, plain_command, without_mention
from bot.dialogue.phrases import phrase_in
from bot.dialogue.plain_text import PLAIN_TEXT
from bot.dialogue.registry import BUTTONS, BY_NAME, COMMANDS, decode_press
from bot.dialogue.reply import Reply
from bot.languages import CHINESE, language_named
from bot.messages import Card, Message, Press, Rights
from bot.models import Language
from bot.state.sources import Source
from bot.state.views import View
from bot.text.normalise import has_han


class Route(Struct, frozen=True):
    """The command that a text asks for, and the `rights` it needs. Only members of `group`, if set, may read the answer.

    `heavy`: answering takes seconds.
    """

    command: Command
    argument: str
    language: Language
    rights: Rights
    group: int | None = None
    heavy: bool = False


class PressRoute(Struct, frozen=True):
    """The decoded press (None for an unknown button) and the stored view that it belongs to."""

    press: Press | None
    view: View | None = None

    def own(self, user_id: int) -> bool:
        """Return whether this person asked the question."""
        return self.view is not None and self.view.user_id == user_id


class Router:
    """Answers texts and presses in the chat's language."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._profile = services.profile

    # -- what was typed --------------------------------------------------------------------------------

    def route(self, event: TextEvent) -> Route | None:
        """Return the route of a text, or None if it is not for the bot (group talk, another bot's command)."""
        parsed = self._parsed(event)
        if parsed is None:
            return None
        command, argument = parsed
        rights = command.rights_for(argument) if command.rights_for else command.rights
        group = None
        if event.private and command.membership:
            group = command.membership(self._services.state, argument)
        heavy = command.heavy_for is not None and command.heavy_for(argument)
        language = self._language(event, argument if rights is Rights.OPERATOR else "")
        return Route(command, argument, language, rights, group, heavy)

    def reply(self, route: Route, event: TextEvent, now: datetime) -> Reply:
        """Answer a routed text; the event must carry the facts about the sender that the route needs."""
        context = Context(event, route.language, now, self._services, COMMANDS)
        if route.rights is Rights.ADMIN and not event.private and not event.admin:
            return context.say("admins_only")
        command = route.command
        if route.rights is Rights.OPERATOR and not self._operates(event):
            command = BY_NAME["help"]
        return self._unkept(command.handle(context, route.argument), event)

    def answer(self, event: TextEvent, now: datetime) -> Reply | None:
        """Route and answer a text; None if it is not for the bot."""
        route = self.route(event)
        return self.reply(route, event, now) if route else None

    def kind(self, event: Event | None) -> str:
        """Return a low-cardinality name for an event: its command, "question", button type or event type."""
        match event:
            case TextEvent():
                parsed = self._parsed(event)
                return parsed[0].name or "question" if parsed else "other"
            case ButtonEvent():
                press = decode_press(event.data)
                return type(press).__name__ if press else "unknown button"
            case _:
                return type(event).__name__ if event else "other"

    def _parsed(self, event: TextEvent) -> tuple[Command, str] | None:
        name, argument = parse_command(event.text, self._profile.username)
        if name is not None:
            if name in BY_NAME:
                return BY_NAME[name], argument
            return (BY_NAME["help"], "") if event.private else None
        if event.private:
            command, argument = plain_command(event.text)
            return command or PLAIN_TEXT, argument
        question = without_mention(event.text, self._profile.username)
        if question is not None:
            return mentioned(question)
        asked = asked_in_reply(event.text) if event.answers is not None else None
        if asked is None or (asked[0] is PLAIN_TEXT and not self._names_something(asked[1])):
            return None
        return asked

    def _names_something(self, text: str) -> bool:
        """Return whether a reply to the bot names what it asks about; "really?" is said to the others."""
        query = self._services.understand(text)
        return bool(phrase_in(text) or query.topics or query.names)

    def _operates(self, event: TextEvent | ButtonEvent) -> bool:
        return event.private and event.user_id in self._services.operators

    # -- what was pressed ------------------------------------------------------------------------------

    def route_press(self, event: ButtonEvent) -> PressRoute:
        """Decode callback data and load the view that it refers to."""
        press = decode_press(event.data)
        if press is None:
            return PressRoute(None)
        return PressRoute(press, self._services.state.views.get(press.view) if press.needs_view else None)

    def reply_press(self, route: PressRoute, event: ButtonEvent, now: datetime) -> Reply:
        """Answer a press. Rights are checked again, because callback data can be forged."""
        press, view = route.press, route.view
        language = press.language if press else self.language_in(event.chat_id, event.language_code)
        context = Context(event, language, now, self._services, COMMANDS, view)
        if press is None or (press.needs_view and (view is None or view.chat_id != event.chat_id)):
            return context.refuse("stale")
        refusal = _refusal(press, route, event)
        if press.rights is Rights.OPERATOR and not self._operates(event):
            refusal = "operators_press"
        if refusal:
            return context.refuse(refusal)
        return self._unkept(BUTTONS[type(press)](context, press), event)

    def press(self, event: ButtonEvent, now: datetime) -> Reply:
        """Route and answer a press."""
        return self.reply_press(self.route_press(event), event, now)

    def retold(self, reply: Reply, event: TextEvent | ButtonEvent, now: datetime) -> Message | None:
        """Render the message of `reply` again with its retelling; None if its view has expired."""
        if reply.retell is None:
            return None
        press = reply.retell.shown
        if not isinstance(press, Press):
            return press()
        opened = (e.view for e in reply.effects if isinstance(e, OpenView) and e.view.id == press.view)
        view = next(opened, None) or self._services.state.views.get(press.view)
        if view is None:
            return None
        context = Context(event, press.language, now, self._services, COMMANDS, view)
        return BUTTONS[type(press)](context, press).message

    def _unkept(self, reply: Reply, event: TextEvent | ButtonEvent) -> Reply:
        """For a person who opted out, remove the stored question, and the buttons that need it, from a reply in a group."""
        worded = {e.view.id for e in reply.effects if isinstance(e, OpenView) and e.view.query}
        if event.private or not worded or not self._services.state.captures.opted_out(event.user_id):
            return reply
        effects = tuple(e for e in reply.effects if not (isinstance(e, OpenView) and e.view.id in worded))
        return replace(
            reply,
            effects=effects,
            message=reply.message and _without_views(reply.message, worded),
            retell=None,
        )

    # -- what is typed behind the bot's name in another chat --------------------------------------------

    def cards(self, event: InlineEvent, now: datetime) -> list[Card]:
        """Return the inline cards for what was typed."""
        language = self.language_in(event.chat_id, event.language_code, event.text)
        return cards(self._services, event.text, language, now)

    # -- sentences that belong to no command -----------------------------------------------------------

    def apology(
        self, event: TextEvent | ButtonEvent | FileEvent | PostEvent | MemberEvent, reference: str
    ) -> Message:
        """Return the apology for a failure logged under `reference`; without one, for a library that is being built."""
        if isinstance(event, TextEvent):
            language = self._language(event)
        else:
            language = self.language_in(event.chat_id, event.language_code)
        return self._say("failed", language, reference) if reference else self._say("rebuilding", language)

    def slow_down(self, event: TextEvent) -> Message:
        """Return the rate limit message, with the wait in seconds."""
        return self._say(event.slow_down, self._language(event), max(1, round(event.wait)))

    def busy(self, event: TextEvent) -> Reply:
        """Return the reply to a heavy command that would wait too long."""
        return Reply(self._say("busy", self._language(event)))

    def busy_press(self, press: Press) -> Reply:
        """Return the same as a press notice."""
        return Reply(notice=self._services.renderer.word("busy", press.language))

    def too_many_presses(self, event: ButtonEvent) -> str:
        """Return the notice for a button that is pressed too often."""
        language = language_named(event.language_code or "") or self._profile.language
        return self._services.renderer.word(event.slow_down, language)

    def hello(self, event: MemberEvent, *, sees: bool) -> Message:
        """Return the greeting in a new group; the title's script hints at its language."""
        return self._say(
            "group_hello", self.language_in(event.chat_id, event.language_code, event.title), sees
        )

    def channel_offer(self, operator: int, language_code: str | None, source: Source) -> Message:
        """Return the message that offers an operator a channel that made the bot an admin.

        Its title hints at the language where the operator has chosen none.
        """
        language = self.language_in(operator, language_code, source.title)
        return channel_offer(self._services.renderer, language, source)

    def language_in(self, chat_id: int, language_code: str | None, text: str = "") -> Language:
        """Return the language to answer `text` in.

        In order: the choice made by /lang, Chinese if the text has Han characters, Telegram's language code, the default.
        """
        if chosen := language_named(self._services.state.chats.language(chat_id) or ""):
            return chosen
        return (
            CHINESE.code if has_han(text) else language_named(language_code or "") or self._profile.language
        )

    def _language(self, event: TextEvent, data: str = "") -> Language:
        """Return the language to answer a text in; behind its first word, `data` says nothing of it, being names."""
        said = event.text.rstrip().removesuffix(data.partition(" ")[2])
        return event.chosen or self.language_in(event.chat_id, event.language_code, said)

    def _say(self, name: str, language: Language, *values: object) -> Message:
        return Message(self._services.renderer.notice(name, language, *values))


def _refusal(press: Press, route: PressRoute, event: ButtonEvent) -> str | None:
    """Return the name of the refusal if this person may not press the button, otherwise None."""
    group = route.view.group_id if route.view else None
    if press.rights is Rights.MEMBER and event.private:
        return (
            None if group is not None and event.member_of == group else "not_a_member" if group else "stale"
        )
    if event.private or event.admin or press.rights in {Rights.ANYONE, Rights.MEMBER}:
        return None
    if press.rights is Rights.ADMIN:
        return "admins_only"
    return None if route.own(event.user_id) else "not_yours"


def _without_views(message: Message, views: set[str]) -> Message:
    rows = (
        tuple(b for b in row if not (isinstance(b.action, Press) and b.action.view in views))
        for row in message.buttons
    )
    return replace(message, buttons=tuple(row for row in rows if row))
