"""Reads the day by which something is to be done, as written: by Friday, 周五前, the end of the month. Pure."""

from __future__ import annotations

import re

from bot.text.months import MONTH_NAME
from bot.text.normalise import fold

_DAY = (
    r"(?:today|tonight|tomorrow|(?:next |this )?(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|week|month|weekend)|"
    rf"(?:the )?\d{{1,2}}(?:st|nd|rd|th)?(?: of)? ?{MONTH_NAME}?|"
    rf"{MONTH_NAME} \d{{1,2}}|(?:the )?end of (?:the |this |next )?(?:day|week|month|quarter|year)|"
    r"noon|midnight|lunch|eod|eow|(?:the )?next (?:meeting|plenary|call|release|sprint))"
)
_DUE = re.compile(
    rf"\b(?:(?:by|before|until|till|no later than|due)(?: on)? {_DAY}(?: (?:morning|afternoon|evening|night|noon))?(?: at \d{{1,2}}(?::\d\d)?(?: ?[ap]m)?)?|"
    rf"(?:(?:on|at|in|within|for) )?(?:tomorrow|tonight|today|(?:next |this )?(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)|(?:next|this) (?:week|month))(?: (?:morning|afternoon|evening|night))?|"
    rf"(?:in|within) (?:an?|\d+|two|three|a few) (?:minutes?|hours?|days?|weeks?))\b"
    r"|(?:今天|明天|后天|大后天|今晚|明晚|明早|今早|(?:这|本|下下?)?(?:周|星期|礼拜)[一二三四五六日天末]|本周|这周|下下周|下周|本月|这个月|下个?月|月底|年底|年前|节前|周末|\d{1,2}月\d{1,2}[日号]|\d{1,2}[日号])"
    r"(?:上午|下午|晚上|早上|中午|晚)?(?:\d{1,2}[点:：]\d{0,2}半?)?(?:下?班)?(?:之前|以前|前|之内|内)?",
    re.IGNORECASE,
)

_PART = re.compile(r"[a-z0-9]+|[\u4e00-\u9fff]")
_LATER = re.compile(r"\b(?:after|since|from) $", re.IGNORECASE)
_LATER_HAN = re.compile(r"之?以?后|起|开始")
"""Words by which a day is the first possible one, not the last."""


def due_in(text: str) -> str:
    """Return the first day or time in a text that can be the last one for something, as written; "" without one."""
    for match in _DUE.finditer(text):
        if not _LATER.search(text, 0, match.start()) and not _LATER_HAN.match(text, match.end()):
            return match[0]
    return ""


def days_in(text: str) -> list[re.Match[str]]:
    """Return every day or time in a text that can be a due one."""
    return list(_DUE.finditer(text))


def day_words(text: str) -> frozenset[str]:
    """Return the folded words and characters of all due days in a text."""
    days = [fold(day[0]) for day in days_in(text)]
    return frozenset(word for day in days for word in (day, *_PART.findall(day)))
