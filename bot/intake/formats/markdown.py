"""Markdown to blocks, and to a document with what its front matter declares.

markdown-it-py finds the blocks; each keeps the number of its line, so that those of cut lines are true.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Final

from bot.blocks import Block, BlockKind
from bot.intake.declared import declared_in, one_line
from bot.intake.document import RawFile, decoded, to_document
from bot.intake.front_matter import LONGEST_FRONT_MATTER, split_front_matter
from bot.models import Document, Problem
from bot.text.decode import decode
from bot.text.lines import is_sentence
from bot.text.markup import strip_markup
from bot.text.unreadable import Unreadable

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

MOST_MARKS: Final = 200_000
"""Characters that may begin a mark: 5 s. A book of 16 MB that people write has fewer."""

_MARKS: Final = "[*_~<`"
_TRANSLATION: Final = b"translation_of"
_OWN_LINE: Final = re.compile(r"\||\d{1,3}[.)]\s")
"""What begins an entry of its own though CommonMark runs it on: `2. …` below a paragraph, a row without a table."""
_STRONG: Final = re.compile(r"\*\*(?=\S)([^*]{1,500}?\S|[^*\s])\*\*")
"""Emphasis that CommonMark leaves because it touches Chinese punctuation: 算力**“规模”**提升."""
_TASK: Final = re.compile(r"\[[ xX]\]\s+")
_HIDDEN: Final = re.compile(r"<(script|style|!--)", re.IGNORECASE)
_HIDDEN_INLINE: Final = re.compile(r"<(/?)(?:script|style)\b", re.IGNORECASE)
_WORD: Final = re.compile(r"\w")
_WIDE: Final = re.compile(r"[\u2e80-\u9fff\uff00-\uffef《“]")
_WIDE_END: Final = re.compile(r"[\u2e80-\u9fff\uff00-\uffef][,.;:!?)”]?$")


def parse(file: RawFile) -> Iterator[Document]:
    """The document of a Markdown file, with what its front matter declares. Raises Unreadable."""
    values, body = split_front_matter(decoded(file).replace("\r\n", "\n").replace("\r", "\n"))
    declared = declared_in(values, file.today)
    title, blocks = markdown_blocks(body)
    known = replace(declared, title=declared.title or one_line(title))
    key = _original_key(file, declared.translation_of) if declared.translation_of else ""
    yield to_document(file, blocks, known, key)


def siblings(raw: bytes) -> tuple[str, ...]:
    """The file that a translation names as its original. Raises Unreadable."""
    if _TRANSLATION not in raw[: 4 * LONGEST_FRONT_MATTER]:
        return ()
    values, _ = split_front_matter(decode(raw).replace("\r\n", "\n").replace("\r", "\n"))
    name = declared_in(values).translation_of
    return (name,) if name else ()


def _original_key(file: RawFile, sibling: str) -> str:
    """The source key of the document that a translation names as its original."""
    key = file.originals.get(sibling)
    if key is None:
        raise Unreadable("no_original", sibling)
    if isinstance(key, Problem):
        raise Unreadable("bad_original", sibling, key)
    return key


def markdown_blocks(text: str) -> tuple[str, list[Block]]:
    """The first heading of the first level, and the blocks of `text` without marks.

    Raises Unreadable for a text of more marks than are read.
    """
    marks = sum(map(text.count, _MARKS))
    if marks > MOST_MARKS:
        raise Unreadable("too_many_marks", marks, MOST_MARKS)
    reader = _Reader()
    tokens = _parser().parse(text)
    for at, token in enumerate(tokens):
        if token.type == "heading_open":
            reader.heading(token, tokens[at + 1])
        elif token.type == "inline" and tokens[at - 1].type != "heading_open":
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
    """CommonMark with tables and strikethrough; indented text is no code, because Chinese paragraphs are indented."""
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).disable("code")


class _Reader:
    """Collects the blocks of a text, token by token; each knows the line where it begins."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.title = ""
        self._mark = ""
        self._items = self._quotes = 0
        self._cells: list[str] | None = None
        self._row = 0

    def enter(self, token: Token) -> None:
        """Takes note of where items, quotations and rows begin and end."""
        if token.type == "list_item_open":
            self._items += 1
            self._mark = f"{token.info}{token.markup} " if token.info else ""
        elif token.type == "list_item_close":
            self._items -= 1
            self._mark = ""  # that of an empty item
        elif token.type in {"blockquote_open", "blockquote_close"}:
            self._quotes += token.nesting
        elif token.type == "tr_open":
            self._cells = []
        elif token.type == "tr_close" and self._cells is not None:
            if any(self._cells):
                self._put("row", self._row, f"| {' | '.join(self._cells)} |")
            self._cells = None

    def heading(self, opening: Token, words: Token) -> None:
        """Puts a heading. What a rule without a blank line makes a heading stays text."""
        lines = _source_lines(words)
        underlined = opening.markup in {"=", "-"}
        text = "".join(lines[-1:]).strip()
        if underlined and is_sentence(text):
            self.paragraph(words)
            return
        if underlined:
            self._lines(words, lines[:-1])
        if opening.tag == "h1":
            self.title = self.title or text
        if text:
            line = _first_line(words) + len(lines) - 1
            self.blocks.append(Block("heading", text, int(opening.tag[1:]), line))

    def paragraph(self, words: Token) -> None:
        """Puts a paragraph on its first line, entries within it on their own; or keeps the cell of a row."""
        lines = _source_lines(words)
        if self._cells is None:
            self._lines(words, lines)
        else:
            self._row = _first_line(words)
            self._cells.append(" ".join(lines).strip())

    def code(self, token: Token) -> None:
        """Puts the lines of code where they stand."""
        for line, text in enumerate(token.content.split("\n"), _first_line(token) + 1):
            self._put("code", line, text)

    def html(self, token: Token) -> None:
        """Puts the lines of HTML where they stand."""
        for line, text in enumerate(_without_hidden(token.content).split("\n"), _first_line(token)):
            if text.strip():
                words = "".join(_source_lines(*_parser().parseInline(text))).strip()
                self._put(self._kind, line, words)

    @property
    def _kind(self) -> BlockKind:
        return "item" if self._items else "quote" if self._quotes else "paragraph"

    def _lines(self, words: Token, lines: Sequence[str]) -> None:
        """Puts the lines of a paragraph: joined where the source only wraps them."""
        first = _first_line(words)
        joined: list[str] = []
        for at, line in enumerate(lines):
            own = line.startswith("\n")
            text = line.strip()
            if not joined or own or _OWN_LINE.match(text):
                self._put(self._kind, first, "".join(joined))
                first = _first_line(words) + at
                joined = [_TASK.sub("", text) if at == 0 and not self._mark else text]
            elif text:
                joined += [_space(joined[-1], text), text]
        self._put(self._kind, first, "".join(joined))

    def _put(self, kind: BlockKind, line: int, text: str) -> None:
        if not text:
            return
        if kind == "paragraph" and text.startswith("|"):  # rows without the line that makes them a table
            kind = "row"
        self.blocks.append(Block(kind, f"{self._mark}{text}", self._items if kind == "item" else 0, line))
        self._mark = ""


