"""Finds the word of a query that only describes its subject, as 国产 in 国产大模型价格战, or a person, and leaves it out. Pure.

Both narrow what is asked for. Where no report has them with the rest, what reports say of the rest is told, and that it is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cache
from pathlib import Path

from msgspec.structs import replace

from bot.library.query import Query
from bot.library.query_names import full_names
from bot.text.normalise import fold
from bot.text.rule_data import read_words
from bot.trends.concepts import words_that_answer


def without_description(query: Query) -> Query | None:
    """Return a query on topics without a full name, else without a word that describes them; None if it has neither."""
    name = next((name for name in full_names(query.text) if {*fold(name).split()} <= {*query.words}), "")
    word = name or next((word for word in query.words if word in _words() or words_that_answer(word)), "")
    if not word or not query.topics:
        return None
    out = fold(word).split()
    return replace(
        query,
        words=tuple(other for other in query.words if other not in out),
        rest=_without(query.rest, out),
        content=_without(query.content, out),
        literal=_without(query.literal, out) if name else query.literal,
        names=_without(query.names, out),
        name=None,
        without=query.without or word,
    )


def _without(terms: Iterable[str], out: Collection[str]) -> tuple[str, ...]:
    return tuple(term for term in terms if not any(term in word for word in out))


@cache
def _words() -> frozenset[str]:
    return read_words(Path(__file__).with_name("describing_words.txt"))
