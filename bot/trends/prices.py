"""Finds the sentences that say what a thing costs its buyers: an amount of money with a word of prices, beside the name.

Such a sentence need not hold another word of the question: "GPT-4o is $5 per million tokens".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.library.full_text import quoted
from bot.library.glossary import Glossary
from bot.library.library import Library
from bot.library.query import Query
from bot.library.salience import any_form
from bot.library.terms import term_of
from bot.models import IndexedPassage, Language
from bot.text.normalise import fold
from bot.text.rule_data import any_of, read_kinds
from bot.text.stems import stem
from bot.trends.concepts import asking
from bot.trends.hearsay import is_hearsay
from bot.trends.ranking import Ranked
from bot.trends.statements import Statement
from bot.trends.things import any_script, things_named

_HITS = 480
_KINDS = frozenset({"how", "how many", "price", "what"})
_AMOUNT = r"(?:us)?[$¥€£]\s?\d|\d[\d,.]*\s?[千万亿]?(?:美元|美金|元|欧元|英镑|日元|块钱|美分|\s?dollars?\b|\s?usd\b|\s?cents?\b)"
# Amounts in millions are those of companies, not prices.
_LARGE = re.compile(r"[$¥€£]\s?[\d.,]+\s?(?:m|b|k?万|亿|million|billion|trillion)\b|\d\s?亿")
_APART = r"比|而|超越|优于|媲美|接近|相当于|或|和|与|\b(?:than|versus|vs|over|replacement|and|or|compared)\b"
_NEAR = 40
"""Characters between a name and an amount that belongs to it."""


@dataclass(frozen=True, slots=True)
class PriceAsked:
    """What a price is asked of: each thing with the ways to write it, and the other words of the question."""

    names: tuple[tuple[str, ...], ...]
    topics: frozenset[str]
    beside: frozenset[str]


def price_asked(query: Query, glossary: Glossary) -> PriceAsked | None:
    """Return what a question asks the price of; None if it asks for anything else."""
    folded, asked = fold(query.text), asking(query.text)
    words = _words()["price"]
    if "price" not in asked.kinds and not (asked.kinds & _KINDS and any_script(words).search(folded)):
        return None
    names = things_named(query, glossary)
    forms = (form for name in names for form in name)
    left = re.sub(any_of([*asked.phrases, *words, *forms]), " ", folded)
    beside = frozenset(stem(word) for word in query.content if word in left)
    proper = frozenset(topic for topic in query.topics if glossary.topics[topic].proper)
    return PriceAsked(names, proper, beside) if names else None


def passages_with_prices(price: PriceAsked, library: Library) -> dict[int, IndexedPassage]:
    """Return the newest passages that have the names and a word of prices."""
    spelled = [term.spellings[0] for term in map(term_of, _words()["price"]) if term and term.spellings]
    names = [any_form(map(term_of, name)) for name in price.names]
    beside = " AND ".join(f"({one})" for one in (*names, " OR ".join(map(quoted, spelled))))
    return library.passages(library.match_newest(beside, _HITS))


def states_price(price: PriceAsked, statement: Statement, language: Language) -> bool:
    """Return whether a statement has an amount of money and a word of prices beside the last name."""
    text = fold(statement.wording_for(language).sentence.text)
    if not price.topics <= statement.topics | statement.above:
        return False
    if _LARGE.search(text) or _other().search(text) or not _told().search(text):
        return False
    return _pattern(price).search(text) is not None


def newest_prices(ranked: Iterable[Ranked], price: PriceAsked, language: Language) -> list[Ranked]:
    """Return statements of prices, those first that hold more of the other words, in the reader's language, then the newest.

    What unnamed people say comes last.
    """

    def order(one: Ranked) -> tuple[bool, int, bool, int]:
        held = len(price.beside.intersection(map(stem, one.terms)))
        day = one.statement.report.published
        heard = is_hearsay(one.statement.wording_for(language).sentence.text)
        return heard, -held, language not in one.statement.wordings, -(day.toordinal() if day else 0)

    return sorted(ranked, key=order)


@cache
def _pattern(price: PriceAsked) -> re.Pattern[str]:
    """Return the pattern of a folded sentence in which each name stands, the last of them near an amount behind it."""
    others = any_of(word for word in _words()["variant"] if stem(word) not in price.beside)
    ends = rf"(?![a-z0-9]|[.-][a-z0-9]| (?:{others})\b)"
    spelled = [rf"(?<![a-z0-9])(?:{any_of(name)}){ends}" for name in price.names]
    held = "".join(rf"(?=.*{name})" for name in spelled)
    return re.compile(
        rf"^{held}.*(?:{'|'.join(spelled)})(?:(?!{_APART})[^,;!?。…\n]){{0,{_NEAR}}}?(?:{_AMOUNT})"
    )


@cache
def _told() -> re.Pattern[str]:
    return any_script(_words()["price"])


@cache
def _other() -> re.Pattern[str]:
    return any_script(_words()["other"])


@cache
def _words() -> Mapping[str, list[str]]:
    return read_kinds(Path(__file__).with_name("price_words.tsv"))
