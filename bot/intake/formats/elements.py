"""Converts an element tree to blocks: HTML's own elements, and those that trafilatura makes of them.

Which part of a page is its article is decided in html.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.blocks import Block, BlockKind

if TYPE_CHECKING:
    from lxml.etree import _Element

_UNSEEN: Final = frozenset(
    "script style noscript template iframe svg object title button select textarea nav form".split()
)
_KINDS: Final[dict[str, BlockKind]] = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6", "head", "summary"), "heading"),
    **dict.fromkeys(("li", "item"), "item"),
    **dict.fromkeys(("blockquote", "quote"), "quote"),
    **dict.fromkeys(("figcaption", "caption"), "caption"),
    **dict.fromkeys(("tr", "row"), "row"),
    "pre": "code",
}
_BREAKS: Final = frozenset(
    "address article aside body br center dd details div dl dt fieldset figure footer header hr lb list main ol p section table "
    "tbody tfoot thead ul".split()
)
_CELLS: Final = frozenset({"td", "th", "cell"})
_RUNNING: Final = frozenset(
    {"p", "li", "item", "hi", "ref", "a", "span", "strong", "b", "em", "i", "dd", "dt"}
)
"""Parents in which `code` is inline text instead of a block."""
_LOWEST: Final = 6
"""Level of a heading whose element gives none, such as `summary`."""


def blocks_of(tree: _Element, line: int = 1) -> list[Block]:
    """Return the blocks of the visible text of `tree`, whose source begins on `line` (1-based)."""
    reader = _Reader(line - 1)
    reader.walk(tree)
    return reader.blocks


class _Reader:
    """Collector of blocks: gathers text until an element begins or ends a block, and cells until their row ends."""

    def __init__(self, before: int) -> None:
        self._before = self._line = before
        self.blocks: list[Block] = []
        self._open: list[tuple[BlockKind, int]] = []
        self._rows: list[list[str]] = []
        self._texts: list[list[str]] = [[]]

    def walk(self, tree: _Element) -> None:
        """Collect the blocks of the whole tree."""
        from lxml.etree import iterwalk

        hidden = 0
        for event, element in iterwalk(tree, events=("start", "end", "comment", "pi")):
            name = element.tag if isinstance(element.tag, str) else ""
            unseen = name in _UNSEEN or (name == "head" and _is_page_head(element))
            if event == "start":
                hidden += unseen
                if not hidden:
                    self._start(name, element)
                    self._texts[-1].append(element.text or "")
                continue
            if not hidden:
                self._end(name, element)
            hidden -= unseen
            if not hidden and element is not tree:
                self._texts[-1].append(element.tail or "")
        self._flush()

    def _start(self, name: str, element: _Element) -> None:
        kind = _kind_of(name, element)
        if kind or name in _BREAKS:
            self._flush()
        self._line = max(self._line, self._before + (element.sourceline or 0))
        if kind:
            self._open.append((kind, self._level(kind, name, element)))
        if kind == "row":
            self._rows.append([])
        elif name in _CELLS and self._rows:
            self._texts.append([])

    def _end(self, name: str, element: _Element) -> None:
        if name in _CELLS and self._rows and len(self._texts) > 1:
            self._rows[-1].append(" ".join("".join(self._texts.pop()).split()))
        kind = _kind_of(name, element)
        if kind == "row":
            self._end_row(self._rows.pop())
        elif kind or name in _BREAKS:
            self._flush()
        if kind:
            self._open.pop()

    def _level(self, kind: BlockKind, name: str, element: _Element) -> int:
        if kind == "item":
            return 1 + sum(other == "item" for other, _ in self._open)
        rank = (element.get("rend") or name)[-1:]
        return int(rank) if rank.isdecimal() else _LOWEST

    def _end_row(self, cells: list[str]) -> None:
        """Add a row. One filled cell becomes a paragraph; a nested row becomes text of the cell around it."""
        if self._rows:
            self._texts[-1].append(f" {' '.join(cells)} ")
        elif sum(map(bool, cells)) > 1:
            self.blocks.append(Block("row", f"| {' | '.join(cells)} |", line=self._line))
        else:
            self.blocks += [Block("paragraph", cell, line=self._line) for cell in cells if cell]

    def _flush(self) -> None:
        """End the current block; inside a row, only add a space between words."""
        if self._rows:
            self._texts[-1].append(" ")
            return
        text = "".join(self._texts[-1])
        self._texts[-1].clear()
        kind, level = self._open[-1] if self._open else ("paragraph", 0)
        if kind == "code":
            lines = enumerate(text.split("\n"), self._line)
            self.blocks += [Block(kind, code.rstrip(), line=line) for line, code in lines if code.strip()]
        elif words := " ".join(text.split()):
            self.blocks.append(Block(kind, words, level if kind in {"heading", "item"} else 0, self._line))


def _kind_of(name: str, element: _Element) -> BlockKind | None:
    if name == "code":
        parent = element.getparent()
        return None if parent is None or parent.tag in _RUNNING | _CELLS | _KINDS.keys() else "code"
    return _KINDS.get(name)


def _is_page_head(head: _Element) -> bool:
    """Return whether `head` is the page's own <head>, and not a heading as trafilatura names it."""
    parent = head.getparent()
    return parent is not None and parent.tag == "html"
