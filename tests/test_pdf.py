"""PDFs are read in reading order: columns, whole paragraphs, without headers and footers, each sentence with its page."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from itertools import pairwise

import pypdfium2
import pytest
from library_kit import Shelf, in_words
from pdf_kit import character_f1, paragraphs_of, typeset
from reportlab.pdfgen.canvas import Canvas

from bot.intake.readers import read_documents
from bot.models import Document
from bot.text.unreadable import Unreadable

ENGLISH = paragraphs_of("stanford", "en")
CHINESE = paragraphs_of("stanford", "zh")
PROSE = [text for text in ENGLISH if not text.startswith("#")]
TABLE = [["Country", "Models", "Share"], ["United States", "40", "62%"], ["China", "15", "23%"]]
TABLE_ZH = [["国家", "模型数", "占比"], ["美国", "40", "62%"], ["中国", "15", "23%"]]


def read(raw: bytes, name: str = "report.pdf") -> Document:
    (document,) = read_documents(name, raw)
    return document


def refusal(raw: bytes) -> str:
    with pytest.raises(Unreadable) as refused:
        read(raw)
    return in_words(refused.value.problem)


def printed_pages(raw: bytes, first: int) -> Iterator[tuple[int, int]]:
    """Yield (plant, number of the page that names it), by pdfium's own text."""
    for number, page in enumerate(pypdfium2.PdfDocument(raw), first):
        for match in re.finditer(r"Plant(\d+)", page.get_textpage().get_text_range()):
            yield int(match[1]), number


def texts(document: Document) -> str:
    return "\n".join(block.text.replace("|", " ") for block in document.blocks)


@pytest.mark.parametrize("columns", [1, 2])
@pytest.mark.parametrize(
    ("paragraphs", "font"),
    [(ENGLISH, "Times-Roman"), (ENGLISH, "embedded"), (CHINESE, "STSong-Light"), (CHINESE, "MSung-Light")],
    ids=["english", "embedded", "song", "ming"],
)
def test_every_paragraph_is_whole_and_in_its_place(paragraphs: list[str], font: str, columns: int) -> None:
    """Paragraphs come in order, and each is one block unless a page ends in it."""
    made = typeset(paragraphs, font=font, columns=columns, head="Annual report 2025 of the institute")
    document = read(made.raw)
    assert character_f1(texts(document), made.text) >= 0.99
    assert character_f1(texts(document), made.text, 4) >= 0.98
    assert "Annual report" not in texts(document)
    wanted = {"".join(p.lstrip("# ").split()) for p in paragraphs}
    got = {"".join(block.text.split()) for block in document.blocks}
    assert len(wanted & got) >= 0.8 * len(wanted)


@pytest.mark.parametrize(("table", "font"), [(TABLE, "Helvetica"), (TABLE_ZH, "STSong-Light")])
def test_a_table_is_lines_of_cells(table: list[list[str]], font: str) -> None:
    made = typeset((ENGLISH if font == "Helvetica" else CHINESE)[:4], font=font, table=table)
    rows = [block.text for block in read(made.raw).blocks if block.kind == "row"]
    assert rows == [f"| {' | '.join(row)} |" for row in table]


def test_headings_are_told_by_the_size_of_their_letters() -> None:
    document = read(typeset(["# Ten trends", *PROSE[:5], "# What comes next", *PROSE[5:9]]).raw)
    assert document.title == "Ten trends"
    assert [block.text for block in document.blocks if block.kind == "heading"] == ["What comes next"]


@pytest.mark.parametrize("first", [1, 17])
def test_a_sentence_has_the_printed_number_of_the_page_that_it_begins_on(first: int, shelf: Shelf) -> None:
    sentences = [
        f"Plant{n} delivered its thousandth machine of the year in week {n % 50 + 1}, its owner said."
        for n in range(400)
    ]
    paragraphs = [" ".join(sentences[start : start + 8]) for start in range(0, 400, 8)]
    made = typeset(paragraphs, first_number=first, head="Machines of the year")
    pages = dict(printed_pages(made.raw, first))
    (result,) = shelf.ingest.content("machines.pdf", made.raw, 1_790_000_000, lambda _name: None)
    (edition,) = shelf.library.reports([result.id])[result.id].editions
    found = {}
    for passage in shelf.library.passages_at(result.id, "en", range(edition.passages)):
        for sentence in passage.sentences:
            match = re.match(r"Plant(\d+) ", sentence.text)
            assert match, sentence.text
            found[int(match[1])] = sentence.pages
    assert len(found) == 400
    assert len(set(pages.values())) > 5
    assert found == {number: (page,) for number, page in pages.items()}


def test_a_word_that_a_line_ends_in_is_one_word() -> None:
    text = (
        "The co-\noperation of inter-\nnational state-of-\nthe-art laboratories in 2025 grew by a fifth. " * 3
    )
    target = io.BytesIO()
    canvas = Canvas(target)
    for number, line in enumerate(text.strip().split("\n")):
        canvas.drawString(72, 700 - 14 * number, line)
    canvas.save()
    read_text = texts(read(target.getvalue()))
    assert "international state-of-the-art laboratories" in read_text


def test_spaced_out_chinese_is_closed_up() -> None:
    spaced = " ".join("关于红军北上抗日的决定") + "。"
    document = read(typeset([spaced, *CHINESE[1:4]], font="STSong-Light").raw)
    assert "关于红军北上抗日的决定。" in texts(document)


def test_contents_are_cut_and_named() -> None:
    entries = [f"Chapter {n} {'. ' * 40} {n * 7}" for n in range(1, 9)]
    document = read(typeset(["# Report", *entries, *ENGLISH[1:8]]).raw)
    assert "Chapter" not in texts(document)
    assert sum(cut.rule == "contents" for cut in document.cut) == 8


class TestIsRefusedInWords:
    def test_without_text(self) -> None:
        target = io.BytesIO()
        canvas = Canvas(target)
        for _ in range(3):
            canvas.rect(100, 100, 200, 200, fill=1)
            canvas.showPage()
        canvas.save()
        assert (
            refusal(target.getvalue())
            == "The PDF has 3 pages and no text. It may be a scan; pictures of text cannot be read."
        )

    def test_with_a_password(self) -> None:
        made = typeset(ENGLISH[:3], password="secret")  # noqa: S106 -- the password of a document made here
        assert (
            refusal(made.raw) == "The PDF is locked with a password. Save it without one and send it again."
        )
        assert "locked" not in refusal(typeset([]).raw), "one without pages after it"

    def test_broken(self) -> None:
        assert refusal(b"%PDF-1.7\n" + b"x" * 2000) == "The PDF is broken and cannot be opened."


def test_what_it_is_decides_and_not_its_name() -> None:
    raw = typeset(ENGLISH).raw
    assert (
        read(raw, "report.txt").blocks
        == read(raw, "report.pdf").blocks
        == read(b"\r\n\r\n" + raw, "x").blocks
    )


def test_a_text_about_pdfs_is_none() -> None:
    text = "A PDF begins with %PDF-1.7, and readers look for %PDF- within its first 1,024 bytes, as the standard says."
    assert read(text.encode(), "about.txt").text == text


def test_paragraphs_of_the_kit_differ() -> None:
    assert all(a != b for a, b in pairwise(ENGLISH))
