"""/timeline: a topic's history as dated headlines; those that came in since the reader last looked are marked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import ClassVar

from msgspec import Struct

from bot.dialogue.commands.trend import ShowBriefing
from bot.dialogue.context import Command, Context
from bot.dialogue.effects import OpenView
from bot.dialogue.histories import (
    ShowChart,
    ShowTimeline,
    asked_or_last,
    event_links,
    heading_of,
    history_reader,
)
from bot.dialogue.pages import citation_buttons, edited, nothing_found, offered_topics, passage_message
from bot.dialogue.reply import Reply
from bot.languages import other_language
from bot.library.query import Query
from bot.messages import Message, Press, Rights, Rows
from bot.rendering.callbacks import rows_of
from bot.rendering.renderer import fits
from bot.text.normalise import fold
from bot.trends.events import Event
from bot.trends.history import History

_EVENTS = 10
_PER_ROW = 8


class OpenTimelineEvent(Press, frozen=True):
    """Button: opens the passage behind a line of the timeline, by its number."""

    number: int

    code: ClassVar[str] = "te"


class _Story(Struct, frozen=True):
    """A timeline: events, earliest first, and which are new since the reader last looked."""

    heading: str
    history: History
    events: tuple[Event, ...]
    new: tuple[bool, ...]
    looked: date | None


def _answer(context: Context, text: str) -> Reply:
    query = context.services.understand(asked_or_last(context, text))
    view = context.new_view(query.text)
    if query.empty:
        return Reply(offered_topics(context, "ask_timeline", view.id), effects=(OpenView(view),))
    story = _story(context, query, context.event.user_id, context.seconds)
    message = _message(context, story, view.id) if story else nothing_found(context, query, view.id)
    return Reply(message, effects=(OpenView(view),))


def _show(context: Context, press: ShowTimeline) -> Reply:
    story = _asked_again(context)
    return edited(context, _message(context, story, press.view) if story else None)


def _open(context: Context, press: OpenTimelineEvent) -> Reply:
    story = _asked_again(context)
    if story is None or not 0 < press.number <= len(story.events):
        return context.refuse("stale")
    back = ShowTimeline(press.view, press.language)
    passage = story.events[press.number - 1].passage
    return edited(context, passage_message(context, passage, press.number, back))


def _asked_again(context: Context) -> _Story | None:
    """Return the timeline of the view's question, marking what was new when it was asked."""
    view = context.view
    query = context.viewed_query
    if view is None or query.empty:
        return None
    opened = context.services.state.views.stored_at(view.id)
    return _story(context, query, view.user_id, context.seconds if opened is None else opened)


def _story(context: Context, query: Query, user_id: int, before: int) -> _Story | None:
    """Return a question's timeline for one reader, or None if no dated report mentions it."""
    reader = history_reader(context)
    subject = reader.subject_of(query)
    if subject is None:
        return None
    with context.services.library.snapshot():
        span = reader.span(query, context.today)
        history = reader.history(subject, context.language, span)
        events = reader.events(subject, history, context.language, _EVENTS)
    if not events:
        return None
    looked = _last_look(context, query, user_id, before)
    new = _new(context, events, looked)
    day = (
        datetime.fromtimestamp(looked, context.services.profile.timezone).date()
        if any(new) and looked
        else None
    )
    return _Story(heading_of(context, query, reader), history, tuple(events), new, day)


def _last_look(context: Context, query: Query, user_id: int, before: int) -> int | None:
    """Return the UTC second, before `before`, at which a person last asked about the same in this chat, or None."""
    asked = {query.topics, fold(query.text)} - {()}
    for text, moment in context.services.state.views.questions(context.event.chat_id, user_id, before):
        named = context.services.glossary.forms.named(fold(text))
        if fold(text) in asked or (named,) in asked or (text,) in asked:
            return moment
    return None


def _new(context: Context, events: Sequence[Event], looked: int | None) -> tuple[bool, ...]:
    if looked is None:
        return (False,) * len(events)
    came = {report for _, report in context.services.state.arrivals.after(looked)}
    return tuple(event.report.id in came for event in events)


def _message(context: Context, story: _Story, view: str) -> Message:
    """Return the timeline with its buttons, without its earliest lines if it would be too long."""
    links = event_links(context, story.events)
    longest = 200
    while True:
        text = context.services.renderer.message(
            "timeline", context.language, s=story, links=links, longest=longest
        )
        message = Message(text, _rows(context, story, view))
        if fits(message) or longest < 40:
            return message
        longest -= 40


def _rows(context: Context, story: _Story, view: str) -> Rows:
    language = context.language
    passages = {number: event.passage for number, event in enumerate(story.events, 1)}
    numbers = citation_buttons(context, passages, lambda n: OpenTimelineEvent(view, language, n))
    return (
        *rows_of(numbers, _PER_ROW if len(numbers) <= _PER_ROW else (len(numbers) + 1) // 2),
        (
            context.button(ShowBriefing(view, language, "first"), "button_briefing"),
            context.button(ShowChart(view, language, "publisher", "month"), "button_chart"),
            context.button(ShowTimeline(view, other_language(language)), "button_other_language"),
        ),
    )


COMMAND = Command(
    name="timeline",
    words=("时间线", "来龙去脉"),
    handle=_answer,
    order=17,
    rights=Rights.ANYONE,
    takes=True,
    buttons={ShowTimeline: _show, OpenTimelineEvent: _open},
)
