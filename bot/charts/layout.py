"""Computes the layout of a chart: the position of every bar, label and mark, in picture units. Pure; draws nothing.

from the top: the title, the legend in as many rows as it needs, the bars between their axes, the days under them
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Literal

from msgspec import Struct

from bot.charts.letters import clipped, width
from bot.trends.charts import Chart

WIDTH, HEIGHT = 480, 400
"""Picture units; in a chat on a phone 390 points wide, one unit is about 0.7 points."""

BACK, INK, SOFT, GRID = "#f5f7f9", "#17212b", "#526170", "#d9e0e6"
COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#8a949e")
"""Distinct for colour-blind people too (Okabe and Ito, Color Universal Design); the last is for all other series."""

_LEFT, _RIGHT, _BOTTOM = 50, 14, 36
_TITLE, _LEGEND, _LABEL = 23, 18, 16
_ROW = 25
_MARK = 11
_TICKS = 4
_BAR = 0.78
_BETWEEN_LABELS = 14


class Labels(Struct, frozen=True):
    """Text of a chart, in characters that the font has: a title, a name per series, a label per bin."""

    title: str
    series: tuple[str, ...]
    bins: tuple[str, ...]


class Rectangle(Struct, frozen=True):
    """A filled rectangle; (x, y) is its top left corner."""

    x: float
    y: float
    width: float
    height: float
    colour: str


class Text(Struct, frozen=True):
    """A line of text; `y` is its baseline."""

    x: float
    y: float
    size: float
    anchor: Literal["start", "middle", "end"]
    text: str
    colour: str = INK


class Circle(Struct, frozen=True):
    """A filled circle; (x, y) is its centre."""

    x: float
    y: float
    radius: float
    colour: str


class Layout(Struct, frozen=True):
    """The shapes of a picture in drawing order, texts on top."""

    rectangles: tuple[Rectangle, ...]
    circles: tuple[Circle, ...]
    texts: tuple[Text, ...]
    width: int = WIDTH
    height: int = HEIGHT
    back: str = BACK


def lay_out(chart: Chart, labels: Labels) -> Layout:
    """Return the layout of a chart."""
    legend = list(_legend(labels.series))
    top = _TITLE + 22 + _ROW * (legend[-1].row + 1 if legend else 0) + (2 * _MARK + 8 if chart.marks else 6)
    plot = _Plot(chart, top)
    title = Text(16, _TITLE + 12, _TITLE, "start", clipped(labels.title, _TITLE, WIDTH - 32))
    return Layout(
        rectangles=(*(entry.swatch for entry in legend), *plot.grid(), *plot.bars()),
        circles=tuple(plot.circles()),
        texts=(
            title,
            *(entry.name for entry in legend),
            *plot.ticks(),
            *plot.days(labels.bins),
            *plot.numbers(),
        ),
    )


# -- the legend --------------------------------------------------------------------------------------------


class _Entry(Struct, frozen=True):
    row: int
    swatch: Rectangle
    name: Text


def _legend(names: Sequence[str]) -> Iterator[_Entry]:
    """Yield the legend's entries, as many in a row as fit."""
    x, row = 16.0, 0
    for place, name in enumerate(names):
        shown = clipped(name, _LEGEND, WIDTH - 60)
        needed = 20 + width(shown, _LEGEND) + 16
        if x > 16 and x + needed > WIDTH:
            x, row = 16.0, row + 1
        base = _TITLE + 22 + _ROW * row + 15
        yield _Entry(
            row,
            Rectangle(x, base - 13, 14, 14, colour_of(place)),
            Text(x + 20, base, _LEGEND, "start", shown),
        )
        x += needed


def colour_of(place: int) -> str:
    """Return the colour of the series at an index; a chart has no more series than there are colours."""
    return COLOURS[place % len(COLOURS)]


# -- the bars ----------------------------------------------------------------------------------------------


