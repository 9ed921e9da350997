"""The data of a chart and its caption: a history, its bars and the events marked on them. Contains no text."""

from __future__ import annotations

from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from bot.dialogue.context import Services
from bot.dialogue.histories import Each, subject_heading
from bot.library.query import Query
from bot.models import Language
from bot.trends.charts import By, Chart, Mark, stacked
from bot.trends.events import Event, HistoryReader
from bot.trends.history import MOST_BINS, History, bins, charted_from, fitting_unit, latest_weeks, place_of

_EVENTS = 5
_LEAST_BINS = 6


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
