"""The words that name a part of a talk, as people wrote them."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from itertools import permutations

from bot.recaps.lines import Line
from bot.text.normalise import fold, has_han

KEYWORDS = 3

_LOOKED_AT = 8
_LITTLE, _QUOTED, _PROPER = 0.3, 1.3, 1.3
_TOGETHER = 2
_DAYS = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun weekend "
    "周一 周二 周三 周四 周五 周六 周日 周末 星期一 星期二 星期三 星期四 星期五 星期六 星期天 星期日 本周 下周 上周".split()
)
_NUMERALS = frozenset("一二三四五六七八九十百千万两几半")
# A page of what was said shows how a word is written.
_READ = 20_000


def keywords(
    lines: Sequence[Line], subjects: Sequence[int], quoted: Mapping[int, Collection[int]]
) -> dict[int, tuple[str, ...]]:
    """Up to three words or pairs of words for each subject that has lines `quoted`.

    They are those that it uses often and the rest of the talk seldom; words of its quoted lines and names go first.
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
        shown = frozenset[str]().union(*(lines[at].terms for at in places))
        best = _best(own[subject], everywhere, shown)
        named[subject] = tuple(_names(best, own[subject], "\n".join(texts[subject])[:_READ]))
    return named


def _best(own: Counter[str], everywhere: Counter[str], shown: Collection[str]) -> list[str]:
    def naming(term: str) -> float:
        """Often here, and here more than elsewhere; a lone character, a day or a number names little."""
        weight = (own[term] - 0.5) * math.sqrt(own[term] / everywhere[term])
        return (
            weight
            * (_LITTLE if len(term) == 1 or term in _DAYS or term[0] in _NUMERALS else 1.0)
            * (_QUOTED if term in shown else 1.0)
        )

    return sorted(own, key=lambda term: (-naming(term), -len(term), term))[:_LOOKED_AT]


def _names(best: Sequence[str], own: Counter[str], text: str) -> list[str]:
    """The first of the best words, with the one that most often stands beside it."""
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
    """A folded term in the spelling, and with the ending, that most of the text gives it."""
    ending = r"(?:['’]?s)?\b" if term[-1:].isascii() and term[-1:].isalpha() else ""
    start = r"(?<![a-z])" if term[:1].isascii() else ""
    found = Counter(match[0] for match in re.finditer(start + re.escape(term) + ending, text, re.IGNORECASE))
    return found.most_common(1)[0][0] if found else term
