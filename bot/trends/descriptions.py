"""Finds the word of a query that only describes its subject, as 国产 in 国产大模型价格战, and leaves it out. Pure.

Such a word narrows what is asked for. Where no report says it of the rest, what reports say of the rest is told, and that it is.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

from bot.library.query import Query
from bot.text.rule_data import read_words


def without_description(query: Query) -> Query | None:
    """Return a query on topics without a word that only describes them; None if it has none."""
    word = next((word for word in query.words if word in _words()), "")
    if not word or not query.topics:
        return None
    return replace(
        query,
        words=tuple(other for other in query.words if other != word),
        rest=tuple(term for term in query.rest if term not in word),
        content=tuple(term for term in query.content if term not in word),
        name=None,
        without=word,
    )


@cache
def _words() -> frozenset[str]:
    return read_words(Path(__file__).with_name("describing_words.txt"))
