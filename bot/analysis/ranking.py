"""Chooses which statements to say first: central, on the point, spread over reports, none twice.

Pure: weighs what it is given and reads nothing.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.analysis.evidence import Statement, Wording

# A sentence that leans on the one before it cannot be quoted alone.
_LEANING = re.compile(
    r"(?:it|its|this|these|that|those|they|their|he|she|his|her|such|another|other|both|but|and|so|or|however|"
    r"moreover|furthermore|in addition|also|meanwhile|therefore|thus|then|instead|specifically|for example|"
    r"for instance|in contrast|by contrast|as a result|similarly|likewise|here|there)\b"
    r"|该|其|此|这|那|它|他|她|但|而|且|并|不过|然而|因此|所以|同时|另外|此外|另一方面|一方面|例如|比如|具体|"
    r"与此|同样|接下来|随后|其次|首先|最后|上述|以上|前者|后者|一是|二是|三是|四是|五是|六是",
    re.IGNORECASE,
)
# And one that adds to it says less alone.
_ADDING = (" also ", " as well", " too.", "还", "也")
# What casts doubt on itself, or only says what a report does not say.
_DOUBTED = re.compile(
    r"doubtful|unverified|unconfirmed|not (?:stated|named|confirmed|verified)|gives? no |"
    r"without (?:giving )?a (?:basis|source)|存疑|未经证实|未经核实|有待证实|(?:没有|未)(?:说明|注明|给出)",
    re.IGNORECASE,
)
_SAME = 0.55
_RELATED = 0.25
_SAME_REPORT = 0.6
_INDIRECT = 0.45
_POOL = 48


@dataclass(frozen=True, slots=True)
class Ranked:
    """A statement with its weight (higher says more about the query) and its terms for comparison."""

    statement: Statement
    weight: float
    terms: frozenset[str]


def rank(statements: Sequence[Statement]) -> list[Ranked]:
    """Statements by weight, best first.

    The weight is centrality (the share of its words, by inverse document frequency, that other reports use
    on the same query: the degree form of LexRank, Erkan and Radev 2004, over words instead of a similarity
    graph), times how directly the sentence is on the query and how well it stands alone. A statement's words
    are those of all its languages, so readers of each language get the same evidence.
    """
    terms = [frozenset().union(*(w.terms for w in s.wordings.values())) for s in statements]
    number = {report: i for i, report in enumerate(dict.fromkeys(s.report.id for s in statements))}
    uses: dict[str, int] = {}
    users: dict[str, int] = {}  # a bit for each report that uses the word
    for statement, words in zip(statements, terms, strict=True):
        bit = 1 << number[statement.report.id]
        for word in words:
            uses[word] = uses.get(word, 0) + 1
            users[word] = users.get(word, 0) | bit
    rarity = {word: math.log(1 + len(terms) / count) for word, count in uses.items()}
    others = max(1, len(number) - 1)
    support = {
        w: rarity[w] * (bits.bit_count() - 1) / others for w, bits in users.items() if bits & (bits - 1)
    }
    ranked = [
        Ranked(s, _centrality(words, rarity, support) * _quality(s), words)
        for s, words in zip(statements, terms, strict=True)
    ]
    return sorted(ranked, key=lambda r: -r.weight)


def doubted_last(ranked: Iterable[Ranked]) -> list[Ranked]:
    """The ranking for what is said first, where a doubted sentence weighs half. A doubted number may still be told."""
    weighed = [
        replace(r, weight=r.weight / 2) if _DOUBTED.search(_first(r.statement).sentence.text) else r
        for r in ranked
    ]
    return sorted(weighed, key=lambda r: -r.weight)


def choose(ranked: Iterable[Ranked], count: int, chosen: Sequence[Ranked] = ()) -> list[Ranked]:
    """The next `count` statements after those already `chosen`: best first, lowered by what they repeat.

    A report that has spoken weighs less each time, and a near repetition is never chosen (maximal marginal
    relevance, Carbonell and Goldstein 1998).
    """
    taken = {id(r) for r in chosen}
    # What is far behind would be chosen only if all before it said the same.
    pool = [r for r in ranked if id(r) not in taken][:_POOL]
    spoken = Counter(c.statement.report.id for c in chosen)
    nearest = {id(r): max((similarity(r, c) for c in chosen), default=0.0) for r in pool}
    result: list[Ranked] = []
    while len(result) < count:
        pool = [r for r in pool if nearest[id(r)] < _SAME]
        if not pool:
            break
        best = max(pool, key=lambda r: _value(r, spoken, nearest[id(r)]))
        pool.remove(best)
        result.append(best)
        spoken[best.statement.report.id] += 1
        for r in pool:
            nearest[id(r)] = max(nearest[id(r)], similarity(r, best))
    return result


def similarity(one: Ranked, other: Ranked) -> float:
    """How much two statements share, 0 to 1: the overlap coefficient tempered by length (cosine of sets)."""
    shared = len(one.terms & other.terms)
    return shared / math.sqrt(len(one.terms) * len(other.terms)) if shared else 0.0


def _value(ranked: Ranked, spoken: Counter[str], nearest: float) -> float:
    repetition = max(0.0, nearest - _RELATED)
    return ranked.weight * _SAME_REPORT ** spoken[ranked.statement.report.id] * (1 - repetition)


def _centrality(words: frozenset[str], rarity: dict[str, float], support: dict[str, float]) -> float:
    if not words:
        return 0.0
    shared = sum(support[word] for word in words & support.keys())
    return 0.1 + shared / math.sqrt(sum(map(rarity.__getitem__, words)))


def _quality(statement: Statement) -> float:
    wording = _first(statement)
    text = wording.sentence.text
    quality = 1.0 if statement.direct else _INDIRECT
    if _LEANING.match(text):
        quality *= 0.3
    elif any(word in text for word in _ADDING):
        quality *= 0.75
    if text.endswith(("?", "？", ":", "：")):
        quality *= 0.2
    # What a report says early is what it is about.
    quality *= 0.9 + 0.2 / (1 + 0.3 * statement.position)
    return quality * _length(text, wording.passage.language)


def _first(statement: Statement) -> Wording:
    """The wording that decides, so that readers of each language are told the same."""
    return next(iter(statement.wordings.values()))


def _length(text: str, language: str) -> float:
    """Near 1 for what is read in one breath, lower for scraps and for sentences that fill the screen."""
    size = len(text) * (2.5 if language == "zh" else 1.0)
    if size < 40:
        return size / 40 * 0.6
    if size < 90:
        return 0.8 + 0.2 * (size - 40) / 50
    return 1.0 if size <= 180 else max(0.3, 1.0 - (size - 180) / 400)
