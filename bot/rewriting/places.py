"""Checks whether the names and numbers of a sentence stand where its source has them. Pure; reads tokens alone.

A sentence with two numbers or two names exchanged has the same words as an honest one. But each of them then stands
among the other's neighbours, so the sentence would fit its source better with the two exchanged back, or with another
name or number of the source in that place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, pairwise
from pathlib import Path

from msgspec.structs import replace

from bot.rewriting.numbers import YEAR
from bot.rewriting.pairing import keeps_years
from bot.rewriting.reading import Reading, Token
from bot.text.normalise import has_han
from bot.text.rule_data import any_whole, read_words

_SHORT_HAN = 2
_REACH = 9
"""Number of neighbours on each side that are compared."""
_ACROSS = 0.4
"""Weight of a neighbour in another clause, relative to one in the same clause."""
_TURNED = 0.45
"""Weight of a neighbour on the other side, relative to one on the same side."""
_CLEARLY = 1.6
"""Factor by which another name or number must fit better before one that has no partner to exchange with is rejected.
"""
_PASSIVE = re.compile(
    r"\b(?:is|are|was|were|be|been|being)\b(?:\s\w+){0,2}\s\w+(?:ed|en|wn|ught|ld)\s(?:\w+\s){0,3}by\b|被|遭到?"
)
_REPORTING = read_words(Path(__file__).with_name("reporting_words.txt"))
_ROLE_OF = {
    **dict.fromkeys(("from", "从", "由", "自"), "from"),
    **dict.fromkeys(("to", "至", "到", "向"), "to"),
    **dict.fromkeys(_REPORTING, "says"),
    **dict.fromkeys(("than", "over", "against", "versus", "比", "较"), "than"),
}
_ROLES = re.compile(any_whole(_ROLE_OF))

_BEFORE_YEAR = re.compile(r"(?:\b(?:in|since|until|till|during|late|early|mid)\s|[-–—(]|\b[A-Z][a-z]+,?\s)$")
_BEHIND_YEAR = ("年", "-", "–", "—", "至", "到")
_WITHIN_NAMES = frozenset({" ", "·"})

_Place = tuple[str, int, int]
"""A key, its index among the tokens, and its clause."""


def keeps_positions(sentence: Reading, sources: Sequence[Reading]) -> bool:
    """Return whether every name and number of `sentence` fits the sources best where it stands."""
    units = frozenset(unit.key for source in sources for unit in _units(source))
    across = any(source.language != sentence.language for source in sources)
    source_places = [_places(_with_roles(source), across=across) for source in sources]
    items = _with_roles(sentence, units)
    own = _places(items, across=across)
    plain = frozenset(token.key for source in sources for token in source.tokens if token.kind == "word")
    marked = [
        (index, item) for index, item in enumerate(items) if isinstance(item, Token) and _kind(item, plain)
    ]
    if across and _repeats_a_name(sentence, sources):
        return False
    settled = keeps_years(sentence, sources)
    for i, k in _exchangeable(marked, sentence, plain):
        if (
            across
            and own[i][0][:1].isdigit()
            and (clear := _cannot_be_exchanged(i, k, items, sentence, settled)) is not None
        ):
            if not clear:
                return False
            continue
        if across and _agreement(own, source_places, (i, k)) > 0:
            # Word order says little across languages: a name is rejected only where it fits much better
            # elsewhere, a number wherever it does not fit much better here.
            by = 1 / _CLEARLY if own[i][0][:1].isdigit() else _CLEARLY
            if _fits_better_exchanged(own, source_places, i, k, by):
                return False
            continue
        by_year = settled and _is_year(own[i]) and _is_year(own[k])
        if not by_year and _fits_better_exchanged(own, source_places, i, k):
            return False
    return not any(
        _fits_another_better(own, source_places, index, token, sources, plain) for index, token in marked
    )


def _repeats_a_name(sentence: Reading, sources: Sequence[Reading]) -> bool:
    """Return whether a translation repeats a name more often than its sources: one of them then replaces another name."""
    return any(
        _times(token, sentence) > sum(_times(token, source) for source in sources)
        for token in sentence.tokens
        if token.kind == "name" and token.topics
    )


def _times(token: Token, reading: Reading) -> int:
    """Return how often a reading names one of a token's topics; consecutive words of one name count once."""
    named = [bool(token.topics & other.topics) for other in reading.tokens]
    return sum(now and not before for before, now in pairwise([False, *named]))


