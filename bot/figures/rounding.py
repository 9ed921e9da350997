"""Decides whether two figures of one quantity can both be right: numbers are rounded, truncated, or bounds. Pure."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from bot.text.normalise import fold
from bot.text.rule_data import any_whole, read_rows

if TYPE_CHECKING:
    from bot.models import Figure

_COARSEST = 0.1
"""Maximum share by which rounding changes a number: 100 may be 95, but not 80."""
_ABOUT = 0.05
"""Share by which a number marked as rounded (about, 约) may differ from the other."""
_EXACT_BELOW = 100
"""Whole numbers below this are exact even if they end in zeros: 40 models are not 43."""

_NUMBER = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?")
_RANGE = re.compile(r"[0-9%亿万]\s?(?:-|–|—|~|至|到|to|and)\s?[$€£¥0-9]")
_REACH = 16
_ROWS = read_rows(Path(__file__).parent / "bound_words.tsv")


def _pattern(side: str) -> re.Pattern[str]:
    one = any_whole(word for word, where, _ in _ROWS if where == side)
    return re.compile(rf"(?:{one})(?:了|a|the|[\s$€£¥])*$" if side == "before" else rf"\s?(?:{one})")


_BEFORE, _BEHIND = _pattern("before"), _pattern("behind")
_BOUNDS = {word: kind for word, _, kind in _ROWS}


class _Reading(NamedTuple):
    """A value, the step of its last significant digit, and its kind of bound: least, most, about, or ""."""

    value: float
    step: float
    bound: str


def is_range(figure: Figure) -> bool:
    """Return whether a figure is a range; `value` is then its lower end."""
    return _RANGE.search(figure.text) is not None


def agree(one: Figure, other: Figure) -> bool:
    """Return whether two figures of the same quantity and unit agree apart from rounding.

    A range agrees with everything: it states nothing that another figure could contradict.
    """
    if is_range(one) or is_range(other):
        return True
    a, b = _read(one), _read(other)
    low, high = (a, b) if a.value <= b.value else (b, a)
    if high.value == low.value or high.bound == "most" or low.bound == "least":
        return True
    rounded = max(a.step, b.step)
    if "about" in (a.bound, b.bound):
        rounded = max(rounded, _ABOUT * abs(high.value))
    return high.value - low.value < rounded * (1 - 1e-9)


def _read(figure: Figure) -> _Reading:
    return _Reading(figure.value, _step(figure), _bound(figure))


def _step(figure: Figure) -> float:
    """Return the step of the last significant digit, at most a tenth of the value."""
    most = abs(figure.value) * _COARSEST
    number = _NUMBER.search(figure.text)
    if number is None:
        return most
    digits = number[0].replace(",", "")
    worth = float(digits)
    if not worth:
        return 0.0
    scale = abs(figure.value) / worth
    _, _, decimals = digits.partition(".")
    step = 10.0 ** -len(decimals)
    if not decimals and worth >= _EXACT_BELOW:
        step = 10.0 ** (len(digits) - len(digits.rstrip("0")))
    elif not decimals and math.isclose(scale, 1):
        return 1.0
    return min(step * scale, most)


def _bound(figure: Figure) -> str:
    """Return the kind of bound that the words around the number express, "" for none."""
    place = figure.place
    before = fold(figure.clause[max(0, place - _REACH) : place])
    number = fold(figure.text)
    behind = fold(figure.clause[place + len(figure.text) :][:_REACH])
    word = _BEFORE.search(before)
    if word is None:
        word = _BEHIND.match(behind) or next(_BEHIND.finditer(number), None)
    return _BOUNDS[next(w for w in sorted(_BOUNDS, key=len, reverse=True) if w in word[0])] if word else ""
