"""The words that name a part of a talk, as people wrote them."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from bot.analysis.talk_lines import Line

KEYWORDS = 3


def keywords(
    lines: Sequence[Line], subjects: Sequence[int], wanted: Iterable[int]
) -> dict[int, tuple[str, ...]]:
    """For each wanted subject up to three words that it uses often and the rest of the talk seldom."""
    wanted = set(wanted)
    own: dict[int, Counter[str]] = defaultdict(Counter)
    everywhere: Counter[str] = Counter()
    for line, subject in zip(lines, subjects, strict=True):
        everywhere.update(line.terms)
        if subject in wanted:
            own[subject].update(line.terms)
    named: dict[int, tuple[str, ...]] = {}
    for subject, counts in own.items():
        best = sorted(counts, key=lambda term: (-_naming(term, counts[term], everywhere[term]), term))
        texts = [line.text for line, place in zip(lines, subjects, strict=True) if place == subject]
        named[subject] = tuple(_written(term, texts) for term in best[:KEYWORDS])
    return named


def _naming(term: str, own: int, everywhere: int) -> float:
    """How well a word names a part: often there, and there more than elsewhere; a lone character names little."""
    weight = (own - 0.5) * math.sqrt(own / everywhere)
    return weight * (0.3 if len(term) == 1 else 1.0)


def _written(term: str, texts: Sequence[str]) -> str:
    """A folded term in the spelling that most of the texts give it."""
    pattern = re.compile(re.escape(term), re.IGNORECASE)
    found = Counter(match[0] for text in texts for match in pattern.finditer(text))
    return found.most_common(1)[0][0] if found else term
