"""Compiles the phrases of the schedule data files into patterns over folded text. Knows their syntax, not their meaning."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from msgspec import Struct

from bot.text.normalise import has_han
from bot.text.rule_data import read_rows

HERE = Path(__file__).parent
NUMERAL = r"(?:二?十[一二三四五六七八九]?|[零〇一二两三四五六七八九])"
"""A Chinese numeral from 0 to 29, enough for hours."""

_SLOT = re.compile(r"(<[a-z]+>)")


class Found(Struct, frozen=True):
    """The value of a piece of text, None if invalid, and its span.

    `next_day`: a time after midnight of the evening or night before it, as in 周日晚上十二点.
    """

    value: int | None
    start: int
    end: int
    next_day: bool = False


def alternatives(phrases: Iterable[str], slots: Mapping[str, str] | None = None) -> str:
    """Return a pattern that matches any of `phrases` at word boundaries, longest first.

    A space matches any run of whitespace, a `<slot>` the pattern of that name.
    """
    longest = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    return "(?:" + "|".join(_pattern(phrase, slots or {}) for phrase in longest) + ")"


def terms(kind: str) -> dict[str, str]:
    """Return the words of one kind in `schedule_terms.tsv` with their numeric values."""
    return {
        word: value for word, its_kind, value in read_rows(HERE / "schedule_terms.tsv") if its_kind == kind
    }


def _pattern(phrase: str, slots: Mapping[str, str]) -> str:
    """Compile one phrase; a Latin end must be at a word boundary."""
    parts = [
        slots[part[1:-1]] if _SLOT.fullmatch(part) else re.escape(part).replace(r"\ ", r"\s+")
        for part in _SLOT.split(phrase)
    ]
    first, last = ("" if has_han(char) or char in "<>" else char for char in (phrase[0], phrase[-1]))
    latin = "(?<![a-z0-9_])" if first else ""
    return latin + "".join(parts) + ("(?![a-z0-9_])" if last else "")
