"""Finds the sentences that say what a maker released: what did X release, X最近发布了什么. Told newest first. Ranks nothing.

The maker, or a product of it, stands before the verb, in its clause: a sentence that has both may tell of somebody else's release.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from typing import NamedTuple

from bot.library.full_text import quoted
from bot.library.glossary import Glossary
from bot.library.library import Library
from bot.library.query import Query
from bot.library.salience import any_form
from bot.library.terms import term_of
from bot.models import IndexedPassage, Language, Topic
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
# Words between a product and the verb: "Grok 3 has launched".
_BEHIND_PRODUCT = 3
_APART = "to|will|would|could|should|may|might|by|with|for|from|using|via|like|than|and|or|but|that|which|who|after|before"
_CLAUSE_HAN = 14


class Maker(NamedTuple):
    """How a maker and its products are written, folded."""

    names: tuple[str, ...]
    products: tuple[str, ...] = ()


def maker_asked(query: Query, glossary: Glossary) -> Maker | None:
    """Return the maker whose releases a question asks for; None for any other question."""
    if not query.maker or not query.topics:
        return Maker((query.maker,)) if query.maker else None
    makers = [topic for topic in map(glossary.topics.__getitem__, query.topics) if topic.proper]
    products = [glossary.topics[topic] for maker in makers for topic in maker.narrower]
    return Maker(_written(makers), _written(topic for topic in products if topic.proper)) if makers else None


def _written(topics: Iterable[Topic]) -> tuple[str, ...]:
    return tuple(form for topic in topics for form in forms_of(topic))


def passages_with_releases(
    maker: Maker, library: Library, days: tuple[date, date] | None
) -> dict[int, IndexedPassage]:
    """Return the newest passages, of the reports of some `days`, that have the maker or a product and a verb of release."""
    verbs = [term.spellings[0] for term in map(term_of, event_words(RELEASE)) if term and term.spellings]
    named = any_form(map(term_of, (*maker.names, *maker.products)))
    beside = f"({named}) AND ({' OR '.join(map(quoted, verbs))})"
    return library.passages(library.match_newest(beside, _HITS, days))


def tells_of_release(maker: Maker, statement: Statement, language: Language) -> bool:
    """Return whether a statement says that the maker released something, or that a product of it came out."""
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
def _pattern(maker: Maker) -> re.Pattern[str]:
    """Return the pattern of a folded sentence in which the maker releases something, or a product of it comes out."""
    verbs = [verb for verb in event_words(RELEASE) if not verb.endswith("ing")]
    han, latin = (any_of(verb for verb in verbs if has_han(verb) == is_han) for is_han in (True, False))
    begin, end = "(?<![a-z0-9])", "(?![a-z0-9]|[.-][a-z0-9])"
    name = f"{begin}(?:{any_of(maker.names)}){end}"
    product = rf"{begin}(?:{any_of(maker.products) or '(?!)'})(?:[ -]?v?\d[\d.]*)?{end}"
    between = rf"(?:['’]s)?(?: (?!(?:{_APART})\b)[\w’'.&-]+)"
    return re.compile(
        rf"{name}{between}{{0,{_BETWEEN}}} (?:{latin})\b(?! by\b)"
        rf"|{product}{between}{{0,{_BEHIND_PRODUCT}}} (?:{latin})\b"
        rf"|\b(?:{latin})(?: today)? by {name}"
        rf"|(?:{name}|{product})[^,;:!?()…\n，；：。！？（）]{{0,{_CLAUSE_HAN}}}?(?:{han})(?!{NO_VERB})"
    )
