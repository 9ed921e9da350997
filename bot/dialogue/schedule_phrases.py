"""Turns the phrases of the schedule's data files into patterns over folded text. Knows their form, no meaning."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.text.normalise import has_han
from bot.text.rule_data import read_rows

HERE = Path(__file__).parent
NUMERAL = r"(?:二?十[一二三四五六七八九]?|[零〇一二两三四五六七八九])"
"""A Chinese numeral that a clock can show."""

_SLOT = re.compile(r"(<[a-z]+>)")


@dataclass(frozen=True, slots=True)
class Found:
    """What a piece of text means, None for what does not exist; and where it stands."""

    value: int | None
    start: int
    end: int


def alternatives(phrases: Iterable[str], slots: Mapping[str, str] | None = None) -> str:
    """Return a pattern of any of `phrases`, the longest first, each between word borders.

    A space stands for any number of them, a `<slot>` for the pattern of that name.
    """
    longest = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    return "(?:" + "|".join(_pattern(phrase, slots or {}) for phrase in longest) + ")"


def terms(kind: str) -> dict[str, str]:
    """Return the words of `schedule_terms.tsv` of one kind, each with what it counts."""
    return {
        word: value for word, its_kind, value in read_rows(HERE / "schedule_terms.tsv") if its_kind == kind
    }


def _pattern(phrase: str, slots: Mapping[str, str]) -> str:
    """A Latin letter or digit at an end of the phrase has none beside it in the text."""
    parts = [
        slots[part[1:-1]] if _SLOT.fullmatch(part) else re.escape(part).replace(r"\ ", r"\s+")
        for part in _SLOT.split(phrase)
    ]
    first, last = ("" if has_han(char) or char in "<>" else char for char in (phrase[0], phrase[-1]))
    latin = "(?<![a-z0-9_])" if first else ""
    return latin + "".join(parts) + ("(?![a-z0-9_])" if last else "")
