"""Restores paragraphs: splits a list that was joined into one line, joins a paragraph that was wrapped over lines.

Only line breaks, list dashes and the hyphens of broken words change.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import cache, partial
from itertools import pairwise

from bot.text.hyphens import is_broken, join_broken, words_of
from bot.text.lines import FINAL, is_heading, width

DASH = re.compile(r" (?=[-–•·] \S)")
BULLET = re.compile(r"^[-–•·]\s+")
SENTENCE_BREAK = re.compile(r"[.!?。！？;；][”\"')）]?(?:\s?\[\d{1,4}\])*(?=\s|$)")
ITEM_MARKS = (" - ", " – ", " • ", " · ")

FEW_ITEMS, MOST_ITEMS = 3, 500
LONGEST_HEAD = 90
"""Fewest and most items of a list in one line; most characters of a heading between two items."""

NARROWEST, WIDEST, FEW_LINES = 50, 120, 3
"""Narrowest and widest hard-wrapped line in columns; so many in a row make a wrapped paragraph."""


def split_list(line: str) -> list[str]:
    """Split a list in one line (`Group 1: Chips - First. - Second.`) into headings and items."""
    if not FEW_ITEMS <= sum(map(line.count, ITEM_MARKS)) <= MOST_ITEMS:
        return [line]
    dashes = [match.start() for match in DASH.finditer(line)]
    breaks = [match.end() for match in SENTENCE_BREAK.finditer(line)]
    ended = set(breaks)
    items = {index for index in dashes if index in ended}
    heads: set[int] = set()
    for index in dashes:
        before = bisect_left(breaks, index)
        start = breaks[before - 1] if before else 0
        if index not in ended and _is_head(line, start, index):
            heads |= {start, index}
    cuts = items | heads
    if len(items) < FEW_ITEMS - 1 or len(cuts) < FEW_ITEMS:
        return [line]
    parts = (BULLET.sub("", line[a:b].strip()) for a, b in pairwise([0, *sorted(cuts), len(line)]))
    return [part for part in parts if part]


def _is_head(line: str, start: int, dash: int) -> bool:
    """Return whether the text before a dash is the heading of a list rather than part of a sentence."""
    head = line[start:dash] if dash - start <= LONGEST_HEAD else ""
    return bool(head) and DASH.search(head) is None and (start == 0 or ":" in head or "：" in head)


def wrapped_blocks(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield `lines` with hard-wrapped paragraphs joined, each with the index of its first line."""
    start = 0
    words = cache(partial(words_of, lines))
    for index in range(len(lines) + 1):
        if index < len(lines) and lines[index]:
            continue
        block = lines[start:index]
        if len(block) >= FEW_LINES and _is_wrapped(block):
            yield start, _joined(block, words)
        else:
            yield from ((start + first, _joined(part, words)) for first, part in _broken_words(block))
        if index < len(lines):
            yield index, ""
        start = index + 1


def _is_wrapped(block: Sequence[str]) -> bool:
    """Return whether a block's lines end at a column limit rather than at sentence ends."""
    widths = [width(line) for line in block[:-1]]
    widest = max(widths)
    if not NARROWEST <= widest <= WIDEST or any(BULLET.match(line) or is_heading(line) for line in block[1:]):
        return False
    if any(line[0].isdigit() or "|" in line for line in block):
        return False
    flowing = sum(_flows(a, b) for a, b in pairwise(block))
    even = sum(widest - columns <= UNEVEN for columns in widths)
    return flowing >= FLOWING * len(widths) and even >= FLOWING * len(widths)


def _flows(line: str, following: str) -> bool:
    """Return whether a sentence continues from one line into the next."""
    return FINAL.search(line[-30:]) is None and (following[0].islower() or not following[0].isascii())


def _broken_words(block: Sequence[str]) -> Iterator[tuple[int, Sequence[str]]]:
    """Yield groups of lines that share a word broken at a line end, each with the index of its first line."""
    first = 0
    for place in range(1, len(block) + 1):
        if place == len(block) or not is_broken(block[place - 1], block[place]):
            yield first, block[first:place]
            first = place


def _joined(block: Sequence[str], words: Callable[[], AbstractSet[str]]) -> str:
    """Join the lines of a paragraph: without a space between Chinese, with one otherwise, and mend broken words.

    `words` returns the words of the whole text, which may show how a broken one is written.
    """
    text = block[0]
    for line in block[1:]:
        if is_broken(text, line):
            text = join_broken(text, line, words())
        else:
            text += line if not text[-1].isascii() and not line[0].isascii() else f" {line}"
    return text


FLOWING, UNEVEN = 0.6, 14
"""Share of lines that must run on, and the most columns by which they may be narrower than the widest."""
