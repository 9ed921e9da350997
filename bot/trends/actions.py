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
from bot.models import IndexedPassage, Language
from bot.text.normalise import fold, has_han
from bot.text.rule_data import read_table
from bot.trends.action_frames import BETWEEN, names_holder, says_who
from bot.trends.statements import Statement

_HITS = 120
_SENTENCE = 60
"""Maximum number of words of a sentence between a Latin name and a Han word of it."""


class Actions(NamedTuple):
    """Passages in which an action stands beside a name of the question, by rowid, and the pattern of such sentences.

    The pattern is None if the question lacks an action or a name. `holder` is that of sentences that name who holds the post
    asked for, if one is.
    """

    passages: Mapping[int, IndexedPassage]
    pattern: re.Pattern[str] | None
    holder: re.Pattern[str] | None = None

    @property
    def asked(self) -> bool:
        """Whether the question has both an action and a name, so that only a sentence that matches answers it."""
        return self.pattern is not None

    def stated_in(self, statement: Statement, language: Language) -> bool:
        """Return whether a statement says who acted, in its wording of the reader's language if it has one."""
        wording = statement.wordings.get(language) or next(iter(statement.wordings.values()))
        return self.pattern is not None and self.pattern.search(fold(wording.sentence.text)) is not None

    def stating(self, told: Iterable[Statement], language: Language) -> list[Statement]:
        """Return the statements that say who acted; those that name who holds a post if there are any."""
        stated = [one for one in told if self.stated_in(one, language)]
        holder = self.holder
        named = [s for s in stated if holder and holder.search(s.wording_for(language).sentence.text)]
        return named or stated


def words_of_action(word: str) -> tuple[str, ...]:
    """Return the words with which reports state the action that a folded word names; none if it names no action."""
    return _action_words().get(word, ())


def han_actions(folded: str) -> list[str]:
    """Return the actions that a folded question in Chinese has, the longest of those that overlap."""
    held = [word for word, forms in _action_words().items() if word in folded and any(map(has_han, forms))]
    return [word for word in held if not any(word != other and word in other for other in held)]


def actions_of(
    query: Query, actions: Collection[str], library: Library, glossary: Glossary, *, of_actor: bool
) -> Actions:
    """Return the best passages with a sentence in which one of the `actions` is beside one of the question's names.

    `of_actor`: the question names who acted, and asks on whom.
    """
    words = sorted({form for word in actions for form in words_of_action(word)})
    names = [name for name in _names(query, actions, glossary) if name]
    if not words or not names:
        return Actions({}, None)
    hits = library.match_naming(" OR ".join(_beside(names, words)), words, _HITS)
    passages = library.passages(rowid for rowid, _ in hits)
    pattern = says_who(_spelled(names), words, of_actor=of_actor)
    told = {
        rowid: held
        for rowid, held in passages.items()
        if any(pattern.search(fold(sentence.text)) for sentence in held.passage.sentences)
    }
    return Actions(told, pattern, None if of_actor else names_holder(_spelled(names), words))


def _names(query: Query, actions: Collection[str], glossary: Glossary) -> Iterator[str]:
    """Yield the names of a question, folded: all forms of its topics, and other names as typed."""
    topics = [glossary.topics[topic] for topic in query.topics if topic not in places()]
    yield from dict.fromkeys(fold(form) for topic in topics if topic.proper for form in topic.written())
    yield from (name for name in query.names if name not in actions)


def _beside(names: Iterable[str], words: Iterable[str]) -> Iterator[str]:
    """Yield the FTS5 expressions that find each name near each word.

    A line of the index has its Latin words before its Han words, so that between scripts only the sentence is near.
    """
    terms = [(term.spellings, has_han(name)) for name in names if (term := term_of(name))]
    for word in words:
        bigrams = term_of(word) if has_han(word) else None
        for spellings, is_han in terms:
            spelled = bigrams.spellings[0] if bigrams and is_han else word
            distance = BETWEEN if is_han == has_han(word) else _SENTENCE
            yield from (
                f"NEAR({quoted(name)} {quoted(spelled)}, {distance})"
                for name in spellings[: 1 if is_han else None]
            )


def _spelled(names: Iterable[str]) -> list[str]:
    """Return names as sentences spell them."""
    terms = (term_of(name) for name in names if not has_han(name))
    return [*names, *(spelling for term in terms if term for spelling in term.spellings)]


@cache
def _action_words() -> Mapping[str, tuple[str, ...]]:
    rows = read_table(Path(__file__).with_name("action_words.tsv"))
    return {word: tuple(forms.split()) for word, forms in rows.items()}
