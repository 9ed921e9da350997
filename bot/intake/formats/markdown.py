"""Markdown to plain lines, and to a document with what its front matter declares.

markdown-it-py finds the blocks; every line of text stays in its place, so that numbers of cut lines are true.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Final

from bot.intake.declared import declared_in
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
    title, plain = plain_lines(body)
    known = replace(declared, title=declared.title or title)
    key = _original_key(file, declared.translation_of) if declared.translation_of else ""
    yield to_document(file, plain, known, key)


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


def plain_lines(text: str) -> tuple[str, str]:
    """The first heading of the first level, and `text` without headings and marks; paragraphs are one line each.

    Raises Unreadable for a text of more marks than are read.
    """
    marks = sum(map(text.count, _MARKS))
    if marks > MOST_MARKS:
        raise Unreadable("too_many_marks", marks, MOST_MARKS)
    lines = _Lines(text.count("\n") + 1)
    tokens = _parser().parse(text)
    for at, token in enumerate(tokens):
        if token.type == "heading_open":
            lines.head(token, tokens[at + 1])
        elif token.type == "inline" and tokens[at - 1].type != "heading_open":
            lines.paragraph(token)
        elif token.type in {"fence", "html_block"}:
            lines.block(token)
        else:
            lines.enter(token)
    return lines.title, "\n".join(lines.lines)


@cache
def _parser() -> MarkdownIt:
    """CommonMark with tables and strikethrough; indented text is no code, because Chinese paragraphs are indented."""
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).disable("code")


class _Lines:
    """The lines of a text, each filled with what of the text begins there."""

    def __init__(self, count: int) -> None:
        self.lines = [""] * count
        self.title = ""
        self._mark = ""
        self._cells: list[str] | None = None

    def enter(self, token: Token) -> None:
        """Takes note of the beginning of an item, and of the beginning and the end of a row."""
        if token.type == "list_item_open":
            self._mark = f"{token.info}{token.markup} " if token.info else ""
        elif token.type == "list_item_close":
            self._mark = ""  # that of an empty item
        elif token.type == "tr_open":
            self._cells = []
        elif token.type == "tr_close" and self._cells is not None:
            self._cells = None

    def head(self, opening: Token, words: Token) -> None:
        """Takes the title from a heading. What a rule without a blank line makes a heading stays text."""
        lines = _source_lines(words)
        underlined = opening.markup in {"=", "-"}
        text = "".join(lines[-1:])
        if underlined and is_sentence(text):
            self.paragraph(words)
            return
        if underlined:
            self._put(words, lines[:-1])
        if opening.tag == "h1":
            self.title = self.title or text.strip()

    def paragraph(self, words: Token) -> None:
        """Puts a paragraph on its first line, entries within it on their own; cells on the line of their row."""
        if self._cells is None:
            self._put(words, _source_lines(words))
            return
        self._cells.append(" ".join(_source_lines(words)).strip())
        self._set(words, 0, f"| {' | '.join(self._cells)} |")

    def block(self, token: Token) -> None:
        """Puts the lines of code or HTML where they stand."""
        if token.type == "fence":
            for at, line in enumerate(token.content.split("\n"), 1):
                if line:
                    self._set(token, at, line)
            return
        for at, line in enumerate(_without_hidden(token.content).split("\n")):
            if line.strip():
                self._set(token, at, "".join(_source_lines(*_parser().parseInline(line))).strip())

    def _put(self, words: Token, lines: Sequence[str]) -> None:
        first = 0
        joined: list[str] = []
        for at, line in enumerate(lines):
            own = line.startswith("\n")
            text = line.strip()
            if not joined or own or _OWN_LINE.match(text):
                self._set(words, first, "".join(joined))
                first, joined = at, [_TASK.sub("", text) if at == 0 and not self._mark else text]
            elif text:
                joined += [_space(joined[-1], text), text]
        self._set(words, first, "".join(joined))

    def _set(self, token: Token, offset: int, text: str) -> None:
        start, end = token.map or (0, len(self.lines))
        at = min(start + offset, end - 1 if end > start else start, len(self.lines) - 1)
        if text:
            text = f"{self._mark}{text}"
            self._mark = ""
            self.lines[at] = (
                text if self._cells is not None or not self.lines[at] else f"{self.lines[at]} {text}"
            )


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
