"""Decides which numbers of a sentence measure something, and their values. Only reads strings.

Leaves out names (GPT-4), versions, ordinals, list numbers, pages and identifiers. What a quantity is about is found in
the other modules of `figures`.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from pathlib import Path

from msgspec import Struct

from bot.figures.number_words import find_fractions
from bot.figures.numerals import Numeral, looks_like_year, read_numerals
from bot.figures.signs import minus_before
from bot.figures.units import TIME_UNITS, thing_before
from bot.text.rule_data import read_words

# Characters before a number in which the words that bear on it may stand.
_REACH = 12
_LINK = re.compile(r"\s?(?:[-–—~]|至|到|\bto\b|\band\b)\s?")
_CHANGE = re.compile(r"(?:从|由|自|\bfrom\b)[^,，;；。]{0,14}$")

_WORD_BEFORE = re.compile(r"([A-Za-z][A-Za-z0-9.+'-]*)[ :#]{1,2}$")
_LABELS = read_words(Path(__file__).parent / "label_words.txt")
_OPENERS = read_words(Path(__file__).parent / "sentence_openers.txt")
_SIGNED = frozenset({"%", "pp", "°c"})
"""Units besides money that can be negative."""
_NEVER_OF_A_YEAR = frozenset({"star", "user", "person", "token", "gpu", "employee"})
"""Things that 2048 counts; before others it may be a year (2024 models)."""
_HTTP_CODES = frozenset(str(code.value) for code in HTTPStatus if code >= HTTPStatus.BAD_REQUEST)
_CARD_BEHIND = re.compile(r"\s(?:Ti |Super )?(?:GPU|(?:graphics |video )?card)s?\b")
# Before a graphics card's model number: how many cards there are, or another model number.
_MODEL_BEFORE = re.compile(r"(?:\b(?:an?|one|two|single|[Dd]ual)|[0-9]{4}(?: and| or|,)|\b[0-9]x)\s$")
_SIZES = frozenset("Bb")
_SIZED = _NEVER_OF_A_YEAR | {"parameter", "param", "download", "card"}
"""Things counted in billions even after a name: ChatGPT 1B users."""
_NAME_SIGNS = frozenset("_.#@&=/\\'^’`°×第")
_BEFORE_RANK = frozenset("目此之以年当提")
"""Characters that make 前 an adverb (目前10家) and not a rank (前10名)."""

_STARS_BEFORE = re.compile(r"(?:星标数?|[⭐★]|\b[Ss]tars?)[为达是:\s]{0,2}$")
_SCORE_BEFORE = re.compile(r"(?:得分|评分|分数|积分|\b[Ss]core[ds]?(?: of)?)[为达是:\s]{0,2}$")
_TOTAL_BEFORE = re.compile(
    r"(?:[增减升降跌]至|[增减][加少]?到|总数[为达]|[共总合]计|[多高]达"
    r"|\b(?:had|has|built|wrote|won|totall?ed|numbered|hit))\s?约?$"
)
_SHARE_AFTER = re.compile(
    r" of (?:the|its|their|all|these|those)\b| (?:in|by) (?:late |early |mid-)?(?:19|20)[0-9]{2}\b"
)
_ID_BEFORE = re.compile(
    r"(?:QQ|微信|电话|热线|手机|传真|邮编|群|编号|代码|(?i:tel|phone|id|no|fax|call))\W{0,3}$|号[码:]?$"
)
_PER_BEFORE = re.compile(r"(?:每|\b(?:per|every|each) )$")
_NO_LENGTH = re.compile(
    r"(?: of an? [a-z]+illion)|[之以]?前(?!的?[三0-9])|规划|计划|[ -](?i:ago|back|olds?|plans?)\b"
)
_EVENT_BEFORE = re.compile(
    r"\b(?:mention|cite|quote|call|use|try|tried|repeat|tested|run|ran|appear|download|win|won)"
)
_MULTIPLE_AFTER = re.compile(
    r" (?:as|more|less|the|that|those|what|higher|lower|larger|faster|better|cheaper|[A-Z])"
)


class Quantity(Struct, frozen=True):
    """A number with its unit at [start, end), worth `value` in the base unit (see Figure).

    `minor` marks a number that mostly serves another one: a length of time, the base of a rate (每1000人), 16-bit.
    """

    start: int
    end: int
    value: float
    unit: str
    minor: bool = False


def find_quantities(text: str) -> list[Quantity]:
    """Return the quantities of a folded sentence, in order. Time is linear in its length.

    A range (20%到50%, $5-10 billion) is one quantity with the lower bound as its value: the middle would be a number
    that nobody stated. Small counts in words (三个, seven) rarely measure anything and are left out.
    """
    found = [Quantity(*fraction) for fraction in find_fractions(text)]
    taken = sorted((q.start, q.end) for q in found)
    previous: Numeral | None = None
    for numeral in read_numerals(text, taken):
        if previous and (joined := _range(text, previous, numeral)):
            if found and found[-1].start == previous.start:
                found.pop()
            found.append(joined)
            previous = None
            continue
        if quantity := _judge(text, numeral):
            found.append(quantity)
        previous = numeral
    return sorted(found, key=lambda q: q.start)


def _range(text: str, low: Numeral, high: Numeral) -> Quantity | None:
    """Return `low` and `high` as one quantity where only a range sign separates them and their units agree, else None."""
    link = _LINK.fullmatch(text, low.end, high.start)
    if not link or not high.strength or low.kind != high.kind or _is_part_of_name(text, low):
        return None
    if (low.unit and high.unit and low.unit != high.unit) or (low.strength == 2 and high.strength == 3):
        return None
    sign = link[0].strip()
    if sign == "and" and not text.endswith("between ", 0, low.start):
        return None
    if sign in ("至", "到", "to") and _CHANGE.search(text, max(0, low.start - 20), low.start):
        return None
    unit = high.unit or low.unit
    if (_is_year(text, low) and _is_year(text, high)) or (
        high.kind == "han" and unit not in (*TIME_UNITS, "x")
    ):
        return None
    return Quantity(low.start, high.end, low.value(low.exponent or high.exponent), unit, unit in TIME_UNITS)


def _judge(text: str, numeral: Numeral) -> Quantity | None:
    """Return `numeral` as a quantity, or None where it measures nothing."""
    if (
        _is_part_of_name(text, numeral)
        or _is_labelled(text, numeral)
        or _is_model(text, numeral)
        or not _COUNTS[numeral.kind](text, numeral)
    ):
        return None
    start, unit, value = numeral.start, numeral.unit, numeral.value(numeral.exponent)
    before = text[start - 1 : start]
    if unit in TIME_UNITS and _NO_LENGTH.match(text, numeral.end):
        return None
    if unit == "x" and _counts_events(text, numeral):
        unit = "time"
    elif unit in _SIGNED and (minus := _minus(text, start)) < start:
        start, value = minus, -value
    elif not unit and numeral.strength != 1:
        unit = thing_before(text, start) or ("star" if _matches_before(_STARS_BEFORE, text, start) else "")
    base = before in ("每", " ") and _matches_before(_PER_BEFORE, text, start)
    precision = unit == "bit" and text[numeral.number[1]] == "-"
    return Quantity(start, numeral.end, value, unit, base or precision or unit in TIME_UNITS)


def _minus(text: str, start: int) -> int:
    """Return where the minus before a share begins, or `start` without one; the end of a word or a number is no minus."""
    return start - 1 if text[start - 1 : start] in ("-", "−") else minus_before(text, start)


def _matches_before(pattern: re.Pattern[str], text: str, position: int) -> bool:
    """Return whether `pattern`, which ends with $, matches right before `position`."""
    return pattern.search(text, max(0, position - _REACH), position) is not None


def _is_part_of_name(text: str, numeral: Numeral) -> bool:
    """Return whether the number is attached to what precedes it: GPT-4, H100, v2.0, 第3, 前10名, 10:30."""
    before, earlier = text[numeral.start - 1 : numeral.start], text[numeral.start - 2 : numeral.start - 1]
    if not before:
        return False
    if before in "-−–":
        return numeral.unit not in _SIGNED or earlier == "~" or (earlier.isascii() and earlier.isalnum())
    if numeral.start < numeral.number[0]:  # a currency sign stands between
        return False
    if before == "前":
        return numeral.strength < 3 and earlier not in _BEFORE_RANK
    if before == ":":
        return earlier.isdigit()
    return before in _NAME_SIGNS or (before.isascii() and before.isalnum())


def _is_labelled(text: str, numeral: Numeral) -> bool:
    """Return whether a word before the number makes it a name or a list number: Claude 3.5, Top 10, Group 1."""
    if numeral.strength == 3 or numeral.kind != "digits":
        return False
    if text[numeral.start - 1 : numeral.start] not in (" ", ":", "#"):
        return False
    before = _WORD_BEFORE.search(text, max(0, numeral.start - 24), numeral.start)
    if not before:
        return False
    word = before[1].lower().rstrip(".")
    if word in _LABELS:
        return True
    small = "." in numeral.digits or len(numeral.digits) < 3
    named = (before[1][0].isupper() and word not in _OPENERS) or any(c.isdigit() for c in word)
    if named and numeral.letter in _SIZES and numeral.unit not in _SIZED:
        return True  # Mistral 24B excels
    # A Chinese classifier counts even after a name: OpenAI 3款模型.
    return named and small and numeral.exponent == 0 and text[numeral.end - 1].isascii()


def _is_model(text: str, numeral: Numeral) -> bool:
    """Return whether it is the number of a product or status: an RTX 4090 GPU, 3090 or 4090 cards, 504 errors."""
    if numeral.kind != "digits" or numeral.scaled or text[slice(*numeral.number)] != numeral.digits:
        return False
    if _CARD_BEHIND.match(text, numeral.number[1]):
        return len(numeral.digits) == 4 and _matches_before(_MODEL_BEFORE, text, numeral.start)
    return numeral.unit == "error" and numeral.digits in _HTTP_CODES


def _is_year(text: str, numeral: Numeral) -> bool:
    return not numeral.scaled and looks_like_year(text[slice(*numeral.number)])


def _digits_count(text: str, numeral: Numeral) -> bool:
    sign, following = (
        text[numeral.number[1] : numeral.number[1] + 1],
        text[numeral.number[1] + 1 : numeral.number[1] + 2],
    )
    if (sign in (":", "/") and following.isdigit()) or (sign == "." and following.isalnum()):
        return False  # a time, a date, a version, an address
    if numeral.strength == 3:
        return True
    if numeral.strength == 2:
        if "." in numeral.digits and not numeral.exponent:
            return False
        sure = not text[numeral.end - 1].isascii() or numeral.unit in _NEVER_OF_A_YEAR
        return sure or not _is_year(text, numeral)
    if numeral.letter:  # 参数有16.8B, but not 70B alone
        return numeral.unit == "parameter"
    return numeral.strength == 1 or _bare_counts(text, numeral)


def _bare_counts(text: str, numeral: Numeral) -> bool:
    """Return whether a number without a unit measures something: a score, a total, an n of many."""
    start, end = numeral.number
    if _matches_before(_STARS_BEFORE, text, start):
        return True
    after = text[end : end + 1]
    if _is_year(text, numeral) or (after.isascii() and (after.isalnum() or after in "-_/\\@")):
        return False
    if _matches_before(_SCORE_BEFORE, text, start):
        return True
    if _matches_before(_ID_BEFORE, text, start):
        return False
    if "." in numeral.digits:
        return "," in text[start:end]
    if "," in text[start:end] or len(numeral.digits) in (5, 6):
        return True
    return bool(_SHARE_AFTER.match(text, end)) or _matches_before(_TOTAL_BEFORE, text, start)


def _han_counts(text: str, numeral: Numeral) -> bool:
    """Return whether a Chinese numeral counts: a multiple, percentage points, a length of time, or a hundred and more.

    数十亿 and 三个 do not.
    """
    before = text[numeral.start - 1 : numeral.start]
    if before and (before in "数几第上零" or (before == "前" and numeral.unit not in TIME_UNITS)):
        return False
    if numeral.unit == "x" or numeral.unit in TIME_UNITS:
        return numeral.scaled or float(numeral.digits) > 1
    written = text[numeral.number[0] : numeral.end]
    if numeral.unit == "pp" or any(c in "万亿兆" for c in written):
        return True
    return (numeral.strength >= 2 and any(c in "百千" for c in written)) or (
        numeral.strength == 3 and "." in numeral.digits
    )


def _words_count(text: str, numeral: Numeral) -> bool:
    """Return whether an English number word counts: two million and five years do, seven ways does not."""
    if text[numeral.start - 1 : numeral.start] == "-":
        return False
    return numeral.scaled or (numeral.strength == 3 and numeral.digits != "1") or len(numeral.digits) > 2


_COUNTS = {"digits": _digits_count, "han": _han_counts, "word": _words_count}


def _counts_events(text: str, numeral: Numeral) -> bool:
    """Return whether "times" counts events (mentions it 45 times) and not a multiple (4 times as high)."""
    if text[numeral.end - 5 : numeral.end].lower() != "times" or "." in numeral.digits:
        return False
    if _MULTIPLE_AFTER.match(text, numeral.end):
        return False
    return bool(_EVENT_BEFORE.search(text, max(0, numeral.start - 60), numeral.start))
