"""Compares the negations, hedges, opposites and numeric bounds of a sentence with those of its sources.

Matches words of four lists (negations.tsv, hedges.tsv, opposites.tsv, bounds.tsv) and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import chain
from pathlib import Path

from msgspec import Struct

from bot.rewriting.reading import Reading, Token
from bot.text.normalise import has_han
from bot.text.rule_data import read_rows, read_table

_HERE = Path(__file__).parent
_NEGATIONS = read_table(_HERE / "negations.tsv")
_HEDGES = read_table(_HERE / "hedges.tsv")
_BOUNDS = {word: f"{kind} {where}" for word, kind, where in read_rows(_HERE / "bounds.tsv")}
_OPPOSITES = {word: (sense, side) for word, sense, side in read_rows(_HERE / "opposites.tsv")}
_NONE = "-"
_DOUBT = {"planned": 1, "expected": 1, "possible": 2}
_SCOPE = 3
_DENYING = re.compile("[不没无未非]")
_GROWTH, _UP = "growth", "up"
_DURATION = re.compile(r"\S+\s(?:years?|months?|weeks?|days?|decades?)\b(?!\sold)")
"""A duration: "over" before it means "during" (over 3 years), not "more than"."""
_BETWEEN = re.compile(r"\W*(?:(?:the|a|an|as much as)\s|为|达|到|是|有|占|[个件名家篇款台人年元倍])?\W*")
"""Text that may separate a number from the word that bounds it."""


class _Marker(Struct, frozen=True):
    kind: str
    start: int
    end: int
    clause: int


@cache
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    forms = [
        re.escape(word)
        if not word.isascii()
        else rf"{re.escape(word)}\b"
        if "'" in word
        else rf"\b{re.escape(word)}\b"
        for word in longest_first
    ]
    return re.compile("|".join(forms))


def _markers(reading: Reading, kinds: Mapping[str, str]) -> Iterator[_Marker]:
    for match in _pattern(tuple(kinds)).finditer(reading.lower.replace("’", "'")):
        kind = kinds[match[0]]
        if kind != _NONE:
            yield _Marker(kind, match.start(), match.end(), reading.clause_at(match.start()))


# -- negations ---------------------------------------------------------------------------------------------


def keeps_negations(sentence: Reading, sources: Sequence[Reading]) -> bool:
    """Return whether `sentence` keeps the negations of its sources, as far as it repeats their content, and adds none."""
    alike = [source for source in sources if source.language == sentence.language]
    if len(alike) < len(sources):
        return bool(_denials(sentence)) == any(map(_denials, sources))
    if any(_leaves_out_a_denial(sentence, source) for source in alike):
        return False
    own = len(_denials(sentence))
    told = [len(_shared_negations(source, sentence)) for source in alike]
    if own < max(told) or own > sum(len(_denials(source)) for source in alike):
        return False
    return all(_negations_agree(source, sentence) for source in alike) and (
        not own or any(_denials(source) and _negations_agree(sentence, source) for source in alike)
    )


def _leaves_out_a_denial(sentence: Reading, source: Reading) -> bool:
    """Return whether `sentence` drops a negating character, joining the characters around one in a Chinese source."""
    text = source.lower
    joints = (text[m.start() - 1 : m.start()] + text[m.end() : m.end() + 2] for m in _DENYING.finditer(text))
    return any(has_han(joint) and joint in sentence.lower and joint not in text for joint in joints)


def _denials(reading: Reading) -> list[_Marker]:
    return list(_markers(reading, _NEGATIONS))


def _shared_negations(one: Reading, other: Reading) -> list[tuple[_Marker, list[Token]]]:
    """Return the negations of `one` that deny words of which `other` has at least half, each with the shared words."""
    told = []
    for marker in _denials(one):
        scope = _scope(one, marker)
        held = [token for token in scope if other.holds(token)]
        if held and 2 * len(held) >= len(scope):
            told.append((marker, held))
    return told


def _negations_agree(one: Reading, other: Reading) -> bool:
    """Return whether everything that `one` denies is also denied in each clause of `other` that mentions it."""
    negated = {marker.clause for marker in _denials(other)}
    return not any(
        negated.isdisjoint(chain.from_iterable(_clauses_with(token, other) for token in held))
        for _, held in _shared_negations(one, other)
    )


def _scope(reading: Reading, marker: _Marker) -> list[Token]:
    """Return the words that a negation denies: up to three after it in its clause, else the clause's last two."""
    own = [token for token in reading.tokens if token.clause == marker.clause]
    behind = [token for token in own if token.start >= marker.end][:_SCOPE]
    return behind or own[-2:]


