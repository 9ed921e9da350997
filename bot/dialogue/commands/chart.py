"""/chart: how many reports mention a topic, by month or week, as a picture: stacked bars with the events over them.

parse the question -> read its history -> bin it and mark events -> draw an SVG, with a caption that says the same
A press redraws it: by publisher or language, by month or week, in the other language.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from msgspec.structs import replace

from bot.dialogue.commands.trend import ShowBriefing
from bot.dialogue.context import Command, Context
from bot.dialogue.effects import OpenView
from bot.dialogue.histories import (
    BUTTONS,
    Charted,
    Each,
    ShowChart,
    ShowTimeline,
    asked_or_last,
    charted,
    drawn,
    event_links,
)
from bot.dialogue.pages import citation_buttons, edited, nothing_found, offered_topics, passage_message
from bot.dialogue.reply import Reply
from bot.languages import other_language
from bot.library.query import Query
from bot.messages import Message, Press, Rights, Rows
from bot.rendering.renderer import fits
from bot.trends.charts import By

_NAMES: Mapping[By, str] = {"publisher": "series_publisher", "language": "series_language"}


class OpenEvent(Press, frozen=True):
    """Button: opens the passage behind an event of a chart, by its number."""

    each: Each
    number: int

    code: ClassVar[str] = "ce"


def _answer(context: Context, text: str) -> Reply:
    query = context.services.understand(asked_or_last(context, text))
    view = context.new_view(query.text)
    if query.empty:
        message = offered_topics(context, "ask_chart", view.id)
    else:
        shown = _charted(context, query, "publisher", "month")
        message = (
            _message(context, shown, view.id, "publisher", "month")
            if shown
            else nothing_found(context, query, view.id)
        )
    return Reply(message, effects=(OpenView(view),))


def _show(context: Context, press: ShowChart) -> Reply:
    shown = _asked_again(context, press.by, press.each)
    message = _message(context, shown, press.view, press.by, press.each) if shown else None
    return edited(context, message)


def _open(context: Context, press: OpenEvent) -> Reply:
    shown = _asked_again(context, "publisher", press.each)
    if shown is None or not 0 < press.number <= len(shown.events):
        return context.refuse("stale")
    return edited(context, passage_message(context, shown.events[press.number - 1].passage, press.number))


def _asked_again(context: Context, by: By, each: Each) -> Charted | None:
    query = context.viewed_query
    return None if query.empty else _charted(context, query, by, each)


def _charted(context: Context, query: Query, by: By, each: Each) -> Charted | None:
    return charted(context.services, query, context.language, context.today, by, each)


def _message(context: Context, whole: Charted, view: str, by: By, each: Each) -> Message:
    """Return the chart with its caption, without the last events if the caption would be too long."""
    names = {series.key: context.word(_NAMES[by], series.key) for series in whole.chart.series}
    links = event_links(context, whole.events)
    shown = len(whole.events)
    while True:
        part = replace(whole, events=whole.events[:shown])
        picture = drawn(context, part.marked, whole.heading, names)
        caption = context.services.renderer.message(
            "chart", context.language, c=part, names=names, links=links, missing=picture.missing
        )
        message = Message(caption, _rows(context, part, view, by, each), picture.image)
        if fits(message) or not shown:
            return message
        shown -= 1


def _rows(context: Context, shown: Charted, view: str, by: By, each: Each) -> Rows:
    language = context.language
    passages = {number: event.passage for number, event in enumerate(shown.events, 1)}
    other_by: By = "language" if by == "publisher" else "publisher"
    other_each: Each = "week" if each == "month" else "month"
    last = [
        context.button(ShowChart(view, language, other_by, each), BUTTONS[other_by]),
        context.button(ShowChart(view, language, by, other_each), BUTTONS[other_each]),
    ]
    if shown.query.period:  # Its days are those that were asked for.
        last.pop()
    return (
        tuple(citation_buttons(context, passages, lambda n: OpenEvent(view, language, each, n))),
        tuple(last),
        (
            context.button(ShowBriefing(view, language, "first"), "button_briefing"),
            context.button(ShowTimeline(view, language), "button_timeline"),
            context.button(ShowChart(view, other_language(language), by, each), "button_other_language"),
        ),
    )


COMMAND = Command(
    name="chart",
    words=("图表", "走势图"),
    handle=_answer,
    order=13,
    rights=Rights.ANYONE,
    takes=True,
    buttons={ShowChart: _show, OpenEvent: _open},
)
