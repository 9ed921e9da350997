"""Whose words a message holds: its sender's, somebody's whom it quotes, or those of whoever it was forwarded from. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

# ">90 %" and ">_<" quote nobody.
_QUOTED = re.compile(r"\s*[>＞](?![\d_.<=＜])")
# How Telegram Desktop puts copied messages on the clipboard: the name and the moment, then what was said.
_COPIED = re.compile(
    r"[^\n]{1,64}, \[\d{1,4}[./-]\d{1,2}[./-]\d{1,4},? \d{1,2}:\d{2}(?::\d{2})?(?: ?[AP]M)?\]:?\s*"
)
_BLANK = re.compile(r"\n\s*\n\s*")

BLOCKQUOTES = frozenset({"blockquote", "expandable_blockquote"})
"""Types of entities whose words are somebody else's (Bot API, MessageEntity; exports have the first)."""

UNKNOWN = "?"
"""The name of an author that Telegram does not tell."""


def own_words(text: str) -> str:
    """Return `text` without the lines that begin with ">" and without messages that were copied into it.

    What is left stands in `text` word for word, line by line.
    """
    kept: list[str] = []
    for line in text.split("\n"):
        if _COPIED.fullmatch(line):
            break  # where a copied message ends nothing says
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
