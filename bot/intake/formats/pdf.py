"""Converts a PDF to a document: its pages in reading order, without page heads and feet.

The steps are pdf_lines, pdf_layout and pdf_paragraphs. The file's own dates are not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import dropwhile, takewhile
from typing import Final

from msgspec.structs import replace

from bot.intake.declared import DeclaredMetadata, one_line
from bot.intake.document import RawFile, check_lines, to_document
from bot.intake.formats.pdf_layout import Line, find_margins, read_page
from bot.intake.formats.pdf_lines import Piece, open_pdf
from bot.intake.formats.pdf_paragraphs import blocks_of, body_size, is_contents
from bot.models import CutLine, Document
from bot.text.hyphens import words_of
from bot.text.unreadable import Unreadable

LARGEST: Final = 30 << 20
"""Largest PDF, in bytes; most of a large one is pictures."""

_PROGRAM_TITLE: Final = re.compile(
    r"(?:microsoft (?:word|powerpoint|excel)|untitled|无标题|无题|幻灯片|slide)\b|\.(?:docx?|pptx?|xlsx?|pdf|indd|tex|wps|html?)$",
    re.IGNORECASE,
)
"""Titles that a program set, not an author."""
_TITLE_LINES: Final = 4
_LETTERS: Final = re.compile(r"\w")


def parse(file: RawFile) -> Iterator[Document]:
    """Yield the one document of a PDF.

    Raises Unreadable if open_pdf() does, for a PDF without text, such as a scan, and for one of too many blocks.
    """
    opened = open_pdf(file.raw)
    pages = list(opened.pages)
    if not any(_LETTERS.search(piece.text) for page in pages for piece in page.pieces):
        raise Unreadable("pdf_without_text", opened.count)
    margins = find_margins(pages)
    lines = [
        read_page(page, frozenset(piece for page_number, piece in margins.pieces if page_number == number))
        for number, page in enumerate(pages)
    ]
    cut = [CutLine(0, piece.text, "page-head") for _, piece in sorted(margins.pieces, key=_place)]
    cut += [CutLine(0, line.text, "contents") for page in lines for line in page if is_contents(line)]
    kept = [[line for line in page if not is_contents(line)] for page in lines]
    words = words_of(line.text for page in kept for line in page)
    blocks = list(blocks_of(list(zip(margins.numbers, kept, strict=True)), words))
    check_lines("\n" * len(blocks))
    title = _title(opened.title, kept)
    document = to_document(file, blocks, DeclaredMetadata(title=one_line(title)))
    yield replace(document, cut=(*cut, *document.cut))


def _place(piece: tuple[int, Piece]) -> tuple[int, float, float]:
    """Return a sort key for a piece: its page, then top to bottom, then left to right."""
    number, one = piece
    return number, one.top, one.left


def _title(stated: str, pages: Sequence[Sequence[Line]]) -> str:
    """Return the properties' title if the first page with text shows it or shows none, else the title it shows."""
    first = next((lines for lines in pages if lines), [])
    shown = _largest(first, body_size(pages))
    stated = "" if _PROGRAM_TITLE.search(stated) else stated
    page = "".join("".join(line.text.split()) for line in first)
    if stated and ("".join(stated.split()) in page or not shown):
        return stated
    return shown


def _largest(lines: Sequence[Line], body: float) -> str:
    """Return the first lines in a page's largest letters, at most _TITLE_LINES; "" if below 1.2 times `body`."""
    largest = max((line.size for line in lines if len(line.text) > 1), default=0.0)
    if largest < 1.2 * body:
        return ""
    from_first = dropwhile(lambda line: line.size < 0.93 * largest, lines)
    words = [line.text for line in takewhile(lambda line: line.size > 0.93 * largest, from_first)]
    return " ".join(words[:_TITLE_LINES])
