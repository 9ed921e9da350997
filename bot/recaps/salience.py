"""Selects the lines that cover most of a talk's words in a given space, without repetition. Pure."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Sequence
from itertools import chain

from msgspec import Struct

from bot.recaps.lines import Line
from bot.recaps.words import ADDRESSING, BACK_REFERENCE, HESITATING, IDLE, QUESTION, WEIGHTY
from bot.text.normalise import has_han

_AGAIN = 0.4
_SIZE = 0.75
_LONE_HAN = 0.5
_SHORT = 24
_SCRAP = 12
_CUT = 0.85
_CANDIDATES = 800
_FLOOR = 60
_LOCAL, _LARGE = 0.5, 0.5
_PAUSE = re.compile(r"[，,；;。.：:、\s]")
_LINES, _DAMPED = 2, 0.8
_RUN_ON, _LONGEST_SENTENCE = 0.2, 240
_OPENING, _SHORT_TALK, _LINES_A_TURN = 2.0, 40, 2


class Space(Struct, frozen=True):
    """The room in a recap: a number of subjects and of lines of each, or a total number of characters."""

    subjects: int
    lines: int = _LINES
    characters: int | None = None


Choice = tuple[int, int]
"""The index of a line to quote, and the number of its characters to quote."""


def choose_lines(
    lines: Sequence[Line],
    subjects: Sequence[int],
    space: Space,
    apart: Collection[int] = (),
    quoted_with: Callable[[int], Collection[int]] = lambda _: (),
) -> list[Choice]:
    """Return the lines to quote, most telling first. `subjects` is parallel to `lines`; those in `apart` are left out.

    `quoted_with` returns the lines that are shown together with a line anyway.

    Greedy maximisation of a submodular coverage of the talk's words (Lin and Bilmes 2010): a word's weight is its number
    of uses in the rest of the talk, times 0.4 for each chosen line that has it. A line's gain is the sum of its words'
    weights, divided by its length to the power 0.75, times how well it can be quoted. With limited characters, lines
    are chosen while one fits, and then the beginning of one more.
    """
    left = space.characters
    # With limited characters a line may be a part of its sentence; otherwise the whole sentence is shown.
    pool = _Pool(
        lines, subjects, apart, run_on=frozenset() if left is not None else _in_long_sentences(lines)
    )
    chosen: list[Choice] = []
    while pool.open:
        best = pool.best(left)
        size = len(lines[best].text) if left is None else _beginning(lines[best].text, left)
        if not size:
            break
        chosen.append((best, size))
        left = None if left is None else left - size
        pool.take(best, space)
        pool.open.difference_update(quoted_with(best))
    return chosen


class _Pool:
    """The lines that can still be chosen, with the gain of each."""

    def __init__(
        self,
        lines: Sequence[Line],
        subjects: Sequence[int],
        apart: Collection[int],
        run_on: Collection[int],
    ) -> None:
        self._lines = lines
        self._subjects = subjects
        self._spoken: Counter[int] = Counter()
        uses = Counter(chain.from_iterable([line.terms for line in lines]))
        self._weights = {
            term: (count - 0.9) * (_LONE_HAN if len(term) == 1 else 1.0) for term, count in uses.items()
        }
        own: dict[int, list[frozenset[str]]] = defaultdict(list)
        for line, subject in zip(lines, subjects, strict=True):
            own[subject].append(line.terms)
        self._share = {
            subject: {
                t: (count / uses[t]) ** _LOCAL for t, count in Counter(chain.from_iterable(said)).items()
            }
            for subject, said in own.items()
        }
        values = {
            subject: {t: self._weights[t] * share for t, share in shares.items()}
            for subject, shares in self._share.items()
        }
        self._quality = self._first_look(Counter(subjects))
        gains = [
            quality * sum(map(values[subject].__getitem__, line.terms))
            for line, subject, quality in zip(lines, subjects, self._quality, strict=True)
        ]
        # Rating each line's form takes most of the time, and lines far behind are never chosen.
        among = [index for index, gain in enumerate(gains) if gain > 0 and index not in apart]
        self.open = set(sorted(among, key=lambda index: (-gains[index], index))[:_CANDIDATES])
        self._users: dict[str, list[int]] = {}
        opening = _opening_messages(lines)
        for index in self.open:
            factor = _quotable(lines[index]) * (_OPENING if lines[index].message < opening else 1.0)
            factor *= _RUN_ON if index in run_on else 1.0
            self._quality[index] *= factor
            gains[index] *= factor
            for term in lines[index].terms:
                self._users.setdefault(term, []).append(index)
        self._gains = gains

    def best(self, left: int | None) -> int:
        """Return the line with the highest gain; of one that does not fit in `left` characters its beginning counts."""
        if left is None:
            return max(self.open, key=lambda index: (self._gains[index], -index))
        return max(
            self.open,
            key=lambda index: (self._gains[index] * _fitting_share(self._lines[index], left), -index),
        )

    def take(self, index: int, space: Space) -> None:
        """Choose a line: lower the gain of its words and subject, and close lines for which no room is left."""
        subject = self._subjects[index]
        self.open.discard(index)
        self._spoken[subject] += 1
        for term in self._lines[index].terms:
            lost = self._weights[term] * (1 - _AGAIN)
            self._weights[term] -= lost
            for other in self._users[term]:
                self._gains[other] -= self._quality[other] * lost * self._share[self._subjects[other]][term]
        bounded = space.characters is None
        full = bounded and self._spoken[subject] >= space.lines
        for other in [other for other in self.open if self._subjects[other] == subject]:
            self._quality[other] *= _DAMPED
            self._gains[other] *= _DAMPED
            if full or self._lines[other].terms <= self._lines[index].terms:
                self.open.discard(other)
        if bounded and len(self._spoken) == space.subjects:
            self.open = {other for other in self.open if self._subjects[other] in self._spoken}

    def _first_look(self, sizes: Counter[int]) -> list[float]:
        """Return for each line the factor of its words' gain from its density, length and subject's size."""
        return [
            (0.15 + line.density) / max(_FLOOR, line.columns) ** _SIZE * sizes[subject] ** _LARGE
            for line, subject in zip(self._lines, self._subjects, strict=True)
        ]


def _in_long_sentences(lines: Sequence[Line]) -> frozenset[int]:
    """Return the lines of sentences that are too long for a recap."""
    widths: Counter[tuple[int, int]] = Counter()
    for line in lines:
        widths[line.message, line.sentence] += line.columns
    return frozenset(
        index for index, line in enumerate(lines) if widths[line.message, line.sentence] > _LONGEST_SENTENCE
    )


def _opening_messages(lines: Sequence[Line]) -> int:
    """Return the number of opening messages that say what the talk is about: 2 in a short talk in turns, else 0."""
    taking_turns = bool(lines) and len(lines) <= _LINES_A_TURN * (lines[-1].message + 1)
    return 2 if taking_turns and len(lines) <= _SHORT_TALK else 0


def _fitting_share(line: Line, room: int) -> float:
    """Return the factor of a line's gain if only what fits in `room` characters is quoted: 1 for the whole line."""
    size = len(line.text)
    return 1.0 if size <= room else _CUT * _beginning(line.text, room) / size


def _beginning(text: str, room: int) -> int:
    """Return how many characters of `text` to show in `room`: all, or up to the last comma or space; 0 for a scrap."""
    if len(text) <= room:
        return len(text)
    ends = [match.start() for match in _PAUSE.finditer(text, 0, room + 1)]
    size = ends[-1] if ends else 0
    if size * 2 <= room and has_han(text[size:room]):
        size = room
    return size if size >= _SCRAP else 0


def _quotable(line: Line) -> float:
    """Return a factor around 1: how well a line can be quoted alone, by its form."""
    text, quality = line.text, 1.0
    if WEIGHTY.search(text):
        quality *= 1.3
    if IDLE.search(text):
        quality *= 0.6
    if QUESTION.search(text):
        quality *= 0.6
    if ADDRESSING.search(text):
        quality *= 0.85
    if BACK_REFERENCE.match(text):
        quality *= 0.8
    if HESITATING.search(text):
        quality *= 0.85
    if line.columns < _SHORT:
        quality *= 0.5
    return quality


def spread(messages: int) -> int:
    """Return the number of subjects, three to seven, in a recap of a number of messages."""
    return max(3, min(7, round(math.sqrt(messages) / 1.2)))
