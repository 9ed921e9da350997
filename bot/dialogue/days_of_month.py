"""Parses a day of the month in a schedule (monthly on the 1st, 每月15号), in folded text. Pure.

A day counts only next to words for "every month". Several days, ranges and exclusions are not parsed: they stay in the
text, and the caller reports them as not understood.
"""

from __future__ import annotations

import re

from bot.dialogue.days_of_week import is_excluded
from bot.dialogue.schedule_phrases import Found
from bot.text.han_numbers import small_number

LAST = 31
"""Stands for the last day of each month; shorter months use their own last day."""

_ORDINALS = {
    word: number
    for number, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth".split(), 1
    )
}
_DAY = (
    r"(?:on\s+)?(?:the\s+)?(?:(?:(?P<{0}>\d{{1,2}})(?:st|nd|rd|th)|(?<![a-z-])(?P<{0}_word>"
    + "|".join(_ORDINALS)
    + r"))(?:\s+day)?|(?P<{0}_last>last\s+day)|day\s+(?P<{0}_number>\d{{1,2}}))(?![a-z0-9:])"
)
_MONTH = r"(?:(?:(?:of|in)\s+)?(?:the|each|every)\s+month|monthly|(?:once\s+)?(?:a|per)\s+month)(?![a-z])"
_MORE = (
    r"(?!\s*(?:[-–—~/,&+]|to|through|until|till|and|or)\s*(?:the\s+)?(?:\d{1,2}(?:st|nd|rd|th)|last\s|"
    + "|".join(_ORDINALS)
    + "))"
)
_ENGLISH = re.compile(
    rf"(?<![a-z0-9.:-])(?:{_DAY.format('before')}\s*,?\s*{_MONTH}|{_MONTH}\s*,?\s*{_DAY.format('behind')}){_MORE}",
    re.ASCII,
)
_STRETCH = re.compile(
    r"\b(?:from|since|until|till|by|after|before|to|through|between|around|about)\s+(?:the\s+)?$"
    r"|\d(?:st|nd|rd|th)\s*(?:[-–—~/,&+]|and|or)\s*(?:the\s+)?$"
)
_HAN_NUMBER = r"[二三]?十[一二三四五六七八九]?|[一二三四五六七八九]"
_CHINESE = re.compile(
    rf"每(?:个)?月的?\s*(?:(?P<number>\d{{1,2}}|{_HAN_NUMBER})\s*[号日]|(?P<first>第一天|首日)|(?P<last>最后一[天日]))"
    r"(?!\s*(?:[之以]?[前后]|起|开始|到|至|和|及|与|或|左右|[、,，~～—–-]\s*[\d一二三四五六七八九十]))"
)


def read_month_day(text: str) -> Found | None:
    """Return the day of the month in folded text, or None if it names none or excludes it."""
    for pattern in (_CHINESE, _ENGLISH):
        for match in pattern.finditer(text):
            day = _chinese(match) if pattern is _CHINESE else _english(match)
            apart = pattern is _ENGLISH and _STRETCH.search(text, 0, match.start())
            if 1 <= day <= LAST and not apart and not is_excluded(text, match.start(), match.end()):
                return Found(day, *match.span())
    return None


def _english(match: re.Match[str]) -> int:
    for side in ("before", "behind"):
        if digits := match[side] or match[f"{side}_number"]:
            return int(digits)
        if match[f"{side}_word"]:
            return _ORDINALS[match[f"{side}_word"]]
    return LAST


def _chinese(match: re.Match[str]) -> int:
    if match["number"] is None:
        return 1 if match["first"] else LAST
    return small_number(match["number"]) or 0
