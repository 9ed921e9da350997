"""Inline mode: cards with a briefing, a chart in text and figures, for "@bot topic" typed in any chat.

Cards cannot carry the bot's buttons, so their citations are deep links that open the passage in a private chat.
"""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from bot.dialogue.context import Services
from bot.dialogue.histories import Charted, charted
from bot.library.query import Query
from bot.messages import Card, Message
from bot.models import Language
from bot.rendering.renderer import deep_links, fits
from bot.rendering.timelines import MOST_BARS, bar_line
from bot.trends.briefing import Briefing
from bot.trends.ledger import FigureLedgers, Group, group_page

_POINTS = 3
_FIGURES = 5
_LEAST_CHARTED = 3
"""Fewest reports that get a chart card; the briefing card covers one or two."""
_LONGEST = 250
"""Most characters of a title or description that Telegram's result list shows."""


def cards(services: Services, text: str, language: Language, now: datetime) -> list[Card]:
    """Return the cards for `text`; empty if it names nothing that the library covers."""
    query = services.understand(text)
    if query.empty:
        return []
    today = now.astimezone(services.profile.timezone).date()
    briefing = services.briefer.brief(query, language, today)
    ledgers = FigureLedgers(services.library, services.search)
    ledger = ledgers.ledger(query, language, today)
    groups = group_page(ledgers, ledger, "all", 0, _FIGURES)
    history = charted(services, query, language, today, most=MOST_BARS)
    offered = [_briefing_card(services, query, briefing, language)] if briefing else []
    if history and sum(history.chart.totals) >= _LEAST_CHARTED:
        offered.append(_chart_card(services, history, language))
    offered += [_figure_card(services, query, group, language, n) for n, group in enumerate(groups)]
    return [card for card in offered if fits(card.message)]


def _briefing_card(services: Services, query: Query, briefing: Briefing, language: Language) -> Card:
    """Return a card with the first points of a briefing and their sources."""
    points = briefing.points[:_POINTS]
    html = services.renderer.message(
        "card",
        language,
        heading=_heading(services, query, briefing, language),
        b=briefing,
        points=points,
        last=max(point.citation for point in points),
        links=deep_links(services.profile.username, briefing.citations),
    )
    title = services.renderer.word("inline_briefing", language, query.text)
    return Card("briefing", title[:_LONGEST], points[0].text[:_LONGEST], Message(html))


def _chart_card(services: Services, history: Charted, language: Language) -> Card:
    """Return a card with a history as a line of bars and its most important events."""
    shown = replace(history, events=history.events[:_POINTS])
    chart = shown.chart
    word = services.renderer.word
    html = services.renderer.message(
        "chart_card",
        language,
        c=shown,
        names={one.key: word("series_publisher", language, one.key) for one in chart.series},
        links=deep_links(services.profile.username, [event.passage for event in shown.events]),
    )
    span = word("chart_span", language, chart.unit, chart.starts[0], chart.starts[-1])
    title = word("inline_chart", language, history.query.text)
    return Card("chart", title[:_LONGEST], f"{bar_line(chart.totals)} {span}"[:_LONGEST], Message(html))


def _figure_card(services: Services, query: Query, group: Group, language: Language, number: int) -> Card:
    """Return a card with one figure and what other reports state for the same quantity."""
    passages = list(dict.fromkeys(group.passages))
    html = services.renderer.message(
        "figure_card",
        language,
        heading=query.text,
        group=group,
        numbers={passage: place for place, passage in enumerate(passages, 1)},
        links=deep_links(services.profile.username, passages),
    )
    told = ", ".join(entry.figure.text for entry in group.line.entries)
    return Card(f"figure{number}", told[:_LONGEST], group.line.text[:_LONGEST], Message(html))


def _heading(services: Services, query: Query, briefing: Briefing, language: Language) -> str:
    if len(briefing.topics) != 1 or not query.plain:
        return query.text
    return services.renderer.word("topic_heading", language, dict(briefing.topics[0].names))
