"""Groups a PDF's lines, in reading order, into blocks: paragraphs, headings and table rows, each with its page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import pairwise
from statistics import median
from typing import Final

from msgspec import Struct, field

from bot.blocks import Block
from bot.intake.formats.pdf_layout import Line
from bot.text.hyphens import is_broken, join_broken
from bot.text.language import detect_language
from bot.text.sentences import sentence_spans

_FINAL: Final = re.compile(r"[.。!！?？:：;；…][\"'”’」』)）\]]*$")
_ITEM: Final = re.compile(
    r"(?:[•●▪■◆◇○□➢✓]\s*|[–—*-]\s+|\d{1,3}[.)、]\s*(?!\d)|[(（]\d{1,3}[)）]\s*|[a-z][)]\s+)(?=\S)"
)
_BULLET: Final = re.compile(r"[•●▪■◆◇○□➢✓]\s*|[–—*-]\s+")
_NUMBERED: Final = re.compile(
    r"(?:第[一二三四五六七八九十百\d]{1,4}[章节節部篇编]|[一二三四五六七八九十]{1,3}、|[(（][一二三四五六七八九十]{1,3}[)）]"
    r"|\d{1,2}(?:\.\d{1,2}){1,3}\.?\s|(?:chapter|section|part|appendix)\s+[\dIVXA-Z]+\b)",
    re.IGNORECASE,
)
_CONTENTS: Final = re.compile(r"(?:\.\s?){5,}|…{2,}|(?:·\s?){5,}|_{5,}")
"""Leader dots between an entry of a table of contents and its page number."""
_WIDE: Final = re.compile(r"[\u2e80-\u9fff\u3000-\u303f\uff00-\uffef“”‘’…—]")
_SPREAD: Final = re.compile(
    r"(?<=[\u2e80-\u9fff，。、；：！？“”（）《》]) +(?=[\u2e80-\u9fff，。、；：！？“”（）《》])"
)
_BEFORE_MARK: Final = re.compile(r" +(?=[，。、；：！？）》」』”])|(?<=[，。、；：！？（《「『]) +")

LONGEST_HEADING: Final = 120
_LARGER: Final = 1.13
"""Ratio of font size to body size above which a line is a heading."""
_SAME_SIZE: Final = 0.12
_FULL: Final = 2.5
"""Font sizes by which a full line may fall short of its column's edge."""


class _Paragraph(Struct):
    """Lines that belong to one paragraph, each with its page number."""

    lines: list[tuple[int, Line]] = field(default_factory=list)

    @property
    def last(self) -> Line:
        return self.lines[-1][1]


def body_size(pages: Iterable[Sequence[Line]]) -> float:
    """Return the font size of most letters, to half a point; 1 if there are no lines."""
    weights: dict[float, int] = {}
    for line in (line for lines in pages for line in lines):
        size = round(line.size * 2) / 2
        weights[size] = weights.get(size, 0) + len(line.text)
    return max(weights, key=lambda size: weights[size], default=1.0)


def is_contents(line: Line) -> bool:
    """Return whether a line is an entry of a table of contents."""
    return _CONTENTS.search(line.text) is not None and line.text[-1:].isalnum()


def blocks_of(pages: Sequence[tuple[int, Sequence[Line]]], words: AbstractSet[str]) -> Iterator[Block]:
    """Yield the blocks of numbered pages.

    `words`, those of the whole text, show how a word broken by a hyphen is written.
    """
    body = body_size(lines for _, lines in pages)
    levels = _levels(pages, body)
    spacing = _spacing(pages, body)
    paragraph, notes = _Paragraph(), _Paragraph()
    for number, lines in pages:
        bottom = max((line.bottom for line in lines), default=0.0)
        for line in lines:
            if line.size < 0.9 * body and line.top > 0.6 * bottom and len(line.cells) == 1:
                notes.lines.append((number, line))  # a footnote must not split a sentence
                continue
            if paragraph.lines and not _continues(paragraph.last, line, spacing):
                yield from _paragraph_blocks(paragraph, body, levels, words)
                yield from _note_blocks(notes, words, spacing)
                paragraph, notes = _Paragraph(), _Paragraph()
            paragraph.lines.append((number, line))
    yield from _paragraph_blocks(paragraph, body, levels, words)
    yield from _note_blocks(notes, words, spacing)


def _levels(pages: Sequence[tuple[int, Sequence[Line]]], body: float) -> dict[float, int]:
    """Return heading levels by font size, rounded to points: the largest is level 1, the lowest level is 6."""
    sizes = {round(line.size) for _, lines in pages for line in lines if line.size > _LARGER * body}
    return {size: min(rank, 6) for rank, size in enumerate(sorted(sizes, reverse=True), 1)}


