"""Decides whether a model's sentence says only what the passages that it cites say. Pure, and fails closed.

names and terms: each is in a cited passage                                        reading
numbers: each is in a cited passage, with its bound (about, over, under)           numbers, markers
content: at least half of each clause is there, and so is the sentence's end       across
citation: no other passage fits better than the cited ones
negations, hedges, directions: as in the cited passages                            markers
positions: names and numbers stand where the source has them                       pairing, places

Limits: it does not detect one ordinary word replaced by another (software for hardware, unless a list has the pair),
nor, between languages, words that neither the glossary nor the dictionary (across) knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from enum import Enum

from bot.rewriting.across import may_say_the_same, with_source_keys
from bot.rewriting.markers import keeps_bounds, keeps_directions, keeps_hedges, keeps_negations
from bot.rewriting.material import Evidence
from bot.rewriting.pairing import keeps_pairs
from bot.rewriting.places import keeps_positions
from bot.rewriting.reading import Reader, Reading, Token

_CONTAINED = 0.5
_IN_A_ROW = 3
"""This many consecutive content words without a match in the cited passages count as an invented fact."""
_LONG_HAN = 3
"""From this length in characters, a Chinese word is more often a name or a technical term than a paraphrase."""
_PHRASE = frozenset("不得地着了过")
"""Characters that mark a long Chinese word as a phrase: 离不开, 多得多."""
_ADVERB = re.compile(r"[a-z]{3,}ly")
_ANCHORS, _ANCHORED, _LOOSE, _LOOSE_END = 2, 0.2, 3, 2


class Fault(Enum):
    """Reason why a sentence is not shown."""

    STRUCTURE = "cites nothing, or what is not there"
    NUMBER = "a number that no cited passage has"
    NAME = "a name, term or quotation that no cited passage has"
    CONTENT = "words that no cited passage has"
    CITATION = "another passage says it, not the cited one"
    NEGATION = "a negation lost or added"
    HEDGE = "surer than its source, or a number without its bound"
    SIDE = "the other way round than its source"
    PLACE = "a name or number in the place of another"


class Verifier:
    """Comparison of a model's sentences with their sources; `evidence` is everything that the model was given."""

    def __init__(self, reader: Reader, evidence: Iterable[Evidence]) -> None:
        self._reader = reader
        self._sources = {one.number: reader.read(one.text) for one in evidence}

    def fault(self, sentence: str, numbers: Sequence[int]) -> Fault | None:
        """Return why a sentence that cites `numbers` cannot be shown, or None where it can."""
        if not sentence.strip() or not numbers or any(number not in self._sources for number in numbers):
            return Fault.STRUCTURE
        cited = [self._sources[number] for number in numbers]
        reading = with_source_keys(self._reader.read(sentence), cited)
        others = [source for number, source in self._sources.items() if number not in numbers]
        if not reading.tokens:
            return Fault.CONTENT
        return (
            _unknown_term(reading, cited)
            or _unsupported_content(reading, cited)
            or _better_source(reading, cited, others)
            or _contradiction(reading, cited)
        )


def _unknown_term(sentence: Reading, cited: Sequence[Reading]) -> Fault | None:
    """Return the fault for a number, name, term or quotation of `sentence` that no cited passage has, or None."""
    for token in sentence.tokens:
        if token.kind == "number" and not _held(token, cited):
            return Fault.NUMBER
    known = frozenset().union(*(source.hinted for source in cited))
    if any(
        not token.topics <= known and not any(token.key in source.keys for source in cited)
        for token in sentence.tokens
    ):
        return Fault.NAME
    if any(token.kind == "name" and not _held(token, cited) for token in sentence.tokens):
        return Fault.NAME
    held = " ".join(token.text.lower() for token in sentence.tokens if _held(token, cited))
    if any(name not in held and all(name not in source.lower for source in cited) for name in sentence.names):
        return Fault.NAME
    if any(all(quote not in source.lower for source in cited) for quote in sentence.quotes):
        return Fault.NAME
    return None


