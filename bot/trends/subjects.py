"""Decides whether a question asks for all that is reported on a subject, and in which words; every other one is answered.

A subject is a topic, topics together, or a name. Words that only ask for news of it (最近怎么样, "the latest on")
are stop words; a period of publication limits the reports (2025年2月谷歌发布了什么). A word that describes the subject, as 国产 in
国产大模型价格战, or a person narrows the question: where no report has it with the rest, what reports say of the rest is told, and
that it is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import cache
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from bot.library.glossary import places
from bot.library.library import Library
from bot.library.query import Query
from bot.library.query_names import full_names
from bot.library.terms import Term, name_in, term_of
from bot.models import Topic
from bot.text.normalise import fold
from bot.text.periods import Period, find_period
from bot.text.rule_data import read_words
from bot.trends.concepts import asking, words_that_answer
from bot.trends.query_verdict import narrower_phrase

# Reports that must have the words side by side before they count as a name.
_REPORTS_OF_NAME = 2
# With fewer sentences on several topics together, what is near to the words of the question says more.
_LEAST_TOGETHER = 5
# "What" and "how" ask for news as often as for one fact; who, when, where and how many ask for a fact.
_ASKS_FOR_NEWS = frozenset({"how", "what"})


class Asked(Struct, frozen=True):
    """A query that consists of a subject, and the `words` beside it that its points should contain if they can.

    Below `least` sentences on it, the question is answered as any other is. `wider` is the topic under which the
    glossary files a phrase that is a subject of its own; "" for any other subject.
    """

    query: Query
    words: tuple[str, ...] = ()
    least: int = 0
    wider: str = ""


def asked_subject(query: Query, library: Library, topics: Mapping[str, Topic]) -> Asked | None:
    """Return the subject on which a query asks for everything; None for a question that is to be answered.

    `topics` is the glossary.
    """
    if phrase := narrower_phrase(query, library, topics):
        return Asked(phrase, wider=query.topics[0])
    if query.names_one_topic:
        return Asked(query)
    if product := _product_in(query, topics):
        return Asked(product)
    if named := named_in(query, library):
        return Asked(named)
    if query.plain and (query.asks_direction or not asking(query.text).kinds - _ASKS_FOR_NEWS):
        return Asked(query, query.form_words, _LEAST_TOGETHER)
    return None


def named_in(query: Query, library: Library) -> Query | None:
    """Return the query reduced to the name that it consists of, with or without stop words around it.

    None if it has no name that at least two reports contain. Topics side by side are a name if half of the reports
    that have them in one passage write them so: Hugging Face Spaces, but not AI chip startups.
    """
    if query.name and _is_name(query.name, query, library):
        return query.as_name()
    bare = "" if asking(query.text).kinds - _ASKS_FOR_NEWS else _without_stop_words(query)
    name = name_in(bare) if bare else None
    if name is None or not _is_name(name, query, library):
        return None
    return replace(query.as_name(), name=name, typed=(bare,))


def _is_name(name: Term, query: Query, library: Library) -> bool:
    reports = len(library.term_days(name))
    if reports < _REPORTS_OF_NAME or not query.plain or not query.topics[1:]:
        return reports >= _REPORTS_OF_NAME
    return 2 * reports >= len(library.topic_days(query.topics))


def subject_in_period(query: Query) -> Asked | None:
    """Return the subject of a question about what was published in a period; None if it names no period or no subject.

    A year, a quarter or a half is part of the question: reports of later years tell of it too.
    """
    period, left = find_period(fold(query.text)) or (None, "")
    if period is None or period.has_figures or period.unit == "year":
        return None
    words = tuple(word for word in query.rest if word in left)
    if query.topics:
        return Asked(replace(_alone(query), period=period), words)
    name = term_of(query.names[0]) if len(query.names) == 1 else None
    if name is None:
        return None
    own = {*query.names[0].split(), query.names[0]}
    named = replace(query.as_name(), name=name, period=period, typed=query.names)
    return Asked(named, tuple(word for word in words if word not in own))


def _product_in(query: Query, topics: Mapping[str, Topic]) -> Query | None:
    """Return the query reduced to a product typed directly behind its maker's name, as in 阿里通义千问; else None."""
    if not query.plain or len(query.topics) != 2 or asking(query.text).kinds - _ASKS_FOR_NEWS:  # a pair
        return None
    is_pair = "".join(query.typed) in fold(query.text) and all(topics[topic].proper for topic in query.topics)
    if not is_pair or not places().isdisjoint(query.topics):
        return None
    return replace(query, topics=query.topics[1:], typed=query.typed[1:])


def is_calendar(period: Period | None) -> bool:
    """Return whether a period is a part of a named year, of which reports of later years may tell too."""
    return period is not None and period.year > 0


def _alone(query: Query) -> Query:
    return replace(query, phrases=(), words=(), rest=(), content=(), names=(), loose=False, name=None)


def _without_stop_words(query: Query) -> str:
    """Return the folded words of a query if they stand side by side in it and no topic is beside them, else ""."""
    folded = fold(query.text)
    parts = sorted({*query.names, *query.words}, key=len, reverse=True)
    if not all(any(form in part for part in parts) for form in query.typed):
        return ""
    starts = [folded.find(part) for part in parts]
    if not parts or min(starts) < 0:
        return ""
    bare = folded[min(starts) : max(start + len(part) for start, part in zip(starts, parts, strict=True))]
    left = bare
    for part in parts:
        left = left.replace(part, " ")
    return "" if left.strip() else bare


def without_description(query: Query) -> Query | None:
    """Return a query on topics without a full name, else without a word that describes them; None if it has neither."""
    name = next((name for name in full_names(query.text) if {*fold(name).split()} <= {*query.words}), "")
    word = name or next(
        (word for word in query.words if word in _describing_words() or words_that_answer(word)), ""
    )
    if not word or not query.topics:
        return None
    out = fold(word).split()
    return replace(
        query,
        words=tuple(other for other in query.words if other not in out),
        rest=_terms_without(query.rest, out),
        content=_terms_without(query.content, out),
        literal=_terms_without(query.literal, out) if name else query.literal,
        names=_terms_without(query.names, out),
        name=None,
        without=query.without or word,
    )


def _terms_without(terms: Iterable[str], out: Collection[str]) -> tuple[str, ...]:
    return tuple(term for term in terms if not any(term in word for word in out))


@cache
def _describing_words() -> frozenset[str]:
    return read_words(Path(__file__).with_name("describing_words.txt"))
