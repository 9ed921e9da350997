"""Parses Chinese numerals: 两千三百, 廿四, 一百一十四, 一一四. Only reads strings."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

HAN_DIGITS: Final[Mapping[str, int]] = {
    digit: value for value, digit in enumerate("零一二三四五六七八九")
} | {
    "〇": 0,
    "两": 2,
}
HAN_POWERS: Final[Mapping[str, int]] = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
SECTION: Final = 10_000
"""From this power on, a unit multiplies everything before it: 一万五千亿."""
_DIGITS: Final = {**HAN_DIGITS, **{str(digit): digit for digit in range(10)}}
_FORMAL: Final = str.maketrans("壹贰貳叁參肆伍陆陸柒捌玖拾", "一二二三三四五六六七八九十")
"""Formal numerals, as banks and old dates write them."""


def han_value(number: str) -> str:
    """Return a Chinese numeral as decimal digits (两千三百 -> 2300), "" where it is malformed (四五百, 十四五)."""
    whole, _, decimals = number.partition("点")
    value = _whole(whole)
    return f"{value}.{''.join(str(HAN_DIGITS[char]) for char in decimals)}" if decimals and value else value


def small_number(text: str) -> int | None:
    """Return the value of a numeral below 1000 or one read digit by digit; None for anything else.

    廿四 and 二十四 are 24, 一百一十四 and 一一四 are 114, 二0二五 is 2025, 04 is 4.
    """
    plain = text.translate(_FORMAL).replace("廿", "二十").replace("卅", "三十")
    hundreds, hundred, below = plain.rpartition("百")
    tens, ten, ones = below.rpartition("十")
    tens = tens.lstrip("零〇")
    if not plain or any(char not in _DIGITS for char in hundreds + tens + ones):
        return None
    return (
        100 * (_by_digit(hundreds) if hundreds else len(hundred))
        + 10 * (_by_digit(tens) if tens else len(ten))
        + _by_digit(ones)
    )


def _by_digit(numerals: str) -> int:
    value = 0
    for numeral in numerals:
        value = value * 10 + _DIGITS[numeral]
    return value


def _whole(number: str) -> str:
    total = section = digit = 0
    last, pending, zero = 1, False, False
    for char in number:
        if char in HAN_DIGITS:
            if pending and digit:
                return ""
            digit, pending = HAN_DIGITS[char], True
            zero = zero or digit == 0
            continue
        last = HAN_POWERS[char]
        if last < SECTION:
            section += (digit if pending else 1) * last
        else:
            total = int(scaled(Decimal(total), Decimal(section + digit), last))
            section = 0
        digit, pending, zero = 0, False, False
    # The last unit applies to a final digit: 三万五 is 35,000, but 三万零五 is 30,005.
    return str(total + section + digit * (last // 10 if last >= 100 and not zero else 1))


def scaled(total: Decimal, section: Decimal, power: int) -> Decimal:
    """Return `total` extended by a section of the numeral that `power` multiplies: 三亿|两千|万, but 一万五千|亿."""
    return total + section * power if total >= power else (total + section) * power
