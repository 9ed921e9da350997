"""The pieces of a document: what its author set apart, and as what. Pure data, read by every room."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

BlockKind = Literal[
    "line", "heading", "paragraph", "item", "row", "code", "quote", "caption", "links", "navigation"
]
"""What a block is. A "line" is one of a plain text that nobody has judged yet; "links" is a list of nothing but links."""


ITEM_TITLE: Final = 7
"""The level of a heading over one item of a compilation: a title that its source does not mark as a heading."""
LIST_LEAD: Final = 8
"""The level of what leads to a list; a lead that is an item itself stands its own level lower."""


class Block(NamedTuple):
    """A piece of a document that its author set apart, on one line, without marks.

    `level` is 1 to 6 for a heading of its source, more for others, and counts from 1 for an item inside items. `line` is
    the number (from 1) of the line of the source where it begins, 0 where the source has no lines. `page` is the number
    of its page, 0 where it has none.
    """

    kind: BlockKind
    text: str
    level: int = 0
    line: int = 0
    page: int = 0

    def with_text(self, text: str) -> Block:
        """The block with `text` in place of its own."""
        return self if text == self.text else Block(self.kind, text, self.level, self.line, self.page)

    @property
    def shown(self) -> str:
        """The block as a line of its document: what its source marks as a heading with its number signs."""
        if self.kind == "heading" and self.level < ITEM_TITLE:
            return f"{'#' * self.level} {self.text}"
        return self.text
