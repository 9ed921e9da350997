"""Chooses the lines that say most of a talk in a given space: covering its words, none twice. Pure."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.analysis.talk_lines import Line, columns
from bot.analysis.talk_words import ADDRESSING, IDLE, LEANING, QUESTION, WEIGHTY

_AGAIN = 0.4
_SIZE = 0.75
_LONE_HAN = 0.5
_SHORT = 24
_SCRAP = 12
_CANDIDATES = 800
_FLOOR = 60
_LOCAL, _LARGE = 0.5, 0.5
_PAUSE = re.compile(r"[，,；;。.：:、\s]")
_LINES, _DAMPED = 2, 0.8


@dataclass(frozen=True, slots=True)
class Space:
    """What a recap has room for: subjects, lines of each, and characters in all (None: no bound)."""

    subjects: int
    lines: int = _LINES
    characters: int | None = None


Choice = tuple[int, int]
"""The place of a line to quote, and how many of its characters."""


def choose_lines(
    lines: Sequence[Line], subjects: Sequence[int], space: Space, apart: Collection[int] = ()
) -> list[Choice]:
    """The lines to quote, the most telling first; `subjects` is parallel to `lines`, those `apart` are left out.

    Greedy maximisation of a submodular coverage of the talk's words (Lin and Bilmes 2010): a word weighs as often
    as the rest of the talk uses it, and 0.4 as much each time a chosen line has it; a line's gain is that of its
    words per length to the 0.75, times how well it can be quoted. Where characters are bounded, lines that fit are
    chosen while there are any, and then the beginning of one more.
    """
    uses = Counter(term for line in lines for term in line.terms)
    weight = {term: _weight(term, count) for term, count in uses.items()}
    quality = [(0.15 + line.density) / max(_FLOOR, columns(line.text)) ** _SIZE for line in lines]
    own = Counter((s, t) for line, s in zip(lines, subjects, strict=True) for t in line.terms)
    size = Counter(subjects)
    quality = [q * size[s] ** _LARGE for q, s in zip(quality, subjects, strict=True)]
    share = {(s, t): (count / uses[t]) ** _LOCAL for (s, t), count in own.items()}
    gains = [
        quality[at] * sum(weight[t] * share[subjects[at], t] for t in line.terms)
        for at, line in enumerate(lines)
    ]
    for at in apart:
        gains[at] = 0.0
    # Looking closely at each line costs most of the time, and what is far behind is never chosen.
    best_first = sorted(range(len(lines)), key=lambda at: (-gains[at], at))[:_CANDIDATES]
    for at in best_first:
        factor = _quality(lines[at])
        quality[at] *= factor
        gains[at] *= factor
    with_term: dict[str, list[int]] = {}
    for at in best_first:
        for term in lines[at].terms:
            with_term.setdefault(term, []).append(at)
    left = space.characters
    spoken: Counter[int] = Counter()
    chosen: list[Choice] = []
    open_lines = {at for at in best_first if gains[at] > 0}
    while open_lines:
        fitting = open_lines if left is None else {at for at in open_lines if len(lines[at].text) <= left}
        best = max(fitting or open_lines, key=lambda at: (gains[at], -at))
        shown = len(lines[best].text) if left is None else _beginning(lines[best].text, left)
        if gains[best] <= 0 or not shown:
            break
        subject = subjects[best]
        chosen.append((best, shown))
        open_lines.discard(best)
        spoken[subject] += 1
        left = None if left is None else left - shown
        for term in lines[best].terms:
            lost = weight[term] * (1 - _AGAIN)
            weight[term] -= lost
            for at in with_term[term]:
                gains[at] -= quality[at] * lost * share[subjects[at], term]
        for at in [at for at in open_lines if subjects[at] == subject]:
            quality[at] *= _DAMPED
            gains[at] *= _DAMPED
            if spoken[subject] >= space.lines:
                open_lines.discard(at)
        if len(spoken) == space.subjects:
            open_lines = {at for at in open_lines if subjects[at] in spoken}
    return chosen


def _beginning(text: str, room: int) -> int:
    """How much of `text` to show in `room` characters: all, or up to the last comma or space; 0 for a scrap."""
    if len(text) <= room:
        return len(text)
    ends = [match.start() for match in _PAUSE.finditer(text, 0, room + 1)]
    size = ends[-1] if ends and ends[-1] * 2 > room else room
    return size if size >= _SCRAP else 0


def _weight(term: str, uses: int) -> float:
    return (uses - 0.9) * (_LONE_HAN if len(term) == 1 else 1.0)


def _quality(line: Line) -> float:
    """How well a line can be quoted alone, by its form: around 1."""
    text = line.text
    quality = 1.0
    if WEIGHTY.search(text):
        quality *= 1.3
    if IDLE.search(text):
        quality *= 0.6
    if QUESTION.search(text):
        quality *= 0.6
    if ADDRESSING.search(text):
        quality *= 0.85
    if LEANING.match(text):
        quality *= 0.8
    if columns(text) < _SHORT:
        quality *= 0.5
    return quality


def spread(messages: int) -> int:
    """How many subjects a recap of so many messages shows: three to seven."""
    return max(3, min(7, round(math.sqrt(messages) / 1.2)))
