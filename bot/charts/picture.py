"""Turns a chart into a picture: makes its text drawable, lays it out, and renders the SVG template."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from bot.charts.layout import Labels, lay_out
from bot.charts.letters import drawable
from bot.messages import Image
from bot.rendering.renderer import Renderer
from bot.trends.charts import Chart


class Picture(NamedTuple):
    """A picture and the characters that its font lacks: they are shown as MISSING, and the caption must mention them."""

    image: Image
    missing: tuple[str, ...]


def picture_of(
    renderer: Renderer, chart: Chart, title: str, series: Sequence[str], bins: Sequence[str]
) -> Picture:
    """Return the picture of a chart, given its title, the names of its series and the labels of its bins."""
    texts = [drawable(text) for text in (title, *series, *bins)]
    first, *others = (one.text for one in texts)
    labels = Labels(first, tuple(others[: len(series)]), tuple(others[len(series) :]))
    svg = renderer.document("chart.svg", layout=lay_out(chart, labels))
    return Picture(Image(svg), tuple(sorted(frozenset().union(*(one.missing for one in texts)))))
