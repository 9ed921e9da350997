"""Blocks: the units into which an author divides a document, with their kinds. Pure data, read by every room."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

BlockKind = Literal[
    "line", "heading", "paragraph", "item", "row", "code", "quote", "caption", "links", "navigation"
]
"""Kind of a block. "line" is a line of plain text, not classified yet; "links" is a list of links alone."""


ITEM_TITLE: Final = 7
"""Level of a heading over one item of a compilation: a title that its source does not mark as a heading."""
LIST_LEAD: Final = 8
"""Level of a text that introduces a list; one that is an item itself is at its own level below this."""


class Block(NamedTuple):
    """A unit of a document that its author set apart, on one line, without markup.

    `level` is 1 to 6 for a heading in its source, higher for other kinds of heading, and counts from 1 for nested
    items. `line` is the line of the source where it begins, from 1; 0 where the source has no lines. `page` is its
    page, 0 without pages.
    """

    kind: BlockKind
    text: str
    level: int = 0
    line: int = 0
    page: int = 0

    def with_text(self, text: str) -> Block:
        """Return the block with other text."""
        return self if text == self.text else Block(self.kind, text, self.level, self.line, self.page)

    @property
    def shown(self) -> str:
        """The block as a line of its document; a heading of the source gets its number signs."""
        if self.kind == "heading" and self.level < ITEM_TITLE:
            return f"{'#' * self.level} {self.text}"
        return self.text
