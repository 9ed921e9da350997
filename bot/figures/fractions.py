"""Finds fractions in digits and words, with their values. Only reads strings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from bot.figures.number_words import ENGLISH_NUMBERS
from bot.text.han_numbers import HAN_DIGITS, han_value

_FRACTION = re.compile(r"(?<![0-9/.A-Za-z-])([0-9]{1,3})/([0-9]{1,4})(?![0-9/.A-Za-z])")
_FRACTION_BEFORE = re.compile(
    r"(?:[约近为的仅是占有达足到]|\b(?:about|only|just|nearly|roughly|around|almost|than|is))\s?$"
)
_FRACTION_AFTER = re.compile("的| of | as ")
_HAN_FRACTION = re.compile(
    r"([二三四五六七八九十百千]{1,3})分之([一二两三四五六七八九十百]{1,6}(?:点[零一二三四五六七八九]{1,6})?|[零〇]点[零一二三四五六七八九]{1,6}|[0-9]{1,3}(?:\.[0-9]{1,3})?)"
)
_TENTHS = re.compile(
    r"(?:(?<=[近约超逾达占过足到降涨升有仅了])|(?<=增长|增加|减少|缩减|提高|降低|下跌|扩大|上调|下调))"
    r"([一二两三四五六七八九])成(?:([一二三四五六七八九半])(?!成)|多)?(?![为立功果本长就员绩分])"
)
_WORD_FRACTION = re.compile(
    r"(?i:\b(one|two|three|four)[ -](third|quarter|fifth|tenth)s?\b)(?! of (?:20|an? [a-z]+illion))"
)
_PARTS = {"third": 3, "quarter": 4, "fifth": 5, "tenth": 10}


class Fraction(NamedTuple):
    """A fraction at [start, end): a part of one with unit "", a percentage with unit "%"."""

    start: int
    end: int
    value: float
    unit: str


def find_fractions(text: str) -> Iterator[Fraction]:
    """Yield the fractions of a folded sentence: 1/20, 三分之二 and two-thirds as parts of one, 百分之五 and 八成 in percent."""
    if "/" in text:
        for match in _FRACTION.finditer(text):
            part, whole = float(match[1]), float(match[2])
            cue = _FRACTION_BEFORE.search(text, max(0, match.start() - 8), match.start())
            if 0 < part < whole and (cue or _FRACTION_AFTER.match(text, match.end())):
                yield Fraction(*match.span(), part / whole, "")
    if any(part in text for part in _PARTS):
        for match in _WORD_FRACTION.finditer(text):
            yield Fraction(
                *match.span(), float(ENGLISH_NUMBERS[match[1].lower()]) / _PARTS[match[2].lower()], ""
            )
    if "分之" in text or "成" in text:
        yield from _han_fractions(text)


def _han_fractions(text: str) -> Iterator[Fraction]:
    for match in _HAN_FRACTION.finditer(text):
        part = float(match[2] if match[2][0].isdecimal() else han_value(match[2]) or 0)
        whole = float(han_value(match[1]) or 0)
        if match[1] in ("百", "千"):
            yield Fraction(*match.span(), part * 100 / whole, "%")
        elif part and whole:
            yield Fraction(*match.span(), part / whole, "")
    for match in _TENTHS.finditer(text):
        hundredths = {"半": 5}.get(match[2] or "", HAN_DIGITS.get(match[2] or "零", 0))
        yield Fraction(*match.span(), float(HAN_DIGITS[match[1]] * 10 + hundredths), "%")
