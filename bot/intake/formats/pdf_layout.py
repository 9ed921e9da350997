"""Puts the pieces of a PDF's pages into reading order: columns, table rows, page heads and feet. Pure geometry.

pieces of all pages ── find_margins ──► heads, feet, page numbers │ the rest
the rest of a page ── gutter ──► pieces across it │ left column │ right column, each split again
a column ──► lines, table rows
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import Final

from msgspec import Struct

from bot.intake.formats.pdf_lines import PageLines, Piece

_ZONE: Final = 0.13
"""Share of a page's height, at its top and its bottom, that may hold heads and feet."""
_SAME_HEIGHT: Final = 4.0
"""Points by which the height of the same head may differ between pages."""
_APART: Final = 0.55
"""Smallest gap, in font sizes, between the text and a head or foot."""
_MOST_ROWS: Final = 3
"""Most lines in a head or a foot."""
_DEEPEST: Final = 3
"""Most levels of columns within columns."""

_NUMBER: Final = re.compile(
    r"[-–—·|.\s]*(?:page|p\.|第)?\s*(?P<number>\d{1,4})\s*(?:页|頁)?(?:\s*(?:of|/|\||共|，共|,共)\s*\d{1,4}\s*(?:页|頁)?)?[-–—·|.\s]*",
    re.IGNORECASE,
)
_DIGITS: Final = re.compile(r"\d+")


class Line(Struct, frozen=True):
    """A line of a column (one cell), or a table row with the text of each cell.

    `left` and `right` are its edges, `column` those of its column; `size` is its font size. All are in points.
    """

    cells: tuple[str, ...]
    left: float
    top: float
    right: float
    bottom: float
    size: float
    column: tuple[float, float]

    @property
    def text(self) -> str:
        """The words of all cells, separated by spaces."""
        return " ".join(self.cells)


class Margins(Struct, frozen=True):
    """The pieces that are page heads or feet, by page index, and the number of each page."""

    pieces: frozenset[tuple[int, Piece]]
    numbers: tuple[int, ...]


def find_margins(pages: Sequence[PageLines]) -> Margins:
    """Return page heads, feet and page numbers: pieces that recur at one height on several pages, digits ignored."""
    places: dict[tuple[str, str], list[tuple[int, Piece]]] = defaultdict(list)
    for number, page in enumerate(pages):
        for zone, piece in _in_zones(page):
            places[zone, _DIGITS.sub("0", piece.text)].append((number, piece))
    enough = 2 if len(pages) < 6 else 3
    marginal: set[tuple[int, Piece]] = set()
    for places_of_one in places.values():
        for number, piece in places_of_one:
            beside = {n for n, other in places_of_one if abs(other.top - piece.top) <= _SAME_HEIGHT}
            if len(beside) >= enough or _is_outermost_number(pages[number], piece):
                marginal.add((number, piece))
    return Margins(frozenset(marginal), _printed_numbers(len(pages), marginal))


def read_page(page: PageLines, without: frozenset[Piece]) -> list[Line]:
    """Return the lines of a page in reading order, without the pieces in `without`."""
    pieces = [piece for piece in page.pieces if piece not in without]
    return list(_ordered(pieces, _DEEPEST)) if pieces else []


def _in_zones(page: PageLines) -> Iterator[tuple[str, Piece]]:
    """Yield ("head" or "foot", piece) for each piece that may be one: near an edge, and apart from the text."""
    rows = _rows([piece for piece in page.pieces if piece.text])
    heads = [row for row in rows[: _MOST_ROWS + 1] if row[0].bottom <= _ZONE * page.height]
    feet = [row for row in rows[-_MOST_ROWS - 1 :] if row[0].top >= (1 - _ZONE) * page.height]
    for index, (row, below) in enumerate(pairwise(rows[: len(heads) + 1]), 1):
        if min(p.top for p in below) - max(p.bottom for p in row) > _APART * row[0].size:
            yield from (("head", piece) for one in rows[:index] for piece in one)
    for index, (above, row) in enumerate(pairwise(rows[-len(feet) - 1 :] if feet else [])):
        if min(p.top for p in row) - max(p.bottom for p in above) > _APART * row[0].size:
            yield from (("foot", piece) for one in rows[index - len(feet) :] for piece in one)


def _is_outermost_number(page: PageLines, piece: Piece) -> bool:
    """Return whether a piece is a page number with nothing above it, or nothing below it, but its own line."""
    if not _NUMBER.fullmatch(piece.text):
        return False
    others = [other for other in page.pieces if other != piece]
    return bool(others) and (
        all(other.bottom <= piece.top + 1 for other in others)
        or all(other.top >= piece.bottom - 1 for other in others)
    )


def _printed_numbers(count: int, marginal: set[tuple[int, Piece]]) -> tuple[int, ...]:
    """Return the number of each page: as printed if most printed numbers are consecutive, else counted from 1."""
    shifts: Counter[int] = Counter()
    for number, piece in marginal:
        if match := _NUMBER.fullmatch(piece.text):
            shifts[int(match["number"]) - number] += 1
    shift, times = shifts.most_common(1)[0] if shifts else (1, 0)
    if times < 2 or times < 0.6 * sum(shifts.values()):
        shift = 1
    return tuple(number + shift if number + shift > 0 else number + 1 for number in range(count))


