"""Finds the subjects of a talk, by cutting and merging threads by their words, and names them by keywords."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from itertools import chain, pairwise, permutations
from pathlib import Path

from bot.recaps.lines import Line
from bot.text.normalise import fold, has_han
from bot.text.rule_data import read_words

_WINDOW = 6
_SHORTEST, _LONGEST = 6, 40
_ALIKE = 0.3
_COMPARED = 100

KEYWORDS = 3

_LOOKED_AT = 8
_LITTLE, _QUOTED, _PROPER = 0.3, 1.3, 1.3
_TOGETHER = 2
_NAMELESS = read_words(Path(__file__).with_name("nameless_words.txt"))
_DAYS = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun weekend "
    "周一 周二 周三 周四 周五 周六 周日 周末 星期一 星期二 星期三 星期四 星期五 星期六 星期天 星期日 本周 下周 上周".split()
)
_NUMERALS = frozenset("一二三四五六七八九十百千万两几半")
# Characters of a subject's text in which the spelling of its words is looked up.
_READ = 20_000

Vector = Mapping[str, float]


def find_subjects(lines: Sequence[Line], threads: Sequence[Sequence[int]]) -> list[int]:
    """Return for each line the number of its subject, from 0.

    A thread of many lines is cut where the words on both sides have least in common (TextTiling, Hearst 1997). Then
    parts that share words, among the largest, become one subject, wherever in the talk they are.
    """
    of_message: dict[int, list[int]] = defaultdict(list)
    for index, line in enumerate(lines):
        of_message[line.message].append(index)
    size = max(_SHORTEST, min(_LONGEST, len(lines) // 5))
    parts: list[list[int]] = []
    for thread in threads:
        own = [index for message in thread for index in of_message[message]]
        parts.extend(_cut(own, lines, size))
    result = [0] * len(lines)
    for subject, places in enumerate(_merged(parts, lines)):
        for index in places:
            result[index] = subject
    return result


def _cut(places: list[int], lines: Sequence[Line], size: int) -> list[list[int]]:
    """Return a thread's lines in parts of about `size`, cut where the cohesion is lowest."""
    wanted = len(places) // size
    if wanted < 2:
        return [places] if places else []
    # The window after one line is the window before another: each is computed once.
    windows = [_unit(_counts(lines, places[index : index + _WINDOW])) for index in range(len(places))]
    cohesion = []
    for index in range(_WINDOW // 2, len(places) - _WINDOW // 2):
        before = windows[index - _WINDOW] if index >= _WINDOW else _unit(_counts(lines, places[:index]))
        cohesion.append((_dot(before, windows[index]), index))
    cuts: list[int] = []
    for _, index in sorted(cohesion):
        if len(cuts) == wanted - 1:
            break
        if all(abs(index - cut) >= size // 2 for cut in (0, len(places), *cuts)):
            cuts.append(index)
    edges = [0, *sorted(cuts), len(places)]
    return [places[a:b] for a, b in pairwise(edges)]


def _merged(parts: list[list[int]], lines: Sequence[Line]) -> list[list[int]]:
    """Return the parts, largest first, each merged into the most similar larger one if that is similar enough."""
    parts = sorted(parts, key=lambda part: (-len(part), part[0]))
    counts = [_counts(lines, part) for part in parts[:_COMPARED]]
    uses = Counter(term for own in counts for term in own)
    vectors = [
        _unit({t: c * math.log((1 + len(counts)) / uses[t]) for t, c in own.items()}) for own in counts
    ]
    merged = [list(part) for part in parts]
    for index, vector in enumerate(vectors):
        near = [(_dot(vector, vectors[other]), -other) for other in range(index) if merged[other]]
        alike, other = max(near, default=(0.0, 0))
        if alike > _ALIKE:
            merged[-other].extend(merged[index])
            merged[index] = []
    return [part for part in merged if part]


def _counts(lines: Sequence[Line], places: Sequence[int]) -> Mapping[str, int]:
    return Counter(chain.from_iterable([lines[index].terms for index in places]))


def _unit(vector: Vector) -> Vector:
    length = math.sqrt(sum(value * value for value in vector.values()))
    return {term: value / length for term, value in vector.items()} if length else {}


def _dot(one: Vector, other: Vector) -> float:
    return sum([one[term] * other[term] for term in one.keys() & other.keys()])


def keywords(
    lines: Sequence[Line], subjects: Sequence[int], quoted: Mapping[int, Collection[int]]
) -> dict[int, tuple[str, ...]]:
    """Return up to three words or pairs of words for each subject with `quoted` lines.

    They are words that the subject uses often and the rest of the talk seldom; words of quoted lines and names rank
    higher.
    """
    own: dict[int, Counter[str]] = defaultdict(Counter)
    texts: dict[int, list[str]] = defaultdict(list)
    everywhere: Counter[str] = Counter()
    for line, subject in zip(lines, subjects, strict=True):
        everywhere.update(line.terms)
        if subject in quoted:
            own[subject].update(line.terms)
            texts[subject].append(line.text)
    named: dict[int, tuple[str, ...]] = {}
    for subject, places in quoted.items():
        shown = frozenset[str]().union(*(lines[index].terms for index in places))
        best = _best(own[subject], everywhere, shown)
        named[subject] = tuple(_names(best, own[subject], "\n".join(texts[subject])[:_READ]))
    return named


def _best(own: Counter[str], everywhere: Counter[str], shown: Collection[str]) -> list[str]:
    def naming(term: str) -> float:
        """Rate a word: frequent here and more than elsewhere; single characters, days and numbers rate low."""
        weight = (own[term] - 0.5) * math.sqrt(own[term] / everywhere[term])
        return (
            weight
            * (_LITTLE if len(term) == 1 or term in _DAYS or term[0] in _NUMERALS else 1.0)
            * (_QUOTED if term in shown else 1.0)
        )

    named = [term for term in own if term not in _NAMELESS] or list(own)
    return sorted(named, key=lambda term: (-naming(term), -len(term), term))[:_LOOKED_AT]


def _names(best: Sequence[str], own: Counter[str], text: str) -> list[str]:
    """Return the names: the best words as people write them, joined with another one that often follows."""
    written = {term: _written(term, text) for term in best}
    ranked = sorted(
        best, key=lambda term: -own[term] * (_PROPER if written[term] != fold(written[term]) else 1)
    )
    folded = fold(text)
    pairs = {
        frozenset((one, other)): f"{one}{space}{other}"
        for one, other in permutations(best, 2)
        for space in ("" if has_han(one) and has_han(other) else " ",)
        if folded.count(f"{one}{space}{other}") >= max(_TOGETHER, min(own[one], own[other]) / 2)
    }
    names: list[str] = []
    used: set[str] = set()
    for term in ranked:
        if term in used or len(names) == KEYWORDS:
            continue
        pair = next((pair for pair in pairs if term in pair and not pair & used), frozenset((term,)))
        used |= pair
        names.append(_written(pairs.get(pair, term), text))
    return names


def _written(term: str, text: str) -> str:
    """Return a folded term in the most frequent spelling of the text, with its plural or possessive ending."""
    # Not \b: Han characters follow a Latin word without a space.
    ending = r"(?:['’]?s)?(?![a-z0-9_])" if term[-1:].isascii() and term[-1:].isalpha() else ""
    start = r"(?<![a-z])" if term[:1].isascii() else ""
    counts = Counter(match[0] for match in re.finditer(start + re.escape(term) + ending, text, re.IGNORECASE))
    return counts.most_common(1)[0][0] if counts else term
