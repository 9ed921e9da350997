"""Subjects of a talk: long threads cut where their words change, threads on the same words put together."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import chain, pairwise

from bot.recaps.lines import Line

_WINDOW = 6
_SHORTEST, _LONGEST = 6, 40
_ALIKE = 0.3
_COMPARED = 100

Vector = Mapping[str, float]


def find_subjects(lines: Sequence[Line], threads: Sequence[Sequence[int]]) -> list[int]:
    """For each line the number of its subject, from 0.

    A thread of many lines is cut where the words on both sides have least in common (TextTiling, Hearst 1997);
    then the largest parts that share their words are one subject, wherever in the talk they stand.
    """
    of_message: dict[int, list[int]] = defaultdict(list)
    for at, line in enumerate(lines):
        of_message[line.message].append(at)
    size = max(_SHORTEST, min(_LONGEST, len(lines) // 5))
    parts: list[list[int]] = []
    for thread in threads:
        own = [at for message in thread for at in of_message[message]]
        parts.extend(_cut(own, lines, size))
    result = [0] * len(lines)
    for subject, places in enumerate(_merged(parts, lines)):
        for at in places:
            result[at] = subject
    return result


def _cut(places: list[int], lines: Sequence[Line], size: int) -> list[list[int]]:
    """The lines of a thread in parts of about `size`, cut at its deepest valleys of cohesion."""
    wanted = len(places) // size
    if wanted < 2:
        return [places] if places else []
    # What stands behind one place stands before another: each window is counted once.
    windows = [_unit(_counts(lines, places[at : at + _WINDOW])) for at in range(len(places))]
    cohesion = []
    for at in range(_WINDOW // 2, len(places) - _WINDOW // 2):
        before = windows[at - _WINDOW] if at >= _WINDOW else _unit(_counts(lines, places[:at]))
        cohesion.append((_dot(before, windows[at]), at))
    cuts: list[int] = []
    for _, at in sorted(cohesion):
        if len(cuts) == wanted - 1:
            break
        if all(abs(at - cut) >= size // 2 for cut in (0, len(places), *cuts)):
            cuts.append(at)
    edges = [0, *sorted(cuts), len(places)]
    return [places[a:b] for a, b in pairwise(edges)]


def _merged(parts: list[list[int]], lines: Sequence[Line]) -> list[list[int]]:
    """The parts, largest first, each put to an earlier and larger one that speaks of the same."""
    parts = sorted(parts, key=lambda part: (-len(part), part[0]))
    counts = [_counts(lines, part) for part in parts[:_COMPARED]]
    uses = Counter(term for own in counts for term in own)
    vectors = [
        _unit({t: c * math.log((1 + len(counts)) / uses[t]) for t, c in own.items()}) for own in counts
    ]
    merged = [list(part) for part in parts]
    for at, vector in enumerate(vectors):
        near = [(_dot(vector, vectors[other]), -other) for other in range(at) if merged[other]]
        alike, other = max(near, default=(0.0, 0))
        if alike > _ALIKE:
            merged[-other].extend(merged[at])
            merged[at] = []
    return [part for part in merged if part]


def _counts(lines: Sequence[Line], places: Sequence[int]) -> Mapping[str, int]:
    return Counter(chain.from_iterable([lines[at].terms for at in places]))


def _unit(vector: Vector) -> Vector:
    length = math.sqrt(sum(value * value for value in vector.values()))
    return {term: value / length for term, value in vector.items()} if length else {}


def _dot(one: Vector, other: Vector) -> float:
    return sum([one[term] * other[term] for term in one.keys() & other.keys()])
