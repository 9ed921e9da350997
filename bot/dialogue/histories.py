"""Shared by /chart, /timeline and /compare: a chart's data and caption, their buttons, the labels of series, bins and events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import ClassVar, Literal

from msgspec import Struct
from msgspec.structs import replace

from bot.charts.picture import Picture, picture_of
from bot.dialogue.context import Context, Services
from bot.library.query import Query
from bot.messages import Press
from bot.models import Language
from bot.rendering.renderer import deep_links
from bot.trends.charts import By, Chart, Mark, stacked
from bot.trends.events import Event, HistoryReader
from bot.trends.history import MOST_BINS, History, bins, charted_from, fitting_unit, latest_weeks, place_of

Each = Literal["week", "month"]
"""The bins of a chart: weeks of the last half year, or months (or longer) of the whole history."""

BUTTONS: Mapping[By | Each, str] = {
    "publisher": "button_by_publisher",
    "language": "button_by_language",
    "week": "button_by_week",
    "month": "button_by_month",
}
"""Button labels that change how a chart is grouped."""

_ASKED_SECONDS = 600


_EVENTS = 5

_LEAST_BINS = 6


class ShowChart(Press, frozen=True):
    """Button: shows the chart of the view's question."""

    by: By
    each: Each

    code: ClassVar[str] = "ch"


class ShowTimeline(Press, frozen=True):
    """Button: shows the timeline of the view's question."""

    code: ClassVar[str] = "tl"


def history_reader(context: Context) -> HistoryReader:
    """Return a reader of histories over this turn's library."""
    return HistoryReader(context.services.library, context.services.glossary)


def asked_or_last(context: Context, text: str) -> str:
    """Return the command's argument, or the chat's last question within ten minutes, or ""."""
    if text:
        return text
    last = context.services.state.views.last_question(context.event.chat_id, context.seconds - _ASKED_SECONDS)
    return last.query if last else ""


def heading_of(context: Context, query: Query, reader: HistoryReader) -> str:
    """Return the heading of a history in the chat's language."""
    return subject_heading(context.services, query, context.language, reader)


def subject_heading(services: Services, query: Query, language: Language, reader: HistoryReader) -> str:
    """Return a history's heading in `language`: its topics' names, otherwise the name as typed.

    Of several topics it says that reports count which have them in one passage.
    """
    subject = reader.subject_of(query)
    topics = services.glossary.topics
    if subject and subject.topics:
        names = [topics[topic].names for topic in subject.topics]
        if names[1:]:
            return services.renderer.word("topics_together", language, [own[language] for own in names])
        return services.renderer.word("topic_heading", language, dict(names[0]))
    return query.text


def drawn(context: Context, chart: Chart, title: str, names: Mapping[str, str]) -> Picture:
    """Draw a chart; `names` maps the keys of its series to their labels."""
    return picture_of(
        context.services.renderer,
        chart,
        title,
        [names[series.key] for series in chart.series],
        [context.word("chart_bin", start, chart.unit) for start in chart.starts],
    )


def event_links(context: Context, events: Sequence[Event]) -> list[str]:
    """Return deep links to the events' passages; empty while the bot's user name is unknown."""
    return deep_links(context.services.profile.username, [event.passage for event in events])


class Charted(Struct, frozen=True):
    """A chart with what its caption needs."""

    query: Query
    heading: str
    history: History
    chart: Chart
    events: tuple[Event, ...]

    @property
    def earlier(self) -> int:
        """Number of dated origins earlier than the first bar."""
        return len(self.history.origins) - sum(self.chart.totals)

    @property
    def marked(self) -> Chart:
        """The chart with its events marked."""
        starts = self.chart.starts
        marks = (Mark(place_of(event.day, starts), number) for number, event in enumerate(self.events, 1))
        return replace(self.chart, marks=tuple(marks))


def charted(
    services: Services,
    query: Query,
    language: Language,
    today: date,
    by: By = "publisher",
    each: Each = "month",
    most: int = MOST_BINS,
) -> Charted | None:
    """Return a question's chart with at most `most` bars, or None if no dated report mentions it."""
    reader = HistoryReader(services.library, services.glossary)
    subject = reader.subject_of(query)
    if subject is None:
        return None
    with services.library.snapshot():
        span = reader.span(query, today)
        history = reader.history(subject, language, span)
        if history.first is None:
            return None
        first, last = (span.first if span.asked else charted_from(history, span.last)), span.last
        if each == "week":
            first, last = latest_weeks([history], span.last)
        unit = "week" if each == "week" else fitting_unit(first, last, most)
        starts = bins(first, last, unit, least=_LEAST_BINS)
        chart = stacked(history, starts, unit, by)
        events = tuple(reader.events(subject, history, language, _EVENTS, starts[0]))
    return Charted(query, subject_heading(services, query, language, reader), history, chart, events)
