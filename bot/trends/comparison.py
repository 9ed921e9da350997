"""Two histories side by side: their chart, which one leads and since when, and the topics of reports on both."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

from msgspec import Struct

from bot.library.library import Library
from bot.models import Language
from bot.trends.charts import Chart, beside
from bot.trends.events import Event, HistoryReader, Subject
from bot.trends.history import History, bins, charted_from, counted, fitting_unit, latest_weeks, start_of
from bot.trends.own_events import OwnEvents
from bot.trends.verdict import RECENT_DAYS, Span

_MOST_SHARED = 3
_LEAST_TOGETHER = 3
_LEAST_BINS = 6
_MID_MONTH = 15


class Side(Struct, frozen=True):
    """One side of a comparison: its history, its origins of the last 90 days, its fullest month and its own events.

    `peak` is None when there is none.
    """

    history: History
    recent: int
    peak: tuple[date, int] | None
    events: tuple[Event, ...]


class Lead(Struct, frozen=True):
    """The side that leads (0 or 1; None for a tie) and the first day of the month since which it does.

    It has had more reports in each of these months that have any.
    """

    side: int | None
    since: date


class Comparison(Struct, frozen=True):
    """Two sides with their chart, the lead, the number of reports on both, and the ids of topics typical of those."""

    sides: tuple[Side, Side]
    chart: Chart
    span: Span
    lead: Lead | None
    both: int
    shared: tuple[str, ...]

    @property
    def events(self) -> tuple[Event, ...]:
        """The events of both sides."""
        return tuple(event for side in self.sides for event in side.events)


def compare(
    library: Library,
    reader: HistoryReader,
    subjects: tuple[Subject, Subject],
    language: Language,
    span: Span,
    *,
    weekly: bool,
) -> Comparison | None:
    """Return the comparison of two subjects by week or by month; None when one of them has no dated report."""
    histories = [reader.history(subject, language, span) for subject in subjects]
    if any(history.first is None for history in histories):
        return None
    first, last = min(charted_from(history, span.last) for history in histories), span.last
    if span.asked:
        first = span.first
    elif weekly:
        first, last = latest_weeks(histories, span.last)
    unit = "week" if weekly else fitting_unit(first, last)
    starts = bins(first, last, unit, least=_LEAST_BINS)
    own = OwnEvents(library, reader)
    one, other = (
        _side(own, subject, other, history, language, span)
        for subject, other, history in zip(subjects, reversed(subjects), histories, strict=True)
    )
    both = {o.report for o in one.history.origins} & {o.report for o in other.history.origins}
    asked = {topic for subject in subjects for topic in subject.topics}
    return Comparison(
        sides=(one, other),
        chart=beside([("0", one.history), ("1", other.history)], starts, unit),
        span=span,
        lead=lead_of(histories, span.last),
        both=len(both),
        shared=_shared(library, both, asked),
    )


def _side(
    own: OwnEvents,
    subject: Subject,
    other: Subject,
    history: History,
    language: Language,
    span: Span,
) -> Side:
    border = span.last - timedelta(days=RECENT_DAYS)
    months = Counter(start_of(origin.day, "month") for origin in history.origins)
    count, month = max(((number, month) for month, number in months.items()), default=(0, span.last))
    return Side(
        history,
        sum(origin.day > border for origin in history.origins),
        (month, count) if count else None,
        own.events_of(subject, other, history, language, border),
    )


def lead_of(histories: Sequence[History], last: date) -> Lead | None:
    """Return which side leads in the last month with a report on either, and since when; None without any dated report.

    A last month that is not past its 14th day counts only when it is the only one.
    """
    first = min((history.first for history in histories if history.first), default=None)
    if first is None:
        return None
    months = bins(first, last, "month")
    end = last
    if last.day < _MID_MONTH and len(months) > 1:
        months, end = months[:-1], months[-1] - timedelta(days=1)
    one, other = (counted([o.day for o in h.origins if o.day <= end], months) for h in histories)
    filled = [place for place in range(len(months)) if one[place] or other[place]]
    newest = filled[-1]
    if one[newest] == other[newest]:
        return Lead(None, months[newest])
    side = int(other[newest] > one[newest])
    ahead, behind = (other, one) if side else (one, other)
    since = newest
    for place in reversed(filled):
        if ahead[place] <= behind[place]:
            break
        since = place
    return Lead(side, months[since])


def _shared(library: Library, reports: set[str], asked: set[str]) -> tuple[str, ...]:
    """Return up to three topics more frequent in the reports on both than in the library, most characteristic first.

    Empty when fewer than three reports are on both.
    """
    if len(reports) < _LEAST_TOGETHER:
        return ()
    everywhere, reports_in_all = library.topic_reports(), max(1, library.coverage().reports)
    here = library.topics_of(reports)
    score = {
        topic: count / len(reports) * (count / len(reports)) / (everywhere.get(topic, count) / reports_in_all)
        for topic, count in here.items()
        if topic not in asked and count >= _LEAST_TOGETHER
    }
    return tuple(sorted(score, key=lambda topic: (-score[topic], topic))[:_MOST_SHARED])
