"""Which command or button answers what came in: reads it once, checks rights, and calls the handler.

Knows no Telegram library: values in, values out. Reads the library and the state, and writes neither: what must
be written comes back as effects, so that the caller commits them together with the update they came from.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.dialogue.context import Command, Context, Services
from bot.dialogue.effects import OpenView, Reply
from bot.dialogue.events import ButtonEvent, Event, FileEvent, InlineEvent, MemberEvent, PostEvent, TextEvent
from bot.dialogue.feed_pages import ResumeFeed
from bot.dialogue.inline import cards
from bot.dialogue.parse import parse_command, plain_command, without_mention
from bot.dialogue.plain_text import PLAIN_TEXT
from bot.dialogue.registry import BUTTONS, BY_NAME, COMMANDS, decode_press
from bot.languages import CHINESE, language_named
from bot.messages import Button, Card, Message, Press, Rights
from bot.models import Language
from bot.rendering.callbacks import NO_VIEW
from bot.state.sources import Source
from bot.state.views import View
from bot.text.normalise import has_han


@dataclass(frozen=True, slots=True)
class Route:
    """What a text asks for. `rights` are those it needs; `group` is whose members alone may read the answer.

    `heavy`: the answer takes seconds.
    """

    command: Command
    argument: str
    language: Language
    rights: Rights
    group: int | None = None
    heavy: bool = False


@dataclass(frozen=True, slots=True)
class PressRoute:
    """What a press asks for, None for a button that is not known; `view` is the question it stands under."""

    press: Press | None
    view: View | None = None

    def own(self, user_id: int) -> bool:
        """Whether this person asked the question themselves."""
        return self.view is not None and self.view.user_id == user_id


class Router:
    """Answers texts and presses, in the reader's language."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._profile = services.profile

    # -- what was typed --------------------------------------------------------------------------------

    def route(self, event: TextEvent) -> Route | None:
        """What a text asks for, None when it is not for the bot (a group's talk, another bot's command)."""
        parsed = self._parsed(event)
        if parsed is None:
            return None
        command, argument = parsed
        rights = command.rights_for(argument) if command.rights_for else command.rights
        group = None
        if event.private and command.membership:
            group = command.membership(self._services.state, argument)
        heavy = command.heavy_for is not None and command.heavy_for(argument)
        return Route(command, argument, self._language(event), rights, group, heavy)

    def reply(self, route: Route, event: TextEvent, now: datetime) -> Reply:
        """The answer to a text, once what its route needs is known of the sender."""
        context = Context(event, route.language, now, self._services, COMMANDS)
        if route.rights is Rights.ADMIN and not event.private and not event.admin:
            return context.say("admins_only")
        command = route.command
        if route.rights is Rights.OPERATOR and not self._operates(event):
            command = BY_NAME["help"]
        return self._unkept(command.handle(context, route.argument), event)

    def answer(self, event: TextEvent, now: datetime) -> Reply | None:
        """The reply to a text, None when it is not for the bot."""
        route = self.route(event)
        return self.reply(route, event, now) if route else None

    def kind(self, event: Event | None) -> str:
        """What an event asks for, as one of few names: a command, "question", a kind of button or of event."""
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
        return None if question is None else (BY_NAME["trend"], question)

    def _operates(self, event: TextEvent | ButtonEvent) -> bool:
        return event.private and event.user_id in self._services.operators

    # -- what was pressed ------------------------------------------------------------------------------

    def route_press(self, event: ButtonEvent) -> PressRoute:
        """What callback data claims to be, with the stored question that it claims to belong to."""
        press = decode_press(event.data)
        if press is None:
            return PressRoute(None)
        return PressRoute(press, self._services.state.views.get(press.view) if press.needs_view else None)

    def reply_press(self, route: PressRoute, event: ButtonEvent, now: datetime) -> Reply:
        """The answer to a press. Rights are checked anew: callback data is only a claim."""
        press, view = route.press, route.view
        language = press.language if press else self._profile.language
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
        """The reply to a press."""
        return self.reply_press(self.route_press(event), event, now)

    def retold(self, reply: Reply, event: TextEvent | ButtonEvent, now: datetime) -> Message | None:
        """The message of `reply` with what was retold; None where its question is no longer known."""
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
        """A reply that keeps no words of who opted out: without the group's view, and the buttons that need it."""
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
        """What somebody may send from the list that Telegram shows them."""
        language = self.language_in(event.chat_id, event.language_code, event.text)
        return cards(self._services, event.text, language, now)

    # -- sentences that belong to no command -----------------------------------------------------------

    def apology(
        self, event: TextEvent | ButtonEvent | FileEvent | PostEvent | MemberEvent, reference: str
    ) -> Message:
        """What a person reads after a failure that is logged under `reference`."""
        if isinstance(event, TextEvent):
            language = self._language(event)
        else:
            language = self.language_in(event.chat_id, event.language_code)
        return self._say("failed", language, reference)

    def slow_down(self, event: TextEvent) -> Message:
        """What a person reads who asks too fast, or in whose group too much is asked, with the wait."""
        return self._say(event.slow_down, self._language(event), max(1, round(event.wait)))

    def busy(self, event: TextEvent) -> Reply:
        """What a person reads whose heavy command would wait too long."""
        return Reply(self._say("busy", self._language(event)))

    def busy_press(self, press: Press) -> Reply:
        """The same as a notice over the button that asked for it."""
        return Reply(notice=self._services.renderer.word("busy", press.language))

    def too_many_presses(self, event: ButtonEvent) -> str:
        """The notice over a button that is pressed too often."""
        language = language_named(event.language_code or "") or self._profile.language
        return self._services.renderer.word(event.slow_down, language)

    def hello(self, event: MemberEvent, *, sees: bool) -> Message:
        """What the bot says in a group that it was added to; its title tells of its language."""
        return self._say(
            "group_hello", self.language_in(event.chat_id, event.language_code, event.title), sees
        )

    def channel_offer(self, operator: int, source: Source) -> Message:
        """What an operator reads of a channel that has made the bot an admin."""
        language = self.language_in(operator, None)
        renderer = self._services.renderer
        take = Button(
            renderer.word("button_take_channel", language), ResumeFeed(NO_VIEW, language, source.id)
        )
        return Message(renderer.notice("channel_offer", language, source.title), ((take,),))

    def language_in(self, chat_id: int, language_code: str | None, text: str = "") -> Language:
        """The language of a chat in which `text` was written.

        It is that of /lang if set, else Chinese for a text with Han characters, else what Telegram says, else the bot's own.
        """
        if chosen := language_named(self._services.state.chats.language(chat_id) or ""):
            return chosen
        return (
            CHINESE.code if has_han(text) else language_named(language_code or "") or self._profile.language
        )

    def _language(self, event: TextEvent) -> Language:
        return event.chosen or self.language_in(event.chat_id, event.language_code, event.text)

    def _say(self, name: str, language: Language, *values: object) -> Message:
        return Message(self._services.renderer.notice(name, language, *values))


def _refusal(press: Press, route: PressRoute, event: ButtonEvent) -> str | None:
    """The sentence for who may not press a button, None for who may."""
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