def _exchangeable(
    marked: Sequence[tuple[int, Token]], sentence: Reading, plain: frozenset[str]
) -> Iterator[tuple[int, int]]:
    """Yield the index pairs of two names, or two numbers, that could trade places.

    In Chinese, 年 marks a year: a year and an amount can trade places only with the same character after them.
    """
    for (i, one), (k, other) in combinations(marked, 2):
        alike = _kind(one, plain) == _kind(other, plain) and one.key != other.key
        if (
            alike
            and not one.topics & other.topics
            and (sentence.text.isascii() or _stand_alike(one, other, sentence))
        ):
            yield i, k


def _stand_alike(one: Token, other: Token, sentence: Reading) -> bool:
    after = [sentence.text[token.start + len(token.text) :][:1] for token in (one, other)]
    return (one.amount is None) == (other.amount is None) or after[0] == after[1]


def _cannot_be_exchanged(
    i: int, k: int, items: Sequence[Token | tuple[str, int]], sentence: Reading, settled: bool | None
) -> bool | None:
    """Return whether two numbers of a translation stand where only each of them can; None leaves it to their neighbours.

    Numbers of different units cannot trade places: the result would be a number that no source has. Two years are told
    apart by their amounts, a year from a count by the words that stand beside years alone. False: the position of a
    year is in doubt.
    """
    one, other = items[i], items[k]
    assert isinstance(one, Token)  # noqa: S101  # numbers are tokens
    assert isinstance(other, Token)  # noqa: S101
    if _measure(one.key) != _measure(other.key):
        return True
    if one.year and other.year:
        return settled is True
    year = one if one.year else other if other.year else None
    return _stands_as_year(year, sentence) if year else None


def _stands_as_year(token: Token, sentence: Reading) -> bool:
    if has_han(sentence.text):
        return sentence.text[token.start + len(token.text) :].startswith(_BEHIND_YEAR) or token.text.endswith(
            "年"
        )
    return _BEFORE_YEAR.search(sentence.text, 0, token.start) is not None


def _measure(key: str) -> str:
    """Return the unit in a number's key, "" for a year: a year stands wherever a bare number can."""
    return key.lstrip("0123456789.-+e").removesuffix(YEAR) if key[:1].isdigit() else ""


def _is_year(place: _Place) -> bool:
    return place[0].endswith(YEAR)


def _kind(token: Token, plain: frozenset[str]) -> str:
    """Return "number", "name", or "" for other words. Chinese topics of the glossary and long Chinese words are names.

    A capital at the beginning of a sentence makes no name of a word that a source has as a `plain` word.
    """
    if token.kind != "word":
        return "" if token.assumed and token.key in plain else token.kind
    return "name" if not token.text.isascii() and (token.topics or len(token.text) > _SHORT_HAN) else ""


def _units(reading: Reading) -> list[Token]:
    """Return the tokens of a reading, with each name of several words merged into one token."""
    units: list[Token] = []
    for token in reading.tokens:
        last = units[-1] if units else None
        if last and last.kind == token.kind == "name" and last.clause == token.clause:
            between = reading.text[last.start + len(last.text) : token.start]
            if between in _WITHIN_NAMES and token.text[0].isupper() and last.text[0].isupper():
                units[-1] = replace(
                    last,
                    key=f"{last.key} {token.key}",
                    text=reading.text[last.start : token.start + len(token.text)],
                    topics=last.topics & token.topics,
                )
                continue
        units.append(token)
    return units


