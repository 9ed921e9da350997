"""Finds the sentences that say which of a kind is the best or the cheapest: that word beside the kind, in a sentence with a name.

"Qwen 72B is the best open model" answers 哪个开源模型好 in words that the question does not have.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
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
from bot.text.stopwords import STOPWORDS
from bot.trends.concepts import asking
from bot.trends.news_value import is_list, names_something
from bot.trends.ranking import is_doubted
from bot.trends.standalone import OPEN
from bot.trends.statements import Statement
from bot.trends.things import forms_of, with_any_of

_HITS = 480
_KINDS = ("best", "cheapest")
# Behind the kind of thing "best" may belong to another noun: coding best practices.
_BEHIND = {"best": "first", "cheapest": "cheapest"}
_NEAR = 14
"""Characters between the kind of thing and the word that ranks it, within one clause."""
# Zorblax, GPT-4 and o1, but not AI or LLMs.
_CAPITALISED = re.compile(r"(?<![A-Za-z])(?:[A-Z][a-z]|[A-Za-z]+-?\d)")
_CLAUSE = r"[^,;:!?，；：！？。、…\n]"


class SuperlativeAsked(Struct, frozen=True):
    """What a question asks the best or cheapest of: the forms of its topics, the names of their kinds, its other words."""

    kind: str
    forms: tuple[str, ...]
    names: tuple[str, ...]
    topics: frozenset[str]
    beside: frozenset[str]


def superlative_asked(query: Query, glossary: Glossary) -> SuperlativeAsked | None:
    """Return what a question asks the best or cheapest of; None if it asks for anything else, or of no kind of thing."""
    folded = fold(query.text)
    asked = next(((kind, match) for kind in _KINDS if (match := _asks(kind).search(folded))), None)
    if asked is None:
        return None
    kind, match = asked
    ranking = match["what"] or match["rank"]
    topics = [t for t in query.topics if not any(form in ranking for form in forms_of(glossary.topics[t]))]
    kinds = [t for t in topics if not glossary.topics[t].proper]
    if not kinds:
        return None
    left = re.sub(any_whole([*query.typed, ranking]), " ", folded)
    beside = frozenset(stem(w) for w in query.content if w in left and not asking(query.text).has(w))
    forms = [form for t in kinds for form in forms_of(glossary.topics[t])]
    narrower = (glossary.topics[t] for of in kinds for t in glossary.with_narrower(of))
    names = [form for topic in narrower if topic.proper for form in forms_of(topic)]
    return SuperlativeAsked(kind, tuple(forms), tuple(names), frozenset(topics), beside)


def passages_with_superlatives(asked: SuperlativeAsked, library: Library) -> dict[int, IndexedPassage]:
    """Return the newest passages that have the kind of thing and a word that ranks."""
    beside = with_any_of(((*asked.forms, *asked.names),), _telling(asked.kind))
    return library.passages(library.match_newest(beside, _HITS))


def states_superlative(
    asked: SuperlativeAsked, statement: Statement, language: Language, glossary: Glossary
) -> bool:
    """Return whether a statement names something and, beside the kind of thing, the word that ranks it."""
    text = statement.wording_for(language).sentence.text
    told = _told(asked).search(fold(text))
    if told is None or text.endswith(OPEN) or is_list(text) or is_doubted(statement):
        return False
    held = statement.topics | statement.above
    missed = [topic for topic in asked.topics - held if not told["name"] or glossary.topics[topic].proper]
    return not missed and (_has_name(text) or any(glossary.topics[topic].proper for topic in held))


def _has_name(text: str) -> bool:
    """Return whether a text has a name in Latin letters; in Chinese any capitalised word is one, in English also the first."""
    if has_han(text):
        return _CAPITALISED.search(text) is not None
    return names_something(text) or text.split(maxsplit=1)[0].lower() not in STOPWORDS


@cache
def _asks(kind: str) -> re.Pattern[str]:
    """Return the pattern of a folded question for what ranks best: 哪个…好用, or a word that ranks by itself."""
    words = _words()
    which, quality = any_whole(words["which"]), any_whole(words[f"{kind} quality"])
    return re.compile(
        rf"(?:{which}).*?(?P<what>(?:{quality}))\W*$|(?P<rank>{any_whole(words[f'{kind} asked'])})"
    )


@cache
def _told(asked: SuperlativeAsked) -> re.Pattern[str]:
    form = rf"(?<!非)(?<!没有)(?<!non-)(?:{any_whole(asked.forms)})"
    before, behind = any_whole(_telling(asked.kind)), any_whole(_words()[_BEHIND[asked.kind]])
    name = rf"(?P<name>{any_whole(asked.names)})" if asked.names else "(?P<name>(?!))"
    # Of a Latin word in Chinese text a Han character beside it is no part.
    return re.compile(
        rf"(?a)(?:{before})(?:(?!是){_CLAUSE}){{0,{_NEAR}}}?{form}|(?:{form}|{name}){_CLAUSE}{{0,{_NEAR}}}?(?:{behind})"
    )


def _telling(kind: str) -> list[str]:
    """Return the words of reports that rank a thing, before or behind its kind."""
    return list(dict.fromkeys((*_words()[kind], *_words()[_BEHIND[kind]])))


@cache
def _words() -> Mapping[str, list[str]]:
    return read_kinds(Path(__file__).with_name("superlative_words.tsv"))
