"""Numbers with their units in Chinese and English text: where they stand and what they are worth.

Only reads strings. Says nothing about what a number is about: see `figures`. Positions are those of the string
that was given; `fold` keeps them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bot.reports.units import MONEY, TIME_UNITS, read_tail, thing_before

Span = tuple[int, int]

_FOLD = tuple(zip("０１２３４５６７８９．％＄￥～－＋（）；：", "0123456789.%$¥~-+();:", strict=True))
_HAN_DIGITS = {d: i for i, d in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_HAN_POWERS = {"十": 10, "百": 100, "千": 1000}
_WORDS = {
    "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
    "ten": "10", "twelve": "12", "fifteen": "15", "twenty": "20", "thirty": "30", "forty": "40", "fifty": "50",
    "sixty": "60", "seventy": "70", "eighty": "80", "ninety": "90",
}  # fmt: skip

_DIGITS = r"(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]+)(?:\.[0-9]+)?"
_HAN_NUMBER = "[一二两三四五六七八九十][零〇一二两三四五六七八九十百千万亿]{0,11}"
# The look ahead only saves time, and so does leaving out number words where nothing follows that they could count.
_NUMBER = re.compile(rf"(?=[0-9一二两三四五六七八九十])(?:(?P<digits>{_DIGITS})|(?P<han>{_HAN_NUMBER}))")
_NUMBER_OR_WORD = re.compile(
    rf"(?=[0-9一二两三四五六七八九十onetfsOTFSEN])(?:(?P<digits>{_DIGITS})|(?P<han>{_HAN_NUMBER})"
    rf"|\b(?P<word>(?i:{'|'.join(_WORDS)}))\b)"
)
_COUNTED_BY_WORDS = (
    " times",
    "fold",
    "cent",
    "illion",
    "thousand",
    "hundred",
    "year",
    "month",
    "week",
    "day",
    "hour",
)
_LINK = re.compile(r"\s?(?:[-–—~]|至|到|\bto\b|\band\b)\s?")
_CHANGE = re.compile(r"(?:从|由|自|\bfrom\b)[^,，;；。]{0,14}$")
_MONEY_BEFORE = re.compile(
    r"(?:(?<![A-Za-z])(?:US\$|HK\$|NT\$|S\$|A\$|C\$|USD|RMB|CNY|EUR|GBP|JPY|HKD|KRW|INR)|[$¥€£₩₹]|人民币)\s?$"
)
_WORD_BEFORE = re.compile(r"([A-Za-z][A-Za-z0-9.+'-]*)[ :#]{1,2}$")
_LABELS = frozenset(
    "top group figure fig table step phase stage level tier part chapter section page pages p pp no version ver episode "
    "day week round series gen generation volume issue article rule type grade line route web windows industry "
    "appendix".split()
)
# Words a sentence opens with; any other capital letter before a small number makes it part of a name.
_OPENERS = frozenset(
    "a about all almost among and approximately around as at between but by for from has have in just its nearly of "
    "on only or over roughly some than the their these this those to under up with worldwide globally".split()
)
_SCORE_BEFORE = re.compile(
    r"(?:得分|评分|分数|积分|星标数?|[⭐★]|\b[Ss]tars?|\b[Ss]cored?(?: of)?)[为达是:\s]{0,2}$"
)
_STARS_BEFORE = re.compile(r"(?:星标数?|[⭐★]|\b[Ss]tars?)[为达是:\s]{0,2}$")
_PARAMETERS_BEFORE = re.compile(r"(?:参数[^,，。0-9]{0,6}|\bparameters?\b[^,.;0-9]{0,30})$")
_TOTAL_BEFORE = re.compile(
    r"(?:[增减升降跌]至|[增减][加少]?到|总数[为达]|[共总合]计|[多高]达|\b(?:had|has|built|wrote|won|totall?ed|numbered|hit))"
    r"\s?约?$"
)
_SHARE_AFTER = re.compile(
    r" of (?:the|its|their|all|these|those)\b| (?:in|by) (?:late |early |mid-)?(?:19|20)[0-9]{2}\b"
)
_ID_BEFORE = re.compile(
    r"(?:QQ|微信|电话|热线|手机|传真|邮编|群|编号|代码|(?i:tel|phone|id|no|fax|call))\W{0,3}$|号[码:]?$"
)
_PER_BEFORE = re.compile(r"(?:每|\b(?:per|every|each) )$")
_AGO = re.compile(r"[之以]?前(?!的?[三0-9])|规划|计划|[ -](?i:ago|back|olds?|plans?)\b")
_MENTION = re.compile(
    r"\b(?:mention|cite|quote|call|use|try|tried|repeat|tested|run|ran|appear|download|win|won)"
)
_MULTIPLE_AFTER = re.compile(
    r" (?:as|more|less|the|that|those|what|higher|lower|larger|faster|better|cheaper|[A-Z])"
)

_FRACTION = re.compile(r"(?<![0-9/.A-Za-z-])([0-9]{1,3})/([0-9]{1,4})(?![0-9/.A-Za-z])")
_FRACTION_BEFORE = re.compile(
    r"(?:[约近为的仅是占有达足到]|\b(?:about|only|just|nearly|roughly|around|almost|than|is))\s?$"
)
_HAN_FRACTION = re.compile(
    r"([二三四五六七八九十百千]{1,3})分之([一二两三四五六七八九十百]{1,6}|[0-9]{1,3}(?:\.[0-9]{1,3})?)"
)
_TENTHS = re.compile(r"(?<=[近约超逾达占过足到降涨升])()([一二三四五六七八九])成(?![为立功果本长就员绩分])")
_WORD_FRACTION = re.compile(
    r"(?i:\b(one|two|three|four)[ -](third|quarter|fifth|tenth)s?\b)(?! (?:of|quarter) 20)"
)
_PARTS = {"third": 3, "quarter": 4, "fifth": 5, "tenth": 10}

_HAN_FOLLOWERS = frozenset("倍年个天周小到至多余-~ ")
_MONEY_ENDS = frozenset("$¥€£₩₹币DBYRPW")
_JOINING = frozenset("abcdefghijklmnopqrstuvwxyzACEFGHIJKLOPQSTUVWXZ0123456789_第×")
"""Characters before a number that make it part of a name; not those that RMB, USD and EUR end with."""
_LONGEST = 15
"""Digits of a number; a longer run is an identifier, and a float could not hold it."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit at [start, end), worth `value` in the base unit.

    `strength` says how sure the unit is: 3 money, shares and measures, 2 counted things, 1 a bare scale (5000亿),
    0 none. `minor` marks what mostly belongs to another number: a length of time, the base of a rate (每1000人).
    """

    start: int
    end: int
    value: float
    unit: str
    strength: int
    minor: bool = False


class _Token(NamedTuple):
    """A number as read, before its surroundings say whether it counts. `digits` is its plain decimal form."""

    start: int
    number: Span
    end: int
    digits: str
    exponent: int
    unit: str
    strength: int
    kind: str
    letter: str
    scaled: bool

    def value(self, exponent: int) -> float:
        return float(f"{self.digits}e{exponent}")


def fold(text: str) -> str:
    """`text` with full-width digits and signs as ASCII; every character stays at its place."""
    if not text.isascii():
        for wide, narrow in _FOLD:  # several times as fast as str.translate
            text = text.replace(wide, narrow)
    return text


def find_quantities(text: str) -> list[Quantity]:
    """The quantities of a folded sentence, in order. Time grows with its length.

    A range (20%到50%, $5-10 billion) is one quantity with the lower bound as its value: the middle would be a
    number that nobody stated. Names, versions, ordinals, pages and identifiers are left out, and so are small
    counts in words (三个, seven), which hardly ever measure anything.
    """
    found = list(_fractions(text))
    taken = sorted((q.start, q.end) for q in found)
    previous: _Token | None = None
    for token in _tokens(text, taken):
        if previous and (joined := _range(text, previous, token)):
            found[-1:] = [joined] if found and found[-1].start == previous.start else [*found[-1:], joined]
            previous = None
            continue
        if quantity := _judge(text, token):
            found.append(quantity)
        previous = token
    return sorted(found, key=lambda q: q.start)


def _tokens(text: str, taken: Sequence[Span]) -> Iterator[_Token]:
    """Every number of `text` outside the sorted spans `taken`, read with its unit."""
    position, i = 0, 0
    pattern = _NUMBER_OR_WORD if any(word in text for word in _COUNTED_BY_WORDS) else _NUMBER
    for match in pattern.finditer(text):
        while i < len(taken) and taken[i][1] <= match.start():
            i += 1
        if match.start() < position or (i < len(taken) and taken[i][0] < match.end()):
            continue
        if not _is_idle(text, match) and (token := _read(text, match)):
            position = token.end
            yield token


def _is_idle(text: str, match: re.Match[str]) -> bool:
    """Whether a number plainly measures nothing: 2024年, 一个. Most do; the rest of the work is spared."""
    following = text[match.end() : match.end() + 1]
    if match.lastgroup == "han":
        return len(match[0]) == 1 and following not in _HAN_FOLLOWERS
    return following == "年" and _looks_like_year(match[0])


def _read(text: str, match: re.Match[str]) -> _Token | None:
    kind = match.lastgroup or "digits"
    digits = {"digits": _plain, "han": _han_value, "word": _word_value}[kind](match[0])
    if not digits or len(digits) > _LONGEST:
        return None
    start, end = match.span()
    if start and text[start - 1] in _JOINING:
        return None
    large = any(c in "万亿" for c in match[0]) or (len(digits) > 2 and not _looks_like_year(match[0]))
    tail = read_tail(text, end, large)
    unit, strength, exponent, letter = tail.unit, tail.strength, tail.exponent, tail.letter
    scaled = exponent > 0 or bool(letter)
    if letter in ("M", "B", "T") and not unit and _PARAMETERS_BEFORE.search(text, max(0, start - 40), start):
        unit = "parameter"
    before = None
    if strength < 3 and kind == "digits" and text[max(0, start - 2) : start].strip()[-1:] in _MONEY_ENDS:
        before = _MONEY_BEFORE.search(text, max(0, start - 5), start)
    if before:
        unit, strength, letter, start = MONEY[before[0].strip()], 3, "", before.start()
    stop = tail.end
    if before and tail.strength == 2:  # $5 billion deals: the money, not the deals
        stop = _scale_end(text, end, tail.end)
    return _Token(start, match.span(), stop, digits, exponent, unit, strength, kind, letter, scaled)


def _scale_end(text: str, start: int, end: int) -> int:
    """The end of the scale in text[start:end], which a counted thing follows."""
    found = re.match(
        r"[ -]?(?:[A-Z]\b|[a-z]+illion|thousand|hundred|[bmt]n\b|[万亿千百十]+)", text[start:end]
    )
    return start + found.end() if found else start


def _plain(number: str) -> str:
    return number.replace(",", "")


def _word_value(number: str) -> str:
    return _WORDS[number.lower()]


def _han_value(number: str) -> str:
    """A Chinese numeral in digits (两千三百 -> 2300), or "" when it is not well formed (四五百, 十四五)."""
    total = section = digit = 0
    pending = False
    for char in number:
        if char in _HAN_DIGITS:
            if pending and digit:
                return ""
            digit, pending = _HAN_DIGITS[char], True
        elif char in _HAN_POWERS:
            section += (digit if pending else 1) * _HAN_POWERS[char]
            digit, pending = 0, False
        else:
            total = (total + section + digit) * (10_000 if char == "万" else 100_000_000)
            section, digit, pending = 0, 0, False
    return str(total + section + digit)


def _range(text: str, low: _Token, high: _Token) -> Quantity | None:
    """`low` and `high` as one quantity when only a range sign stands between them and the units agree."""
    link = _LINK.fullmatch(text, low.end, high.start)
    if not link or not high.strength or (low.unit not in ("", high.unit) and high.unit):
        return None
    if _is_year(text, low) and _is_year(text, high):
        return None
    if low.kind != high.kind or _joined_left(text, low) or (low.strength == 2 and high.strength == 3):
        return None
    sign = link[0].strip()
    if sign == "and" and not text[: low.start].endswith("between "):
        return None
    if sign in ("至", "到", "to") and _CHANGE.search(text, max(0, low.start - 20), low.start):
        return None
    unit = high.unit or low.unit
    exponent = low.exponent or high.exponent
    if high.kind == "han" and unit not in TIME_UNITS and unit != "x":
        return None
    return Quantity(low.start, high.end, low.value(exponent), unit, high.strength, unit in TIME_UNITS)


def _judge(text: str, token: _Token) -> Quantity | None:
    """`token` as a quantity, or None when it is part of a name, a date, a list number or an identifier."""
    if _joined_left(text, token) or _is_label(text, token):
        return None
    accept = {"digits": _digits_count, "han": _han_counts, "word": _word_counts}[token.kind]
    if not accept(text, token):
        return None
    unit, start, value = token.unit, token.start, token.value(token.exponent)
    if unit == "x" and _is_mention(text, token):
        unit = "time"
    if unit == "%" and text[start - 1 : start] in ("-", "−"):
        start, value = start - 1, -value
    if not unit and token.strength != 1:
        unit = thing_before(text, token.number[0]) or (
            "star" if _STARS_BEFORE.search(text, max(0, start - 12), start) else ""
        )
    base = bool(_PER_BEFORE.search(text, max(0, start - 6), start))
    precision = unit == "bit" and text[token.number[1]] == "-"
    if unit in TIME_UNITS and _AGO.match(text, token.end):
        return None
    return Quantity(start, token.end, value, unit, token.strength, base or precision or unit in TIME_UNITS)


def _joined_left(text: str, token: _Token) -> bool:
    """Whether the number hangs on what stands left of it: GPT-4, H100, v2.0, 第3, /2024."""
    before = text[token.start - 1 : token.start]
    if not before:
        return False
    if before in "-−–":
        earlier = text[token.start - 2 : token.start - 1]
        return token.unit != "%" or (earlier.isascii() and earlier.isalnum())
    if token.start < token.number[0]:  # a sign of money stands between
        return False
    if before.isascii() and (
        before.isalnum() or (before in "_.#@&=/\\'^:" and before + text[token.start - 2 :][:1] != ": ")
    ):
        return before != ":" or text[token.start - 2 : token.start - 1].isdigit()
    return before in "第×°’`" or (
        before == "前"
        and token.strength < 3
        and text[token.start - 2 : token.start - 1] not in "目此之以年当提"
    )


def _is_label(text: str, token: _Token) -> bool:
    """Whether a word before the number makes it a name or a list number: Claude 3.5, Top 10, Group 1."""
    if token.strength == 3 or token.kind != "digits":
        return False
    if text[token.start - 1 : token.start] not in (" ", ":", "#"):
        return False
    before = _WORD_BEFORE.search(text, max(0, token.start - 24), token.start)
    if not before:
        return False
    word = before[1].lower().rstrip(".")
    if word in _LABELS:
        return True
    small = "." in token.digits or len(token.digits) < 3
    named = (before[1][0].isupper() and word not in _OPENERS) or any(c.isdigit() for c in word)
    # A Chinese classifier counts even behind a name: OpenAI 3款模型.
    return named and small and token.exponent == 0 and text[token.end - 1].isascii()


def _digits_count(text: str, token: _Token) -> bool:
    after = text[token.number[1] : token.number[1] + 2]
    if (
        len(after) == 2
        and after[0] in ".:/"
        and (after[1].isdigit() or (after[0] == "." and after[1].isalpha()))
    ):
        return False
    if token.strength == 3:
        return not (token.unit == "year" and len(token.digits) == 4 and token.digits[:2] in ("19", "20"))
    if token.strength == 2:
        if "." in token.digits and not token.exponent:
            return False
        return (
            not _is_year(text, token)
            or not text[token.end - 1].isascii()
            or token.unit in ("star", "user", "person")
        )
    if token.letter:  # 参数有16.8B
        return token.unit == "parameter"
    return token.strength == 1 or _bare_counts(text, token)


def _looks_like_year(number: str) -> bool:
    return len(number) == 4 and number[:2] in ("19", "20") and number.isdecimal()


def _is_year(text: str, token: _Token) -> bool:
    return not token.scaled and _looks_like_year(text[slice(*token.number)])


def _bare_counts(text: str, token: _Token) -> bool:
    """Whether a number without a unit measures something all the same: a score, a total, an n of many."""
    start, end = token.number
    after = text[end : end + 1]
    if _STARS_BEFORE.search(text, max(0, start - 12), start):
        return True
    if _is_year(text, token) or (after.isascii() and (after.isalnum() or after in "-_/\\@")):
        return False
    if _SCORE_BEFORE.search(text, max(0, start - 12), start):
        return True
    if _ID_BEFORE.search(text, max(0, start - 8), start):
        return False
    if "," in text[start:end] or ("." not in token.digits and 5 <= len(token.digits) <= 6):
        return True
    if "." in token.digits:
        return False
    return bool(_SHARE_AFTER.match(text, end) or _TOTAL_BEFORE.search(text, max(0, start - 10), start))


def _han_counts(text: str, token: _Token) -> bool:
    """Chinese numerals count as multiples, lengths of time, and from a hundred up; 数十亿 and 三个 do not."""
    before = text[token.start - 1 : token.start]
    if before and before in "数几第上零前" and not (before == "前" and token.unit in TIME_UNITS):
        return False
    if token.unit == "x" or token.unit in TIME_UNITS:
        return float(token.digits) > 1 or token.scaled
    large = token.scaled or any(c in "百千万亿" for c in text[slice(*token.number)])
    return large and (token.strength >= 2 or any(c in "万亿" for c in text[token.start : token.end]))


def _word_counts(text: str, token: _Token) -> bool:
    if text[token.start - 1 : token.start] == "-":
        return False
    return token.scaled or (token.strength == 3 and token.digits != "1")


def _is_mention(text: str, token: _Token) -> bool:
    """Whether "times" counts events (mentions it 45 times) and is not a multiple (4 times as high)."""
    if text[token.end - 5 : token.end].lower() != "times" or "." in token.digits:
        return False
    if _MULTIPLE_AFTER.match(text, token.end):
        return False
    return bool(_MENTION.search(text, max(0, token.start - 60), token.start))


def _fractions(text: str) -> Iterator[Quantity]:
    """Fractions and tenths: 1/20, 三分之二, two-thirds as parts of one; 百分之五 and 八成 in percent."""
    if "/" in text:
        for match in _FRACTION.finditer(text):
            part, whole = float(match[1]), float(match[2])
            cue = _FRACTION_BEFORE.search(text, max(0, match.start() - 8), match.start())
            if 0 < part < whole and (
                cue
                or text[match.end() : match.end() + 1] == "的"
                or text.startswith((" of ", " as "), match.end())
            ):
                yield Quantity(*match.span(), part / whole, "", 3)
    if "分之" in text:
        for match in _HAN_FRACTION.finditer(text):
            part = float(match[2] if match[2][0].isdecimal() else _han_value(match[2]) or 0)
            if match[1] in ("百", "千"):
                yield Quantity(*match.span(), part if match[1] == "百" else part / 10, "%", 3)
            elif part and (whole := float(_han_value(match[1]) or 0)):
                yield Quantity(*match.span(), part / whole, "", 3)
    if "成" in text:
        for match in _TENTHS.finditer(text):
            yield Quantity(*match.span(), float(_HAN_DIGITS[match[2]] * 10), "%", 3)
    if not ("third" in text or "quarter" in text or "fifth" in text or "tenth" in text):
        return
    for match in _WORD_FRACTION.finditer(text):
        yield Quantity(*match.span(), float(_WORDS[match[1].lower()]) / _PARTS[match[2].lower()], "", 3)
