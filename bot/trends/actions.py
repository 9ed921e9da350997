"""Finds the sentences that say who did what a question asks: who founded, bought or left something. Ranks nothing.

Reports use other words than the question (action_words.tsv: "X, co-founder of Y" answers "who founded Y?"), but use them near
the name: in a sentence where name and action are far apart, somebody else acted. English has either order, since nouns and
passives are as common (X, co-founder of Y; Y was founded by X). In Chinese the order tells who acted: 收购Windsurf is what a
buyer did, Windsurf收购 what Windsurf did.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
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
from bot.text.rule_data import any_of, read_kinds, read_table
from bot.trends.statements import Statement

BETWEEN = 5
"""Maximum number of words between a name and the action that it belongs to."""
_LATIN = r"(?<![a-z0-9]){}(?![a-z0-9])"
# Characters of one clause, as many as can stand between; 的 would make the name another's (收购A的B).
_CLAUSE = r"[^,;:!?。…\n]{{{},{}}}?"
_OBJECT = r"[^,;:!?。…\n的被由]{0,12}?"
# A name before other Latin words is part of another name, as in 推出 Perplexity Pages.
_ENDS = r"(?!\s?(?!ai\b)[a-z])"
_ACTIVE = r"[^,;:!?。…\n被由遭获的]{0,10}?"
_OF = r"\s?的?[^,;:!?。…\n的为让给]{0,5}?"
_AMONG = r"\s?等[^,;:!?。…\n]{0,6}?"
_PASSIVE = "(?:被|由|遭|获|来自|归|是)"


_HITS = 120

_SENTENCE = 60
"""Maximum number of words of a sentence between a Latin name and a Han word of it."""


def says_who(names: Collection[str], forms: Collection[str], *, of_actor: bool) -> re.Pattern[str]:
    """Return the pattern of a folded sentence that has one of the `forms` of an action beside one of the `names`.

    `of_actor`: the names are those of who acted, and what was acted on is asked for.
    """
    english = [] if of_actor else _english(names, forms)
    return re.compile("|".join([*english, *_chinese(names, forms, of_actor=of_actor)]))


def names_holder(names: Collection[str], forms: Collection[str]) -> re.Pattern[str] | None:
    """Return the pattern of a sentence, as written, that names who holds a post: CEO Jane Doe; None if the `forms` are no post."""
    posts = [form for form in _kinds()["role"] if form in forms and not has_han(form)]
    if not posts or not names:
        return None
    name, post = (rf"(?<!\w)(?i:{any_of(either)})(?!\w)" for either in (names, posts))
    person = r"(?:@\w+|[A-Z][\w'’-]+ [A-Z][\w'’-]+)"
    return re.compile(
        rf"{name}(?:['’]s)?(?: [\w&-]+){{0,2}} {post},? {person}|{post} (?:of|at) {name},? {person}"
        rf"|{person}(?:,| is| as)(?: [\w&'’-]+){{0,4}} {post}"
    )


def _english(names: Collection[str], forms: Collection[str]) -> list[str]:
    own = [form for form in forms if not has_han(form)]
    if not own:
        return []
    name, word = (rf"(?<!\w)(?:{any_of(either)})(?!\w)" for either in (names, own))
    between = rf"(?:[^\w:]+\w+){{0,{BETWEEN}}}[^\w:]+"
    return [f"{name}{between}{word}", f"{word}{between}{name}"]


def _chinese(names: Collection[str], forms: Collection[str], *, of_actor: bool) -> list[str]:
    if not any(map(has_han, forms)):
        return []
    kinds = _kinds()
    roles, moves = (
        sorted(set(forms).intersection(kinds[kind]), key=len, reverse=True) for kind in ("role", "move")
    )
    verbs = [form for form in forms if has_han(form) and form not in (*roles, *moves)]
    name = _LATIN.format(f"(?:{any_of(names)})")
    orders: list[str] = []
    if roles:
        role = _LATIN.format(f"(?:{any_of(roles)})")
        orders.append(f"{name}{_AMONG if of_actor else _OF}{role}")
    if moves:
        move = f"(?:{any_of(moves)})"
        orders += [f"{move}{_CLAUSE.format(0, 6)}{name}", f"{name}{_CLAUSE.format(0, 12)}{move}"]
    if verbs:
        verb = f"(?:{any_of(verbs)})"
        orders += _of_actor(name, verb) if of_actor else _of_object(name, verb)
    return orders


def _of_object(name: str, verb: str) -> list[str]:
    """Return the orders of a name of what was acted on: 收购了Windsurf, Windsurf被…收购, 对Windsurf的收购, 向Windsurf投资."""
    return [
        rf"{verb}[了过的出]?\s?{_OBJECT}{name}{_ENDS}",
        f"{name}{_CLAUSE.format(0, 10)}{_PASSIVE}{_CLAUSE.format(1, 20)}{verb}",
        f"[对向]{_CLAUSE.format(0, 8)}{name}{_CLAUSE.format(0, 6)}{verb}",
    ]


def _of_actor(name: str, verb: str) -> list[str]:
    """Return the orders of a name of who acted: OpenAI收购, 被OpenAI收购."""
    return [f"{name}{_ACTIVE}{verb}", rf"[被由遭获]\s?{name}{_CLAUSE.format(0, 8)}{verb}"]


@cache
def _kinds() -> dict[str, list[str]]:
    return read_kinds(Path(__file__).with_name("action_forms.tsv"))


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


def is_post(word: str) -> bool:
    """Return whether a folded word beside a name asks who holds a post: Anthropic CEO, DeepSeek创始人."""
    return word in _kinds()["post"]


def han_actions(folded: str) -> list[str]:
    """Return the actions that a folded question in Chinese has, the longest of those that overlap."""
    held = [word for word, forms in _action_words().items() if word in folded and any(map(has_han, forms))]
    return [word for word in held if not any(word != other and word in other for other in held)]


def actions_of(
    query: Query,
    actions: Collection[str],
    library: Library,
    glossary: Glossary,
    *,
    of_actor: bool,
    days: tuple[date, date] | None = None,
) -> Actions:
    """Return the best passages with a sentence in which one of the `actions` is beside one of the question's names.

    `of_actor`: the question names who acted, and asks on whom. `days`: the newest passages of the reports of these days,
    the first and the last, instead of the best ones.
    """
    words = sorted({form for word in actions for form in words_of_action(word)})
    names = [name for name in _names(query, actions, glossary) if name]
    if not words or not names:
        return Actions({}, None)
    beside = " OR ".join(_beside(names, words))
    if days:
        rowids = library.match_newest(beside, _HITS, days)
    else:
        rowids = [rowid for rowid, _ in library.match_naming(beside, words, _HITS)]
    passages = library.passages(rowids)
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