class _Plot:
    """The plot area: bars between two axes."""

    def __init__(self, chart: Chart, top: float) -> None:
        self._chart = chart
        self._top, self._base = top, HEIGHT - _BOTTOM
        highest = max(chart.totals if chart.stacked else [max(s.counts) for s in chart.series], default=0)
        self._tick = _nice(highest)
        self._most = max(self._tick * math.ceil(highest / self._tick), self._tick)
        self._left = max(_LEFT, width(str(self._most), _LABEL) + 14)
        self._step = (WIDTH - self._left - _RIGHT) / len(chart.starts)

    def grid(self) -> Iterator[Rectangle]:
        for value in range(0, self._most + 1, self._tick):
            colour = GRID if value else SOFT
            yield Rectangle(self._left, self._y(value), WIDTH - self._left - _RIGHT, 1.2, colour)

    def ticks(self) -> Iterator[Text]:
        for value in range(0, self._most + 1, self._tick):
            yield Text(self._left - 7, self._y(value) + 5, _LABEL, "end", str(value), SOFT)

    def bars(self) -> Iterator[Rectangle]:
        wide = self._step * _BAR
        across = 1 if self._chart.stacked else len(self._chart.series)
        for place in range(len(self._chart.starts)):
            below = 0
            for number, series in enumerate(self._chart.series):
                count = series.counts[place]
                if count:
                    x = self._x(place) - wide / 2 + (0 if self._chart.stacked else number * wide / across)
                    y = self._y(below + count)
                    yield Rectangle(x, y, wide / across, self._y(below) - y, colour_of(number))
                if self._chart.stacked:
                    below += count

    def days(self, labels: Sequence[str]) -> Iterator[Text]:
        """Yield as many bin labels as fit side by side, always including the last one."""
        widest = max(width(label, _LABEL) for label in labels) + _BETWEEN_LABELS
        every = max(1, math.ceil(widest / self._step))
        for place in range(len(labels) - 1, -1, -every):
            half = width(labels[place], _LABEL) / 2
            x = min(max(self._x(place), self._left - 30 + half), WIDTH - 6 - half)
            yield Text(x, HEIGHT - 11, _LABEL, "middle", labels[place], SOFT)

    def circles(self) -> Iterator[Circle]:
        for x, y, _ in self._marks():
            yield Circle(x, y, _MARK, INK)

    def numbers(self) -> Iterator[Text]:
        for x, y, number in self._marks():
            yield Text(x, y + 5, _LABEL - 1, "middle", str(number), "#ffffff")

    def _marks(self) -> Iterator[tuple[float, float, int]]:
        """Yield x, y and number of each event's mark: above its bar, moved aside where another mark is."""
        taken: list[tuple[float, float]] = []
        for mark in sorted(self._chart.marks, key=lambda m: (m.bin, m.number)):
            x = min(max(self._x(mark.bin), _MARK + 2), WIDTH - _MARK - 2)
            y = self._y(self._highest(mark.bin)) - _MARK - 4
            while any(abs(x - a) < 2 * _MARK and abs(y - b) < 2 * _MARK for a, b in taken):
                y -= 2 * _MARK + 1
                if y < self._top - 2 * _MARK:
                    x, y = x + 2 * _MARK + 1, self._y(0) - _MARK - 4
            taken.append((x, y))
            yield x, y, mark.number

    def _highest(self, place: int) -> int:
        counts = [series.counts[place] for series in self._chart.series]
        return sum(counts) if self._chart.stacked else max(counts)

    def _x(self, place: float) -> float:
        """Return the x of a bin's middle."""
        return self._left + (place + 0.5) * self._step

    def _y(self, count: float) -> float:
        return self._base - (self._base - self._top) * count / self._most


def _nice(highest: int) -> int:
    """Return the distance between grid lines, 1, 2 or 5 times a power of ten, that needs at most `_TICKS` of them."""
    power = 10 ** max(0, len(str(max(1, highest))) - 2)
    steps: Iterator[int] = (factor * power * ten for ten in (1, 10, 100) for factor in (1, 2, 5))
    return next(step for step in steps if math.ceil(highest / step) <= _TICKS)
