"""Reads the lines of a PDF's pages with pdfium: words, positions and font sizes. Their order is left to pdf_layout."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from bot.text.unreadable import Unreadable

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfTextPage

MOST_PAGES: Final = 2_000
"""Most pages in one document: each takes 10 to 20 ms."""

MOST_CHARACTERS: Final = 60_000
"""Most characters read from one page. A newspaper page has 20,000."""

_GAP: Final = 0.9
"""Gap, in font sizes, that separates two pieces of one line: columns, or cells of a table."""
_SPACE: Final = 32
_BREAKS: Final = frozenset({10, 13})
_HYPHENS: Final = frozenset({2, 0xFFFE})
"""Codes that pdfium returns for a hyphen at the end of a line."""
_PASSWORD: Final = 4
"""FPDF_ERR_PASSWORD."""


class Piece(Struct, frozen=True):
    """A run of words on one line of a page.

    Coordinates are points from the page's upper left corner; `size` is the font size in points.
    """

    text: str
    left: float
    top: float
    right: float
    bottom: float
    size: float


class PageLines(Struct, frozen=True):
    """The pieces of one page in the order of the file; width and height are in points."""

    width: float
    height: float
    pieces: tuple[Piece, ...]


class Opened(Struct, frozen=True):
    """An open PDF: the title in its properties ("" if none), its number of pages, and its pages, read lazily."""

    title: str
    count: int
    pages: Iterator[PageLines]


def open_pdf(raw: bytes) -> Opened:
    """Open a PDF. Raises Unreadable if it is broken, needs a password, or has more than MOST_PAGES pages."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(raw)
        count = len(document)
        title = document.get_metadata_value("Title")
    except pypdfium2.PdfiumError as error:
        # Of a file without pages pdfium reports the error of the file before it.
        locked = getattr(error, "err_code", None) == _PASSWORD and b"/Encrypt" in raw
        raise Unreadable("pdf_password" if locked else "pdf_broken") from error
    if count > MOST_PAGES:
        raise Unreadable("too_many_pages", count, MOST_PAGES)
    return Opened(title.strip(), count, _pages(document, count))


def _pages(document: PdfDocument, count: int) -> Iterator[PageLines]:
    """Yield each page; a broken one is empty."""
    import pypdfium2

    for number in range(count):
        try:
            page = document[number]
        except pypdfium2.PdfiumError:
            yield PageLines(0, 0, ())
            continue
        text = page.get_textpage()
        left, bottom, right, top = page.get_bbox()
        pieces = tuple(_Reader(text, left, top).pieces())
        text.close()
        page.close()
        yield PageLines(right - left, top - bottom, pieces)


class _Reader:
    """Reader of one page's pieces; the page's upper left corner is at (`left`, `top`) in PDF coordinates."""

    def __init__(self, page: PdfTextPage, left: float, top: float) -> None:
        from pypdfium2 import raw

        self._raw: Any = raw
        self._page: Any = page.raw
        self._left = left
        self._top = top
        self._rectangle = raw.FS_RECTF()
        self._matrix = raw.FS_MATRIX()
        count = min(page.count_chars(), MOST_CHARACTERS)
        self._codes = [raw.FPDFText_GetUnicode(self._page, index) for index in range(count)]

    def pieces(self) -> Iterator[Piece]:
        """Yield the pieces of every line, in the order of the file."""
        start = 0
        for index, code in enumerate([*self._codes, 10]):
            if code in _BREAKS:
                yield from self._pieces_of_line(start, index)
                start = index + 1
            elif code in _HYPHENS:  # pdfium appends the next line without a break
                yield from self._pieces_of_line(start, index + 1)
                start = index + 1

    def _pieces_of_line(self, start: int, end: int) -> Iterator[Piece]:
        """Yield the pieces of the characters [start, end), cut at wide gaps and where pdfium joined two lines."""
        while start < end and self._codes[start] == _SPACE:
            start += 1
        while end > start and self._codes[end - 1] == _SPACE:
            end -= 1
        if start == end:
            return
        middle = next(index for index in range((start + end) // 2, end) if self._codes[index] != _SPACE)
        size = self._size(middle)
        first, last = self._box(start), self._box(end - 1)
        runs_on = last[1] > first[3] or last[2] < first[0]
        begin = start
        for index in range(start + 1, end):
            if (runs_on or self._codes[index - 1] == _SPACE) and self._starts_piece(index, size):
                yield self._piece(begin, index, size)
                begin = index
        yield self._piece(begin, end, size)

    def _starts_piece(self, index: int, size: float) -> bool:
        """Return whether a character is on another line than the one before it, or behind a wide gap."""
        before = index - 1
        while before > 0 and self._codes[before] == _SPACE:
            before -= 1
        if self._codes[index] == _SPACE:
            return False
        old, new = self._box(before), self._box(index)
        return new[0] - old[2] > _GAP * size or new[2] < old[0] - size or new[1] > old[3]

    def _piece(self, start: int, end: int, size: float) -> Piece:
        text = "".join("-" if code in _HYPHENS else chr(code) for code in self._codes[start:end]).strip()
        while self._codes[end - 1] == _SPACE:
            end -= 1
        boxes = [self._box(start), self._box((start + end) // 2), self._box(end - 1)]
        left, right = min(box[0] for box in boxes), max(box[2] for box in boxes)
        return Piece(text, left, min(box[1] for box in boxes), right, max(box[3] for box in boxes), size)

    def _size(self, index: int) -> float:
        """Return the font size of a character in points, as drawn: scaled by its matrix."""
        size: float = self._raw.FPDFText_GetFontSize(self._page, index)
        if self._raw.FPDFText_GetMatrix(self._page, index, ctypes.byref(self._matrix)):
            size *= math.hypot(self._matrix.b, self._matrix.d)
        return round(size, 1)

    def _box(self, index: int) -> tuple[float, float, float, float]:
        """Return the box of a character as left, top, right, bottom in points; all 0 if pdfium has none."""
        box = self._rectangle
        if not self._raw.FPDFText_GetLooseCharBox(self._page, index, ctypes.byref(box)):
            return (0.0, 0.0, 0.0, 0.0)
        return (box.left - self._left, self._top - box.top, box.right - self._left, self._top - box.bottom)