def _first_line(token: Token) -> int:
    """The number of the line where a token begins; 1 where markdown-it does not say."""
    return token.map[0] + 1 if token.map else 1


def _source_lines(*words: Token) -> list[str]:
    """The text of inline tokens by the lines of their source, without marks, pictures and lines of mere links.

    A line after a forced break begins with a line break.
    """
    lines = [""]
    linked, outside = [False], [""]
    depth = hidden = 0
    children = [child for token in words for child in token.children or ()]
    for at, child in enumerate(children):
        broken = child.content.count("\n") if child.type == "html_inline" else 0
        if child.type in {"softbreak", "hardbreak"}:
            broken = 1
            lines.append("\n" if child.type == "hardbreak" else "")
        elif child.type == "html_inline" and (tag := _HIDDEN_INLINE.match(child.content)):
            hidden += -1 if tag[1] else 1
        else:
            depth += child.nesting if child.type.startswith("link_") else 0
            text = "" if hidden > 0 else _words_of(child)
            if depth and _is_number(children, at) and f"[{text}](" not in words[0].content:
                text = f"[{text}]"  # a page mark, whose number is defined below the text
            lines[-1] += text
            outside[-1] += "" if depth else text
            linked[-1] = linked[-1] or depth > 0
            lines += [""] * broken
        linked += [False] * broken
        outside += [""] * broken
    mere = {at for at in range(1, len(lines)) if linked[at] and not _WORD.search(outside[at])}
    return ["" if at in mere else _STRONG.sub(r"\1", line) for at, line in enumerate(lines)]


def _is_number(children: Sequence[Token], at: int) -> bool:
    """Whether the words of a link are nothing but a number."""
    return (
        children[at].content.isdigit()
        and children[at - 1].type == "link_open"
        and children[at + 1].type == "link_close"
    )


def _words_of(child: Token) -> str:
    """What a reader sees of a part of a line."""
    if child.type == "html_inline":
        return strip_markup(child.content.replace("\n", " "))[0]
    return child.content.replace("\n", " ") if child.type in {"text", "code_inline", "text_special"} else ""


def _space(before: str, after: str) -> str:
    """What a line break inside a paragraph stands for: nothing between Chinese characters, else a space."""
    return "" if _WIDE_END.search(before[-2:]) and _WIDE.match(after) else " "


def _without_hidden(html: str) -> str:
    """HTML without scripts, styles and comments; their line breaks stay."""
    parts: list[str] = []
    start = 0
    lowered = html.lower()
    while opening := _HIDDEN.search(html, start):
        close = "-->" if opening[1] == "!--" else f"</{opening[1].lower()}"
        end = lowered.find(close, opening.end())
        end = len(html) if end < 0 else html.find(">", end) + 1 or len(html)
        parts += [html[start : opening.start()], "\n" * html.count("\n", opening.start(), end)]
        start = end
    return "".join([*parts, html[start:]])
