"""Chooses which statements to say first: central, on the point, spread over reports, none twice.

Pure: weighs what it is given and reads nothing.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from heapq import heapify, heappop, heappush
from itertools import islice

from bot.analysis.evidence import Statement, Wording
from bot.models import Sentence

# A sentence that leans on the one before it cannot be quoted alone.
_LEANING = re.compile(
    r"(?:it|its|this|these|that|those|they|their|he|she|his|her|such|another|other|both|but|and|so|or|however|"
    r"moreover|furthermore|plus|in addition|also|meanwhile|therefore|thus|then|instead|specifically|for example|"
    r"for instance|in contrast|by contrast|as a result|similarly|likewise|here|there)\b"
    r"|该|其|此|这|那|它|他|她|但|而|且|并|不过|然而|因此|所以|同时|另外|此外|另一方面|一方面|例如|比如|具体|"
    r"与此|同样|接下来|随后|其次|首先|最后|上述|以上|特别是|尤其是|前者|后者|一是|二是|三是|四是|五是|六是",
    re.IGNORECASE,
)
# And one that adds to it says less alone.
_ADDING = (" also ", " as well", " too.", "还", "也")
# What casts doubt on itself, or only says what a report does not say.
_DOUBTED = re.compile(  # the look ahead only saves time
    r"(?=[dungwDUNGW存未有没])(?:(?i:doubtful|unverified|unconfirmed|not (?:stated|named|confirmed|verified)|gives? no |"
    r"without (?:giving )?a (?:basis|source))|存疑|未经证实|未经核实|有待证实|(?:没有|未)(?:说明|注明|给出))"
)
# What may stand before the first word: quotation marks, emoji.
_SIGNS = re.compile(r"^[\W_]+")
# Names between bars are a page's menu.
_BARS = re.compile(r"[|｜丨]")
# A question or a heading waits for what comes after it.
_OPEN = ("?", "？", ":", "：")
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
    uses = Counter[str]()
    reports: defaultdict[str, set[str]] = defaultdict(set)
    for statement, words in zip(statements, terms, strict=True):
        uses.update(words)
        reports[statement.report.id] |= words
    users = Counter[str]()
    for said in reports.values():
        users.update(said)
    idf = {count: math.log(1 + len(terms) / count) for count in set(uses.values())}
    rarity = {word: idf[count] for word, count in uses.items()}
    others = max(1, len(reports) - 1)
    support = {w: rarity[w] * (count - 1) / others for w, count in users.items() if count > 1}
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
    return list(islice(in_turn(ranked, chosen), count))


def in_turn(ranked: Iterable[Ranked], chosen: Sequence[Ranked] = ()) -> Iterator[Ranked]:
    """What `choose` would choose, one after the other.

    Since a value only falls as more is chosen, a statement is compared anew only when it would be next by its last
    known value (lazy greedy, Minoux 1978), which spares most comparisons.
    """
    taken = {id(r) for r in chosen}
    # What is far behind would be chosen only if all before it said the same.
    pool = list(islice((r for r in ranked if id(r) not in taken), _POOL))
    said = list(chosen)
    spoken = Counter(c.statement.report.id for c in chosen)
    waiting = [(-_value(r, spoken, 0.0), place, 0.0, 0) for place, r in enumerate(pool)]
    heapify(waiting)
    while waiting:
        _, place, nearest, compared = heappop(waiting)
        one = pool[place]
        if compared == len(said):
            said.append(one)
            spoken[one.statement.report.id] += 1
            yield one
            continue
        nearest = max(nearest, *(similarity(one, other) for other in said[compared:]))
        if nearest < _SAME:
            heappush(waiting, (-_value(one, spoken, nearest), place, nearest, len(said)))


def stands_alone(text: str) -> bool:
    """Whether a sentence can be read without the one before it, and is no question, heading or menu."""
    return not (_leans(text) or text.endswith(_OPEN) or len(_BARS.findall(text)) > 1)


def with_lead(wording: Wording) -> tuple[Sentence, ...]:
    """The sentence, and up to two before it in its passage when it leans on them."""
    sentences, start = wording.passage.sentences, wording.index
    while start > max(0, wording.index - 2) and not stands_alone(sentences[start].text):
        start -= 1
    return sentences[start : wording.index + 1]


def repeats(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two sentences of one language, by their terms, say the same in nearly the same words."""
    return _cosine(one, other) >= _SAME


def alike(one: Ranked, other: Ranked) -> bool:
    """Whether two statements say the same in nearly the same words, so that one of them is enough."""
    return similarity(one, other) >= _SAME


def similarity(one: Ranked, other: Ranked) -> float:
    """How much two statements share, 0 to 1: the overlap coefficient tempered by length (cosine of sets)."""
    return _cosine(one.terms, other.terms)


def _cosine(one: frozenset[str], other: frozenset[str]) -> float:
    shared = len(one & other)
    return shared / math.sqrt(len(one) * len(other)) if shared else 0.0


def _value(ranked: Ranked, spoken: Counter[str], nearest: float) -> float:
    repetition = max(0.0, nearest - _RELATED)
    return ranked.weight * _SAME_REPORT ** spoken[ranked.statement.report.id] * (1 - repetition)


def _centrality(words: frozenset[str], rarity: dict[str, float], support: dict[str, float]) -> float:
    if not words:
        return 0.0
    shared = sum(map(support.__getitem__, words & support.keys()))
    return 0.1 + shared / math.sqrt(sum(map(rarity.__getitem__, words)))


def _leans(text: str) -> bool:
    return _LEANING.match(_SIGNS.sub("", text)) is not None


def _quality(statement: Statement) -> float:
    wording = _first(statement)
    text = wording.sentence.text
    quality = 1.0 if statement.direct else _INDIRECT
    if _leans(text):
        quality *= 0.3
    elif any(word in text for word in _ADDING):
        quality *= 0.75
    if text.endswith(_OPEN):
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
