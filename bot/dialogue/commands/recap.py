"""/recap: a summary of a group's messages in a window, in the group or in private, and daily recaps.

route the text -> check that capture is on -> parse the window, or offer some
-> read its captured messages -> recaps/ chooses the lines and links them to the library -> build the message with its
buttons -> store a view for them, and that the group has had this recap
-> a press, or a link opened in private, asks for another window: Telegram is first asked about membership
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from bot.dialogue.context import Command, Context
from bot.dialogue.daily_recaps import (
    RecapZone,
    ScheduleDaily,
    StopDaily,
    answer_daily,
    choose_zone,
    daily_argument,
    schedule,
    stop,
)
from bot.dialogue.effects import MarkRecapRead, OpenView
from bot.dialogue.events import ButtonEvent
from bot.dialogue.recap_windows import RecapWindow, coded_window, parse_recap_request
from bot.dialogue.reply import Reply
from bot.dialogue.retelling import with_recap_retold
from bot.messages import Button, Link, Message, Rights
from bot.recaps.message import RecapPassage, RecapStretch, RecapWhole, recap_rows
from bot.state.captures import MOST_MESSAGES
from bot.state.state import State
from bot.state.views import View
from bot.talk import ChatMessage
from bot.trends.passages import cited_passage

PAYLOAD = "r_"
"""Prefix of the start payload of "send it to me privately"; the view's id and the window follow."""

_OFFERED_HOURS = (1, 4, 12, 24)


def _answer(context: Context, text: str) -> Reply:
    """Offer windows, answer `text`, or schedule daily recaps."""
    event = context.event
    if context.private:
        return context.say("groups_only")
    if context.services.state.captures.of_chat(event.chat_id) is None:
        return context.say("recap_off")
    if (daily := daily_argument(text)) is not None:
        return answer_daily(context, daily)
    view = replace(context.new_view(), group_id=event.chat_id, thread_id=event.thread_id)
    if not text:
        return Reply(_offer(context, view), effects=(OpenView(view),))
    asked = parse_recap_request(text, context.now.astimezone(context.zone_of(event.chat_id)))
    if asked is None:
        return context.say("recap_unknown")
    return _recap(context, replace(view, query=asked.about), asked.window)


def open_link(context: Context, payload: str) -> Reply:
    """Answer a link from a group, opened in private by somebody who may no longer be a member."""
    opened, code = _linked(payload)
    origin = context.services.state.views.get(opened)
    if origin is None or origin.group_id is None:
        return context.say("stale")
    if context.event.member_of != origin.group_id:
        return context.say("not_a_member")
    view = replace(
        context.new_view(), group_id=origin.group_id, thread_id=origin.thread_id, query=origin.query
    )
    window = coded_window(code)
    if window is None:
        return Reply(_offer(context, view), effects=(OpenView(view),))
    return _recap(context, view, window)


def linked_group(state: State, payload: str) -> int | None:
    """Return the group that a link refers to, or None if the link has expired."""
    view = state.views.get(_linked(payload)[0])
    return view.group_id if view else None


def _press(context: Context, press: RecapStretch | RecapWhole) -> Reply:
    window, view = coded_window(press.window), context.view
    if view is None or view.group_id is None or window is None:
        return context.refuse("stale")
    return _recap(context, view, window, whole=isinstance(press, RecapWhole))


def _quote(context: Context, press: RecapPassage) -> Reply:
    """Quote the first sentence of a cited passage and its publisher, as a press notice."""
    cited = cited_passage(context.services.library, press.passage)
    if cited is None:
        return context.refuse("stale")
    report, sentence = cited.report, cited.passage.sentences[0].text
    return context.refuse(
        "recap_quoted", sentence, cited.edition.publisher or cited.edition.shown_title, report.published
    )


