"""The forecasts that fell due since a reader's last digest: their month, quarter or year is over. Data only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from bot.library.query import Query
from bot.models import Language
from bot.trends.ledger import FigureLedgers, Group

_MOST_FORECASTS = 2
"""Forecasts in a digest at most."""


def ended_months(first: date, today: date) -> tuple[date, date] | None:
    """Return the last days of the first and last month that ended on or after `first` and before `today`.

    None if no month did. Equal for all readers whose last digest was in the same month.
    """
    ended = _last_of_month(first)
    newest = today.replace(day=1) - timedelta(days=1)
    return (ended, newest) if ended <= newest else None


def came_due(
    ledgers: FigureLedgers,
    queries: Sequence[Query],
    language: Language,
    days: tuple[date, date],
    without: frozenset[str],
) -> tuple[Group, ...]:
    """Return at most two forecasts in the reader's language that fell due on these days, with what was reported since.

    Those with a later report come first, then the newest. Forecasts by the publishers `without` are left out.
    """
    groups: dict[str, Group] = {}
    for query in queries:
        for group in ledgers.came_due(query, language, *days):
            entry = group.line.entries[0]
            published = {edition.publisher for edition in entry.report.editions}
            if entry.language == language and published.isdisjoint(without):
                groups.setdefault(group.line.text, group)
    ranked = sorted(groups.values(), key=lambda group: (not group.others, -_published(group)))
    return tuple(ranked[:_MOST_FORECASTS])


def _published(group: Group) -> int:
    return group.line.entries[0].row.published or 0


def _last_of_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
