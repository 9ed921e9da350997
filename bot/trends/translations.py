"""Tells when two sentences of different languages say the same, where nothing says that their reports are one. Pure."""

from __future__ import annotations

from bot.languages import is_written_in_han
from bot.library.statements import Statement, Wording

_SHARED = 3
_SHARE = 0.7


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
    held = frozenset().union(*(wording.terms for wording in other.wordings.values()))
    named, topics = len(written & held), len(one.topics & other.topics)
    shared, signs = named + topics, len(written) + len(one.topics)
    return named > 0 and shared >= _SHARED and shared >= _SHARE * signs


def _in_han(statement: Statement) -> list[Wording]:
    return [wording for language, wording in statement.wordings.items() if is_written_in_han(language)]


def _tells(term: str) -> bool:
    """Whether a term is a number, or a name that is more than two letters such as AI."""
    return term.isascii() and (len(term) > 2 or any(map(str.isdigit, term)))