def _clauses_with(token: Token, reading: Reading) -> set[int]:
    return {
        other.clause
        for other in reading.tokens
        if other.key == token.key
        or (token.topics and token.topics <= other.topics)
        or (not token.text.isascii() and token.text.lower() in other.text.lower())
    } or {
        reading.clause_at(match.start())
        for match in re.finditer(re.escape(token.text.lower()), reading.lower)
    }


# -- hedges ------------------------------------------------------------------------------------------------


def keeps_hedges(sentence: Reading, sources: Sequence[Reading]) -> bool:
    """Return whether `sentence` is at least as uncertain as the clauses of its sources that it repeats."""
    return _doubt(sentence) >= max((_doubt_of_told(source, sentence) for source in sources), default=0)


def _doubt(reading: Reading) -> int:
    return max((_DOUBT[marker.kind] for marker in _markers(reading, _HEDGES)), default=0)


def _doubt_of_told(source: Reading, sentence: Reading) -> int:
    told = {
        tokens[0].clause
        for tokens in source.clauses
        if 2 * sum(sentence.holds(token) for token in tokens) >= len(tokens)
    }
    whole = source.language != sentence.language
    # A hedge of one Chinese character (会, 要) often carries no doubt, and a translation has no word for it.
    doubts = [
        _DOUBT[m.kind]
        for m in _markers(source, _HEDGES)
        if (m.end - m.start > 1 if whole else m.clause in told)
    ]
    return max(doubts, default=0)


# -- opposites ---------------------------------------------------------------------------------------------


def keeps_directions(sentence: Reading, sources: Sequence[Reading]) -> bool:
    """Return whether `sentence` contradicts neither a direction stated by its sources nor that of its own numbers."""
    known = set().union(*map(_sides, sources))
    spoken_of = {sense for sense, _ in known}
    own = _sides(sentence) - known
    if any(sense in spoken_of for sense, _ in own):
        return False
    rises = _rises(sentence)
    return rises is None or not any(sense == _GROWTH and (side == _UP) != rises for sense, side in own)


def _rises(reading: Reading) -> bool | None:
    """Return whether the last amount exceeds the first, or None with fewer than two amounts."""
    amounts = [token.amount for token in reading.tokens if token.amount is not None]
    return amounts[-1] > amounts[0] if len(amounts) > 1 else None


def _sides(reading: Reading) -> set[tuple[str, str]]:
    pattern = _pattern(tuple(_OPPOSITES))
    return {_OPPOSITES[match[0]] for match in pattern.finditer(reading.lower)}


# -- bounds of numbers -------------------------------------------------------------------------------------


def keeps_bounds(sentence: Reading, sources: Sequence[Reading]) -> bool:
    """Return whether each number of `sentence` is exact, or has a bound (about, over, under), as in one of its sources."""
    for token in sentence.tokens:
        if token.kind == "number":
            kinds = [
                _bound(other, source)
                for source in sources
                for other in source.tokens
                if other.key == token.key
            ]
            if kinds and _bound(token, sentence) not in kinds:
                return False
    return True


def _bound(number: Token, reading: Reading) -> str:
    """Return the kind of bound on a number: about, over or under; "" for an exact value."""
    end = number.start + len(number.text)
    for marker in _markers(reading, _BOUNDS):
        kind, where = marker.kind.split()
        between = (
            reading.lower[marker.end : number.start]
            if where == "before"
            else reading.lower[end : marker.start]
        )
        beside = marker.end <= number.start if where == "before" else end <= marker.start
        if beside and _BETWEEN.fullmatch(between):
            lasts = reading.lower[marker.start : marker.end] == "over" and _DURATION.match(
                reading.lower, number.start
            )
            return "" if lasts else kind
    return ""
