"""Separates a sender's own words from those that a message quotes or copies. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

# ">90 %" and ">_<" are no quotations.
_QUOTED = re.compile(r"\s*[>＞](?![\d_.<=＜])")
# Telegram Desktop's format of a copied message on the clipboard: name and time, then the text on the next lines.
_COPIED = re.compile(
    r"[^\n]{1,64}, \[\d{1,4}[./-]\d{1,2}[./-]\d{1,4},? \d{1,2}:\d{2}(?::\d{2})?(?: ?[AP]M)?\]:?\s*"
)
_BLANK = re.compile(r"\n\s*\n\s*")

BLOCKQUOTES = frozenset({"blockquote", "expandable_blockquote"})
"""Types of entities that quote somebody else (Bot API, MessageEntity; exports have only the first)."""

UNKNOWN = "?"
"""The name of an author whom Telegram does not name."""


def own_words(text: str) -> str:
    """Return `text` without the lines that begin with ">" and without anything from a copied message on.

    The remaining lines are verbatim; without quotations the text is returned unchanged.
    """
    kept: list[str] = []
    for line in text.split("\n"):
        if _COPIED.fullmatch(line):
            break  # nothing marks the end of a copied message
        if not _QUOTED.match(line):
            kept.append(line)
    return _BLANK.sub("\n", "\n".join(kept)).strip("\n") if len(kept) <= text.count("\n") else text


def without_spans(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Return `text` with each (offset, length) in UTF-16 code units, as Telegram counts, replaced by a line break."""
    units = text.encode("utf-16-le", "replace")
    for offset, length in sorted(spans, reverse=True):
        if offset >= 0 and length > 0:
            units = units[: 2 * offset] + "\n".encode("utf-16-le") + units[2 * (offset + length) :]
    return units.decode("utf-16-le", "ignore")
