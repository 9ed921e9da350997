"""Finds the sentences that say who did what a question asks: who founded, bought or left something. Ranks nothing.

Reports use other words than the question (action_words.tsv: "X, co-founder of Y" answers "who founded Y?"), but use them near
the name: in a sentence where name and action are far apart, somebody else acted.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from bot.library.full_text import quoted
from bot.library.glossary import Glossary, places
from bot.library.library import Library
from bot.library.query import Query
from bot.library.terms import term_of
from bot.models import IndexedPassage
from bot.text.normalise import fold
from bot.text.rule_data import any_of, read_table

_HITS = 40
_BETWEEN = 5
"""Maximum number of words between a name and the action that it belongs to."""


class Actions(NamedTuple):
    """Passages in which an action stands near a name of the question, by rowid, and the keys of those sentences.

    `asked`: the question has both an action and a name, so that no other sentence answers it.
    """

    passages: Mapping[int, IndexedPassage]
    keys: frozenset[tuple[str, int, int]]
    asked: bool


def words_of_action(word: str) -> tuple[str, ...]:
    """Return the words with which reports state the action that a folded word names; none if it names no action."""
    return _action_words().get(word, ())


def actions_of(query: Query, actions: Iterable[str], library: Library, glossary: Glossary) -> Actions:
    """Return the best passages with a sentence in which one of the `actions` is near one of the question's names."""
    words = sorted({form for word in actions for form in words_of_action(word)})
    names = list(_names(query, glossary))
    if not words or not names:
        return Actions({}, frozenset(), asked=False)
    beside = [f"NEAR({quoted(name)} {quoted(word)}, {_BETWEEN})" for name in names for word in words]
    hits = library.match_naming(" OR ".join(beside), words, _HITS)
    passages = library.passages(rowid for rowid, _ in hits)
    pattern = _near(names, words)
    told = {
        rowid: [n for n, one in enumerate(held.passage.sentences) if pattern.search(fold(one.text))]
        for rowid, held in passages.items()
    }
    keys = [(passages[r].passage, index) for r, indexes in told.items() for index in indexes]
    return Actions(
        {rowid: held for rowid, held in passages.items() if told[rowid]},
        frozenset((passage.report_id, passage.position, index) for passage, index in keys),
        asked=True,
    )


def _names(query: Query, glossary: Glossary) -> Iterator[str]:
    """Yield the names of a question as the index spells them: all forms of its topics, and other names as typed."""
    topics = [glossary.topics[topic] for topic in query.topics if topic not in places()]
    forms = [fold(form) for topic in topics if topic.proper for form in topic.written()]
    for term in map(term_of, dict.fromkeys([*forms, *query.names])):
        if term:
            yield from term.spellings


def _near(names: Collection[str], words: Collection[str]) -> re.Pattern[str]:
    name, word = (rf"(?<!\w)(?:{any_of(either)})(?!\w)" for either in (names, words))
    between = rf"(?:[^\w:]+\w+){{0,{_BETWEEN}}}[^\w:]+"
    return re.compile(f"{name}{between}{word}|{word}{between}{name}")


@cache
def _action_words() -> Mapping[str, tuple[str, ...]]:
    rows = read_table(Path(__file__).with_name("action_words.tsv"))
    return {word: tuple(forms.split()) for word, forms in rows.items()}
