"""Whether a sentence of a language model says only what the passages that it cites say. Pure, and fails closed.

names and terms: each is in a cited passage          reading
numbers: each is, and about, over or under as there  numbers, markers
content: half of each clause is, in one language, and its end     synonyms
another passage fits no better than the cited ones
negations, hedges, ups and downs are as there        markers
names and numbers stand where they stood             pairing, places

What it cannot see: one ordinary word in the place of another (software for hardware where no list knows them), and,
from one language to another, words that neither the glossary nor the dictionary knows (across), and one ordinary word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from enum import Enum

from bot.rewriting.across import in_words_of
from bot.rewriting.evidence import Evidence
from bot.rewriting.markers import keeps_bounds, keeps_hedges, keeps_negations, keeps_sides
from bot.rewriting.pairing import keeps_pairs
from bot.rewriting.places import in_their_places
from bot.rewriting.reading import Reader, Reading, Token
from bot.rewriting.synonyms import may_say_the_same

_CONTAINED = 0.5
_IN_A_ROW = 3
"""So many content words in a row that no cited passage has are a fact of the model's own."""
_LONG_HAN = 3
"""From so many characters on a Chinese word is a name or a technical term more often than a paraphrase."""
_PHRASE = frozenset("不得地着了过")
"""Characters that make a long Chinese word a phrase: 离不开, 多得多."""
_ADVERB = re.compile(r"[a-z]{3,}ly")
_ANCHORS, _ANCHORED, _LOOSE, _LOOSE_END = 2, 0.2, 3, 2


class Fault(Enum):
    """Why a sentence is not shown."""

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
    """Compares sentences with their sources; `evidence` is all that the model was given."""

    def __init__(self, reader: Reader, evidence: Iterable[Evidence]) -> None:
        self._reader = reader
        self._sources = {one.number: reader.read(one.text) for one in evidence}

    def fault(self, sentence: str, numbers: Sequence[int]) -> Fault | None:
        """Why a sentence that cites `numbers` cannot be shown, None where it can."""
        if not sentence.strip() or not numbers or any(number not in self._sources for number in numbers):
            return Fault.STRUCTURE
        cited = [self._sources[number] for number in numbers]
        said = in_words_of(self._reader.read(sentence), cited)
        others = [source for number, source in self._sources.items() if number not in numbers]
        if not said.tokens:
            return Fault.CONTENT
        return (
            _foreign(said, cited)
            or _unsaid(said, cited)
            or _said_elsewhere(said, cited, others)
            or _turned_round(said, cited)
        )


def _foreign(said: Reading, cited: Sequence[Reading]) -> Fault | None:
    """A number, name, term or quotation of `said` that no cited passage has."""
    for token in said.tokens:
        if token.kind == "number" and not _held(token, cited):
            return Fault.NUMBER
    known = frozenset().union(*(source.hinted for source in cited))
    if any(
        not token.topics <= known and not any(token.key in source.keys for source in cited)
        for token in said.tokens
    ):
        return Fault.NAME
    if any(token.kind == "name" and not _held(token, cited) for token in said.tokens):
        return Fault.NAME
    held = " ".join(token.text.lower() for token in said.tokens if _held(token, cited))
    if any(name not in held and all(name not in source.lower for source in cited) for name in said.names):
        return Fault.NAME
    if any(all(quote not in source.lower for source in cited) for quote in said.quotes):
        return Fault.NAME
    return None


def _unsaid(said: Reading, cited: Sequence[Reading]) -> Fault | None:
    """Too much of `said` that no cited passage has."""
    alike = [source for source in cited if source.language == said.language]
    if not alike:
        return None if _is_anchored(said, cited) else Fault.CONTENT
    for clause in said.clauses:
        novel = [not _held(token, alike) for token in clause]
        if sum(novel) > (1 - _CONTAINED) * len(clause) or _longest_run(novel) >= _IN_A_ROW:
            return Fault.CONTENT
        if any(new and _is_fact(token, alike) for new, token in zip(novel, clause, strict=True)):
            return Fault.NAME
    return Fault.CONTENT if _is_extended(said, alike) else None


def _is_extended(said: Reading, sources: Sequence[Reading]) -> bool:
    """Whether an English sentence ends on a word that no source has in any form, or has such an adverb in it.

    A paraphrase puts its own words for those of its source. What a model adds stands at the end (after a lawsuit) or is
    an adverb (illegally).
    """
    words = [token for token in said.tokens if token.text.isascii()]
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


def _is_anchored(said: Reading, cited: Sequence[Reading]) -> bool:
    """Whether what two languages share (numbers, names, topics) is in each clause, and never far away."""
    anchors = {token.key for token in said.tokens if _held(token, cited)}
    if len(anchors) < _ANCHORS or len(anchors) < _ANCHORED * len({token.key for token in said.tokens}):
        return False
    loose = [[token.key not in anchors for token in clause] for clause in said.clauses]
    if any(all(clause) or _longest_run(clause) > _LOOSE for clause in loose):
        return False
    # What a model adds stands at the end.
    return not all([new for clause in loose for new in clause][-_LOOSE_END:])


def _is_fact(token: Token, sources: Sequence[Reading]) -> bool:
    """Whether a new Chinese word is more likely a name, a term or an item of a list than another way to say it."""
    phrase = any(character in _PHRASE for character in token.text) or any(
        s.holds_part(token) for s in sources
    )
    return not token.text.isascii() and ((len(token.text) >= _LONG_HAN and not phrase) or token.listed)


def _said_elsewhere(said: Reading, cited: Sequence[Reading], others: Sequence[Reading]) -> Fault | None:
    """Whether a passage that is not cited has more of the sentence than those that are."""
    own = sum(_held(token, cited) for token in said.tokens)
    best = max((sum(other.holds(token) for token in said.tokens) for other in others), default=0)
    across = any(source.language != said.language for source in cited)
    return Fault.CITATION if best > own or (across and best == own) else None


def _turned_round(said: Reading, cited: Sequence[Reading]) -> Fault | None:
    if not keeps_negations(said, cited):
        return Fault.NEGATION
    if not (keeps_hedges(said, cited) and keeps_bounds(said, cited)):
        return Fault.HEDGE
    if not keeps_sides(said, cited):
        return Fault.SIDE
    return None if keeps_pairs(said, cited) and in_their_places(said, cited) else Fault.PLACE


def _held(token: Token, sources: Sequence[Reading]) -> bool:
    return any(source.holds(token) for source in sources)


def _longest_run(marks: Sequence[bool]) -> int:
    longest = run = 0
    for mark in marks:
        run = run + 1 if mark else 0
        longest = max(longest, run)
    return longest
