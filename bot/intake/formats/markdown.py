"""Converts Markdown to blocks, and a Markdown file to a document with the metadata of its front matter.

markdown-it-py finds the blocks. Each keeps its line number in the source, so that cut lines are reported correctly.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from bot.blocks import ITEM_TITLE, Block, BlockKind
from bot.intake.declared import declared_in, one_line
from bot.intake.document import Keys, RawFile, decoded, to_document
from bot.intake.formats.html import fragment_blocks
from bot.intake.formats.markdown_lines import Line, lines_of
from bot.intake.front_matter import LONGEST_FRONT_MATTER, split_front_matter
from bot.models import Document, Problem
from bot.text.decode import decode
from bot.text.hyphens import is_broken, join_broken, words_of
from bot.text.lines import HEADLINE_WIDTH, is_sentence, width
from bot.text.unreadable import Unreadable

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

MOST_MARKS: Final = 200_000
"""Most characters that may begin markup: they take 5 s. A book of 16 MB that people write has fewer."""

_MARKS: Final = "[*_~<`"
_INLINE: Final = re.compile(r"[\n\\`~*_\[\]<&]|!(?=\[)")
"""Characters at which an inline rule may begin or a link may end: the parser stops at no other one."""
_TRANSLATION: Final = b"translation_of"
_OWN_LINE: Final = re.compile(r"\||\d{1,3}[.)]\s")
"""Beginning of a line that is an entry of its own although CommonMark joins it: `2. …` after text, a table row."""
_TASK: Final = re.compile(r"\[[ xX]\]\s+")
_HTML_LIST: Final = re.compile(r"<(/?)[uo]l\b", re.IGNORECASE)
_NUMBERED: Final = re.compile(r"\d{1,3}[、.．)）]")
_MOSTLY: Final = 0.8
"""Share of a line's letters in links from which on it is a list of links."""
_WIDE: Final = re.compile(r"[\u2e80-\u9fff\uff00-\uffef《“]")
_WIDE_END: Final = re.compile(r"[\u2e80-\u9fff\uff00-\uffef][,.;:!?)”]?$")


def parse(file: RawFile) -> Iterator[Document]:
    """Yield the one document of a Markdown file, with the metadata of its front matter.

    Raises Unreadable for a text that cannot be decoded or has too many lines or marks, for front matter that cannot be
    read, and for a translation whose original is missing or unreadable.
    """
    values, body = split_front_matter(decoded(file).replace("\r\n", "\n").replace("\r", "\n"))
    declared = declared_in(values, file.today)
    title, blocks = markdown_blocks(body)
    known = declared if declared.title else replace(declared, title=one_line(title), title_from="heading")
    keys = _original_keys(file, declared.translation_of) if declared.translation_of else None
    yield to_document(file, blocks, known, keys)


def siblings(raw: bytes) -> tuple[str, ...]:
    """Return the name of the file that a translation names as its original; empty if it is no translation.

    Raises Unreadable for a text that cannot be decoded, or whose front matter cannot be read.
    """
    if _TRANSLATION not in raw[: 4 * LONGEST_FRONT_MATTER]:
        return ()
    values, _ = split_front_matter(decode(raw).replace("\r\n", "\n").replace("\r", "\n"))
    name = declared_in(values).translation_of
    return (name,) if name else ()


def _original_keys(file: RawFile, sibling: str) -> Keys:
    """Return the keys of the original named by a translation. Raises Unreadable if it is missing or unreadable."""
    keys = file.originals.get(sibling)
    if keys is None:
        raise Unreadable("no_original", sibling)
    if isinstance(keys, Problem):
        raise Unreadable("bad_original", sibling, keys)
    return keys


def markdown_blocks(text: str) -> tuple[str, list[Block]]:
    """Return the first level-1 heading ("" if none) and the blocks of `text` without markup.

    Raises Unreadable for a text with more than MOST_MARKS marks.
    """
    marks = sum(map(text.count, _MARKS))
    if marks > MOST_MARKS:
        raise Unreadable("too_many_marks", marks, MOST_MARKS)
    reader = _Reader()
    tokens = _parser().parse(text)
    for index, token in enumerate(tokens):
        if token.type == "heading_open":
            reader.heading(token, tokens[index + 1])
        elif token.type == "inline" and tokens[index - 1].type != "heading_open":
            reader.paragraph(token)
        elif token.type == "fence":
            reader.code(token)
        elif token.type == "html_block":
            reader.html(token)
        else:
            reader.enter(token)
    return reader.title, reader.blocks


