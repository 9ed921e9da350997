"""Recognises signs before a number: currencies (US$, RMB) and negatives (-, minus, 负, brackets). Only reads strings."""

from __future__ import annotations

import re
from pathlib import Path

from bot.text.rule_data import read_table

CURRENCIES = read_table(Path(__file__).parent / "currencies.tsv")
"""Currency signs and codes with their ISO 4217 codes."""

_LONGEST = max(map(len, CURRENCIES))
_LETTERS = "|".join(
    re.escape(sign)
    for sign in sorted(CURRENCIES, key=len, reverse=True)
    if sign[0].isascii() and sign[0].isalpha()
)
_OTHERS = "|".join(re.escape(sign) for sign in CURRENCIES if not sign[0].isalpha() or not sign.isascii())
_MONEY = re.compile(
    rf"(?:(?<![A-Za-z])(?:{_LETTERS})|(?<![A-Za-z])(?:{_OTHERS})|(?<=[\u4e00-\u9fff])(?:{_OTHERS}))\s?[-−]?$"
)
_MONEY_ENDS = frozenset(sign[-2:] for sign in CURRENCIES)
_MINUS = frozenset("-−–")
# A minus stands free, after an opening sign, or after a Chinese word for what an amount is or comes to.
_BEFORE_MINUS = re.compile(r"[\s(:：（,，$¥€£为是达约至到润额入值益损由从在]$")
_NEGATIVE = re.compile(r"(?:\b(?:minus|negative)\s|(?<![自担抱肩背欺胜辜])负)$", re.IGNORECASE)
_BEFORE_BRACKET = re.compile(r"(?:\b(?:was|were|is|of|to|at)\s|[:为是达至])$")


def money_before(text: str, position: int) -> re.Match[str] | None:
    """Return the currency sign that ends at `position`, or before a space or minus there; None where there is none."""
    before = text[max(0, position - 4) : position].rstrip(" -−")
    if before[-2:] not in _MONEY_ENDS and before[-1:] not in _MONEY_ENDS:  # spares most numbers the search
        return None
    return _MONEY.search(text, max(0, position - _LONGEST - 2), position)


def minus_before(text: str, start: int) -> int:
    """Return where a minus right before an amount at `start` begins, or `start` without one.

    The hyphen of a name, a dash between two numbers and a dash that opens a line are no minus.
    """
    if text[start - 1 : start] in _MINUS:
        return start - 1 if _BEFORE_MINUS.search(text, max(0, start - 2), start - 1) else start
    word = _NEGATIVE.search(text, max(0, start - 10), start)
    return word.start() if word else start


def in_brackets(text: str, start: int, end: int) -> bool:
    """Return whether an amount at [start, end) is in accounting brackets, which mark a loss: was ($3.2 billion)."""
    enclosed = text[start - 1 : start] == "(" and text[end : end + 1] == ")"
    return enclosed and _BEFORE_BRACKET.search(text, max(0, start - 6), start - 1) is not None
