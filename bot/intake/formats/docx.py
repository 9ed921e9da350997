"""A Word document to blocks in the order of the document: headings by their styles, tables as rows of cells.

python-docx opens the package and knows the styles. Its paragraphs leave out what was inserted under revision and what
stands in content controls, so the elements are walked here.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from bot.blocks import Block
from bot.intake.declared import DeclaredMetadata, one_line
from bot.intake.document import RawFile, check_lines, to_document
from bot.models import CutLine, Document
from bot.text.unreadable import Unreadable

LARGEST: Final = 30 << 20
"""Bytes of a document, most of them pictures."""
LARGEST_PART: Final = 24 << 20
"""Bytes of one part of XML when it is unpacked: as a tree it takes ten times as much. A thick book has 5 MiB."""
LARGEST_WHOLE: Final = 128 << 20
"""Bytes of all parts when they are unpacked."""
MOST_PARTS: Final = 5_000

_WORD: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_ARCHIVE: Final = re.compile(r"\.(?:zip|docx?|docm|xlsx?|pptx?|jar|rar|7z|gz|bz2|xz|tar)$", re.IGNORECASE)
_EMBEDDED: Final = "word/embeddings/"
"""Where Word keeps the tables behind charts; nothing here opens them."""
_HEADING: Final = re.compile(r"heading ([1-9])")
_CONTENTS: Final = re.compile(r"toc (?:\d|heading)|table of (?:contents|figures)")
_PROGRAM_TITLE: Final = re.compile(
    r"^(?:word document|document\d*|文档\d*|无标题)$|\.(?:docx?|wps)$", re.IGNORECASE
)


def parse(file: RawFile) -> Iterator[Document]:
    """The document of a Word file (.docx). Raises Unreadable."""
    import docx
    from lxml.etree import XMLSyntaxError

    check_package(file.raw)
    try:
        package = docx.Document(io.BytesIO(file.raw))
        walker = _Walker({style.style_id: (style.name or "").lower() for style in package.styles})
        walker.walk(package.element.body)
        stated = package.core_properties.title or ""
    except (KeyError, ValueError, AttributeError, zipfile.BadZipFile, zlib.error, XMLSyntaxError) as error:
        raise Unreadable("docx_broken") from error
    if not walker.blocks:
        raise Unreadable("empty")
    check_lines("\n" * len(walker.blocks))
    blocks = [block._replace(line=number) for number, block in enumerate(walker.blocks, 1)]
    title = walker.title or ("" if _PROGRAM_TITLE.search(stated) else stated) or _first_heading(blocks)
    document = to_document(file, blocks, DeclaredMetadata(title=one_line(title)))
    yield replace(document, cut=(*walker.cut, *document.cut))


def check_package(raw: bytes) -> None:
    """Raises Unreadable for what is no Word document, and for one that unpacks to more than is read."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as package:
            parts = package.infolist()
            if len(parts) > MOST_PARTS:
                raise Unreadable("too_many_entries", len(parts), MOST_PARTS)
            if "word/document.xml" not in package.namelist():
                raise Unreadable("archive")
            for part in parts:
                _check_part(package, part)
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        RuntimeError,
        ValueError,
        OSError,
        EOFError,
    ) as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable("docx_broken") from error
    size = sum(part.file_size for part in parts)
    if size > LARGEST_WHOLE:
        raise Unreadable("unpacks_too_large", size, LARGEST_WHOLE)


def _check_part(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Raises Unreadable for a part that is an archive, too large, or XML that declares entities."""
    if _ARCHIVE.search(part.filename) and not part.filename.startswith(_EMBEDDED):
        raise Unreadable("archive_inside", part.filename[:100])
    if part.filename.endswith((".xml", ".rels")):
        if part.file_size > LARGEST_PART:
            raise Unreadable("unpacks_too_large", part.file_size, LARGEST_PART)
        with package.open(part) as opened:
            if b"<!" in opened.read(2048).replace(b"<!--", b""):  # Word writes no document type
                raise Unreadable("docx_broken")


def _first_heading(blocks: list[Block]) -> str:
    """The first heading, where the document begins with it."""
    return next((block.text for block in blocks[:3] if block.kind == "heading"), "")


class _Walker:
    """Collects the blocks of a body; `styles` names each style by its id."""

    def __init__(self, styles: dict[str, str]) -> None:
        self._styles = styles
        self.blocks: list[Block] = []
        self.cut: list[CutLine] = []
        self.title = ""

    def walk(self, parent: Any) -> None:
        """Reads the paragraphs and tables of an element, and of the controls in it."""
        for child in parent:
            if child.tag == f"{_WORD}p":
                self._paragraph(child)
            elif child.tag == f"{_WORD}tbl":
                self._table(child)
            elif child.tag in {f"{_WORD}sdt", f"{_WORD}sdtContent", f"{_WORD}ins", f"{_WORD}smartTag"}:
                self.walk(child)

    def _paragraph(self, element: Any) -> None:
        text = _text_of(element)
        if not text:
            return
        style = self._style_of(element)
        heading = _HEADING.match(style)
        if _CONTENTS.match(style):
            self.cut.append(CutLine(0, text, "contents"))
        elif style == "title" and not self.title:
            self.title = text
        elif heading:
            self.blocks.append(Block("heading", text, min(6, int(heading[1]))))
        elif element.find(f"{_WORD}pPr/{_WORD}numPr") is not None or style.startswith("list"):
            self.blocks.append(Block("item", text, 1))
        else:
            self.blocks.append(Block("paragraph", text))

    def _table(self, table: Any) -> None:
        for row in table.iter(f"{_WORD}tr"):
            if _of_table(row) is not table:
                continue  # of a table inside a cell, whose words are the cell's
            cells = [
                " ".join(filter(None, map(_text_of, cell.iter(f"{_WORD}p"))))
                for cell in row.iterchildren(f"{_WORD}tc")
            ]
            if sum(map(bool, cells)) > 1:
                self.blocks.append(Block("row", f"| {' | '.join(cells)} |"))
            elif len(row.findall(f"{_WORD}tc")) == 1:  # a frame around text
                for paragraph in row.iter(f"{_WORD}p"):
                    self._paragraph(paragraph)
            else:
                self.blocks += [Block("paragraph", cell) for cell in cells if cell]

    def _style_of(self, paragraph: Any) -> str:
        style = paragraph.find(f"{_WORD}pPr/{_WORD}pStyle")
        return self._styles.get(style.get(f"{_WORD}val"), "") if style is not None else ""


def _of_table(row: Any) -> Any:
    """The table that a row belongs to."""
    return next(row.iterancestors(f"{_WORD}tbl"))


def _text_of(paragraph: Any) -> str:
    """The words of a paragraph on one line, without what is deleted and what is there twice."""
    parts: list[str] = []
    for element in paragraph.iter(
        f"{_WORD}t", f"{_WORD}tab", f"{_WORD}br", f"{_WORD}cr", f"{_WORD}noBreakHyphen"
    ):
        inside = (
            {ancestor.tag for ancestor in element.iterancestors()} if element.tag == f"{_WORD}t" else set()
        )
        if _FALLBACK in inside:
            continue
        name = element.tag.removeprefix(_WORD)
        parts.append(element.text or "" if name == "t" else "-" if name == "noBreakHyphen" else " ")
    return " ".join("".join(parts).split())
