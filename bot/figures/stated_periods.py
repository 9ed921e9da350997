"""Normalises the time that a figure is stated for, in any language: 2024, 2024-q3, 2024-end. Only reads strings."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from bot.figures.number_words import ENGLISH_NUMBERS
from bot.text.han_numbers import han_value
from bot.text.normalise import fold
from bot.text.rule_data import read_rows

if TYPE_CHECKING:
    from datetime import date

    from bot.models import Figure

_YEAR = re.compile(r"(?:19|20)\d{2}")
_ROWS = read_rows(Path(__file__).parent / "period_words.tsv")
_WORDS = {
    kind: {word: value for word, name, value in _ROWS if name == kind}
    for kind in ("month", "part", "year", "unit", "rate", "ahead")
}
_LATIN = r"(?<![a-z]){}(?![a-z])"


def _any(kind: str) -> re.Pattern[str]:
    words = sorted(_WORDS[kind], key=len, reverse=True)
    return re.compile("|".join(_LATIN.format(re.escape(w)) if w.isascii() else re.escape(w) for w in words))


_PATTERNS = {kind: _any(kind) for kind in _WORDS}
_HAN_MONTH = re.compile(r"(?<=年)\s?(\d{1,2})\s?月|(?<=\d{4}[-/.])(\d{1,2})(?!\d)")
_COUNT = re.compile(r"(\d{1,3})|([一二两三四五六七八九十]{1,3})|(?<![a-z])([a-z]+)(?![a-z])")


class StatedPeriod(NamedTuple):
    """A normalised period. `name` is equal for equal times: "2024", "2024-q3", "2013..2023", "5 year"; "" if none is
    stated.

    `last` is its last year, 0 where unknown.
    """

    name: str
    last: int = 0


def stated_period(period: str, published: date | None) -> StatedPeriod | None:
    """Return the time that a figure's `period` names; None where it cannot be worked out.

    Expressions such as "last year" are relative to the day of publication and cannot be resolved without it.
    """
    text = fold(period)
    if not text or _PATTERNS["rate"].fullmatch(text.strip()):
        return StatedPeriod("")
    years = [int(year) for year in _YEAR.findall(text)]
    if len(years) > 1:
        return StatedPeriod(f"{years[0]}..{years[-1]}", years[-1])
    if years:
        return StatedPeriod(f"{years[0]}{_part(text)}", years[0])
    if published and (word := _PATTERNS["year"].search(text)):
        year = published.year + int(_WORDS["year"][word[0]])
        return StatedPeriod(f"{year}{_part(text)}", year)
    return _span(text, published)


def due_year(figure: Figure, published: date | None) -> int:
    """Return the year that a forecast or a plan is for; 0 for a reported figure or an unknown year."""
    period = stated_period(figure.period, published) if figure.modality != "reported" else None
    return period.last if period else 0


def _part(text: str) -> str:
    """Return the suffix for a part of a year: a month, a quarter, a half, its beginning or end; "" for none."""
    if month := _HAN_MONTH.search(text):
        return f"-{int(month[1] or month[2]):02}"
    for kind in ("month", "part"):
        if word := _PATTERNS[kind].search(text):
            return f"-{_WORDS[kind][word[0]]}"
    return ""


def _span(text: str, published: date | None) -> StatedPeriod | None:
    """Return a length of time, such as "over the next five years"; None where the text names none."""
    unit = _PATTERNS["unit"].search(text)
    if unit is None:
        return None
    count = 0
    for digits, han, latin in _COUNT.findall(text[: unit.start()]):
        count = int(digits or (han and han_value(han)) or ENGLISH_NUMBERS.get(latin, count))
    if not count:
        return None
    name = _WORDS["unit"][unit[0]]
    ahead = _PATTERNS["ahead"].search(text) is not None
    last = published.year + count if published and ahead and name == "year" else 0
    return StatedPeriod(f"{'next ' if ahead else ''}{count} {name}", last)
