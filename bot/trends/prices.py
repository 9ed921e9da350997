"""Finds the sentences that say what a thing costs its buyers: an amount of money with a word of prices, beside the name.

Such a sentence need not hold another word of the question: "GPT-4o is $5 per million tokens".
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from bot.library.glossary import Glossary
from bot.library.library import Library
from bot.library.query import Query
from bot.models import IndexedPassage, Language
from bot.text.normalise import fold
from bot.text.rule_data import any_of, read_kinds
from bot.text.stems import stem
from bot.text.stopwords import STOPWORDS
from bot.trends.concepts import Asking, asking
from bot.trends.hearsay import is_hearsay
from bot.trends.ranking import Ranked
from bot.trends.statements import Statement
from bot.trends.things import any_script, name_beside, things_named, with_any_of

_HITS = 480
_KINDS = frozenset({"how", "how many", "price", "what"})
_AMOUNT = r"(?:us)?[$¥€£]\s?\d|\d[\d,.]*\s?[千万亿]?(?:美元|美金|元|欧元|英镑|日元|块钱|美分|\s?dollars?\b|\s?usd\b|\s?cents?\b)"
# Amounts in millions are those of companies, not prices.
_LARGE = re.compile(r"[$¥€£]\s?[\d.,]+\s?(?:m|b|k?万|亿|million|billion|trillion)\b|\d\s?亿")
_APART = r"比|而|超越|优于|媲美|接近|相当于|或|和|与|\b(?:than|versus|vs|over|replacement|and|or|compared)\b"
_NEAR = 60
"""Characters between a name and an amount that belongs to it."""
_CLAUSE = r"(?:[^,;!?。…\n]|, (?=(?:with|at|now|priced|costing|set)\b))"
# Of what another thing is compared with, the amount is said right behind it ("than ChatGPT Pro's $200") or not at all.
_COMPARED = re.compile(
    rf"\b(?:than|compar\w*|replac\w*|alternatives?|vs|versus|over|like|rival\w*|match\w*|beat\w*|surpass\w*|outperform\w*){_CLAUSE}*$"
)
_OWN = ("'s ", "’s ")


class PriceAsked(Struct, frozen=True):
    """What a price is asked of: each thing with the ways to write it, and the other words of the question."""

    names: tuple[tuple[str, ...], ...]
    topics: frozenset[str]
    beside: frozenset[str]


def price_asked(query: Query, glossary: Glossary) -> PriceAsked | None:
    """Return what a question asks the price of; None if it asks for anything else."""
    folded, asked = fold(query.text), asking(query.text)
    if not _asks_price(folded, asked.kinds):
        return None
    words = _words()
    named = replace(query, names=tuple(name for name in query.names if name not in words["part"]))
    things = things_named(named, glossary) or _other_thing(query, asked)
    makers = {
        fold(form)
        for topic in query.topics
        if glossary.topics[topic].proper
        for form in glossary.topics[topic].written()
    }
    names = tuple(tuple(dict.fromkeys(_whole(form, query, makers) for form in thing)) for thing in things)
    forms = (form for name in names for form in name)
    left = re.sub(any_of([*asked.phrases, *words["price"], *forms]), " ", folded)
    beside = frozenset(stem(word) for word in query.content if word in left)
    proper = frozenset(topic for topic in query.topics if glossary.topics[topic].proper)
    return PriceAsked(names, proper, beside) if names else None


def _asks_price(folded: str, kinds: Collection[str]) -> bool:
    """Return whether a text asks what something costs; a price alone does ("DeepSeek API price"), what was raised does not."""
    if _other().search(folded):
        return False
    told = list(_told().finditer(folded))
    if "price" in kinds or not told:
        return "price" in kinds
    around = (folded[: told[0].start()], folded[told[-1].end() :].strip(" ?？"))
    return not _KINDS.isdisjoint(kinds) or (not kinds and "" in around)


def _other_thing(query: Query, asked: Asking) -> tuple[tuple[str, ...], ...]:
    """Return the name that is all of a question but its words of prices, if it names no topic: cursor, o1-pro."""
    return name_beside(query, [*asked.phrases, *_words()["price"], *_words()["part"], *_words()["behind"]])


def _whole(form: str, query: Query, makers: Collection[str]) -> str:
    """Return a name, folded, with the words typed around it that belong to it: claude pro for pro, github copilot."""
    variants = _words()["variant"]
    before = r"[\w.-]+ " if form in variants else r"(?:(?-i:[A-Z])[\w-]* )*"
    version = rf"(?:[ -]?v?\d[\w.]*)?(?:[ -](?:{any_of(variants)}))*"
    match = re.search(
        rf"(?<!\w)(?P<before>{before}){re.escape(form)}{version}(?!\w)", query.text, re.IGNORECASE
    )
    if not match:
        return form
    own = [word for word in fold(match["before"]).split() if word not in STOPWORDS]
    if form not in variants:
        own = [word for word in own if word not in makers]
    return " ".join([*own, *fold(match[0][len(match["before"]) :]).split()])


def passages_with_prices(
    price: PriceAsked, library: Library, days: tuple[date, date] | None = None
) -> dict[int, IndexedPassage]:
    """Return the newest passages, of the reports of some `days`, that have the names and a word of prices."""
    beside = with_any_of(price.names, _words()["price"])
    return library.passages(library.match_newest(beside, _HITS, days))


def states_price(price: PriceAsked, statement: Statement, language: Language) -> bool:
    """Return whether a statement has an amount of money and a word of prices beside the last name."""
    text = fold(statement.wording_for(language).sentence.text)
    if not price.topics <= statement.topics | statement.above:
        return False
    if _LARGE.search(text) or _other().search(text) or not _told().search(text):
        return False
    named, told = _patterns(price)
    if not all(name.search(text) for name in named):
        return False
    return any(
        match["before"]
        or text.startswith(_OWN, match.end("name"))
        or not _COMPARED.search(text[: match.start("name")])
        for match in told.finditer(text)
    )


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
def _patterns(price: PriceAsked) -> tuple[list[re.Pattern[str]], re.Pattern[str]]:
    """Return the pattern of each name in a folded sentence, and that of the last one with an amount that belongs to it."""
    others = any_of(word for word in _words()["variant"] if stem(word) not in price.beside)
    ends = rf"(?![a-z0-9]|[.-][a-z0-9]|[ -](?:{others})\b)"
    spelled = [
        rf"(?<![a-z0-9])(?:{any_of(name).replace(chr(92) + ' ', '[ -]?')}){ends}" for name in price.names
    ]
    # An amount before a noun is that noun's: a $1 game, a $5 credit.
    nouns = any_of([*STOPWORDS, *_words()["price"], *_words()["behind"]])
    amount = rf"(?:{_AMOUNT})(?![\d.,]*k? (?!(?:{nouns})(?!\w))[a-z])"
    told = (
        rf"(?P<before>(?:{_AMOUNT})(?:(?!{_APART}){_CLAUSE}){{0,{_NEAR // 2}}}? (?:for|of) )?(?P<name>{spelled[-1]})"
        rf"(?(before)|(?:(?!{_APART}){_CLAUSE}){{0,{_NEAR}}}?{amount})"
    )
    return list(map(re.compile, spelled)), re.compile(told)


@cache
def _told() -> re.Pattern[str]:
    return any_script(_words()["price"])


@cache
def _other() -> re.Pattern[str]:
    return any_script(_words()["other"])


@cache
def _words() -> Mapping[str, list[str]]:
    return read_kinds(Path(__file__).with_name("price_words.tsv"))
