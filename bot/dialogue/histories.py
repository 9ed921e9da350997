"""What the commands on histories share: their buttons, and how the days, series and events of a chart are called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from bot.charts.picture import Picture, picture_of
from bot.dialogue.context import Context, Services
from bot.library.query import Query
from bot.messages import Press
from bot.models import Language
from bot.rendering.renderer import deep_links
from bot.trends.charts import By, Chart
from bot.trends.events import Event, HistoryReader

Each = Literal["week", "month"]
"""Whether a chart shows the last half year by week, or all by month or longer."""

BUTTONS: Mapping[By | Each, str] = {
    "publisher": "button_by_publisher",
    "language": "button_by_language",
    "week": "button_by_week",
    "month": "button_by_month",
}
"""The labels of the buttons that show a chart by something else."""

_ASKED_SECONDS = 600


@dataclass(frozen=True, slots=True)
class ShowChart(Press):
    """The chart of the view's question."""

    by: By
    each: Each

    code: ClassVar[str] = "ch"


@dataclass(frozen=True, slots=True)
class ShowTimeline(Press):
    """The timeline of the view's question."""

    code: ClassVar[str] = "tl"


def history_reader(context: Context) -> HistoryReader:
    """What reads histories from the library of this turn."""
    return HistoryReader(context.services.library, context.services.glossary)


def asked_or_last(context: Context, text: str) -> str:
    """What follows the command, else the chat's question of the last ten minutes, else ""."""
    if text:
        return text
    last = context.services.state.views.last_question(context.event.chat_id, context.seconds - _ASKED_SECONDS)
    return last.query if last else ""


def heading_of(context: Context, query: Query, reader: HistoryReader) -> str:
    """How the subject of a history is called: its topics in both languages, else the name as it was typed."""
    return subject_heading(context.services, query, context.language, reader)


def subject_heading(services: Services, query: Query, language: Language, reader: HistoryReader) -> str:
    """The same for who reads `language`."""
    subject = reader.subject_of(query)
    topics = services.glossary.topics
    if subject and subject.topics:
        names = [topics[topic].names for topic in subject.topics]
        return " + ".join(services.renderer.word("topic_heading", language, dict(own)) for own in names)
    return query.text


def drawn(context: Context, chart: Chart, title: str, names: Mapping[str, str]) -> Picture:
    """The picture of a chart; `names` are those of its series, by their keys."""
    return picture_of(
        context.services.renderer,
        chart,
        title,
        [names[series.key] for series in chart.series],
        [context.word("chart_bin", start, chart.unit) for start in chart.starts],
    )


def event_links(context: Context, events: Sequence[Event]) -> list[str]:
    """Addresses that open the events' passages in a private chat; none while the bot has no name."""
    return deep_links(context.services.profile.username, [event.passage for event in events])
