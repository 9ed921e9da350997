"""Decides whether a phrase that the glossary files under a wider topic is a subject of its own, as vibe coding under AI coding.

It is if 18 reports or more contain it, but fewer than three in ten of those on the topic, so that the topic's verdict would
say little about it. A phrase that only spells its topic in another way stands for the topic, however rare it is: in full
(artificial general intelligence), in two words (health care) or in the singular.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from bot.library.library import Library
from bot.library.query import Query
from bot.library.terms import term_of
from bot.models import Topic
from bot.text.normalise import fold
from bot.text.segment import latin_words, singular

# As many reports as a briefing reads, and the share of a topic's reports from which a phrase stands for the topic.
_LEAST_REPORTS = 18
_STANDS_FOR_TOPIC = 0.3


def narrower_phrase(query: Query, library: Library, topics: Mapping[str, Topic]) -> Query | None:
    """Return the query as one on the phrase that it consists of, if that is a subject of its own; None otherwise.

    Only phrases of several words with spaces between them count. `topics` is the glossary.
    """
    phrase = query.typed[0] if query.is_narrow and len(query.typed) == 1 else ""
    words = latin_words(phrase)
    if " " not in phrase or not words or _spells_a_form(words, topics[query.topics[0]].written()):
        return None
    term = term_of(phrase)
    if term is None:
        return None
    reports = len(library.term_days(term))
    is_own = _LEAST_REPORTS <= reports < _STANDS_FOR_TOPIC * len(library.topic_days(query.topics))
    return replace(query.as_name(), name=term, typed=query.typed) if is_own else None


def _spells_a_form(words: list[str], forms: Iterable[str]) -> bool:
    """Return whether the words, their initials or the words written as one are another form of the topic."""
    own = [singular(word) for word in words]
    spellings = {"".join(word[0] for word in words), "".join(own), "".join(words)}
    others = [[singular(word) for word in latin_words(fold(form))] for form in forms]
    return any(len(other) == 1 and other[0] in spellings for other in others)