def _spacing(pages: Sequence[tuple[int, Sequence[Line]]], body: float) -> float:
    """Return the usual distance between the tops of two lines of a paragraph, in font sizes; 1.2 if unknown."""
    steps = [
        (below.top - above.top) / above.size
        for _, lines in pages
        for above, below in pairwise(lines)
        if abs(above.size - body) < _SAME_SIZE * body and 0 < below.top - above.top < 3 * above.size
    ]
    return median(steps) if steps else 1.2


def _continues(before: Line, line: Line, spacing: float) -> bool:
    """Return whether `line` continues the paragraph that `before` belongs to."""
    if len(before.cells) > 1 or len(line.cells) > 1:
        return False
    if abs(before.size - line.size) > _SAME_SIZE * before.size or _ITEM.match(line.text):
        return False
    indented = line.left > line.column[0] + 0.8 * line.size
    final = _FINAL.search(before.text) is not None
    step = line.top - before.top
    if before.column != line.column or step <= 0:  # the next column, or the next page
        return not final and not (indented and before.left <= before.column[0] + 0.8 * before.size)
    if step > (spacing + 0.35) * before.size:
        return False
    short = before.right < before.column[1] - _FULL * before.size
    if indented and before.left <= before.column[0] + 0.8 * before.size and not _ITEM.match(before.text):
        return before.right >= before.column[1] - _FULL * before.size and not final
    very_short = before.right < before.column[0] + 0.7 * (before.column[1] - before.column[0])
    return not (short and final) and not (very_short and not line.text[:1].islower())


def _paragraph_blocks(
    paragraph: _Paragraph, body: float, levels: dict[float, int], words: AbstractSet[str]
) -> Iterator[Block]:
    """Yield the blocks of a paragraph: one, or one for each page on which a sentence of it begins."""
    if not paragraph.lines:
        return
    number, first = paragraph.lines[0]
    if len(first.cells) > 1:
        yield Block("row", f"| {' | '.join(map(_without_spread, first.cells))} |", page=number)
        return
    parts = _joined_lines(paragraph.lines, words)
    text = "".join(part for _, part in parts)
    level = levels.get(round(first.size), 6) if first.size > _LARGER * body else 0
    if not level and len(paragraph.lines) == 1 and _NUMBERED.match(text) and not _FINAL.search(text):
        level = min(6, max(levels.values(), default=0) + 1)
    if level and len(text) <= LONGEST_HEADING:
        yield Block("heading", text, level, page=number)
    elif mark := _BULLET.match(text):
        yield Block("item", text[mark.end() :], 1, page=number)
    else:
        yield from _by_page(parts, text)


def _note_blocks(notes: _Paragraph, words: AbstractSet[str], spacing: float) -> Iterator[Block]:
    """Yield footnotes as paragraphs of their own."""
    group: list[tuple[int, Line]] = []
    for number, line in notes.lines:
        if group and not _continues(group[-1][1], line, spacing):
            yield from _by_page(_joined_lines(group, words))
            group = []
        group.append((number, line))
    if group:
        yield from _by_page(_joined_lines(group, words))


def _joined_lines(lines: Sequence[tuple[int, Line]], words: AbstractSet[str]) -> list[tuple[int, str]]:
    """Return the text of each line with its page number, including the space that separates it from the next."""
    parts: list[tuple[int, str]] = []
    for number, line in lines:
        text = _without_spread(line.text)
        if parts:
            before_number, before = parts[-1]
            if is_broken(before, text):
                joined = join_broken(before, text, words)
                head = before if joined.startswith(before) else before[:-1]
                parts[-1] = (before_number, head)
                text = joined[len(head) :]
            elif not (_WIDE.match(before[-1:]) and _WIDE.match(text[:1])):
                parts[-1] = (before_number, f"{before} ")
        parts.append((number, text))
    return parts


def _by_page(parts: Sequence[tuple[int, str]], text: str = "") -> Iterator[Block]:
    """Yield a paragraph, cut before the first sentence that begins on another page: a citation names that page."""
    text = text or "".join(part for _, part in parts)
    begins = {0: parts[0][0]}
    offset = 0
    for (page, part), (following, _) in pairwise(parts):
        offset += len(part)
        if following != page:
            begins[offset] = following
    if len(begins) == 1:
        yield Block("paragraph", text, page=parts[0][0])
        return
    pages = sorted(begins.items())
    start, current = 0, parts[0][0]
    for first, _ in sentence_spans(text, detect_language(text)):
        page = [number for index, number in pages if index <= first][-1]
        if page != current:
            yield Block("paragraph", text[start:first].strip(), page=current)
            start, current = first, page
    yield Block("paragraph", text[start:].strip(), page=current)


def _without_spread(text: str) -> str:
    """Return `text` without the spaces that a typesetter put between Chinese characters or around their punctuation."""
    tokens = text.split()
    single = sum(len(token) == 1 and _WIDE.match(token) is not None for token in tokens)
    if len(tokens) > 2 and single >= 0.6 * len(tokens):
        return _SPREAD.sub("", " ".join(tokens))
    return _BEFORE_MARK.sub("", " ".join(tokens))
