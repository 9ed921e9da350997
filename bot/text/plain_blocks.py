"""Splits plain text into blocks, one a line, and classifies each by its shape. Reads no markup of any format."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.blocks import Block, BlockKind

_HEADING = re.compile(r"(#{1,6})\s+(?=\S)")
_ROW = re.compile(r"\|.*\|$")
_ITEM = re.compile(r"[-–•·*]\s+(?=\S)")


def lines_of(text: str) -> list[Block]:
    """Return the lines of `text` as numbered blocks, empty lines included."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace("\xad\n", "\u2010\n")  # a visible soft hyphen
    return [Block("line", line, line=number) for number, line in enumerate(text.split("\n"), 1)]


def judged(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield `blocks`, each plain line as the kind that its shape suggests."""
    for block in blocks:
        yield _judged(block) if block.kind == "line" else block


def _judged(block: Block) -> Block:
    """Return a plain line as a heading, an item, a table row or else a paragraph."""
    text = block.text
    if mark := _HEADING.match(text):
        return Block("heading", text[mark.end() :], len(mark[1]), block.line, block.page)
    kind: BlockKind = "row" if _ROW.match(text) else "item" if _ITEM.match(text) else "paragraph"
    return Block(kind, text, block.level, block.line, block.page)