def _unsupported_content(sentence: Reading, cited: Sequence[Reading]) -> Fault | None:
    """Return the fault for a clause of `sentence` with too much content that no cited passage has, or None."""
    alike = [source for source in cited if source.language == sentence.language]
    if not alike:
        return None if _is_anchored(sentence, cited) else Fault.CONTENT
    for clause in sentence.clauses:
        novel = [not _held(token, alike) for token in clause]
        if sum(novel) > (1 - _CONTAINED) * len(clause) or _longest_run(novel) >= _IN_A_ROW:
            return Fault.CONTENT
        if any(new and _is_fact(token, alike) for new, token in zip(novel, clause, strict=True)):
            return Fault.NAME
    return Fault.CONTENT if _is_extended(sentence, alike) else None


def _is_extended(sentence: Reading, sources: Sequence[Reading]) -> bool:
    """Return whether an English sentence ends with a word, or contains an adverb, that no source has in any form.

    A paraphrase replaces its source's words. What a model adds stands at the end (after a lawsuit) or is an adverb
    (illegally).
    """
    words = [token for token in sentence.tokens if token.text.isascii()]
    adverbs = [token for token in words if token.kind == "word" and _ADVERB.fullmatch(token.text.lower())]
    return any(not _may_be_held(token, sources) for token in (*words[-1:], *adverbs))


def _may_be_held(token: Token, sources: Sequence[Reading]) -> bool:
    if token.kind != "word" or _held(token, sources):
        return True
    word = token.text.lower()
    return any(
        may_say_the_same(word, other.text.lower())
        for source in sources
        for other in source.tokens
        if other.kind != "number" and other.text.isascii()
    )


def _is_anchored(sentence: Reading, cited: Sequence[Reading]) -> bool:
    """Return whether each clause has, never far away, something that two languages share: numbers, names, topics."""
    anchors = {token.key for token in sentence.tokens if _held(token, cited)}
    if len(anchors) < _ANCHORS or len(anchors) < _ANCHORED * len({token.key for token in sentence.tokens}):
        return False
    loose = [[token.key not in anchors for token in clause] for clause in sentence.clauses]
    if any(all(clause) or _longest_run(clause) > _LOOSE for clause in loose):
        return False
    # Models add things at the end.
    return not all([new for clause in loose for new in clause][-_LOOSE_END:])


def _is_fact(token: Token, sources: Sequence[Reading]) -> bool:
    """Return whether a new Chinese word is more likely a name, a term or a list item than a paraphrase."""
    phrase = any(character in _PHRASE for character in token.text) or any(
        s.holds_part(token) for s in sources
    )
    return not token.text.isascii() and ((len(token.text) >= _LONG_HAN and not phrase) or token.listed)


def _better_source(sentence: Reading, cited: Sequence[Reading], others: Sequence[Reading]) -> Fault | None:
    """Return Fault.CITATION where an uncited passage has more of the sentence than the cited ones, else None.

    Between languages, a tie is a fault too.
    """
    own = sum(_held(token, cited) for token in sentence.tokens)
    best = max((sum(other.holds(token) for token in sentence.tokens) for other in others), default=0)
    across = any(source.language != sentence.language for source in cited)
    return Fault.CITATION if best > own or (across and best == own) else None


def _contradiction(sentence: Reading, cited: Sequence[Reading]) -> Fault | None:
    if not keeps_negations(sentence, cited):
        return Fault.NEGATION
    if not (keeps_hedges(sentence, cited) and keeps_bounds(sentence, cited)):
        return Fault.HEDGE
    if not keeps_directions(sentence, cited):
        return Fault.SIDE
    return None if keeps_pairs(sentence, cited) and keeps_positions(sentence, cited) else Fault.PLACE


def _held(token: Token, sources: Sequence[Reading]) -> bool:
    return any(source.holds(token) for source in sources)


def _longest_run(marks: Sequence[bool]) -> int:
    longest = run = 0
    for mark in marks:
        run = run + 1 if mark else 0
        longest = max(longest, run)
    return longest
