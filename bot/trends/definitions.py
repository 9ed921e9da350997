"""Finds the sentence that says what a thing is: "DSPy is a framework for …", 数据墙是指……

It names the thing and then its kind (definition_words.tsv), at best at its beginning or behind a label.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import cache
from pathlib import Path

from msgspec.structs import replace

from bot.languages import is_written_in_han
from bot.library.full_text import quoted
from bot.library.glossary import Glossary
from bot.library.library import Library
from bot.library.query import Query
from bot.library.search import Search
from bot.library.terms import term_of
from bot.models import Language, Report
from bot.text.normalise import fold, has_han
from bot.text.rule_data import any_of, read_kinds
from bot.text.segment import singular
from bot.text.stopwords import STOPWORDS
from bot.trends.hearsay import is_hearsay
from bot.trends.ranking import Ranked, own_language_first, rank
from bot.trends.statements import Statement, statements

_HITS = 60
_LATER = 0.4
"""Factor for a sentence that names the thing only later."""
_BETWEEN = 5
"""Most words between a name and the verb, as of a name in full in brackets."""


def definitions(
    query: Query, language: Language, library: Library, glossary: Glossary, search: Search
) -> tuple[list[Ranked], dict[str, Report]]:
    """Return the sentences that define the one topic or name of a query, best first, and their reports."""
    names = _names(query, language, glossary)
    # Each pair of a name and a verb costs some milliseconds in a large library.
    links = [
        " ".join(search.words_of(w)) for w in _words()["defines"] if has_han(w) == is_written_in_han(language)
    ]
    # A comma is not in the index: "Kairos, a search engine" is found by "kairos a".
    beside = [
        *(f"NEAR({quoted(name)} {quoted(words)}, {_BETWEEN})" for name in names for words in links),
        *(quoted(f"{name} {article}") for name in names for article in ("a", "an")),
    ]
    # What only English says with a comma is read after what is said in Chinese, whose place it would take.
    own = beside[: len(names) * len(links)] if is_written_in_han(language) else beside
    told, reports = _telling(own, names, query, language, library, search) if names else ([], {})
    if names and not told and own is not beside:
        told, reports = _telling(beside, names, query, language, library, search)
    defines = _defining(names)
    weighed = [
        replace(r, weight=r.weight * (1.0 if _begins(defines, r.statement, language) else _LATER))
        for r in rank(told)
    ]
    return own_language_first(weighed, language), reports


def _telling(
    beside: Sequence[str],
    names: Sequence[str],
    query: Query,
    language: Language,
    library: Library,
    search: Search,
) -> tuple[list[Statement], dict[str, Report]]:
    """Return the sentences that define one of the names, of the passages that match one of the expressions, and their reports."""
    hits = library.match_naming(" OR ".join(beside), names, _HITS)
    passages = search.wanted((rowid for rowid, _ in hits), query)
    reports = library.reports(one.passage.report_id for one in passages.values())
    defines = _defining(names)
    told = [
        statement
        for statement in statements(passages.values(), reports, query, language)
        if defines.search(fold(statement.wording_for(language).sentence.text))
        and not is_hearsay(statement.wording_for(language).sentence.text)
    ]
    return told, reports


def _begins(defines: re.Pattern[str], statement: Statement, language: Language) -> bool:
    """Return whether a sentence begins with what it defines, as its reader sees it."""
    return defines.match(fold(statement.wording_for(language).sentence.text)) is not None


def _names(query: Query, language: Language, glossary: Glossary) -> list[str]:
    """Return how the index spells what a query is about: as typed, in full if typed as initials, and by its name."""
    topics = [glossary.topics[topic] for topic in query.topics]
    in_full = [
        form for topic in topics for form in topic.forms[language] if _initials(fold(form)) in query.typed
    ]
    forms = [*query.typed, *(topic.names[language] for topic in topics), *in_full]
    terms = [term_of(form) for form in dict.fromkeys(map(fold, forms))] or [query.name]
    return [spelling for term in terms if term for spelling in term.spellings]


def _initials(form: str) -> str:
    return "".join(word[:1] for word in re.split(r"[ -]+", form))


def _defining(names: Collection[str]) -> re.Pattern[str]:
    """Return the pattern of a folded sentence that defines one of the names, in either language."""
    words = _words()
    defines = f"(?:{any_of([*words['defines'], *words['also']])})"
    judgement = f"(?:{any_of(words['judgement'])})"
    label = "(?:[^:：]{2,90}[:：] ?){0,2}"
    named = _named(names)
    # "Groks, an AI model" names no Grok.
    one = _named([name for name in names if singular(name) == name or singular(name) not in names])
    kind = rf",? {defines} (?!{judgement}\b)|\s?[,，]?{defines}(?!{judgement})[^ ]"
    # Further on, "with X is a" is said of something else; behind a word with a meaning X is the end of a longer name.
    later = (
        rf"\bthat {named} {defines} (?!{judgement}\b)|\b(?:{any_of(STOPWORDS)}) {one}, an? (?!{judgement}\b)"
    )
    return re.compile(rf"^{label}(?:{named}(?:{kind})|{one}, an? (?!{judgement}\b))|{later}")


def _named(names: Collection[str]) -> str:
    """Return a pattern for a folded name, perhaps with an article before it and a name in full in brackets behind it."""
    # The index has no hyphens, and pairs of Han characters.
    spelled = any_of(name.replace(" ", "") if has_han(name) else name for name in names).replace(
        r"\ ", "[ -]"
    )
    return rf"(?:the |an? )?(?:{spelled})(?![a-z0-9-])(?: ?[(（][^)）]{{1,80}}[)）])?"


@cache
def _words() -> dict[str, list[str]]:
    return read_kinds(Path(__file__).with_name("definition_words.tsv"))
