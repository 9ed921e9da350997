"""Parses the period that a question names: last month, Q1 2025, since March, 上个月, 2025年2月. Pure: `today` is passed in.

A year alone is a period only for who asks for it (`find_year`): a question may as well be about that year as about reports
published in it.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from unicodedata import normalize

from msgspec import Struct

from bot.text.months import MONTH_NAME, MONTHS
from bot.text.normalise import fold
from bot.text.rule_data import any_whole, read_rows, read_table

_NUMBERS = Path(__file__).with_name("period_numbers.tsv")
_MOST_DAYS = 3_660
_YEARS = range(1990, 2100)
YEAR = r"(?:19|20)\d\d(?![\d.])"
"""The pattern of a number that is a year rather than a version."""
_YEAR = re.compile(r"(?:\b(?:in |during |of )?|(?<=[\u4e00-\u9fff])在?)(?P<year>(?:19|20)\d\d)(?: ?年|\b)")
_JOINED = re.compile(r"^(?:in|during|of|from|over) (?:the )?|^在", re.IGNORECASE)
_MONTHS_OF = {"quarter": 3, "half": 6, "since": 1, "during": 1}
_OPEN = re.compile(
    r"\b(?:since|before|after|by|until|till|from|early|mid|late|end of|between)[ -](?:19|20)\d\d|(?:19|20)\d\d ?(?:年 ?)?(?:以来|以前|以后|之前|之后|至今|[前后底初末起中]|[-–~至到])"
)
"""What makes a year a bound, or a part of it the period."""
_HAN_MONTH = "十[一二]?|[一二三四五六七八九]"


class Period(Struct, frozen=True):
    """A period relative to today, or a calendar part of a year.

    `unit` day, week, month or year: `offset` units from the present one. days: the last `offset` days. quarter or half:
    the `offset`th of a year; since: from month `offset` on; during: in month `offset`. Without a `year`, these four mean
    the latest that has begun. month with a `year`: its month `offset`; year with a `year`: that year.
    """

    unit: str
    offset: int = 0
    year: int = 0

    @property
    def has_figures(self) -> bool:
        """Whether people ask for its figures more often than for its news, as with a quarter or a half."""
        return self.unit in {"quarter", "half"}

    def days(self, today: date) -> tuple[date, date]:
        """Return the first and the last day; a period that is not over ends today."""
        if self.unit == "days":
            return today - timedelta(days=self.offset - 1), today
        if self.unit == "day":
            return (day := today + timedelta(days=self.offset)), day
        if self.unit == "week":
            first = today - timedelta(days=today.weekday()) + timedelta(weeks=self.offset)
            return first, min(today, first + timedelta(days=6))
        if self.unit in _MONTHS_OF:
            return self._part_of_a_year(today)
        if self.unit == "year":
            year = self.year or today.year + self.offset
            return date(year, 1, 1), min(today, date(year, 12, 31))
        months = (
            self.year * 12 + self.offset - 1 if self.year else today.year * 12 + today.month - 1 + self.offset
        )
        year, month = divmod(months, 12)
        first = date(year, month + 1, 1)
        return first, max(first, min(today, date(year, month + 1, monthrange(year, month + 1)[1])))

    def _part_of_a_year(self, today: date) -> tuple[date, date]:
        length = _MONTHS_OF[self.unit]
        month = (self.offset - 1) * length + 1
        year = self.year or today.year - (month > today.month)
        first, end = date(year, month, 1), month + length - 1
        last = today if self.unit == "since" else date(year, end, monthrange(year, end)[1])
        return first, max(first, min(today, last))


def find_period(folded: str) -> tuple[Period, str] | None:
    """Return the period that a folded question names and the question without it, or None."""
    found = _match(folded)
    if found is None:
        return None
    period, match = found
    left = f"{folded[: match.start()].removesuffix('的')} {folded[match.end() :].removeprefix('的')}"
    return period, " ".join(left.split())


def find_year(folded: str) -> tuple[Period, str] | None:
    """Return the year that a folded question names, as a period, and the question without it, or None."""
    found = _match_of_year(folded)
    return found and (found[0], " ".join(_YEAR.sub(" ", folded, count=1).split()))


def split_period(text: str) -> tuple[Period, str, str] | None:
    """Return the period or the year that a question names, its words as typed without what joins them, and the rest of the text.

    None if it names none, or a year only as a bound or a part: since 2023, early 2024.
    """
    shown = normalize("NFKC", text)
    folded = fold(shown)
    found = _match(folded) or _match_of_year(folded)
    typed = found and re.search(re.escape(found[1][0].strip()), shown, re.IGNORECASE)
    if not found or not typed or (found[0].unit == "year" and _OPEN.search(folded)):
        return None
    rest = f"{shown[: typed.start()].removesuffix('的')} {shown[typed.end() :].removeprefix('的')}"
    return found[0], _JOINED.sub("", typed[0]), " ".join(rest.split())


def _match(folded: str) -> tuple[Period, re.Match[str]] | None:
    matches = (pattern.search(folded) for pattern in _patterns())
    return next(((period, match) for match in matches if match and (period := _period(match))), None)


def _match_of_year(folded: str) -> tuple[Period, re.Match[str]] | None:
    match = _YEAR.search(folded)
    is_year = match is not None and int(match["year"]) in _YEARS
    return (Period("year", year=int(match["year"])), match) if match and is_year else None


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    spelled = any_whole(row[0] for row in _words())
    numbers = "|".join(sorted(read_table(_NUMBERS), key=len, reverse=True))
    year = r"(?P<year>\d{4})"
    return (
        re.compile(rf"\bsince (?P<since>{MONTH_NAME})\b\.?(?: {year}\b)?"),
        re.compile(rf"(?:自从?|从)?(?:{year} ?年 ?)?(?P<since>\d{{1,2}}|{numbers}) ?月份?(?:以来|至今)"),
        re.compile(rf"\b(?:in |of |during )?q(?P<quarter>[1-4])[ -]?{year}\b"),
        re.compile(rf"\b(?:in |of |during )?{year}[ -]?q(?P<quarter>[1-4])\b"),
        re.compile(rf"\b(?:in |during )?the (?P<quarter>{numbers}) quarter of {year}\b"),
        re.compile(rf"(?:{year} ?年 ?)?第?(?P<quarter>[1-4]|{numbers}) ?季度"),
        re.compile(rf"\b(?:in |of |during )?h(?P<half>[12])[ -]?{year}\b"),
        re.compile(rf"\b(?:in |during )?the (?P<half>{numbers}) half of {year}\b"),
        re.compile(rf"{year} ?年 ?(?P<half>{numbers})半年"),
        re.compile(rf"\b(?:in |of |during )?(?P<name>{MONTH_NAME})\.? (?P<year>\d{{4}})\b"),
        re.compile(r"\b(?:in )?(?P<year>\d{4})[-/](?P<month>\d{1,2})(?![\d/-])"),
        re.compile(r"(?P<year>\d{4}) ?年 ?(?P<month>\d{1,2}) ?月份?(?! ?\d+ ?[日号])"),
        re.compile(r"\b(?:in |over |during )?(?:the )?(?:last|past) (?P<days>\d{1,4}) days\b"),
        re.compile(r"(?:最近|过去|近) ?(?P<days>\d{1,4}) ?天"),
        re.compile(rf"(?:\b(?:in |of |from )?(?:the )?)?(?P<word>{spelled})"),
        # May and March begin names.
        re.compile(
            rf"\b(?:in|during) (?!(?:may|march)\b(?!\W*$))(?P<during>{MONTH_NAME})\b(?!\.? \d|,? (?:and|or|to|through)\b|\s?[-–])"
        ),
        re.compile(
            rf"(?<![\d年个月至到和与、,~–-])(?P<during>\d{{1,2}}|(?:{_HAN_MONTH})(?= ?月份)) ?月(?!\s?[-–~至到和与、]|份?[上中下]旬|[前后底初末中号刊天]|[ ]?\d+ ?(?:[日号]|[-–~至到]))份?"
        ),
    )


def _period(match: re.Match[str]) -> Period | None:
    named = match.groupdict()
    if word := named.get("word"):
        unit, offset = next((row[1], int(row[2])) for row in _words() if row[0] == word)
        return Period(unit, offset)
    if days := named.get("days"):
        return Period("days", int(days)) if 0 < int(days) <= _MOST_DAYS else None
    if part := next((unit for unit in _MONTHS_OF if named.get(unit)), None):
        return _part(part, named[part] or "", int(named.get("year") or 0))
    name = named.get("name")
    month = MONTHS[name] if name else int(named["month"] or 0)
    year = int(named["year"] or 0)
    return Period("month", month, year) if month in range(1, 13) and year in _YEARS else None


def _part(unit: str, word: str, year: int) -> Period | None:
    """Return the part of a year that a number or a word names, or None where no year has such a part."""
    known = MONTHS | {word: int(value) for word, value in read_table(_NUMBERS).items()}
    number = int(known.get(word, word))
    fits = number in range(1, 12 // _MONTHS_OF[unit] + 1) and (not year or year in _YEARS)
    return Period(unit, number, year) if fits else None


@cache
def _words() -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(row) for row in read_rows(Path(__file__).with_name("period_words.tsv")))
