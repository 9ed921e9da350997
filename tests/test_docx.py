"""Word documents are read in document order: headings, lists, tables, and tracked insertions."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import docx
import pytest
from docx.document import Document as WordDocument
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from library_kit import in_words

from bot.intake.readers import read_documents
from bot.models import Document
from bot.text.unreadable import Unreadable

BODY = "Liquid cooling cut the power bill of the new hall by 18% in its first year, the operator said."
HAN = "算力需求在过去一年里继续增长，多家机构上调了预测。"


def saved(word: WordDocument) -> bytes:
    target = io.BytesIO()
    word.save(target)
    return target.getvalue()


def read(raw: bytes, name: str = "a.docx") -> Document:
    (document,) = read_documents(name, raw)
    return document


def refusal(raw: bytes, name: str = "a.docx") -> str:
    with pytest.raises(Unreadable) as refused:
        read(raw, name)
    return in_words(refused.value.problem)


def blocks(document: Document) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in document.blocks]


def packed(parts: dict[str, bytes]) -> bytes:
    """Return a Word document with some parts replaced or added."""
    word = docx.Document()
    word.add_paragraph(BODY)
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(saved(word))) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, parts.pop(name) if name in parts else old.read(name))
        for name, content in parts.items():
            new.writestr(name, content)
    return target.getvalue()


def inserted(word: WordDocument, xml: str) -> Any:
    """Insert an element after the last paragraph, and return it."""
    element = parse_xml(xml.replace("<w:", "<w:", 1).replace(">", f" {nsdecls('w')}>", 1))
    word.paragraphs[-1]._p.addnext(element)
    return element


def test_everything_stands_in_the_order_of_the_document() -> None:
    word = docx.Document()
    word.add_paragraph("算力与电力 2025", style="Title")
    word.add_heading("需求", 1)
    word.add_paragraph(HAN)
    table = word.add_table(2, 3)
    for row, texts in zip(table.rows, (("国家", "模型", "占比"), ("美国", "40", "62%")), strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    word.add_heading("电力", 2)
    word.add_paragraph(BODY, style="List Bullet")
    word.add_paragraph(f"{HAN}{BODY}")
    document = read(saved(word))
    assert document.title == "算力与电力 2025"
    assert blocks(document) == [
        ("heading", "需求"),
        ("paragraph", HAN),
        ("row", "| 国家 | 模型 | 占比 |"),
        ("row", "| 美国 | 40 | 62% |"),
        ("heading", "电力"),
        ("item", BODY),
        ("paragraph", f"{HAN}{BODY}"),
    ]


def test_what_was_inserted_is_read_and_what_was_deleted_is_not() -> None:
    word = docx.Document()
    word.add_paragraph(HAN)
    inserted(
        word,
        "<w:p><w:r><w:t xml:space='preserve'>Power grew by </w:t></w:r>"
        "<w:del w:id='1' w:author='a'><w:r><w:delText>17%</w:delText></w:r></w:del>"
        "<w:ins w:id='2' w:author='a'><w:r><w:t>18%</w:t></w:r></w:ins><w:r><w:t> in 2025, the operator says.</w:t></w:r></w:p>",
    )
    assert ("paragraph", "Power grew by 18% in 2025, the operator says.") in blocks(read(saved(word)))


def test_what_stands_in_a_control_is_read_and_contents_are_cut() -> None:
    word = docx.Document()
    word.add_paragraph(HAN)
    toc = word.styles.add_style("toc 1", 1)
    word.add_paragraph("需求 ........ 3", style=toc)
    inserted(word, f"<w:sdt><w:sdtContent><w:p><w:r><w:t>{BODY}</w:t></w:r></w:p></w:sdtContent></w:sdt>")
    document = read(saved(word))
    assert blocks(document) == [("paragraph", HAN), ("paragraph", BODY)]
    assert [(cut.rule, cut.text) for cut in document.cut] == [("contents", "需求 ........ 3")]


def test_a_frame_of_one_cell_is_text() -> None:
    word = docx.Document()
    word.add_table(1, 1).rows[0].cells[0].text = BODY
    word.add_paragraph(HAN)
    assert blocks(read(saved(word))) == [("paragraph", BODY), ("paragraph", HAN)]


def test_first_bytes_tell_it_and_not_its_name() -> None:
    word = docx.Document()
    word.add_paragraph(BODY)
    assert read(saved(word), "notes.txt").blocks == read(saved(word), "notes.pdf").blocks


class TestIsRefusedBeforeItIsOpened:
    def test_an_archive(self) -> None:
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as archive:
            archive.writestr("a.txt", BODY)
        assert refusal(target.getvalue(), "a.zip") == "This is an archive. Unpack it and send what is in it."

    def test_one_that_unpacks_to_more_than_is_read(self) -> None:
        raw = packed({"word/document.xml": b"<w:document>" + b" " * (200 << 20)})
        assert len(raw) < 1 << 20
        assert "The file unpacks to 209,715,212 bytes; the limit is" in refusal(raw)

    def test_one_that_holds_an_archive(self) -> None:
        assert "There is an archive in the file (word/media/a.zip)" in refusal(
            packed({"word/media/a.zip": b"PK"})
        )

    def test_one_of_entities(self) -> None:
        bomb = (
            b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
            b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>&b;</w:body></w:document>'
        )
        assert (
            refusal(packed({"word/document.xml": bomb}))
            == "The Word document is broken and cannot be opened."
        )

    def test_one_of_too_many_parts(self) -> None:
        raw = packed({f"word/media/{n}.png": b"x" for n in range(6_000)})
        assert "parts; the limit is 5,000" in refusal(raw)

    @pytest.mark.parametrize(
        "raw", [b"PK\x03\x04" + b"x" * 900, packed({})[:-300], packed({"word/document.xml": b"<a/>"})]
    )
    def test_broken_ones(self, raw: bytes) -> None:
        assert refusal(raw) == "The Word document is broken and cannot be opened."


def test_one_with_the_table_of_a_chart_is_read() -> None:
    assert read(packed({"word/embeddings/Microsoft_Excel_Sheet.xlsx": b"PK\x03\x04"})).text == BODY