@cache
def _parser() -> MarkdownIt:
    """Return a CommonMark parser with tables and strikethrough, without indented code: Chinese indents paragraphs."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"]).disable("code")
    parser.inline.terminator_re = _INLINE
    # Link addresses are never shown, and normalising them takes a tenth of the time.
    for name in ("normalizeLink", "normalizeLinkText"):
        setattr(parser, name, str)
    return parser


class _Reader:
    """Collector of blocks, token by token; each block knows the line on which it begins."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.title = ""
        self._mark = ""
        self._items = self._quotes = self._html_lists = 0
        self._cells: list[str] | None = None
        self._row = 0

    def enter(self, token: Token) -> None:
        """Track where list items, quotations and table rows begin and end; add each row at its end."""
        if token.type == "list_item_open":
            self._items += 1
            self._mark = f"{token.info}{token.markup} " if token.info else ""
        elif token.type == "list_item_close":
            self._items -= 1
            self._mark = ""  # an empty item leaves its mark unused
        elif token.type in {"blockquote_open", "blockquote_close"}:
            self._quotes += token.nesting
        elif token.type == "tr_open":
            self._cells = []
        elif token.type == "tr_close" and self._cells is not None:
            if any(self._cells):
                self._put("row", self._row, f"| {' | '.join(self._cells)} |")
            self._cells = None

    def heading(self, opening: Token, words: Token) -> None:
        """Add a heading. A sentence that CommonMark calls a heading because a rule is directly below it stays text."""
        lines = lines_of(words)
        underlined = opening.markup in {"=", "-"}
        if underlined and is_sentence(lines[-1].text):
            self.paragraph(words)
            return
        text = lines[-1].text if underlined else "".join(line.text for line in lines)
        if underlined:
            self._lines(words, lines[:-1])
        if opening.tag == "h1":
            self.title = self.title or text
        self._put("heading", _first_line(words) + len(lines) - 1, text, int(opening.tag[1:]))

    def paragraph(self, words: Token) -> None:
        """Add a paragraph, its inner entries as blocks of their own; inside a table, keep it as a cell."""
        lines = lines_of(words)
        if self._cells is None:
            self._lines(words, lines)
            self._enter_html(words.content)
        else:
            self._row = _first_line(words)
            self._cells.append(" ".join(line.text for line in lines).strip())

    def code(self, token: Token) -> None:
        """Add each line of code with its line number."""
        for line, text in enumerate(token.content.split("\n"), _first_line(token) + 1):
            self._put("code", line, text)

    def html(self, token: Token) -> None:
        """Add the blocks of an HTML fragment; its text may contain Markdown."""
        self._enter_html(token.content)
        for kind, text, level, line, _ in fragment_blocks(token.content, _first_line(token)):
            words = text
            if any(mark in text for mark in _MARKS):
                words = "".join(line.text for line in lines_of(_parser().parseInline(text)[0]))
            inside = self._kind if kind == "paragraph" else kind
            self._put(inside, line, words, level)

    def _enter_html(self, source: str) -> None:
        """Track open HTML lists: a blank line ends an HTML block, but the text after it is still in the list."""
        for match in _HTML_LIST.finditer(source):
            self._html_lists = max(0, self._html_lists + (-1 if match[1] else 1))

    @property
    def _kind(self) -> BlockKind:
        return "item" if self._items or self._html_lists else "quote" if self._quotes else "paragraph"

    def _lines(self, words: Token, lines: Sequence[Line]) -> None:
        """Add the lines of a paragraph, joined except at hard breaks and entries of their own."""
        first = _first_line(words)
        run: list[Line] = []
        for index, line in enumerate(lines):
            if run and (line.forced or _OWN_LINE.match(line.text)):
                self._text(first, run)
                run = []
            first = first if run else _first_line(words) + index
            run.append(line)
        self._text(first, run)

    def _text(self, index: int, lines: Sequence[Line]) -> None:
        """Add lines as one block: all bold, they may be a heading; mostly links, they are a list of links."""
        text = ""
        for line in lines:
            if is_broken(text, line.text):
                text = join_broken(text, line.text, words_of(line.text for line in lines))
            else:
                text += f"{_space(text, line.text)}{line.text}" if text and line.text else line.text
        kind, level = self._kind, 0
        letters = sum(line.letters for line in lines)
        if letters and all(line.letters for line in lines) and not is_sentence(text):
            if kind == "paragraph" and letters == sum(line.bold for line in lines) and _may_head(text):
                kind, level = "heading", ITEM_TITLE
            elif _MOSTLY * letters <= sum(line.linked for line in lines) and not _NUMBERED.match(text):
                kind = "links"
        if kind == "item" and not self._mark:
            text = _TASK.sub("", text)
        self._put(kind, index, text, level)

    def _put(self, kind: BlockKind, line: int, text: str, level: int = 0) -> None:
        if not text:
            return
        if kind == "paragraph" and text.startswith("|"):  # a row whose table lacks its delimiter line
            kind = "row"
        level = level or (max(1, self._items) if kind == "item" else 0)
        self.blocks.append(Block(kind, f"{self._mark}{text}", level, line))
        self._mark = ""


def _may_head(text: str) -> bool:
    """Return whether bold text is short enough for a headline and does not end as a sentence or a lead-in does."""
    return width(text) <= HEADLINE_WIDTH and not text.endswith((".", "。", ":", "：", ";", "；", ",", "，"))


def _first_line(token: Token) -> int:
    """Return the 1-based line on which a token begins; 1 if markdown-it gives none."""
    return token.map[0] + 1 if token.map else 1


def _space(before: str, after: str) -> str:
    """Return what replaces a line break inside a paragraph: nothing between Chinese characters, else a space."""
    return "" if _WIDE_END.search(before[-2:]) and _WIDE.match(after) else " "
