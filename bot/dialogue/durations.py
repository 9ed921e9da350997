"""Parses durations: 7d, 2 weeks, half a day, three days, 三天, 半个月. Pure."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from bot.figures.number_words import ENGLISH_NUMBERS
from bot.text.han_numbers import small_number
from bot.text.rule_data import read_table

_ONE = frozenset({"a", "an"})


class Duration(NamedTuple):
    """A duration in whole hours, and the position in the text where it ends."""

    hours: int
    end: int


def leading_duration(text: str, *, bare: bool = False) -> Duration | None:
    """Return the duration at the start of `text` ("2 days about pricing"), or None.

    `bare`: a unit alone means one of it, as in "the last week".
    """
    match = _pattern().match(text)
    if match is None or not (bare or match["half"] or match["number"]):
        return None
    unit = _units()[match["unit"].lower()]
    if match["half"]:
        return Duration(unit // 2, match.end())
    number = (match["number"] or "a").lower()
    count = 1 if number in _ONE else ENGLISH_NUMBERS.get(number, small_number(number))
    return None if count is None else Duration(count * unit, match.end())


def hours_of(text: str) -> int | None:
    """Return the hours of a text that is a duration and nothing else, or None."""
    text = text.strip()
    duration = leading_duration(text)
    return duration.hours if duration and duration.end == len(text) else None


@cache
def _units() -> dict[str, int]:
    return {
        unit: int(hours) for unit, hours in read_table(Path(__file__).with_name("duration_units.tsv")).items()
    }


@cache
def _pattern() -> re.Pattern[str]:
    units = sorted(_units(), key=len, reverse=True)
    latin, han = (
        "|".join(unit for unit in units if unit.isascii() is is_latin) for is_latin in (True, False)
    )
    words = "|".join(sorted(ENGLISH_NUMBERS, key=len, reverse=True))
    return re.compile(
        rf"(?:(?P<half>half(?:[ -]an?)?\s+|半)|(?P<number>\d{{1,4}}|[一二两三四五六七八九十]{{1,3}}|(?:{words}|an?)(?=\s)))?"
        rf"\s*(?P<unit>(?:{latin})(?![a-z0-9])|{han})",
        re.IGNORECASE,
    )
