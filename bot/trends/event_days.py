"""Finds the sentences that report the event whose day is asked: when was X released, X什么时候融资. Ranks nothing.

Few sentences state the day, but a report's own day tells it: the first report of a release is that of its day.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import date
from functools import cache
from pathlib import Path

from msgspec import Struct

from bot.library.glossary import Glossary
from bot.library.library import Library
from bot.library.query import Query
from bot.models import IndexedPassage, Language
from bot.text.normalise import fold, has_han
from bot.text.rule_data import any_of, read_kinds
from bot.text.segment import latin_words
from bot.text.stems import stem
from bot.text.stopwords import STOPWORDS
from bot.trends.concepts import asking
from bot.trends.ranking import Ranked
from bot.trends.statements import Statement, terms_of
from bot.trends.things import any_script, forms_of, name_beside, things_named, with_any_of

_HITS = 240
_BETWEEN = 5
RELEASE = "release"
"""The kind of event by which a thing comes out."""
_OF_THINGS = (RELEASE, "purchase")
_KINDS = ("founding", "funding", "listing", *_OF_THINGS)
# A report in another language is quoted only if it is so many days earlier.
_DAYS_OF_FOREIGN = 7
_DATE = re.compile(
    r"(?<!\d)(?:1\d|20)\d\d(?!\d)|[\d〇零一二三四五六七八九十]\s?[年月日]|世纪|年间|时期|[唐宋元明清汉隋晋周秦商]代|朝|今天|昨天|[上本这]周|"
    r"\b(?:century|today|yesterday|(?:this|last) (?:week|month|year)|january|february|march|april|june|july|august|"
    r"september|october|november|december)\b|\bmay \d"
)
_CLAUSE = r"[^,;:!?()。…\n]"
_ENDS = rf"(?=[^\w\s]|$|\s(?:{any_of(STOPWORDS)}|models?|series|family|chatbot|app|today|yesterday)\b|\s?[\u4e00-\u9fff])"
NO_VERB = "会|大?模型|权重|社区|项目|生态"
"""Before one of these, 发布 and 开源 belong to a noun (发布会, 开源模型)."""
_OF_RELEASE = r"(?:release|launch|availability|debut) of"
_APART = "with|for|by|on|using|to|in|from|of|via|that|like|over|against|than|as"
# What a sentence must have too: of money raised an amount or a round, of what happened before the library began its year.
_STATES = {
    "funding": re.compile(r"[$€£¥]\s?\d|\d[\d.]*\s?(?:[亿万]|million|billion)|[a-h]\+?轮|轮融资|\bseries [a-h]\b"),
    "founding": re.compile(r"(?<!\d)(?:19|20)\d\d"),
    "listing": re.compile(r"(?<!\d)(?:19|20)\d\d|[月日周]|\b(?:today|yesterday|[a-z]+day|january|february|march|april|may|june|july|august|september|october|november|december)\b"),
}  # fmt: skip  # a pattern a line


class EventAsked(Struct, frozen=True):
    """An event whose day is asked: its kind, the names of what it happened to, and whether the last one is asked for.

    Each of `names` has the ways to write it. `topics` are those of the question, `beside` its other words.
    """

    kind: str
    names: tuple[tuple[str, ...], ...]
    latest: bool
    topics: frozenset[str]
    beside: frozenset[str]

    @property
    def words(self) -> list[str]:
        """The words with which reports tell of such an event."""
        return event_words(self.kind)


def event_words(kind: str) -> list[str]:
    """Return the words with which reports tell of an event of a kind, folded."""
    return _words()[kind]


def is_aside(folded: str) -> bool:
    """Return whether a folded sentence tells of what has not happened, or was long ago."""
    return _aside().search(folded) is not None


def event_asked(query: Query, glossary: Glossary) -> EventAsked | None:
    """Return the event whose day a question asks; None for any other question."""
    folded, asked = fold(query.text), asking(query.text)
    if asked.kinds != {"when"}:
        return None
    kind = next((kind for kind in _KINDS if _is_asked(folded, _words()[kind])), None)
    names = things_named(query, glossary) or name_beside(query, asked.phrases)
    if kind is None or not names:
        return None
    words = _words()
    topics = [
        t for t in query.topics if not any(form in words[kind] for form in forms_of(glossary.topics[t]))
    ]
    forms = (form for name in names for form in name)
    left = re.sub(
        any_of([*asked.phrases, *words[kind], *words["latest"], *words["asked"], *forms]), " ", folded
    )
    said = {stem(word) for word in words[kind]}
    beside = [word for word in query.content if stem(word) not in said and re.search(_whole(word), left)]
    is_last = any_script(words["latest"]).search(folded) is not None
    return EventAsked(kind, names, is_last, frozenset(topics), frozenset(beside))


def passages_on(event: EventAsked, library: Library) -> dict[int, IndexedPassage]:
    """Return the passages that have a word of the event near its name, the oldest or the newest of them."""
    beside = with_any_of(event.names, event.words)
    match = library.match_newest if event.latest else library.match_oldest
    return library.passages(match(beside, _HITS))


def tells_of(event: EventAsked, statement: Statement, language: Language) -> bool:
    """Return whether a statement tells of the event as of something that happened."""
    text = fold(statement.wording_for(language).sentence.text)
    states = _STATES.get(event.kind)
    return bool(_pattern(event).search(text) and (not states or states.search(text))) and not is_aside(text)


def may_tell(statement: Statement) -> bool:
    """Return whether a statement has a date, without which it cannot say when something happened."""
    return any(_DATE.search(fold(wording.sentence.text)) for wording in statement.wordings.values())


def is_on(event: EventAsked, statement: Statement) -> bool:
    """Return whether a statement, with the headings above it, has what else the question names."""
    held = frozenset(map(stem, terms_of(statement)))
    return (
        event.topics <= statement.topics | statement.above and {stem(word) for word in event.beside} <= held
    )


def by_day(ranked: Iterable[Ranked], event: EventAsked, language: Language) -> list[Ranked]:
    """Return sentences by the days of their reports, the first or the last one leading; undated ones are left out."""
    dated = [(one, one.statement.report.published) for one in ranked]
    days = [(one, day) for one, day in dated if day]
    return [one for one, _ in sorted(days, key=lambda pair: _distance(pair[0], pair[1], event, language))]


def _distance(one: Ranked, day: date, event: EventAsked, language: Language) -> tuple[int, float]:
    days = -day.toordinal() if event.latest else day.toordinal()
    return days + _DAYS_OF_FOREIGN * (language not in one.statement.wordings), -one.weight


def _whole(word: str) -> str:
    return re.escape(word) if has_han(word) else rf"(?<!\w){re.escape(word)}(?!\w)"


def _is_asked(folded: str, words: Collection[str]) -> bool:
    """Return whether a question has one of the words, in English in any form of it."""
    stems = {stem(word) for word in latin_words(folded)}
    return any(word in folded if " " in word or has_han(word) else stem(word) in stems for word in words)


@cache
def _pattern(event: EventAsked) -> re.Pattern[str]:
    """Return the pattern of a folded sentence that tells of the event."""
    also = rf"(?: (?:{any_of(event.beside)}))*" if event.beside else ""
    names = any_of(form for name in event.names for form in name)
    name = rf"(?<![a-z0-9])(?:{names}){also}(?![a-z0-9]|[.-]\d)"
    han, latin = (any_of(w for w in event.words if has_han(w) == is_han) for is_han in (True, False))
    if event.kind not in _OF_THINGS:
        return re.compile(
            rf"{name}[^;:!?。…\n]{{0,24}}?(?:{han})|{name}(?:[^\w:]+\w+){{0,{_BETWEEN}}}[^\w:]+(?:{latin})\b"
        )
    return re.compile(
        rf"(?:{han})(?!{NO_VERB})了?{_CLAUSE}{{0,14}}?{name}(?!\s?的){_ENDS}"
        rf"|{name}(?:{_CLAUSE.replace(']', '的]')}){{0,14}}?(?:{han})(?=[于,，。;；!！:：）)]|$)"
        rf"|\b(?:{latin})(?: (?:{_OF_RELEASE}|(?!(?:{_APART})\b)[\w’'.-]+)){{0,{_BETWEEN}}}? {name}{_ENDS}"
        rf"|{name},?(?: (?:models?|series|is|was|were|has|have|been|now|just|officially|finally))*"
        rf" (?:{latin})(?=[,.;:!?]|$| (?:by|in|on|at|with|for|as|under|today|yesterday|to)\b)"
    )


@cache
def _aside() -> re.Pattern[str]:
    return any_script(_words()["aside"])


@cache
def _words() -> dict[str, list[str]]:
    return read_kinds(Path(__file__).with_name("event_words.tsv"))
