"""How the things that a question asks about are written in reports, for rules that look at what stands beside a name. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from bot.library.glossary import Glossary
from bot.library.query import Query
from bot.models import Topic
from bot.text.normalise import fold, has_han
from bot.text.rule_data import any_of


def things_named(query: Query, glossary: Glossary) -> tuple[tuple[str, ...], ...]:
    """Return the ways to write each thing that a question names, folded: products with a version, names, or topics."""
    return tuple(_things(query, glossary))


def _things(query: Query, glossary: Glossary) -> Iterator[tuple[str, ...]]:
    if query.versions or query.names:
        yield from ((name,) for name in query.versions or query.names)
        return
    for topic in (glossary.topics[topic] for topic in query.topics):
        typed = tuple(form for form in query.typed if form in forms_of(topic))
        if topic.proper:  # a name in Chinese has a Latin one; of Latin ones, another may be another product's
            yield tuple(forms_of(topic)) if any(map(has_han, typed)) else typed


def forms_of(topic: Topic) -> list[str]:
    """Return the written forms of a topic, folded."""
    return [fold(form) for form in topic.written()]


def any_script(words: Collection[str]) -> re.Pattern[str]:
    """Return the pattern of any of the words: Latin ones whole, Chinese ones anywhere."""
    han, latin = (any_of(w for w in words if has_han(w) == is_han) for is_han in (True, False))
    return re.compile(rf"{han}|\b(?:{latin})(?!\w)")
