"""Lines to paragraphs: a list run into one line is taken apart, a paragraph broken over lines is put together.

Moves line breaks only; no character is added or removed but the space or break between two parts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.text.lines import FINAL, is_heading, width

DASH = re.compile(r" (?=[-–•·] \S)")
AFTER_SENTENCE = re.compile(r"[.!?。！？;；][”\"')）]?(?:\s?\[\d{1,4}\])*$")
SENTENCE_BREAK = re.compile(r"[.!?。！？](?:\s?\[\d{1,4}\])*\s")

FEW_ITEMS = 3
LONGEST_HEAD = 90
LOOK_BACK = 200
"""Items that make a list; characters of a head between two of them; characters looked at before a dash."""

NARROWEST, WIDEST, FEW_LINES = 50, 100, 3
"""Columns of lines that an editor wrapped, and how many in a row make a wrapped paragraph."""


def split_list(line: str) -> list[str]:
    """The heads and items of a list that was run into one line (`Group 1: Chips - First. - Second.`)."""
    dashes = [match.start() for match in DASH.finditer(line)]
    items = [at for at in dashes if AFTER_SENTENCE.search(line, max(0, at - LOOK_BACK), at)]
    if len(items) < FEW_ITEMS:
        return [line]
    cuts = set(items)
    for at in dashes:
        start = _head_start(line, at) if at not in cuts else None
        if start is not None:
            cuts |= {start, at}
    edges = [0, *sorted(cuts), len(line)]
    parts = (line[a:b].strip() for a, b in zip(edges, edges[1:], strict=False))
    return [part for part in parts if part]


def _head_start(line: str, dash: int) -> int | None:
    """Where the head of a list begins that ends at `dash`, None when a sentence runs through the dash."""
    since = max(0, dash - LOOK_BACK)
    breaks = [match.end() for match in SENTENCE_BREAK.finditer(line, since, dash)]
    start = breaks[-1] if breaks else since
    head = line[start:dash]
    return start if len(head) <= LONGEST_HEAD and (":" in head or "：" in head or start == 0) else None