def _recap(context: Context, view: View, window: RecapWindow, *, whole: bool = False) -> Reply:
    pressed = isinstance(context.event, ButtonEvent)
    group, thread = view.group_id or 0, view.thread_id
    stretch = _messages(context, view, window)
    if stretch is None:
        return context.refuse("recap_never_spoke") if pressed else context.say("recap_never_spoke")
    messages, since = stretch
    total = _total(context, view, window, since) if len(messages) == MOST_MESSAGES else len(messages)
    least = None
    if view.query:
        messages, least = _narrowed(context, messages, view.query), 1
        total = len(messages)
    recap = context.services.recaps.recap(messages, context.language, total, least=least)
    if recap is None:
        # A notice keeps the other windows on screen if the chosen one is empty.
        answered = context.refuse if pressed else context.say
        if view.query:
            return answered("recap_nothing_on", view.query)
        return answered("recap_nothing", len(messages))
    brief = not (whole or context.private)
    span = RecapWindow("s", min(since, recap.since), recap.until)
    message = context.services.recaps.shown(
        recap, group, context.language, context.zone_of(group), brief=brief, about=view.query
    )
    effects: list[OpenView | MarkRecapRead] = [] if pressed else [OpenView(view)]
    if not context.private:
        if not view.query:
            effects.append(MarkRecapRead(group, thread, context.seconds))
        rows = recap_rows(context.services.renderer, recap, view.id, context.language, span.code, brief=brief)
        message = Message(message.html, (*rows, *_private_rows(context, view, span)))
    reply = Reply(message, edit=pressed, effects=tuple(effects))
    return with_recap_retold(context, reply, recap, view, span) if brief else reply


def _narrowed(context: Context, messages: Sequence[ChatMessage], query: str) -> list[ChatMessage]:
    """Return the messages on a subject, in any written form in the glossary, or by a person."""
    from bot.recaps.reading import about, by_person  # Imports the search engine, which questions do not need.

    if query.startswith("@"):
        return by_person(messages, query)
    topics = context.services.glossary.topics
    understood = context.services.understand(query)
    forms = [form for topic in understood.topics for form in topics[topic].written()]
    return about(messages, [query, *forms], context.services.segmenter)


def _messages(context: Context, view: View, window: RecapWindow) -> tuple[list[ChatMessage], int] | None:
    """Return a window's messages and its first UTC second; None for a reader who has never written."""
    captures, now = context.services.state.captures, context.seconds
    group, thread, since = view.group_id or 0, view.thread_id, window.number
    match window.kind:
        case "n":
            messages = captures.newest(group, thread, min(window.number, MOST_MESSAGES))
            return messages, messages[0].at if messages else now
        case "s":
            return [m for m in captures.since(group, thread, since) if m.at <= window.until], since
        case "h":
            since = now - window.number * 3_600
        case "last":
            since = context.services.state.recaps.covered_until(group, thread) or 0
        case "me":
            spoke = captures.last_spoke(group, thread, context.event.user_id)
            if spoke is None:
                return None
            since = spoke + 1
    return captures.since(group, thread, since), since


def _total(context: Context, view: View, window: RecapWindow, since: int) -> int:
    """Return the number of messages in a window, which may exceed what one recap reads."""
    captures, group = context.services.state.captures, view.group_id or 0
    if window.kind == "n":
        return min(window.number, captures.count(group, view.thread_id, 0))
    return captures.count(group, view.thread_id, since)


def _offer(context: Context, view: View) -> Message:
    def button(word: str, window: RecapWindow, *values: object) -> Button:
        return context.button(RecapStretch(view.id, context.language, window.code), word, *values)

    rows = [
        tuple(button("last_hours", RecapWindow("h", hours), hours) for hours in _OFFERED_HOURS),
        (button("button_since_me", RecapWindow("me")), button("button_since_recap", RecapWindow("last"))),
    ]
    if not context.private:
        rows.extend(_private_rows(context, view, None))
    return Message(context.notice("recap_offer"), tuple(rows))


def _private_rows(context: Context, view: View, window: RecapWindow | None) -> tuple[tuple[Button, ...], ...]:
    username = context.services.profile.username
    if not username:
        return ()
    payload = f"{PAYLOAD}{view.id}{f'_{window.code}' if window else ''}"
    return ((Button(context.word("button_privately"), Link(f"https://t.me/{username}?start={payload}")),),)


def _linked(payload: str) -> tuple[str, str]:
    """Return the view's id and the window's code in a start payload, "" for a missing part."""
    view, _, code = payload.removeprefix(PAYLOAD).partition("_")
    return view, code


def _rights(text: str) -> Rights:
    """Everybody may ask for a recap; only admins schedule daily ones."""
    return Rights.ANYONE if daily_argument(text) is None else Rights.ADMIN


COMMAND = Command(
    name="recap",
    words=("回顾", "总结"),
    handle=_answer,
    order=120,
    rights=Rights.ANYONE,
    takes=True,
    buttons={
        RecapStretch: _press,
        RecapWhole: _press,
        RecapPassage: _quote,
        ScheduleDaily: schedule,
        StopDaily: stop,
        RecapZone: choose_zone,
    },
    rights_for=_rights,
    heavy_for=bool,
)
