"""Finds the sentences that say what a maker released: what did X release, X最近发布了什么. Told newest first. Ranks nothing.

The maker stands before the verb, in its clause: a sentence that has both may tell of somebody else's release.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache

from bot.library.full_text import quoted
from bot.library.glossary import Glossary
from bot.library.library import Library
from bot.library.query import Query
from bot.library.salience import any_form
from bot.library.terms import term_of
from bot.models import IndexedPassage, Language
from bot.text.normalise import fold, has_han
from bot.text.rule_data import any_of
from bot.trends.event_days import NO_VERB, RELEASE, event_words, is_aside
from bot.trends.hearsay import is_hearsay
from bot.trends.ranking import Ranked
from bot.trends.statements import Statement
from bot.trends.things import forms_of

_HITS = 480
# Sentences of one report that come before the others of it.
_OF_REPORT = 2
# Words between a maker and its verb: "Anthropic has just released", "Google's Gemini team released".
_BETWEEN = 4
_APART = "to|will|would|could|should|may|might|by|with|for|from|using|via|like|than|and|or|but|that|which|who|after|before"
_CLAUSE_HAN = 14


def maker_asked(query: Query, glossary: Glossary) -> tuple[str, ...]:
    """Return how the maker is written whose releases a question asks for, folded; () for any other question."""
    if not query.maker or not query.topics:
        return (query.maker,) if query.maker else ()
    topics = [glossary.topics[topic] for topic in query.topics]
    return tuple(form for topic in topics if topic.proper for form in forms_of(topic))


def passages_with_releases(
    maker: tuple[str, ...], library: Library, days: tuple[date, date] | None
) -> dict[int, IndexedPassage]:
    """Return the newest passages, of the reports of some `days`, that have the maker and a verb of release."""
    verbs = [term.spellings[0] for term in map(term_of, event_words(RELEASE)) if term and term.spellings]
    beside = f"({any_form(map(term_of, maker))}) AND ({' OR '.join(map(quoted, verbs))})"
    return library.passages(library.match_newest(beside, _HITS, days))


def tells_of_release(maker: tuple[str, ...], statement: Statement, language: Language) -> bool:
    """Return whether a statement says that the maker released something."""
    text = fold(statement.wording_for(language).sentence.text)
    return _pattern(maker).search(text) is not None and not is_aside(text)


def newest_releases(ranked: Iterable[Ranked], language: Language) -> list[Ranked]:
    """Return statements by the days of their reports, the newest first, two of each report before the others.

    What unnamed people say comes last, and before it what is not in the reader's language; undated reports are left out.
    """
    return [one for *_, one in sorted(_placed(ranked, language), key=lambda placed: placed[:-1])]


def _placed(
    ranked: Iterable[Ranked], language: Language
) -> Iterator[tuple[bool, bool, bool, int, float, Ranked]]:
    """Yield statements with what they are sorted by."""
    told: Counter[str] = Counter()
    for one in sorted(ranked, key=lambda one: -one.weight):
        report = one.statement.report
        if report.published is None:
            continue
        told[report.id] += 1
        heard = is_hearsay(one.statement.wording_for(language).sentence.text)
        further = told[report.id] > _OF_REPORT
        foreign = language not in one.statement.wordings
        yield heard, foreign, further, -report.published.toordinal(), -one.weight, one


@cache
def _pattern(maker: tuple[str, ...]) -> re.Pattern[str]:
    """Return the pattern of a folded sentence in which the maker releases something."""
    verbs = [verb for verb in event_words(RELEASE) if not verb.endswith("ing")]
    han, latin = (any_of(verb for verb in verbs if has_han(verb) == is_han) for is_han in (True, False))
    name = rf"(?<![a-z0-9])(?:{any_of(maker)})(?![a-z0-9]|[.-][a-z0-9])"
    return re.compile(
        rf"{name}(?:['’]s)?(?: (?!(?:{_APART})\b)[\w’'.&-]+){{0,{_BETWEEN}}} (?:{latin})\b(?! by\b)"
        rf"|\b(?:{latin})(?: today)? by {name}"
        rf"|{name}[^,;:!?()…\n，；：。！？（）]{{0,{_CLAUSE_HAN}}}?(?:{han})(?!{NO_VERB})"
    )
