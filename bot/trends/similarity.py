"""How much two statements share, in one language or in two. Pure."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from bot.languages import is_written_in_han
from bot.library.statements import Statement, Wording

if TYPE_CHECKING:
    from bot.trends.ranking import Ranked

SAME = 0.55
"""The cosine of two sets of terms from which two sentences say the same."""

_SHARED_SIGNS = 3
_SHARED_PART = 0.7


def repeats(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two sentences of one language, by their terms, say the same in nearly the same words."""
    return cosine(one, other) >= SAME


def alike(one: Ranked, other: Ranked) -> bool:
    """Whether two statements say the same in nearly the same words, so that one of them is enough."""
    return similarity(one, other) >= SAME


def similarity(one: Ranked, other: Ranked) -> float:
    """How much two statements share, 0 to 1: the overlap coefficient tempered by length (cosine of sets).

    A translation of the other, where no report says so, shares all.
    """
    return 1.0 if translates(one.statement, other.statement) else cosine(one.terms, other.terms)


def terms_of(statement: Statement) -> frozenset[str]:
    """The words of a statement, those of all its languages."""
    return frozenset().union(*(w.terms for w in statement.wordings.values()))


def cosine(one: frozenset[str], other: frozenset[str]) -> float:
    """How much two sets of words share, 0 to 1: the cosine of their indicator vectors."""
    shared = len(one & other)
    return shared / math.sqrt(len(one) * len(other)) if shared else 0.0


def translates(one: Statement, other: Statement) -> bool:
    """Whether a statement in Chinese and one in another language name the same things, in reports of the same day.

    Names and numbers in Latin script stand in both, and topics are known by both names: of those in the Chinese one
    most, and at least three, one of them a name or a number, must be in the other.
    """
    if one.report.published != other.report.published or one.wordings.keys() & other.wordings.keys():
        return False
    if not _in_han(one):
        one, other = other, one
    written = {term for wording in _in_han(one) for term in wording.terms if _tells(term)}
    terms = frozenset().union(*(wording.terms for wording in other.wordings.values()))
    named, topics = len(written & terms), len(one.topics & other.topics)
    shared, signs = named + topics, len(written) + len(one.topics)
    return named > 0 and shared >= _SHARED_SIGNS and shared >= _SHARED_PART * signs


def _in_han(statement: Statement) -> list[Wording]:
    return [wording for language, wording in statement.wordings.items() if is_written_in_han(language)]


def _tells(term: str) -> bool:
    """Whether a term is a number, or a name that is more than two letters such as AI."""
    return term.isascii() and (len(term) > 2 or any(map(str.isdigit, term)))