def _with_roles(reading: Reading, known: frozenset[str] | None = None) -> list[Token | tuple[str, int]]:
    """Return the tokens in the order of the active voice, with the role words (from, to, says, than) between them.

    A name of several words stays merged only if all such names are in `known`; None keeps every merged name.
    """
    units = _units(reading)
    if known is not None and not all(unit.key in known for unit in units if " " in unit.key):
        units = list(reading.tokens)
    mixed: list[tuple[int, Token | tuple[str, int]]] = [(unit.start, unit) for unit in units]
    mixed += [
        (match.start(), (_ROLE_OF[match[0]], reading.clause_at(match.start())))
        for match in _ROLES.finditer(reading.lower)
    ]
    mixed.sort(key=lambda pair: pair[0])
    passive = _PASSIVE.search(reading.lower)
    if passive is None:
        return [item for _, item in mixed]
    clause = reading.clause_at(passive.start())
    ends = [index for index, item in mixed if index > passive.start() and _clause_of(item) == clause]
    last = ends[-1] if ends else passive.start()
    agent = [item for index, item in mixed if passive.end() <= index <= last]
    verb = [
        item for index, item in mixed if passive.start() <= index < passive.end() and isinstance(item, Token)
    ]
    before = [item for index, item in mixed if index < passive.start()]
    return [*agent, *verb, *before, *(item for index, item in mixed if index > last)]


def _clause_of(item: Token | tuple[str, int]) -> int:
    return item.clause if isinstance(item, Token) else item[1]


def _places(items: Iterable[Token | tuple[str, int]], *, across: bool = False) -> list[_Place]:
    """Return each item's key with its place; `across` languages, a token's key is the topic that it names."""
    return [
        (min(item.topics) if across and item.topics else item.key, index, item.clause)
        if isinstance(item, Token)
        else (item[0], index, item[1])
        for index, item in enumerate(items)
    ]


def _fits_better_exchanged(
    own: list[_Place], source_places: Sequence[list[_Place]], i: int, k: int, by: float = 1.0
) -> bool:
    exchanged = list(own)
    exchanged[i], exchanged[k] = (own[k][0], *own[i][1:]), (own[i][0], *own[k][1:])
    return _agreement(exchanged, source_places, (i, k)) >= by * _agreement(own, source_places, (i, k))


def _fits_another_better(
    own: list[_Place],
    source_places: Sequence[list[_Place]],
    index: int,
    token: Token,
    sources: Sequence[Reading],
    plain: frozenset[str],
) -> bool:
    present = {place[0] for place in own}
    others = {
        other.key
        for source in sources
        for other in _units(source)
        if other.key not in present
        and _kind(other, plain) == _kind(token, plain)
        and not other.topics & token.topics
    }
    fit = _agreement(own, source_places, (index,))
    for key in others:
        changed = list(own)
        changed[index] = (key, *own[index][1:])
        if _agreement(changed, source_places, (index,)) > _CLEARLY * fit:
            return True
    return False


def _agreement(own: list[_Place], source_places: Sequence[list[_Place]], index: Iterable[int]) -> float:
    """Return how well the tokens at the given indices agree with their neighbours in the sources; higher is better."""
    return sum(
        _nearness(own[i], own[k])
        * max((_proximity_in(own[i], own[k], source) for source in source_places), default=0.0)
        for i in index
        for k in range(max(0, i - _REACH), min(len(own), i + _REACH + 1))
        if k != i and own[k][0] != own[i][0]
    )


def _proximity_in(one: _Place, other: _Place, source: list[_Place]) -> float:
    """Return how close a source has the two keys to each other, reduced where they stand in the opposite order."""
    return max(
        (
            _nearness(a, b) * (1.0 if (a[1] < b[1]) == (one[1] < other[1]) else _TURNED)
            for a in source
            if a[0] == one[0]
            for b in source
            if b[0] == other[0]
        ),
        default=0.0,
    )


def _nearness(one: _Place, other: _Place) -> float:
    return (1.0 if one[2] == other[2] else _ACROSS) / abs(one[1] - other[1])
