"""Finds the sentences that say which of a kind is the best or the cheapest: that word beside the kind, in a sentence with a name.

"Qwen 72B is the best open model" answers 哪个开源模型好 in words that the question does not have.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date
from functools import cache
from pathlib import Path

from msgspec import Struct

from bot.library.glossary import Glossary
from bot.library.library import Library
from bot.library.query import Query
from bot.library.terms import term_of
from bot.models import IndexedPassage, Language
from bot.text.normalise import fold, has_han
from bot.text.rule_data import any_whole, read_kinds
from bot.text.segment import latin_words
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
_NEAR, _NEAR_LATIN = 14, 28
"""Characters between the kind of thing and the word that ranks it, within one clause; more where Latin words lie between."""
_BEFORE = 40
"""Characters before a ranking in which a word can deny it: a user inquired about the best …"""
_LONGEST_KIND = 4
"""Words that a kind of thing has at most: AI coding assistant tools."""
# Zorblax, GPT-4 and o1, but not AI or LLMs.
_CAPITALISED = re.compile(r"(?<![A-Za-z])(?:[A-Z][a-z]|[A-Za-z]+-?\d)")
_PURPOSE = re.compile(r"\s(?:for|under|with|from|by|in|on|at)\s(.+)$")
_OTHERWISE_ASKED = frozenset({"how", "whether", "why"})
_LATIN = r"[\w\s./-]"
_CLAUSE = r"[^,;:!?，；：！？。、…\n]"


class SuperlativeAsked(Struct, frozen=True):
    """What a question asks the best or cheapest of: the forms of each kind of thing, names of that kind, its other words.

    All the kinds must be in a passage, any of their forms beside the word that ranks, and in the sentence all of `needed`,
    stems of what a kind is called beside them and of its purpose: the best AI stocks, the best model for function calling.
    """

    kind: str
    forms: tuple[tuple[str, ...], ...]
    names: tuple[str, ...]
    topics: frozenset[str]
    beside: frozenset[str]
    needed: frozenset[str] = frozenset()


def superlative_asked(query: Query, glossary: Glossary) -> SuperlativeAsked | None:
    """Return what a question asks the best or cheapest of; None if it asks for anything else, or of no kind of thing."""
    folded = fold(query.text)
    asked = next(((kind, match) for kind in _KINDS if (match := _asks(kind).search(folded))), None)
    if asked is None:
        return None
    kind, match = asked
    if match["rank"] and not has_han(folded) and not _is_asked_for(folded[: match.start()], query):
        return None
    ranking = match["what"] or match["rank"]
    topics = [t for t in query.topics if not any(form in ranking for form in forms_of(glossary.topics[t]))]
    named = [form for t in topics if glossary.topics[t].proper for form in forms_of(glossary.topics[t])]
    head = _head(folded[match.end() :], named) if match["rank"] and not has_han(folded) else ""
    kinds = [t for t in topics if not glossary.topics[t].proper]
    kinds = [t for t in kinds if not head or any(form in head for form in forms_of(glossary.topics[t]))]
    forms = tuple(tuple(forms_of(glossary.topics[t])) for t in kinds) or _spelled(head)
    if not forms:
        return None
    left = re.sub(any_whole([*query.typed, ranking]), " ", folded)
    beside = frozenset(stem(w) for w in query.content if w in left and not asking(query.text).has(w))
    # Claude is a large model, but no open one.
    narrower = (glossary.topics[t] for of in kinds[:1] if not kinds[1:] for t in glossary.with_narrower(of))
    names = tuple(form for topic in narrower if topic.proper for form in forms_of(topic))
    needed = _needed(head, left, query.typed) if head else frozenset[str]()
    return SuperlativeAsked(kind, forms, names, frozenset(topics), beside, needed)


def _is_asked_for(before: str, query: Query) -> bool:
    """Return whether a word that ranks is what an English question asks for: nothing but words of asking and names is before it."""
    if not _OTHERWISE_ASKED.isdisjoint(asking(query.text).kinds):
        return False
    left = re.sub(any_whole(query.typed), " ", before) if query.typed else before
    return STOPWORDS.issuperset(latin_words(left))


def _head(behind: str, names: Collection[str]) -> str:
    """Return the kind of thing that a folded English question names right behind the word that ranks, without `names`; "" if none.

    It ends where its purpose begins: the best laptop for language models.
    """
    end = re.search(rf"\s(?:{any_whole(_words()['end'])})|[^\w\s.-]|$", behind)
    shown = behind[: end.start() if end else None]
    words = (re.sub(any_whole(names), " ", shown) if names else shown).split()
    return " ".join(words) if 0 < len(words) <= _LONGEST_KIND else ""


def _needed(head: str, left: str, typed: Collection[str]) -> frozenset[str]:
    """Return the stems of what a kind of thing is called beside its topics, and of the purpose in the rest of the question."""
    called = re.sub(any_whole(typed), " ", head) if typed else head
    purpose = _PURPOSE.search(left)
    words = latin_words(f"{called} {purpose[1] if purpose else ''}")
    return frozenset(stem(word) for word in words if word not in {*_words()["any"], *STOPWORDS})


def _spelled(head: str) -> tuple[tuple[str, ...], ...]:
    """Return how reports write a kind of thing that is no topic, in singular and plural."""
    term = term_of(head) if head else None
    return (term.spellings,) if term and term.spellings else ()


def passages_with_superlatives(
    asked: SuperlativeAsked, library: Library, days: tuple[date, date] | None = None
) -> dict[int, IndexedPassage]:
    """Return the newest passages, of the reports of some `days`, that have the kind of thing and a word that ranks."""
    first, *others = asked.forms
    beside = with_any_of(((*first, *asked.names), *others), _telling(asked.kind))
    return library.passages(library.match_newest(beside, _HITS, days))


def states_superlative(
    asked: SuperlativeAsked, statement: Statement, language: Language, glossary: Glossary
) -> bool:
    """Return whether a statement names something and, beside the kind of thing, the word that ranks it."""
    wording = statement.wording_for(language)
    text = wording.sentence.text
    folded = fold(text)
    told = _told(asked).search(folded)
    if told is None or not asked.needed <= {*map(stem, wording.terms)}:
        return False
    if _denied().search(folded[max(0, told.start() - _BEFORE) : told.start()]):
        return False
    if text.endswith(OPEN) or is_list(text) or is_doubted(statement):
        return False
    held = statement.topics | statement.above
    # A heading may say where something is told, not of whom.
    names = {topic for topic in asked.topics if glossary.topics[topic].proper}
    missed = names - statement.topics | (set() if told["name"] else asked.topics - names - held)
    return not missed and (_has_name(text) or any(glossary.topics[topic].proper for topic in held))


def tells_of_kind(asked: SuperlativeAsked, statement: Statement, language: Language) -> bool:
    """Return whether a statement is on the kind of thing, whether or not it ranks one."""
    terms = {*map(stem, statement.wording_for(language).terms)}
    return asked.topics <= statement.topics | statement.above and asked.needed <= terms


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
    rank = rf"(?!{any_whole(words['no kind'])})(?P<rank>{any_whole(words[f'{kind} asked'])})"
    return re.compile(rf"(?:{which}).*?(?P<what>(?:{quality}))\W*$|{rank}")


@cache
def _denied() -> re.Pattern[str]:
    """Return the pattern of the end of a text behind which a word that ranks claims nothing: outperforming the best …"""
    return re.compile(rf"(?:{any_whole(_words()['denied'])}){_CLAUSE}*$")


@cache
def _told(asked: SuperlativeAsked) -> re.Pattern[str]:
    words = _words()
    form = rf"(?<!非)(?<!没有)(?<!non-)(?:{any_whole(form for forms in asked.forms for form in forms)})"
    before, behind = any_whole(words[asked.kind]), any_whole(words[_BEHIND[asked.kind]])
    name = rf"(?P<name>{any_whole(asked.names)})" if asked.names else "(?P<name>(?!))"
    apart, near = any_whole(words["apart"]), rf"{_CLAUSE}{{0,{_NEAR}}}?"
    next_to = rf"(?:(?!是|{apart}){_CLAUSE}){{0,{_NEAR}}}?|(?:(?!{apart}){_LATIN}){{0,{_NEAR_LATIN}}}?"
    # Of a Latin word in Chinese text a Han character beside it is no part.
    return re.compile(
        rf"(?a)(?!{any_whole(words['no kind'])})(?:{before})(?:{next_to}){form}"
        rf"|(?:{any_whole(words['first'])}){near}{form}|(?:{form}|{name}){near}(?:{behind})"
    )


def _telling(kind: str) -> list[str]:
    """Return the words of reports that rank a thing, before or behind its kind."""
    return list(dict.fromkeys((*_words()[kind], *_words()[_BEHIND[kind]])))


@cache
def _words() -> Mapping[str, list[str]]:
    return read_kinds(Path(__file__).with_name("superlative_words.tsv"))
