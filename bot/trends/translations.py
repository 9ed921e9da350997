"""Tells when two sentences of different languages say the same, where nothing says that their reports are one. Pure."""

from __future__ import annotations

from bot.library.statements import Statement

_SHARED = 3
_SHARE = 0.7


def translates(one: Statement, other: Statement) -> bool:
    """Whether a statement in Chinese and one in another language name the same things, in reports of the same day.

    Names and numbers in Latin script stand in both, and topics are known by both names: of those in the Chinese one
    most, and at least three, one of them a name or a number, must be in the other.
    """
    if one.report.published != other.report.published or one.wordings.keys() & other.wordings.keys():
        return False
    if "zh" not in one.wordings:
        one, other = other, one
    if "zh" not in one.wordings:
        return False
    written = {term for term in one.wordings["zh"].terms if _tells(term)}
    held = frozenset().union(*(wording.terms for wording in other.wordings.values()))
    named, topics = len(written & held), len(one.topics & other.topics)
    shared, signs = named + topics, len(written) + len(one.topics)
    return named > 0 and shared >= _SHARED and shared >= _SHARE * signs


def _tells(term: str) -> bool:
    """Whether a term is a number, or a name that is more than two letters such as AI."""
    return term.isascii() and (len(term) > 2 or any(map(str.isdigit, term)))
