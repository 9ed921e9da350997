"""Reads the numbers of a sentence as written: digits, Chinese numerals and English number words, with their units.

Only reads strings. `quantities` decides whether a number measures anything. Spans refer to the given string; `fold`
preserves them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from bot.figures.number_words import (
    ENGLISH_NUMBER,
    ENGLISH_NUMBERS,
    MIXED,
    SHARE,
    SPOKEN,
    english_value,
    mixed_value,
    spoken_value,
    with_share,
)
from bot.figures.signs import CURRENCIES, in_brackets, minus_before, money_before
from bot.figures.units import CURRENCY_CODES, read_tail
from bot.text.han_numbers import han_value
from bot.text.rule_data import AnyOfWords

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Span = tuple[int, int]

_FOLD = tuple(zip("０１２３４５６７８９．％＄￥～－＋（）；：", "0123456789.%$¥~-+();:", strict=True))

# 1,234,567, and 12,34,567 as in India.
_DIGITS = r"(?P<digits>(?:[0-9]{1,3}(?:,[0-9]{2,3})*,[0-9]{3}(?![0-9])|[0-9]+)(?:\.[0-9]+)?)"
# 三点五分 is a time of day.
_HAN = (
    "(?P<han>(?:[一二两三四五六七八九十][零〇一二两三四五六七八九十百千万亿]{0,11}|零(?=点))"
    "(?:点[零〇一二三四五六七八九]{1,6}(?![零〇一二三四五六七八九十分钟半刻点时]))?)"
)
# The lookahead only saves time, as does leaving out number words where no word follows that they could count.
_NUMBER = re.compile(rf"(?=[0-9零一二两三四五六七八九十])(?:{_DIGITS}|{_HAN})")
_NUMBER_OR_WORD = re.compile(
    rf"(?=[0-9零一二两三四五六七八九十onetfshzOTFSENHZ])(?:{_DIGITS}|{_HAN}|\b(?P<word>(?i:{ENGLISH_NUMBER}))\b)"
)
_UNITS = (
    " times", "fold", "cent", "illion", "thousand", "hundred", " lakh", " crore", " basis", "year", "month", "week",
    "day", "hour",
)  # fmt: skip
_COUNTED_BY_WORDS = AnyOfWords(_UNITS)
_COUNTED = AnyOfWords((*_UNITS, "third", "quarter", "fifth", "tenth"))
"""The same with the names of fractions, which number words may count."""

_MAY_COUNT = re.compile(
    "[0-9０-９]|[零一二两三四五六七八九十](?=[零〇一二两三四五六七八九十百千万亿兆点倍年个天周小到至多余~～－ -])"
    "|分之|[一二两三四五六七八九]成"
)
_WORD = re.compile(rf"\b(?i:{'|'.join(ENGLISH_NUMBERS)}|half)\b")

_SCALE = re.compile(
    r"[ -]?(?:(?:MM|[kKMBTmbt])\b|[a-z]+illion|thousand|hundred|lakhs?|crores?|[bmt]l?n\b|[万亿千百十]+)"
)
_PARAMETERS_BEFORE = re.compile(r"(?:参数[^,，。0-9]{0,6}|\bparameters?\b[^,.;0-9]{0,30})$")

# After one of these a number is part of a name, unless they are a currency sign.
_JOINING = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_第×")
_OF_DAYS, _DAY_DIGITS, _YEN = frozenset("月日"), 2, frozenset("元圆币")
_HAN_FOLLOWERS = frozenset("兆倍年个天周小到至多余-~ ")
_AFTER_SIGN = " -−"
_HAN_SCALES = frozenset("十百千万亿")
_UNITS_WITH_A_THOUSAND = frozenset("瓦米克伏卡字赫")
"""Units that begin with 千: 一千六百亿|千瓦时."""
_LONGEST = 15
"""Maximum digits of a number; a longer run is an identifier, and a float could not hold it."""


class Numeral(NamedTuple):
    """A number as written. `number` is its own span; [start, end) includes its currency sign, scale and unit.

    `digits` is the number without its scale; `exponent` is its power of ten; `kind` is digits, han or word. `strength`
    is the unit's: 3 money, shares and measures, 2 counted things, 1 a bare scale (5000亿), 0 none. `letter` is a scale
    of one letter (3B), else "".
    """

    start: int
    end: int
    number: Span
    kind: str
    digits: str
    exponent: int
    unit: str
    strength: int
    letter: str

    @property
    def scaled(self) -> bool:
        """Whether a scale follows the number: 亿, billion, B."""
        return self.exponent > 0 or bool(self.letter)

    def value(self, exponent: int) -> float:
        """Return the number times ten to the power `exponent`, rounded once."""
        return float(f"{self.digits}e{exponent}")


def fold(text: str) -> str:
    """Return `text` with full-width digits and signs as ASCII; every character keeps its position."""
    if not text.isascii():
        for wide, narrow in _FOLD:  # several times as fast as str.translate
            text = text.replace(wide, narrow)
    return text


def may_count(text: str) -> bool:
    """Return whether `text` contains anything that may be a number: a cheap test before folding."""
    if _MAY_COUNT.search(text):
        return True
    return _COUNTED.occurs_in(text) and _WORD.search(text) is not None


def read_numerals(text: str, taken: Sequence[Span]) -> Iterator[Numeral]:
    """Yield the numbers of a folded text outside the sorted spans `taken`, without plain years and small counts (一个)."""
    position, i = 0, 0
    pattern = _NUMBER_OR_WORD if _COUNTED_BY_WORDS.occurs_in(text) else _NUMBER
    for match in pattern.finditer(text):
        while i < len(taken) and taken[i][1] <= match.start():
            i += 1
        if match.start() < position or (i < len(taken) and taken[i][0] < match.end()):
            continue
        if not _is_idle(text, match) and (numeral := _read(text, match)):
            position = numeral.end
            yield numeral


def looks_like_year(number: str) -> bool:
    """Return whether a number is written like a year of the last or this century."""
    return len(number) == 4 and number[:2] in ("19", "20") and number.isdecimal()


def _is_idle(text: str, match: re.Match[str]) -> bool:
    """Return whether a number plainly measures nothing. Most do not, which saves the rest of the work."""
    following = text[match.end() : match.end() + 1]
    if match.lastgroup == "han":
        return len(match[0]) == 1 and following not in _HAN_FOLLOWERS
    if following in _OF_DAYS:  # 12月28日, but not 28日元
        return len(match[0]) <= _DAY_DIGITS and text[match.end() + 1 : match.end() + 2] not in _YEN
    return following == "年" and looks_like_year(match[0])


def _read(text: str, match: re.Match[str]) -> Numeral | None:
    kind, start = match.lastgroup or "", match.start()
    money = money_before(text, start) if kind == "digits" else None
    if money is None and start and text[start - 1] in _JOINING:
        return None
    digits, end, power = _number(text, match)
    if (
        not digits or len(digits) > _LONGEST or digits.startswith("00")
    ):  # 1 000 000 has no value of its own here
        return None
    if text[start - 1 : start] == "(" and text[end : end + 1] == ")":
        return _in_brackets(
            text, Numeral(start, end, (start, end), kind, digits, power, "", min(power, 1), "")
        )
    large = power > 0 or any(c in "万亿" for c in match[0])
    stop, exponent, unit, strength, letter = read_tail(text, end, large, money is not None)
    if exponent and SHARE.match(text, stop):  # a million and a half is neither
        return None
    if money and strength < 3:
        if strength == 2:  # $5 billion deals: the amount is money, not a count of deals
            scale = _SCALE.match(text, end, stop)
            stop = scale.end() if scale else end
        start, unit, strength, letter = money.start(), CURRENCIES[money[0].rstrip(_AFTER_SIGN)], 3, ""
    elif money and unit == "CNY":  # 新台币3兆元
        unit = CURRENCIES[money[0].rstrip(_AFTER_SIGN)]
        start = money.start() if text[start - 1] in "-−" else start  # 人民币-3亿元
    elif (
        letter in "MBT" and letter and not unit and _PARAMETERS_BEFORE.search(text, max(0, start - 40), start)
    ):
        unit = "parameter"
    numeral = Numeral(
        start, stop, (match.start(), end), kind, digits, exponent + power, unit, strength, letter
    )
    return _negative(text, numeral) if unit in CURRENCY_CODES else numeral


def _in_brackets(text: str, numeral: Numeral) -> Numeral:
    """Return a number alone in brackets: negative with money around it ($(120) million), else as it stands."""
    end, exponent, unit, _, _ = read_tail(text, numeral.end + 1, numeral.exponent > 0)
    start = numeral.start - 1
    sign = money_before(text, start)
    if unit not in CURRENCY_CODES and not (sign and exponent):
        return numeral
    if sign:
        scale = None if unit in CURRENCY_CODES else _SCALE.match(text, numeral.end + 1, end)
        end = scale.end() if scale else end
        start, unit = sign.start(), CURRENCIES[sign[0].rstrip(_AFTER_SIGN)]
    exponent += numeral.exponent
    return numeral._replace(
        start=start, end=end, digits=f"-{numeral.digits}", exponent=exponent, unit=unit, strength=3
    )


def _negative(text: str, numeral: Numeral) -> Numeral:
    """Return an amount of money with its minus or accounting brackets, where it has any."""
    start, end = numeral.start, numeral.end
    if text[numeral.number[0] - 1] in "-−" and start < numeral.number[0] - 1:  # $-5m
        return numeral._replace(digits=f"-{numeral.digits}")
    if in_brackets(text, start, end):
        return numeral._replace(start=start - 1, end=end + 1, digits=f"-{numeral.digits}")
    minus = minus_before(text, start)
    return numeral if minus == start else numeral._replace(start=minus, digits=f"-{numeral.digits}")


def _number(text: str, match: re.Match[str]) -> tuple[str, int, int]:
    """Return the digits of a number, its end and its power of ten; the digits are "" where it is malformed."""
    end = match.end()
    if match.lastgroup == "han":
        end -= text[end - 1] == "千" and text[end : end + 1] in _UNITS_WITH_A_THOUSAND
        end -= text[end - 1] == "两" and end - match.start() > 1  # 十八万两: taels
        return han_value(text[match.start() : end]), end, 0
    if match.lastgroup == "word":
        digits = english_value(match[0])
    else:
        digits = match[0].replace(",", "")
        if text[end : end + 2].lstrip()[:1] in _HAN_SCALES and (mixed := MIXED.match(text, end)):
            digits, power = mixed_value(digits, mixed[0])
            return digits, mixed.end(), power
        if spoken := SPOKEN.match(text, end):
            return spoken_value(digits, spoken), spoken.end(), 0
    if "." not in digits and (share := SHARE.match(text, end)):
        return with_share(digits, share), share.end(), 0
    return digits, end, 0
