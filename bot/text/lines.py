"""Classifies a line by its shape: sentence, heading, label. Judges form only, never meaning."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

FINAL = re.compile(r"(?:[。！？!?.…；;][”\"'’)）\]】》」』\d\[]*|[：:][”\"'’)）\]】》」』]*)$")
HEADING = re.compile(
    r"^(?:第?[一二三四五六七八九十百]{1,4}[、.．章节篇部]|[（(][一二三四五六七八九十\d]{1,3}[)）]"
    r"|\d{1,2}(?:\.\d{1,2}){0,3}[、.．\s]\s?\S|#{1,6}\s|(?:part|chapter|section|group)\s+\w{1,5}\b"
    r"|(?:结语|结论|前言|引言|总结|摘要|附录|编者按|编者注|编者的话|导语|小结)(?:[:：]|$))",
    re.IGNORECASE,
)

HEADLINE_WIDTH = 110
"""Maximum columns of a headline (a Han character takes two); newspapers stay under 100."""

LABEL_WIDTH = 64
"""Maximum columns of a button, a menu entry or a contact line."""

LONG = 300

SENTENCE_WORDS = 8
"""Minimum words that make a short line with a final full stop a sentence and not a label."""


def width(line: str) -> int:
    """Return the approximate columns on a terminal, two per non-ASCII character; over 300 characters, only their number."""
    if len(line) > LONG:
        return len(line)
    return columns(line)


def columns(text: str) -> int:
    """Return the width of `text` in columns: a character outside ASCII takes two."""
    return len(text) if text.isascii() else 2 * len(text) - len(text.encode("ascii", "ignore"))


def is_sentence(line: str) -> bool:
    """Return whether `line` reads as running text: with a Chinese full stop, or long and punctuated, or very long.

    Headlines ask and exclaim, so a question or an exclamation must be longer than a headline.
    """
    if "。" in line:
        return True
    if FINAL.search(line[-30:]) is None or line.endswith(("?", "？", "!", "！")):
        return width(line) > HEADLINE_WIDTH
    return width(line) > LABEL_WIDTH or len(line.split()) >= SENTENCE_WORDS


def is_heading(line: str) -> bool:
    """Return whether `line` is numbered or named as a section heading."""
    return HEADING.match(line) is not None


class Outline(Struct, frozen=True):
    """The lines of a page with shared facts: which are non-empty, their widths, which read as sentences."""

    lines: Sequence[str]
    filled: Sequence[int]
    widths: Sequence[int]
    sentences: frozenset[int]

    @classmethod
    def of(cls, lines: Sequence[str], skip: frozenset[int] = frozenset()) -> Outline:
        """Return the outline of `lines`; those at indices in `skip` count as empty."""
        filled = [i for i, line in enumerate(lines) if line and i not in skip]
        sentences = frozenset(i for i in filled if is_sentence(lines[i]))
        return cls(lines, filled, [width(line) for line in lines], sentences)
