"""How much a sentence is news: an event that involves somebody named, rather than talk, opinion or advice. Pure.

Judged by words that are data (news_words.tsv), by names and numbers, and by the dates that the sentence
mentions. Where what is true changes with time, sentences that answer are ordered by the days of their reports too.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import date, timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from bot.models import Language
from bot.text.months import MONTH_NAME, MONTHS
from bot.text.normalise import fold, has_han
from bot.text.rule_data import any_of, read_kinds
from bot.text.stems import stem
from bot.trends.hearsay import said_before_hearsay
from bot.trends.ranking import Ranked
from bot.trends.standalone import depends_on_previous, with_lead

LEAST: Final = 0.54
"""Least value of a sentence that is news."""

_OLD: Final = timedelta(days=45)
_NO_EVENT: Final = 0.55
_TALK: Final = 0.35
_TALK_AFTER: Final = 0.8
_FACTORS: Final = {"hedge": 0.75, "own": 0.5, "notice": 0.35}
_NAMED: Final = 1.15
_QUANTIFIED: Final = 1.2
_NAME: Final = re.compile(r"(?<![.!?] )(?<!^)\b[A-Z][\w.-]+|[a-zA-Z]+[-.]?\d[\w.]*")
_NUMBER: Final = re.compile(r"[$€£¥]\s?\d|\d(?:[\d.,]*\d)?\s?(?:%|x\b|[BMK]\b|billion|million|倍|亿|万)")
_ITEM: Final = re.compile(r"^\W?\d{1,3}[)）、.．]\s*(?=\D)")
_QUESTION: Final = re.compile(r"[?？](?:[\"'”’)）:：\s]|$)")
_COUNTER: Final = re.compile(
    r"(?i)\b(?:score|upvotes?|points|comments?|likes|retweets|stars)\s?[:：]?\s?\d|\d[\d,.k]*\s(?:upvotes|comments|likes)\b|(?:评分|得分|点赞|评论)\s?[:：]\s?\d"
)
_LEANS: Final = re.compile(
    r"^(?:(?:目前|现在|如今|近日|随后|据|根据|随着|尽管|虽然|由于|通过|除了)[^，。]{0,40}[，,]\s?)(?:它|他们?|她|该|其|这|此)"
)
"""An introductory clause followed by a pronoun for something in the sentence before."""
_SEPARATOR: Final = re.compile(r"[,，、;；]")
_LISTED: Final = 3
_ENDS: Final = tuple(".。!！…\"'”’」)）]")
_FUTURE: Final = re.compile(
    r"\b(?:will|shall|plans? to|going to|expected|scheduled|due|upcoming)\b|将|即将|预计|计划|拟于"
)
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_DAY: Final = re.compile(
    r"(?P<y1>(?:19|20)\d\d)\s?(?:年|[-/.])\s?(?P<m1>\d{1,2})(?:\s?(?:月|[-/.])\s?(?P<d1>\d{1,2})日?)?"
    rf"|(?P<month>{MONTH_NAME})\.?\s(?:(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?,?\s)?(?P<y2>(?:19|20)\d\d)",
    re.IGNORECASE,
)


_TITLE: Final = r"^(?:[^:：。]{2,110}[:：]\s*)?"
"""Start of a sentence, perhaps after the title of its item."""

_DAYS_IN_YEAR = 365


@cache
def _words(kind: str) -> re.Pattern[str]:
    """Return a pattern for the words of one kind in news_words.tsv."""
    return re.compile(_either_script(read_kinds(Path(__file__).with_name("news_words.tsv"))[kind], kind))


def _either_script(words: list[str], kind: str) -> str:
    han, latin = (any_of(word for word in words if has_han(word) == is_han) for is_han in (True, False))
    # 发布的 describes what follows it.
    return rf"(?<![\w-])(?:{latin})(?![\w-])|(?:{han})" + ("(?!的)" if kind == "event" else "")


@cache
def _condition() -> re.Pattern[str]:
    """Return the pattern of a clause at the start that gives a purpose, reason or condition."""
    return re.compile(rf"({_TITLE})(?:{_words('condition').pattern})[^,，。]{{2,120}}[,，]\s?")


@cache
def _referring() -> re.Pattern[str]:
    return re.compile(rf"{_TITLE}(?:{_words('reference').pattern})")


# The same sentences stand under many topics, and one topic is asked for again and again.
@lru_cache(maxsize=8_192)
def news_value(text: str, published: date | None) -> float:
    """Return how much a sentence is news: 1 for a plain event, more with names and numbers, 0 for none.

    0 for a question, a counter of votes, a list of subjects, a sentence that refers to something said before, and
    one about a day long before `published`. Talk before any event makes the whole sentence talk.
    """
    if _QUESTION.search(text) or _COUNTER.search(text) or _LEANS.match(text):
        return 0.0
    if is_list(text) or is_stale(text, published):
        return 0.0
    folded = _main_clause(text)
    if _referring().match(folded):
        return 0.0
    event, talk = _words("event").search(folded), _words("talk").search(folded)
    value = 1.0 if event else _NO_EVENT
    if (talk and (event is None or talk.start() < event.start())) or _is_hearsay_first(text):
        return value * _TALK
    value *= _TALK_AFTER if talk else 1.0
    for kind, factor in _FACTORS.items():
        value *= factor if _words(kind).search(folded) else 1.0
    value *= _NAMED if names_something(text) else 1.0
    return value * (_QUANTIFIED if _NUMBER.search(text) else 1.0)


def _is_hearsay_first(text: str) -> bool:
    """Return whether unnamed people speak in a sentence, its title aside, before it tells an event."""
    before = said_before_hearsay(re.sub(_TITLE, "", text))
    return before is not None and not is_event(before)


def is_list(text: str) -> bool:
    """Return whether a text lists subjects, as the heading of a chat does: several commas, and no closing mark."""
    return not text.rstrip().endswith(_ENDS) and len(_SEPARATOR.findall(text)) >= _LISTED


def without_number(text: str) -> str:
    """Return a sentence without its number in a list."""
    return _ITEM.sub("", text)


def names_something(text: str) -> bool:
    """Return whether a text has a name in Latin letters, one that contains a digit or is not its first word."""
    return _NAME.search(text) is not None


def is_event(text: str) -> bool:
    """Return whether a text says that something happened."""
    return _words("event").search(_main_clause(text)) is not None


def _main_clause(text: str) -> str:
    """Return a folded sentence without a purpose, reason or condition at its start and without descriptions of things."""
    return _words("description").sub(" ", _condition().sub(r"\1", fold(text)))


def news_value_of(one: Ranked, language: Language) -> float:
    """Return the news value of a statement as its reader sees it."""
    return news_value(one.statement.wording_for(language).sentence.text, one.statement.report.published)


def newsworthy(ranked: Iterable[Ranked], language: Language) -> list[Ranked]:
    """Return the statements that are news, weighed by how much they are, best first."""
    values = ((one, news_value_of(one, language)) for one in ranked)
    weighed = [replace(one, weight=one.weight * value) for one, value in values if value >= LEAST]
    return sorted(weighed, key=lambda one: -one.weight)


def is_stale(text: str, published: date | None) -> bool:
    """Return whether a sentence foretells something for a day before it was published, or mentions only days long past.

    "Long past" is more than 45 days; false for an undated report or a sentence without dates.
    """
    days = [_day(match) for match in _DAY.finditer(text)] if _YEAR.search(text) else []
    if published is None or not days:
        return False
    latest = max(days)
    return latest < published - (timedelta(0) if _FUTURE.search(text) else _OLD)


def _day(match: re.Match[str]) -> date:
    """Return the last day that a matched date can mean."""
    year = int(match["y1"] or match["y2"])
    month = int(match["m1"]) if match["m1"] else MONTHS[match["month"].lower()]
    month = min(12, max(1, month))
    stated = match["d1"] or match["d2"]
    if stated and 1 <= int(stated) <= 28:
        return date(year, month, int(stated))
    return (date(year, month, 28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def newest_first(ranked: Iterable[Ranked], words: Collection[str], language: Language) -> list[Ranked]:
    """Return the statements in the reader's language, the newest first; each of the stems `words` makes up for a year.

    Last comes what leans on another sentence, or is talk.
    """

    def order(one: Ranked) -> tuple[bool, bool, bool, int]:
        held = len({*words}.intersection(map(stem, one.terms)))
        wording, day = one.statement.wording_for(language), one.statement.report.published
        leans = depends_on_previous(with_lead(wording)[0].text)
        foreign = language not in one.statement.wordings
        talk = news_value_of(one, language) < LEAST
        return talk, leans, foreign, -held * _DAYS_IN_YEAR - (day.toordinal() if day else 0)

    return sorted(ranked, key=order)
