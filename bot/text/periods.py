"""The stretch of time that a question names: last month, in February 2025, 上个月, 2025年2月. Pure: `today` is passed in.

A year alone is none: it is as often what a question is about as when it was written.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from bot.text.normalise import has_han
from bot.text.rule_data import read_rows, read_table

_MOST_DAYS = 3_660
_YEARS = range(1990, 2100)


@dataclass(frozen=True, slots=True)
class Period:
    """A unit of time (day, week, month, year) so many from the present one; the last `offset` days; or a month of a year."""

    unit: str
    offset: int = 0
    year: int = 0

    def days(self, today: date) -> tuple[date, date]:
        """Its first and its last day; what is not over yet ends today."""
        if self.unit == "days":
            return today - timedelta(days=self.offset - 1), today
        if self.unit == "day":
            return (day := today + timedelta(days=self.offset)), day
        if self.unit == "week":
            first = today - timedelta(days=today.weekday()) + timedelta(weeks=self.offset)
            return first, min(today, first + timedelta(days=6))
        if self.unit == "year":
            year = today.year + self.offset
            return date(year, 1, 1), min(today, date(year, 12, 31))
        months = (
            self.year * 12 + self.offset - 1 if self.year else today.year * 12 + today.month - 1 + self.offset
        )
        year, month = divmod(months, 12)
        first = date(year, month + 1, 1)
        return first, max(first, min(today, date(year, month + 1, monthrange(year, month + 1)[1])))


def find_period(folded: str) -> tuple[Period, str] | None:
    """The period that a folded question names, and the question without it; None where it names none."""
    for pattern in _patterns():
        match = pattern.search(folded)
        if match and (period := _period(match)):
            left = f"{folded[: match.start()].removesuffix('的')} {folded[match.end() :].removeprefix('的')}"
            return period, " ".join(left.split())
    return None


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    months = "|".join(sorted(read_table(Path(__file__).with_name("month_names.tsv")), key=len, reverse=True))
    words = sorted((row[0] for row in _words()), key=len, reverse=True)
    spelled = "|".join(word if has_han(word) else rf"\b{word}\b" for word in words)
    return (
        re.compile(rf"\b(?:in |of |during )?(?P<name>{months})\.? (?P<year>\d{{4}})\b"),
        re.compile(r"\b(?:in )?(?P<year>\d{4})[-/](?P<month>\d{1,2})(?![\d/-])"),
        re.compile(r"(?P<year>\d{4}) ?年 ?(?P<month>\d{1,2}) ?月份?(?! ?\d+ ?[日号])"),
        re.compile(r"\b(?:in |over |during )?(?:the )?(?:last|past) (?P<days>\d{1,4}) days\b"),
        re.compile(r"(?:最近|过去|近) ?(?P<days>\d{1,4}) ?天"),
        re.compile(rf"(?:\b(?:in |of |from )?(?:the )?)?(?P<word>{spelled})"),
    )


def _period(match: re.Match[str]) -> Period | None:
    named = match.groupdict()
    if word := named.get("word"):
        unit, offset = next((row[1], int(row[2])) for row in _words() if row[0] == word)
        return Period(unit, offset)
    if days := named.get("days"):
        return Period("days", int(days)) if 0 < int(days) <= _MOST_DAYS else None
    name = named.get("name")
    month = int(
        read_table(Path(__file__).with_name("month_names.tsv"))[name] if name else named["month"] or 0
    )
    year = int(named["year"] or 0)
    return Period("month", month, year) if month in range(1, 13) and year in _YEARS else None


@cache
def _words() -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(row) for row in read_rows(Path(__file__).with_name("period_words.tsv")))
