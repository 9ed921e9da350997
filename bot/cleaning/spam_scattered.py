"""Spam scattered between good lines: what one line does not give away, the company it keeps does.

Where a page has lines of spam in several places between its sentences, a short line there that shares hardly a word
with these sentences is no heading of theirs. Numbered headings and lists stay. Linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from bot.text.lines import LABEL_WIDTH, is_heading, is_sentence, width

PLACES, MANY = 2, 3
"""Places between sentences that make spam scattered; lines of spam after which a suspicious one needs no more proof."""

FEW, NARROWEST, ACCIDENT = 2, 12, 6
"""Short lines in a row at most, since more are a list; columns of a line that is judged by its words; one of so many
words may stand in the sentences by accident (公司)."""

RULE = "spam-block"
EASTERN = re.compile("[\u3041-\u30ff\u3400-\u9fff\uac00-\ud7a3]+")
WESTERN = re.compile("[a-z\u00df-\u04ff]{4,}")
LONGEST = 10_000
"""Characters of one sentence that are read for its words."""


def find_scattered(
    lines: Sequence[str], spam: frozenset[int], is_suspicious: Callable[[int], bool]
) -> dict[int, str]:
    """The rule for lines that go with `spam`, by their place in `lines`."""
    if len(spam) < PLACES:
        return {}
    gaps = _gaps(lines, spam)
    short = [i for gap in gaps for i in gap if i not in spam and not is_heading(lines[i])]
    found = {i: RULE for i in short if len(spam) >= MANY and is_suspicious(i)}
    if sum(any(i in spam for i in gap) for gap in gaps[1:-1]) < PLACES:
        return found
    words = _words_of(line for i, line in enumerate(lines) if i not in spam and is_sentence(line))
    for gap in gaps[1:-1]:
        left = [i for i in gap if i not in spam and i not in found]
        if len(left) <= FEW:
            found.update({i: RULE for i in left if i in short and _is_foreign(lines[i], words)})
    return found


def _gaps(lines: Sequence[str], spam: frozenset[int]) -> list[list[int]]:
    """The filled lines above, between and below the sentences."""
    gaps: list[list[int]] = [[]]
    for i, line in enumerate(lines):
        if line and i not in spam and is_sentence(line):
            gaps.append([])
        elif line:
            gaps[-1].append(i)
    return gaps


def _words_of(texts: Iterable[str]) -> set[str]:
    """Pairs of East Asian characters and Western words of `texts`."""
    found: set[str] = set()
    for text in texts:
        read = text[:LONGEST].lower()
        found.update(run[at : at + 2] for run in EASTERN.findall(read) for at in range(len(run) - 1))
        found.update(WESTERN.findall(read))
    return found


def _is_foreign(line: str, words: set[str]) -> bool:
    """Whether `line` is short and has words, but hardly any of `words`."""
    own = _words_of([line]) if NARROWEST <= width(line) <= LABEL_WIDTH else set()
    return len(own) > 1 and len(own & words) * ACCIDENT <= len(own)
