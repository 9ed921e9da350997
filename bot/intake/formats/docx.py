"""Converts a Word document to blocks in document order: headings by their styles, tables as rows of cells.

python-docx opens the package and resolves the styles. Its paragraph lists leave out tracked insertions and the text in
content controls, so this module walks the XML elements itself.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any, Final

from msgspec.structs import replace

from bot.blocks import Block
from bot.intake.declared import DeclaredMetadata, one_line
from bot.intake.document import RawFile, check_lines, to_document
from bot.models import CutLine, Document
from bot.text.unreadable import Unreadable

LARGEST: Final = 30 << 20
"""Largest .docx accepted, in bytes; most of a large one is pictures."""
LARGEST_PART: Final = 24 << 20
"""Largest unpacked XML part, in bytes; its tree takes ten times as much memory. A thick book has 5 MiB."""
LARGEST_WHOLE: Final = 128 << 20
"""Largest unpacked total of all parts, in bytes."""
MOST_PARTS: Final = 5_000

_WORD: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_ARCHIVE: Final = re.compile(r"\.(?:zip|docx?|docm|xlsx?|pptx?|jar|rar|7z|gz|bz2|xz|tar)$", re.IGNORECASE)
_EMBEDDED: Final = "word/embeddings/"
"""Folder in which Word keeps the spreadsheets behind charts; nothing here opens them."""
_HEADING: Final = re.compile(r"heading ([1-9])")
_CONTENTS: Final = re.compile(r"toc (?:\d|heading)|table of (?:contents|figures)")
_PROGRAM_TITLE: Final = re.compile(
    r"^(?:word document|document\d*|文档\d*|无标题)$|\.(?:docx?|wps)$", re.IGNORECASE
)


def parse(file: RawFile) -> Iterator[Document]:
    """Yield the one document of a Word file (.docx).

    Raises Unreadable for a file that check_package() refuses, a broken one, and one with no text or too many blocks.
    """
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
    """Raise Unreadable if `raw` is no Word document, or if it exceeds a limit: its parts, their unpacked sizes."""
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
    """Raise Unreadable if a part is an archive, is XML of more than LARGEST_PART bytes, or declares a document type."""
    if _ARCHIVE.search(part.filename) and not part.filename.startswith(_EMBEDDED):
        raise Unreadable("archive_inside", part.filename[:100])
    if part.filename.endswith((".xml", ".rels")):
        if part.file_size > LARGEST_PART:
            raise Unreadable("unpacks_too_large", part.file_size, LARGEST_PART)
        with package.open(part) as opened:
            if b"<!" in opened.read(2048).replace(b"<!--", b""):  # Word writes no document type
                raise Unreadable("docx_broken")


def _first_heading(blocks: list[Block]) -> str:
    """Return the first heading among the first three blocks, or ""."""
    return next((block.text for block in blocks[:3] if block.kind == "heading"), "")


class _Walker:
    """Collector of a document's blocks, cut lines and title; `styles` maps a style's id to its name in lower case."""

    def __init__(self, styles: dict[str, str]) -> None:
        self._styles = styles
        self.blocks: list[Block] = []
        self.cut: list[CutLine] = []
        self.title = ""

    def walk(self, parent: Any) -> None:
        """Collect an element's paragraphs and tables, including those in content controls and tracked insertions."""
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
            if _table_of(row) is not table:
                continue  # the row of a nested table: its words are read with the outer cell
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


def _table_of(row: Any) -> Any:
    """Return the innermost table that contains a row."""
    return next(row.iterancestors(f"{_WORD}tbl"))


def _text_of(paragraph: Any) -> str:
    """Return a paragraph's text on one line, without tracked deletions and the fallback copies of drawings."""
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
