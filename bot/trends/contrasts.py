"""Finds the sentences that say which of two things is better, or how they differ: both names and a word that compares.

"R1 matches o1 in maths" answers R1和o1哪个更强 in words that the question does not have.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path

from msgspec import Struct

from bot.library.glossary import Glossary
from bot.library.library import Library
from bot.library.query import Query
from bot.models import IndexedPassage, Language
from bot.text.normalise import fold, has_han
from bot.text.rule_data import any_whole, read_kinds
from bot.text.stems import stem
from bot.trends.news_value import is_list
from bot.trends.standalone import OPEN
from bot.trends.statements import Statement
from bot.trends.things import forms_of, with_any_of

_HITS = 480
_PAIR = 2
_NEAR, _FAR = 20, 40
"""Characters between things and the word that compares them."""
_CLAUSE = r"[^;!?；！？。…\n]"
# What begins the next statement on whatever the sentence is about.
_NEXT = r"[,，] ?(?:并|而|但|且|同时|and\b|but\b|while\b)|,[a-z]"


class ContrastAsked(Struct, frozen=True):
    """The ways to write each of the two things that a question compares, folded, and its other words.

    `on_price`: only what they cost is compared.
    """

    sides: tuple[tuple[str, ...], ...]
    beside: frozenset[str]
    on_price: bool


def contrast_asked(query: Query, glossary: Glossary) -> ContrastAsked | None:
    """Return what a question asks to be told apart; None if it asks for anything else, or names no two things."""
    folded = fold(glossary.forms.spelled_out(query.text))
    asking = _pattern("asked").findall(folded)
    sides = list(_things(query, folded, asking, glossary)) if asking else []
    if len(sides) != _PAIR:
        return None
    left = _pattern("asked").sub(" ", folded)
    named = {form for side in sides for form in side}
    beside = (w for w in (*query.content, *query.typed) if w in left and w not in named)
    on_price = _pattern("price").search(folded) is not None
    return ContrastAsked(tuple(sides), frozenset(stem(word) for word in beside), on_price)


def _things(
    query: Query, folded: str, asking: Collection[str], glossary: Glossary
) -> Iterator[tuple[str, ...]]:
    """Yield the ways to write each thing that may be compared: names, else what is typed; of a maker's product only that."""
    names = query.versions or query.names
    yield from ((name,) for name in names)
    topics = [glossary.topics[topic] for topic in query.topics]
    has_pair = len(names) + sum(topic.proper for topic in topics) >= _PAIR
    for topic in topics:
        typed = tuple(form for form in query.typed if form in forms_of(topic))
        inside = any(form in word for form in typed for word in (*names, *asking))
        is_maker = any(f"{form}{other}" in folded for form in typed for other in query.typed)
        if not inside and not (topic.proper and is_maker) and (topic.proper or not has_pair):
            yield tuple(forms_of(topic)) if not topic.proper or any(map(has_han, typed)) else typed


def passages_with_contrasts(
    asked: ContrastAsked, library: Library, days: tuple[date, date] | None = None
) -> dict[int, IndexedPassage]:
    """Return the newest passages, of the reports of some `days`, that have both things and a word that compares."""
    beside = with_any_of(asked.sides, [*_words()["told"], *_words()["both"]])
    return library.passages(library.match_newest(beside, _HITS, days))


def states_contrast(asked: ContrastAsked, statement: Statement, language: Language) -> bool:
    """Return whether a statement has a word that compares between the two things, or one on both beside them."""
    text = statement.wording_for(language).sentence.text
    if text.endswith(OPEN) or is_list(text):
        return False
    folded = fold(text)
    on_price = not asked.on_price or _pattern("price").search(folded) is not None
    return on_price and _told(asked.sides).search(folded) is not None


@cache
def _told(sides: tuple[tuple[str, ...], ...]) -> re.Pattern[str]:
    """Return the pattern of a folded sentence that compares: R1 matches o1; the gap between R1 and o1."""
    spelled = ("|".join(re.sub(r"(?:\\[ -])+", "[ -]?", re.escape(form)) for form in side) for side in sides)
    one, other = (rf"(?<![a-z0-9.-])(?:{forms})(?![.-]?[a-z0-9])" for forms in spelled)
    between, on_both = (rf"(?a:{any_whole(_words()[kind])})" for kind in ("told", "both"))
    # Of 比 alone only what it stands right before is compared.
    between = rf"(?:{between}|比(?= ?(?:{one}|{other})))"
    gap, near = rf"(?:(?!{_NEXT}){_CLAUSE}){{0,{_FAR}}}?", rf"{_CLAUSE}{{0,{_NEAR}}}?"
    gap_in_clause = rf"{_CLAUSE[:-1]}:：]{{0,{_FAR}}}?"
    orders = ((one, other), (other, one))
    return re.compile(
        "|".join(
            f"{a}{gap}{between}{gap_in_clause}{b}|{a}{near}{b}{near}{on_both}|{on_both}{near}{a}{near}{b}"
            for a, b in orders
        )
    )


@cache
def _pattern(kind: str) -> re.Pattern[str]:
    return re.compile(any_whole(_words()[kind]))


@cache
def _words() -> Mapping[str, list[str]]:
    return read_kinds(Path(__file__).with_name("contrast_words.tsv"))
