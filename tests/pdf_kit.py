"""Typesets PDFs of known text: one or two columns, running heads, page numbers, fonts of several kinds."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Paragraph, Table

from bot.intake.readers import read_documents

SEEDS: Final = Path(__file__).parent.parent / "seeds"
_MARGIN: Final = 60
_EMBEDDED: Final = Path("/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf")


@dataclass(frozen=True)
class Typeset:
    """A PDF, its text in reading order, and the words that each page begins with."""

    raw: bytes
    text: str
    pages: dict[int, str] = field(default_factory=dict)


def paragraphs_of(seed: str, language: str) -> list[str]:
    """Return the paragraphs of a seed, headings as `# words`."""
    (path,) = SEEDS.glob(f"{seed}*.{language}.md")
    document = next(
        read_documents(
            path.name, path.read_bytes(), {other.name: other.read_bytes() for other in SEEDS.glob("*.md")}
        )
    )
    return [block.shown for block in document.blocks]


def typeset(
    paragraphs: Sequence[str],
    *,
    font: str = "Helvetica",
    columns: int = 1,
    size: float = 10.5,
    head: str = "",
    numbered: bool = True,
    first_number: int = 1,
    table: Sequence[Sequence[str]] = (),
    password: str = "",
) -> Typeset:
    """Typeset paragraphs justified, with indented first lines; a paragraph `# words` becomes a heading."""
    font = _registered(font)
    style = ParagraphStyle(
        "body", fontName=font, fontSize=size, leading=1.5 * size, firstLineIndent=2 * size, alignment=4
    )
    if "Light" in font or "Heiti" in font:
        style.wordWrap = "CJK"
    heading = ParagraphStyle(
        "heading", parent=style, fontSize=1.5 * size, leading=2 * size, firstLineIndent=0, alignment=0
    )
    story: list[Any] = [
        Paragraph(_escaped(text.lstrip("# ")), heading if text.startswith("#") else style)
        for text in paragraphs
    ]
    if table:
        story.append(Table([list(row) for row in table], style=[("FONT", (0, 0), (-1, -1), font, size)]))
    target = io.BytesIO()
    document = _Template(target, font, head, first_number if numbered else None, columns)
    if password:
        document.encrypt = StandardEncryption(password, canPrint=0)
    document.build(story)
    cells = [cell for row in table for cell in row]
    return Typeset(target.getvalue(), "\n".join([*(p.lstrip("# ") for p in paragraphs), *cells]))


def character_f1(read: str, right: str, length: int = 1) -> float:
    """Return the F1 score of `read` against `right` over their n-grams of `length` characters, ignoring white space."""
    ours, theirs = (Counter(_runs("".join(text.split()), length)) for text in (read, right))
    same = (ours & theirs).total()
    return 2 * same / max(1, ours.total() + theirs.total())


def _runs(text: str, length: int) -> list[str]:
    return [text[start : start + length] for start in range(len(text) - length + 1)]


class _Template(BaseDocTemplate):  # type: ignore[misc]  # reportlab ships no types
    """Page template: one or more columns, with a running head and a page number at the foot."""

    def __init__(self, target: io.BytesIO, font: str, head: str, number: int | None, columns: int) -> None:
        super().__init__(target, pagesize=A4, title="", author="")
        width, height = A4
        gap = 20
        each = (width - 2 * _MARGIN - (columns - 1) * gap) / columns
        frames = [
            Frame(_MARGIN + column * (each + gap), _MARGIN, each, height - 2 * _MARGIN, 0, 0, 0, 0)
            for column in range(columns)
        ]
        self._marks = (font, head, number)
        self.addPageTemplates(PageTemplate(frames=frames, onPage=self._mark))

    def _mark(self, canvas: Any, _document: BaseDocTemplate) -> None:
        font, head, number = self._marks
        width, height = A4
        canvas.setFont(font, 8)
        if head:
            canvas.drawString(_MARGIN, height - 40, head)
        if number is not None:
            canvas.drawCentredString(width / 2, 30, str(canvas.getPageNumber() + number - 1))


def _registered(font: str) -> str:
    """Register a font if needed and return its name: "embedded", a standard Chinese one, or one built into PDF."""
    if font == "embedded":
        pdfmetrics.registerFont(TTFont("Embedded", _EMBEDDED))
        return "Embedded"
    if font in {"STSong-Light", "MSung-Light", "HeiseiMin-W3"}:
        pdfmetrics.registerFont(UnicodeCIDFont(font))
    return font


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
