"""Lines to paragraphs: a list run into one line is taken apart, a paragraph broken over lines is put together.

Moves line breaks and drops the dashes of a list and the hyphens of broken words; every other character stays.
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
"""Items that make a list, and more than an author ran into one line; characters of a head between two of them."""

NARROWEST, WIDEST, FEW_LINES = 50, 120, 3
"""Columns of lines that an editor wrapped, and how many in a row make a wrapped paragraph."""


def split_list(line: str) -> list[str]:
    """The heads and items of a list that was run into one line (`Group 1: Chips - First. - Second.`)."""
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
    """Whether what stands before a dash is the head of a list; otherwise a sentence runs through the dash."""
    head = line[start:dash] if dash - start <= LONGEST_HEAD else ""
    return bool(head) and DASH.search(head) is None and (start == 0 or ":" in head or "：" in head)


def wrapped_blocks(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """`lines` with the paragraphs joined that an editor wrapped, each with the place of its first line."""
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
    """Whether a block's lines end where the column ended and not where a sentence did."""
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
    """Whether a sentence runs from one line into the next."""
    return FINAL.search(line[-30:]) is None and (following[0].islower() or not following[0].isascii())


def _broken_words(block: Sequence[str]) -> Iterator[tuple[int, Sequence[str]]]:
    """The lines of a block, those together that share a word broken at their end, with the place of the first."""
    first = 0
    for place in range(1, len(block) + 1):
        if place == len(block) or not is_broken(block[place - 1], block[place]):
            yield first, block[first:place]
            first = place


def _joined(block: Sequence[str], words: Callable[[], AbstractSet[str]]) -> str:
    """The lines of one paragraph in one line: Chinese without a space, other text with one, broken words whole.

    `words` are those of the text, which may tell how a broken one is written.
    """
    text = block[0]
    for line in block[1:]:
        if is_broken(text, line):
            text = join_broken(text, line, words())
        else:
            text += line if not text[-1].isascii() and not line[0].isascii() else f" {line}"
    return text


FLOWING, UNEVEN = 0.6, 14
"""The share of lines that must run on, and the columns by which they may differ from the widest."""
