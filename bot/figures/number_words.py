"""Evaluates numbers in words, or in digits and words: 3亿2千万, 1万2, two and a half, one point two, two thirds. Only reads strings.

Every value is a string of plain digits, so that it is rounded only once, together with its scale.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from bot.text.han_numbers import HAN_DIGITS, HAN_POWERS, SECTION, han_value, scaled
from bot.text.rule_data import read_table

MIXED = re.compile(
    r"\s?[十百千万亿]+(?:\s?零?(?:[0-9]+|[一二两三四五六七八九])\s?[十百千万亿]+)+(?![瓦米克伏卡字赫])"
)
"""The rest of a number with a scale in its middle, after its first digits: 亿2千万 in 3亿2千万."""
SPOKEN = re.compile(
    r"\s?(?P<scale>[百千万亿])(?:(?P<next>[1-9一二三四五六七八九])(?![天年月日周人个件台次小\d.,:：/-])|(?P<rest>[0-9]{3,8})(?![\d.,:：/-]))"
    r"(?!\s?[十百千万亿])"
)
"""The rest of a number whose last scale is implied, after its first digits: 万2 in 1万2, 万2000 in 1万2000."""
_MIXED_PART = re.compile(r"[0-9]+|\S")

ENGLISH_NUMBERS = {
    word: int(value) for word, value in read_table(Path(__file__).parent / "number_words.tsv").items()
}
"""English number words below a hundred, with their values."""
_ONES = "|".join(word for word, value in ENGLISH_NUMBERS.items() if 0 < value < 10)
_TEENS = "|".join(word for word, value in ENGLISH_NUMBERS.items() if 10 <= value < 20)
_TENS = "|".join(word for word, value in ENGLISH_NUMBERS.items() if value >= 20)
_SMALL = rf"(?:(?:{_TENS})(?:[ -](?:{_ONES}))?|{_TEENS}|{_ONES})"
_SHARES = {"half": "5", "quarter": "25", "quarters": "75"}
SHARE = re.compile(r" and (?:a (half|quarter)|three[ -](quarters))\b")
"""A fraction after a whole number: two and a half."""
ENGLISH_NUMBER = (
    rf"{_SMALL} hundred(?: and)? {_SMALL}|(?:{_SMALL}|zero) point(?: (?:{_ONES}|zero))+|{_SMALL}"
    r"|half(?: an?)?(?= (?:hundred|thousand|million|billion|trillion|percent|lakh|crore)\b)"
)
"""Pattern of a number in English words, without its scale; case does not matter."""


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


def mixed_value(digits: str, rest: str) -> tuple[str, int]:
    """Return `digits` followed by `rest`, a match of MIXED, as digits and a power of ten: 3, 亿2千万 -> 3.2, 8."""
    total = section = Decimal(0)
    number: Decimal | None = Decimal(digits)
    for part in _MIXED_PART.findall(rest):
        if part not in HAN_POWERS:
            number = Decimal(HAN_DIGITS.get(part, part))
            continue
        power = HAN_POWERS[part]
        if power < SECTION:
            section += (1 if number is None else number) * power
        else:
            total = scaled(total, section + (number or 0), power)
            section = Decimal(0)
        number = None
    value = total + section
    exponent = 8 if value >= HAN_POWERS["亿"] else 4
    return format((value / 10**exponent).normalize(), "f"), exponent


def spoken_value(digits: str, rest: re.Match[str]) -> str:
    """Return `digits` followed by `rest`, a match of SPOKEN, as digits (1, 万2 -> 12000), or "" where they do not fit."""
    power, last = HAN_POWERS[rest["scale"]], rest["rest"]
    if last and (len(str(power)) != len(last) + 1 or last.startswith("0") or "." in digits):
        return ""
    share = (
        Decimal(HAN_DIGITS.get(rest["next"], rest["next"])) * power / 10 if rest["next"] else Decimal(last)
    )
    return format(Decimal(digits) * power + share, "f") if "." not in digits else ""


def english_value(words: str) -> str:
    """Return a match of ENGLISH_NUMBER as digits: one hundred and twenty -> 120, one point two -> 1.2."""
    low = words.lower().replace("-", " ").replace(" and ", " ")
    if low.startswith("half"):
        return "0.5"
    whole, _, decimals = low.partition(" point ")
    hundreds, _, ones = whole.rpartition(" hundred ")
    value = sum(ENGLISH_NUMBERS[word] for word in ones.split())
    value += 100 * sum(ENGLISH_NUMBERS[word] for word in hundreds.split())
    return (
        f"{value}.{''.join(str(ENGLISH_NUMBERS[word]) for word in decimals.split())}"
        if decimals
        else str(value)
    )


def with_share(digits: str, share: re.Match[str]) -> str:
    """Return whole `digits` with the fraction after them, a match of SHARE: 2, and a half -> 2.5."""
    return f"{digits}.{_SHARES[share[1] or share[2]]}"


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
