"""The picture of a weekly or monthly digest: the counts of its topics, with what rose and fell as the caption."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from bot.charts.layout import COLOURS
from bot.charts.picture import picture_of
from bot.digests.movement import DAYS, Movement
from bot.digests.schedule import Form
from bot.messages import Message
from bot.models import Language
from bot.rendering.renderer import Renderer, fits
from bot.trends.charts import Chart, Series
from bot.trends.history import MOST_BINS

_LEAST: Final = 5
"""Bars of a topic at least, however many topics there are: those that its verdict compares."""


def movement_picture(
    renderer: Renderer, moves: Sequence[Movement], language: Language, form: Form, since: date, today: date
) -> Message | None:
    """Return the picture of movements up to `today`; None when none of them has counts, or the caption is too long."""
    charted = [move for move in moves if move.counts][: len(COLOURS)]
    if not charted:
        return None
    names = [renderer.word("digest_subject", language, move.heading) for move in charted]
    chart = _chart(charted, DAYS[form], today)
    picture = picture_of(
        renderer,
        chart,
        renderer.word("digest_chart", language, form),
        names,
        [renderer.word("chart_bin", language, start, chart.unit) for start in chart.starts],
    )
    caption = renderer.message(
        "digest_chart", language, form=form, since=since, moves=moves, missing=picture.missing
    )
    message = Message(caption, image=picture.image)
    return message if fits(message) else None


def _chart(charted: Sequence[Movement], days: int, today: date) -> Chart:
    """Return a chart of the last stretches of `days` days, as many as can be told apart, with a bar for each topic."""
    bars = max(_LEAST, MOST_BINS // len(charted))
    series = [Series(str(place), move.counts[-bars:]) for place, move in enumerate(charted)]
    shown = len(series[0].counts)
    starts = tuple(today - timedelta(days=days * (shown - n) - 1) for n in range(shown))
    # Stretches of 30 days begin within months, so their bins are named by first days, as weeks are.
    return Chart("week", starts, tuple(series), stacked=False)