def _ordered(pieces: list[Piece], depth: int) -> Iterator[Line]:
    """Yield the lines of a region: between two pieces that span the gutter, first the left column, then the right."""
    gutter = _gutter(pieces) if depth else None
    if gutter is None:
        yield from _lines(pieces)
        return
    spanning = sorted((p for p in pieces if p.left < gutter < p.right), key=lambda piece: piece.top)
    beside = [p for p in pieces if not p.left < gutter < p.right]
    for over in [*spanning, None]:
        above = [p for p in beside if over is None or _centre(p) < _centre(over)]
        beside = [p for p in beside if not (over is None or _centre(p) < _centre(over))]
        for side in ([p for p in above if p.right <= gutter], [p for p in above if p.left >= gutter]):
            if side:
                yield from _ordered(side, depth - 1)
        if over is not None:
            yield from _lines([over])


def _gutter(pieces: list[Piece]) -> float | None:
    """Return the x coordinate between two columns of text, or None if there is one column."""
    left, right = min(p.left for p in pieces), max(p.right for p in pieces)
    width = right - left
    edges = sorted({p.left for p in pieces} | {p.right for p in pieces})
    best: tuple[int, float, float] | None = None
    for low, high in pairwise(edges):
        middle = (low + high) / 2
        if high - low < 4 or not left + 0.2 * width < middle < right - 0.2 * width:
            continue
        crossing = sum(p.left < middle < p.right for p in pieces)
        if best is None or (crossing, low - high) < best[:2]:
            best = (crossing, low - high, middle)
    if best is None or best[0] > 0.25 * len(pieces):
        return None
    gutter = best[2]
    sides = [[p for p in pieces if p.right <= gutter], [p for p in pieces if p.left >= gutter]]
    return gutter if all(map(_is_text, sides)) and _overlap(*sides) else None


def _is_text(pieces: list[Piece]) -> bool:
    """Return whether enough rows fill the column's width, as running text does and table cells do not."""
    if len(pieces) < 4:
        return False
    width = max(p.right for p in pieces) - min(p.left for p in pieces)
    rows = _rows(pieces)
    return sum(row[-1].right - row[0].left > 0.6 * width for row in rows) >= 0.45 * len(rows)


def _overlap(left: list[Piece], right: list[Piece]) -> bool:
    """Return whether two columns are side by side, not one below the other."""
    top = max(min(p.top for p in side) for side in (left, right))
    bottom = min(max(p.bottom for p in side) for side in (left, right))
    shorter = min(max(p.bottom for p in side) - min(p.top for p in side) for side in (left, right))
    return bottom - top > 0.5 * shorter


def _centre(piece: Piece) -> float:
    return (piece.top + piece.bottom) / 2


def _lines(pieces: list[Piece]) -> Iterator[Line]:
    """Yield a column's lines from top to bottom; the pieces of a row that aligns with a neighbour stay cells."""
    column = (min(p.left for p in pieces), max(p.right for p in pieces))
    rows = _rows(pieces)
    tabular = [
        any(_align(row, rows[other]) for other in (index - 1, index + 1) if 0 <= other < len(rows))
        for index, row in enumerate(rows)
    ]
    for row, is_table in zip(rows, tabular, strict=True):
        texts = tuple(piece.text for piece in row)
        yield Line(
            texts if is_table else (" ".join(texts),),
            min(p.left for p in row),
            min(p.top for p in row),
            max(p.right for p in row),
            max(p.bottom for p in row),
            median(p.size for p in row),
            column,
        )


def _rows(pieces: list[Piece]) -> list[list[Piece]]:
    """Return pieces grouped into rows, top to bottom; each row is sorted left to right."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=_centre):
        last = rows[-1] if rows else []
        if last and _centre(piece) - median(map(_centre, last)) < 0.5 * min(piece.size, last[0].size):
            last.append(piece)
        else:
            rows.append([piece])
    return [sorted(row, key=lambda piece: piece.left) for row in rows]


def _align(row: list[Piece], other: list[Piece]) -> bool:
    """Return whether two rows have gaps at the same places, as table cells do and justified lines do not."""
    fewer, more = sorted((_gaps(row), _gaps(other)), key=len)
    if not fewer or any(_is_full(one) for one in (row, other)):
        return False
    reach = 0.5 * row[0].size
    return all(any(min(a[1], b[1]) - max(a[0], b[0]) > reach for b in more) for a in fewer)


def _gaps(row: list[Piece]) -> list[tuple[float, float]]:
    """Return the gaps between the pieces of a row, as (left, right) edges."""
    return [(before.right, behind.left) for before, behind in pairwise(row)]


def _is_full(row: list[Piece]) -> bool:
    """Return whether words fill so much of a row that it is a line of justified text."""
    return sum(piece.right - piece.left for piece in row) > 0.85 * (row[-1].right - row[0].left)
