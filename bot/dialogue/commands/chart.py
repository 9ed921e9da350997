"""/chart: how many reports mention a topic, by month or week, as a picture: stacked bars with the events over them.

the question -> its history -> bars, and the events over them -> an SVG, and a caption that says the same
A press draws it anew: by publisher or language, by month or week, in the other language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from bot.dialogue.commands.trend import ShowBriefing, nothing_found
from bot.dialogue.context import Command, Context
from bot.dialogue.effects import OpenView, Reply
from bot.dialogue.histories import (
    BUTTONS,
    Each,
    ShowChart,
    ShowTimeline,
    asked_or_last,
    drawn,
    event_links,
    heading_of,
    history_reader,
)
from bot.dialogue.pages import citation_buttons, edited, offered_topics, passage_message
from bot.languages import other_language
from bot.library.query import Query
from bot.messages import Message, Press, Rights, Rows
from bot.rendering.renderer import fits
from bot.trends.charts import By, Chart, Mark, stacked
from bot.trends.events import Event
from bot.trends.history import History, bins, charted_from, fitting_unit, latest_weeks, place_of

_EVENTS = 5
_LEAST_BINS = 6
_NAMES: Mapping[By, str] = {"publisher": "series_publisher", "language": "series_language"}


@dataclass(frozen=True, slots=True)
class OpenEvent(Press):
    """The passage behind an event of a chart, by its number."""

    each: Each
    number: int

    code: ClassVar[str] = "ce"


@dataclass(frozen=True, slots=True)
class _Charted:
    """What a chart and its caption say."""

    query: Query
    heading: str
    history: History
    chart: Chart
    events: tuple[Event, ...]

    @property
    def earlier(self) -> int:
        """How many dated origins came before the first bar."""
        return len(self.history.origins) - sum(self.chart.totals)

    @property
    def marked(self) -> Chart:
        """The chart with its events."""
        starts = self.chart.starts
        marks = (Mark(place_of(event.day, starts), number) for number, event in enumerate(self.events, 1))
        return replace(self.chart, marks=tuple(marks))


def _answer(context: Context, text: str) -> Reply:
    query = context.services.understand(asked_or_last(context, text))
    view = context.new_view(query.text)
    if query.empty:
        message = offered_topics(context, "ask_chart", view.id)
    else:
        charted = _charted(context, query, "publisher", "month")
        message = (
            _message(context, charted, view.id, "publisher", "month")
            if charted
            else nothing_found(context, query, view.id)
        )
    return Reply(message, effects=(OpenView(view),))


def _show(context: Context, press: ShowChart) -> Reply:
    charted = _asked_again(context, press.by, press.each)
    shown = _message(context, charted, press.view, press.by, press.each) if charted else None
    return edited(context, shown)


def _open(context: Context, press: OpenEvent) -> Reply:
    charted = _asked_again(context, "publisher", press.each)
    if charted is None or not 0 < press.number <= len(charted.events):
        return context.refuse("stale")
    return edited(context, passage_message(context, charted.events[press.number - 1].passage, press.number))


def _asked_again(context: Context, by: By, each: Each) -> _Charted | None:
    query = context.viewed_query
    return None if query.empty else _charted(context, query, by, each)


def _charted(context: Context, query: Query, by: By, each: Each) -> _Charted | None:
    """The chart of a question, None where no dated report mentions it."""
    reader = history_reader(context)
    subject = reader.subject_of(query)
    if subject is None:
        return None
    with context.services.library.snapshot():
        span = reader.span(query, context.today)
        history = reader.history(subject, context.language, span)
        if history.first is None:
            return None
        first, last = (span.first if span.asked else charted_from(history, span.last)), span.last
        if each == "week":
            first, last = latest_weeks([history], span.last)
        unit = "week" if each == "week" else fitting_unit(first, last)
        starts = bins(first, last, unit, least=_LEAST_BINS)
        chart = stacked(history, starts, unit, by)
        events = tuple(reader.events(subject, history, context.language, _EVENTS, starts[0]))
    return _Charted(query, heading_of(context, query, reader), history, chart, events)


def _message(context: Context, charted: _Charted, view: str, by: By, each: Each) -> Message:
    """The chart with its caption; where that is too long, the last events are left out of both."""
    names = {series.key: context.word(_NAMES[by], series.key) for series in charted.chart.series}
    links = event_links(context, charted.events)
    shown = len(charted.events)
    while True:
        part = replace(charted, events=charted.events[:shown])
        picture = drawn(context, part.marked, charted.heading, names)
        caption = context.services.renderer.message(
            "chart", context.language, c=part, names=names, links=links, missing=picture.missing
        )
        message = Message(caption, _rows(context, part, view, by, each), picture.image)
        if fits(message) or not shown:
            return message
        shown -= 1


def _rows(context: Context, charted: _Charted, view: str, by: By, each: Each) -> Rows:
    language = context.language
    passages = {number: event.passage for number, event in enumerate(charted.events, 1)}
    other_by: By = "language" if by == "publisher" else "publisher"
    other_each: Each = "week" if each == "month" else "month"
    last = [
        context.button(ShowChart(view, language, other_by, each), BUTTONS[other_by]),
        context.button(ShowChart(view, language, by, other_each), BUTTONS[other_each]),
    ]
    if charted.query.period:  # its days are those that were asked for
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
