"""Ranks statements and chooses which to say first: central, on the point, spread over reports, no repeats.

Pure: weighs what it is given and reads nothing.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from heapq import heapify, heappop, heappush
from itertools import islice
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from bot.languages import entry_of
from bot.library.search import held
from bot.text.stopwords import STOPWORDS
from bot.trends.hearsay import is_hearsay
from bot.trends.standalone import OPEN, continues_previous, depends_on_previous, is_unfinished
from bot.trends.statements import SAME, Statement, Wording, cosine, terms_of, translates

# A sentence that hedges itself, or only says what a report does not state.
_DOUBTED = re.compile(  # the lookahead only saves time
    r"(?=[dungwDUNGW存未有没])(?:(?i:doubtful|unverified|unconfirmed|not (?:stated|named|confirmed|verified)|gives? no |"
    r"without (?:giving )?a (?:basis|source))|存疑|未经证实|未经核实|有待证实|(?:没有|未)(?:说明|注明|给出))"
)
ONE_EVENT: Final = 0.34
"""Cosine of the words of two sentences, stop words aside, from which they are about one event."""

_FOREIGN = 0.3
_RELATED = 0.25
_SAME_REPORT = 0.6
_INDIRECT = 0.45
# Hearsay is quoted only where nothing else is left.
_HEARSAY = 0.3
_POOL = 48
# The share of words held is squared: two words together say more than twice what one does.
_ASKED = 6


class Ranked(Struct, frozen=True):
    """A statement with its weight (higher says more about the query) and its terms for comparison."""

    statement: Statement
    weight: float
    terms: frozenset[str]


def rank(statements: Sequence[Statement], asked: Sequence[str] = ()) -> list[Ranked]:
    """Return the statements by weight, best first; `asked` are the words of the question beside its topics.

    The weight is the product of four factors: centrality (the share of its words, by inverse document
    frequency, that other reports use on the same query: the degree form of LexRank, Erkan and Radev 2004, over
    words instead of a similarity graph), how directly it is on the query, how many of the `asked` words it
    holds, and how well it stands alone. A statement's words are those of all its languages, so that readers of
    each language get the same evidence.
    """
    terms = [terms_of(s) for s in statements]
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
    nearness = _word_factors(statements, asked) if asked else [1.0] * len(statements)
    ranked = [
        Ranked(s, _centrality(words, rarity, support) * _quality(s) * near, words)
        for s, words, near in zip(statements, terms, nearness, strict=True)
    ]
    return sorted(ranked, key=lambda r: -r.weight)


def doubted_last(ranked: Iterable[Ranked]) -> list[Ranked]:
    """Return the ranking with the weight of doubted sentences halved, for points; a doubted number may still be quoted."""
    weighed = [replace(r, weight=r.weight / 2) if is_doubted(r.statement) else r for r in ranked]
    return sorted(weighed, key=lambda r: -r.weight)


def own_language_first(ranked: Iterable[Ranked], language: str) -> list[Ranked]:
    """Return the ranking with statements that lack the reader's language lowered: they are shown where nothing else is."""
    weighed = [
        r if language in r.statement.wordings else replace(r, weight=r.weight * _FOREIGN) for r in ranked
    ]
    return sorted(weighed, key=lambda r: -r.weight)


def is_doubted(statement: Statement) -> bool:
    """Return whether a sentence hedges itself, or only says what a report does not state."""
    return _DOUBTED.search(_deciding_wording(statement).sentence.text) is not None


def choose(ranked: Iterable[Ranked], count: int, chosen: Sequence[Ranked] = ()) -> list[Ranked]:
    """Return the next `count` statements after those already `chosen`, best first, lowered by what they repeat.

    A report weighs less each time it has been quoted, and a near repetition is never chosen (maximal marginal
    relevance, Carbonell and Goldstein 1998).
    """
    return list(islice(in_turn(ranked, chosen), count))


def in_turn(ranked: Iterable[Ranked], chosen: Sequence[Ranked] = ()) -> Iterator[Ranked]:
    """Yield what `choose` would choose, one at a time.

    A statement's value only falls as more are chosen, so it is compared anew only when its last known value
    puts it next (lazy greedy, Minoux 1978), which spares most comparisons.
    """
    taken = {id(r) for r in chosen}
    # A statement far behind would be chosen only if all before it said the same.
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
        if nearest < SAME:
            heappush(waiting, (-_value(one, spoken, nearest), place, nearest, len(said)))


def similarity(one: Ranked, other: Ranked) -> float:
    """Return how much two statements share, 0 to 1: the cosine of their sets of terms; 1 for an unmarked translation."""
    return 1.0 if translates(one.statement, other.statement) else cosine(one.terms, other.terms)


def near_duplicates(one: Ranked, other: Ranked) -> bool:
    """Return whether two statements say the same in nearly the same words, so that one of them is enough."""
    return similarity(one, other) >= SAME


def tell_of_one_event(one: Ranked, other: Ranked) -> bool:
    """Return whether two statements of a few days are about one event."""
    if translates(one.statement, other.statement):
        return True
    return cosine(one.terms - STOPWORDS, other.terms - STOPWORDS) >= ONE_EVENT


def _value(ranked: Ranked, spoken: Counter[str], nearest: float) -> float:
    repetition = max(0.0, nearest - _RELATED)
    return ranked.weight * _SAME_REPORT ** spoken[ranked.statement.report.id] * (1 - repetition)


def _centrality(words: frozenset[str], rarity: dict[str, float], support: dict[str, float]) -> float:
    if not words:
        return 0.0
    shared = sum(map(support.__getitem__, words & support.keys()))
    return 0.1 + shared / math.sqrt(sum(map(rarity.__getitem__, words)))


def _quality(statement: Statement) -> float:
    wording = _deciding_wording(statement)
    text = wording.sentence.text
    quality = 1.0 if statement.direct else _INDIRECT
    if depends_on_previous(text):
        quality *= 0.3
    elif continues_previous(text):
        quality *= 0.75
    if text.endswith(OPEN) or is_unfinished(text):
        quality *= 0.2
    if is_hearsay(text):
        quality *= _HEARSAY
    # The beginning of a report says what it is about.
    quality *= 0.9 + 0.2 / (1 + 0.3 * statement.position)
    return quality * _length_factor(text, wording.passage.language)


def _word_factors(statements: Sequence[Statement], asked: Sequence[str]) -> list[float]:
    """Return a factor for each statement that grows with the share of the asked words it holds, in any language.

    Words that no statement holds are ignored, since they cannot set one apart from another.
    """
    words = [frozenset().union(*(held(w.line, asked) for w in s.wordings.values())) for s in statements]
    most = max(1, len(frozenset().union(*words)))
    return [1 + _ASKED * (len(own) / most) ** 2 for own in words]


def _deciding_wording(statement: Statement) -> Wording:
    """Return the wording that decides, so that readers of each language get the same statements."""
    return next(iter(statement.wordings.values()))


def _length_factor(text: str, language: str) -> float:
    """Return a factor near 1 for a sentence read in one breath, lower for scraps and for ones that fill the screen."""
    size = len(text) * entry_of(language).weight
    if size < 40:
        return size / 40 * 0.6
    if size < 90:
        return 0.8 + 0.2 * (size - 40) / 50
    return 1.0 if size <= 180 else max(0.3, 1.0 - (size - 180) / 400)
