"""Numbers of a sentence as they are written: digits, Chinese numerals and English number words, with their units.

Only reads strings. Whether a number measures anything is decided in `quantities`. Positions are those of the
given string; `fold` keeps them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from bot.figures.units import MONEY, read_tail

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Span = tuple[int, int]

_FOLD = tuple(zip("０１２３４５６７８９．％＄￥～－＋（）；：", "0123456789.%$¥~-+();:", strict=True))

HAN_DIGITS = {d: i for i, d in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_HAN_POWERS = {"十": 10, "百": 100, "千": 1000}
WORDS = {
    "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8",
    "nine": "9", "ten": "10", "twelve": "12", "fifteen": "15", "twenty": "20", "thirty": "30", "forty": "40",
    "fifty": "50", "sixty": "60", "seventy": "70", "eighty": "80", "ninety": "90",
}  # fmt: skip
"""English number words and their digits."""

_DIGITS = r"(?P<digits>(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]+)(?:\.[0-9]+)?)"
_HAN = "(?P<han>[一二两三四五六七八九十][零〇一二两三四五六七八九十百千万亿]{0,11})"
# Looking ahead only saves time, and so does leaving out the words where nothing follows that they could count.
_NUMBER = re.compile(rf"(?=[0-9一二两三四五六七八九十])(?:{_DIGITS}|{_HAN})")
_NUMBER_OR_WORD = re.compile(
    rf"(?=[0-9一二两三四五六七八九十onetfsOTFSEN])(?:{_DIGITS}|{_HAN}|\b(?P<word>(?i:{'|'.join(WORDS)}))\b)"
)
_COUNTED_BY_WORDS = (
    " times", "fold", "cent", "illion", "thousand", "hundred", "year", "month", "week", "day", "hour",
)  # fmt: skip

_MAY_COUNT = re.compile(
    "[0-9０-９]|[一二两三四五六七八九十](?=[零〇一二两三四五六七八九十百千万亿倍年个天周小到至多余~～－ -])"
    rf"|分之|[一二三四五六七八九]成|\b(?i:{'|'.join(WORDS)})\b"
)

_MONEY_BEFORE = re.compile(
    r"(?:(?<![A-Za-z])(?:US\$|HK\$|NT\$|S\$|A\$|C\$|USD|RMB|CNY|EUR|GBP|JPY|HKD|KRW|INR)|[$¥€£₩₹]|人民币)\s?$"
)
_MONEY_ENDS = frozenset("$¥€£₩₹币DBYRPW")
_SCALE = re.compile(r"[ -]?(?:[kKMBTmbt]\b|[a-z]+illion|thousand|hundred|[bmt]n\b|[万亿千百十]+)")
_PARAMETERS_BEFORE = re.compile(r"(?:参数[^,，。0-9]{0,6}|\bparameters?\b[^,.;0-9]{0,30})$")

# Characters before a number that make it part of a name; not those that RMB, USD, EUR, GBP and KRW end with.
_JOINING = frozenset("abcdefghijklmnopqrstuvwxyzACEFGHIJKLOQSTUVXZ0123456789_第×")
_HAN_FOLLOWERS = frozenset("倍年个天周小到至多余-~ ")
_LONGEST = 15
"""Digits of a number; a longer run is an identifier, and a float could not hold it."""


class Numeral(NamedTuple):
    """A number as read. `number` is its own span, [start, end) includes its sign of money, scale and unit.

    `digits` is the number without its scale, in plain digits; `kind` is digits, han or word. `strength` is that of
    the unit: 3 money, shares and measures, 2 counted things, 1 a bare scale (5000亿), 0 none. `letter` is its
    scale when that is one letter (3B).
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
        """Whether a scale stands behind the number: 亿, billion, B."""
        return self.exponent > 0 or bool(self.letter)

    def value(self, exponent: int) -> float:
        """The number times ten to `exponent`, rounded once."""
        return float(f"{self.digits}e{exponent}")


def fold(text: str) -> str:
    """`text` with full-width digits and signs as ASCII; every character stays at its place."""
    if not text.isascii():
        for wide, narrow in _FOLD:  # several times as fast as str.translate
            text = text.replace(wide, narrow)
    return text


def may_count(text: str) -> bool:
    """A quick look, before folding: whether `text` holds anything that can be read as a number."""
    return _MAY_COUNT.search(text) is not None


def read_numerals(text: str, taken: Sequence[Span]) -> Iterator[Numeral]:
    """The numbers of a folded text outside the sorted spans `taken`, but for plain years and small counts (一个)."""
    position, i = 0, 0
    pattern = _NUMBER_OR_WORD if any(word in text for word in _COUNTED_BY_WORDS) else _NUMBER
    for match in pattern.finditer(text):
        while i < len(taken) and taken[i][1] <= match.start():
            i += 1
        if match.start() < position or (i < len(taken) and taken[i][0] < match.end()):
            continue
        if not _is_idle(text, match) and (numeral := _read(text, match)):
            position = numeral.end
            yield numeral


def looks_like_year(number: str) -> bool:
    """Whether a number is written like a year of the last or this century."""
    return len(number) == 4 and number[:2] in ("19", "20") and number.isdecimal()


def han_value(number: str) -> str:
    """A Chinese numeral in digits (两千三百 -> 2300), or "" when it is not well formed (四五百, 十四五)."""
    total = section = digit = 0
    pending = False
    for char in number:
        if char in HAN_DIGITS:
            if pending and digit:
                return ""
            digit, pending = HAN_DIGITS[char], True
        elif char in _HAN_POWERS:
            section += (digit if pending else 1) * _HAN_POWERS[char]
            digit, pending = 0, False
        else:
            total = (total + section + digit) * (10_000 if char == "万" else 100_000_000)
            section, digit, pending = 0, 0, False
    return str(total + section + digit)


def _is_idle(text: str, match: re.Match[str]) -> bool:
    """Whether a number plainly measures nothing. Most do, and the rest of the work is spared."""
    following = text[match.end() : match.end() + 1]
    if match.lastgroup == "han":
        return len(match[0]) == 1 and following not in _HAN_FOLLOWERS
    return following == "年" and looks_like_year(match[0])


def _read(text: str, match: re.Match[str]) -> Numeral | None:
    kind, (start, end) = match.lastgroup or "", match.span()
    if start and text[start - 1] in _JOINING:
        return None
    digits = _plain_digits(kind, match[0])
    if not digits or len(digits) > _LONGEST:
        return None
    large = any(c in "万亿" for c in match[0])
    stop, exponent, unit, strength, letter = read_tail(text, end, large)
    if strength < 3 and kind == "digits" and (sign := _money_before(text, start)):
        if strength == 2:  # $5 billion deals: the money, not the deals
            scale = _SCALE.match(text, end, stop)
            stop = scale.end() if scale else end
        start, unit, strength, letter = sign.start(), MONEY[sign[0].strip()], 3, ""
    elif (
        letter in "MBT" and letter and not unit and _PARAMETERS_BEFORE.search(text, max(0, start - 40), start)
    ):
        unit = "parameter"
    return Numeral(start, stop, (match.start(), end), kind, digits, exponent, unit, strength, letter)


def _plain_digits(kind: str, number: str) -> str:
    if kind == "han":
        return han_value(number)
    return WORDS[number.lower()] if kind == "word" else number.replace(",", "")


def _money_before(text: str, position: int) -> re.Match[str] | None:
    """The sign of money that ends at `position`, or a space before it."""
    last = text[max(0, position - 2) : position].rstrip()[-1:]
    return _MONEY_BEFORE.search(text, max(0, position - 5), position) if last in _MONEY_ENDS else None
