"""Finds schedules that digests do not support (every two hours, first Monday of the month, tomorrow), to report them. Pure."""

from __future__ import annotations

import re
from functools import cache

from bot.dialogue.days_of_week import DAY
from bot.dialogue.schedule_phrases import HERE, Found, alternatives, terms
from bot.text.normalise import has_han
from bot.text.rule_data import read_words

_DATE = (
    r"(?<![\d.])(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}/\d{1,2}(?:/\d{2,4})?|\d{1,2}\.\d{1,2}\.\d{4})(?![\d.])"
    r"|\d{1,2}(?:st|nd|rd|th)(?![a-z])"
)


def find_rhythm(text: str) -> Found | None:
    """Return the first unsupported schedule or date in folded text, or None."""
    match = _rhythm().search(text)
    return Found(None, *match.span()) if match else None


_MONTHLY = re.compile(r"(?:on a )?monthly(?: basis)?|(?:every|each|once a|per)(?: single)? month|每(?:个)?月")


def is_monthly(words: str) -> bool:
    """Return whether these words mean "monthly" and nothing more."""
    return _MONTHLY.fullmatch(words.lower()) is not None


@cache
def _rhythm() -> re.Pattern[str]:
    numbers = [*terms("number"), "a few", "few", "a couple of", "several"]
    units = terms("unit")
    latin = alternatives(unit for unit in units if not has_han(unit))
    slots = {
        "n": rf"(?:\d{{1,3}}|(?:{'|'.join(numbers)})(?![a-z])|[二两三四五六七八九十几数半])",
        "unit": rf"(?:{latin}|second(?![a-z])|seconds|{alternatives(unit for unit in units if has_han(unit))})",
        "day": DAY,
        "ordinal": rf"(?:(?:{'|'.join(terms('ordinal'))})(?![a-z])|\d{{1,2}}(?:st|nd|rd|th)(?![a-z]))",
        "month": alternatives(terms("month")),
    }
    phrases = alternatives(read_words(HERE / "rhythms.txt"), slots)
    return re.compile(f"{_DATE}|{phrases}", re.ASCII)
