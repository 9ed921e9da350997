"""Reads scales, units and counted things next to a number, in Chinese and English, from the tables beside this module.

Knows no sentence: it looks only at what directly follows a number (`thing_before` excepted).
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from bot.figures.signs import CURRENCIES
from bot.text.rule_data import read_rows, read_table, read_words

_HERE = Path(__file__).parent
_SCALES = read_rows(_HERE / "scales.tsv")
# Powers of ten, so that "252.3 billion" becomes float("252.3e9"), the nearest float there is.
_HAN_SCALES = {scale: int(power) for scale, power, kind, _ in _SCALES if kind in ("chinese", "chinese money")}
_WORD_SCALES = {scale: int(power) for scale, power, kind, _ in _SCALES if kind == "word"}
_LETTER_SCALES = {
    scale: int(power) for scale, power, kind, _ in _SCALES if kind in ("letter", "letter money")
}
_MONEY_SCALES = frozenset(scale for scale, _, kind, _ in _SCALES if kind.endswith(" money"))
"""Scales that mean something else without money: 3兆元, but 100兆 of a network."""
_CHINESE = read_rows(_HERE / "chinese_units.tsv")
_HAN_UNITS = {word: (name, int(power)) for word, name, power, kind, _ in _CHINESE if kind == "measure"}
_CLASSIFIERS = {word: name.strip("-") for word, name, _, kind, _ in _CHINESE if kind == "classifier"}
_OTHER_WORDS = {row[0]: row[-1] for row in (*_SCALES, *_CHINESE) if row[-1] != "-"}
"""Following characters that turn a scale or unit into the beginning of another word."""
_ENGLISH = {word: (name, int(power)) for word, name, power in read_rows(_HERE / "english_units.tsv")}
_THINGS = read_table(_HERE / "things.tsv")
_IRREGULAR = read_table(_HERE / "irregular_plurals.tsv")
_STOPS = read_words(_HERE / "phrase_ends.txt")
CURRENCY_CODES = frozenset(CURRENCIES.values())
"""Units that are money."""
_THING = re.compile(
    "|".join(sorted(_THINGS, key=len, reverse=True)) + r"|(?i:tokens?|stars?|gpus?)(?![A-Za-z])"
)
_UNCLASSIFIED = frozenset({"star", "token", "gpu", "card"})
"""Things counted without a scale or classifier: 26135星标, but not 985大学."""
_NAMED_BEFORE = re.compile(
    f"({'|'.join(sorted(_THINGS, key=len, reverse=True))})(?:总?数|数?量)?(?:(?:19"
    f"|20)[0-9]{{2}}年)?(?:[只仅共]|竟然)?[只有为达到约近]{{0,3}}$"
)

_PREFIXES = {"": 0, "k": 3, "K": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18, "Z": 21}
_SI = re.compile(
    r"(?:([kKMGTPEZ]?)\s?(Wh|FLOPS?/s|FLOP/s|(?i:flops?)|Hz)|([kKMGTPEZ])(W|B/s|B|OPS|bit/s"
    r"|b/s|bps))(?![A-Za-z])"
)
_SI_UNITS = {
    "wh": "wh", "flops/s": "flop/s", "flop/s": "flop/s", "flops": "flop/s", "flop": "flop", "hz": "hz",
    "bps": "bit/s", "w": "w", "b/s": "byte/s", "b": "byte", "ops": "op/s", "bit/s": "bit/s",
}  # fmt: skip
_EXACT = re.compile(
    r"(nm|μm|mm|cm|km|kg|mg|ms|μs|fps|FPS|mAh|dB|°C|tokens?/s|[xX×](?! ?(?:[0-9]"
    r"|[A-Z]{1,2}[0-9])))(?![A-Za-z0-9×])"
)
_EXACT_UNITS = {"x": "x", "X": "x", "×": "x", "fps": "fps", "FPS": "fps", "tokens/s": "token/s"}
_HYPHENATED = frozenset(
    {"parameter", "page", "person", "card", "token", "layer", "qubit", "core", "step", "language"}
)

TIME_UNITS = frozenset({"hour", "day", "week", "month", "quarter", "year", "decade"})
"""Units of time whose lengths mostly date another number; seconds and minutes are measurements."""
_WORD = re.compile(r"[ -]?([A-Za-z]+)")
_SCALE_WORD = re.compile(rf"[ -]?((?i:{'|'.join(_WORD_SCALES)}))\b")
_SCALE_INITIALS = frozenset(scale[0] for scale in _WORD_SCALES) | frozenset(
    scale[0].upper() for scale in _WORD_SCALES
)
_LARGEST = 15
"""Power of ten after which no further scale applies: "a hundred thousand" has two, "a trillion trillion" does not."""
_SCALE_STARTS = frozenset(scale[0] for scale in _HAN_SCALES)
_SI_INITIALS = frozenset("kKMGTPEZWFfHb")
_EXACT_INITIALS = frozenset("nμmckfFdt°xX×")
_PHRASES = sorted((word for word in _ENGLISH if " " in word), key=len, reverse=True)
_PHRASE = re.compile(
    rf"[ -]?((?i:{'|'.join(re.escape(word).replace(chr(92) + ' ', '[ -]') for word in _PHRASES)}))\b"
)
_PHRASE_INITIALS = frozenset(word[0] for word in _PHRASES) | frozenset(word[0].upper() for word in _PHRASES)
_SIGNS = frozenset("%‰℃")
_SYMBOLS = frozenset("×°μ")
_NEXT = re.compile(r"[ -]([A-Za-z][A-Za-z'’/]*)")
_AFTER_LETTER = re.compile("[A-Za-z0-9]")
_MORE = frozenset("多余几+")
_ABOVE = frozenset("多余")
"""Characters between a number and its scale that only make it vague: 30多亿."""
_ENDS = frozenset(".,;:!?)]，。；：、！？）】”·")
_WINDOW = re.compile(r"[^，,。；;、！？!?（）()：:“”《》0-9]{0,9}")


_Unit = tuple[int, int, str, int]
"""The end of a unit, its power of ten, its name and its strength."""


class Tail(NamedTuple):
    """What follows a number: end, power of ten, unit, the unit's strength, and a scale of one letter (see Numeral)."""

    end: int
    exponent: int
    unit: str
    strength: int
    letter: str = ""


def read_tail(text: str, position: int, large: bool = False, money: bool = False) -> Tail:
    """Return the scale and unit right after a number that ends at `position`.

    `large`: the number itself contains a large scale (十万). `money`: a currency sign precedes the number.
    """
    following = text[position : position + 1]
    if not following or following in _ENDS:
        return Tail(position, 0, "", 0)
    end, exponent, letter = _scale(text, position, money)
    start = end
    while text[start : start + 1] in _MORE:
        start += 1
    large = large or exponent > 0
    first = text[start : start + 2].lstrip(" -")[:1]
    unit = None
    if first in _SIGNS or first > "一":
        unit = _han_unit(text, start, large)
    elif first.isalpha() or first in _SYMBOLS:
        unit = _latin_unit(text, start, large)
    if (
        text[position:end].lstrip(" 多余") in _MONEY_SCALES
        and not money
        and not (unit and unit[2] in CURRENCY_CODES)
    ):
        return Tail(position, 0, "", 0)
    if unit and not (letter and unit[2] == "model"):  # a 70B model is one model
        return Tail(unit[0], exponent + unit[1], unit[2], unit[3], letter)
    end = start if exponent and text[start - 1] == "+" else end
    return Tail(end, exponent, "", 1 if exponent and not letter else 0, letter)


def _scale(text: str, position: int, money: bool) -> tuple[int, int, str]:
    """Return end, power of ten and letter of the scale at `position`: 万亿, 多亿, billion, or the B of $5B."""
    start = position + (text[position : position + 1] == " ")
    if text[start : start + 1] in _ABOVE and text[start + 1 : start + 2] in _SCALE_STARTS:
        start += 1
    if text[start : start + 1] in _SCALE_STARTS and (scale := _han_scale(text, start)):
        end, exponent = scale
        if exponent < _HAN_SCALES["亿"] and text[end : end + 1] in _ABOVE and text[end + 1 : end + 2] == "亿":
            return end + 2, exponent + _HAN_SCALES["亿"], ""  # 3万多亿
        return end, exponent, ""
    start = position + (money and text[position : position + 1] == " ")  # $5 B
    for size in (2, 1):
        letter = text[start : start + size]
        if letter in _LETTER_SCALES and not _AFTER_LETTER.match(text, start + size):
            return start + len(letter), _LETTER_SCALES[letter], letter
    exponent, end = 0, position
    while text[end : end + 2].lstrip(" -")[:1] in _SCALE_INITIALS and (word := _SCALE_WORD.match(text, end)):
        exponent += _WORD_SCALES[word[1].lower()]
        end = word.end()
        if exponent > _LARGEST:
            break
    return end, exponent, ""


def _han_scale(text: str, start: int) -> tuple[int, int] | None:
    """Return end and power of ten of the longest Chinese scale at `start`, or None where another word begins."""
    for size in (2, 1):
        key = text[start : start + size]
        end = start + len(key)
        if key in _HAN_SCALES and (text[end : end + 1] or " ") not in _OTHER_WORDS.get(key, ""):
            return end, _HAN_SCALES[key]
    return None


def _han_unit(text: str, position: int, large: bool) -> _Unit | None:
    start = position + (text[position] == " ")
    for size in (5, 4, 3, 2, 1):
        key = text[start : start + size]
        end = start + len(key)
        if key not in _HAN_UNITS and key not in _CLASSIFIERS:
            continue
        if (text[end : end + 1] or " ") in _OTHER_WORDS.get(key, ""):
            continue
        if key in _HAN_UNITS:
            unit, power = _HAN_UNITS[key]
            return end, power, unit, 3
        window = _WINDOW.match(text, end)
        thing = _THING.search(window[0]) if window else None
        return end, 0, _named(thing[0]) if thing else _CLASSIFIERS[key], 2
    thing = _THING.match(text, start)
    if thing and (large or _named(thing[0]) in _UNCLASSIFIED):
        return thing.end(), 0, _named(thing[0]), 2
    return None


def thing_before(text: str, position: int) -> str:
    """Return what a bare classifier counts if it is named before the number (参数有5400亿个), else ""."""
    match = _NAMED_BEFORE.search(text, max(0, position - 18), position)
    return _named(match[1]) if match else ""


def _named(thing: str) -> str:
    return _THINGS.get(thing, thing.lower().removesuffix("s"))


def _latin_unit(text: str, position: int, large: bool) -> _Unit | None:
    start = position + (text[position] in " -")
    initial = text[start]
    if initial in _SI_INITIALS and (match := _SI.match(text, start)):
        base = match[2] or match[4]
        # FLOPs are a count of operations; FLOPS and anything with a prefix are a speed.
        unit = "flop" if base in ("FLOPs", "FLOP", "flop", "flops") and not match[1] else ""
        name = unit or _SI_UNITS[base.lower().replace("flops/s", "flop/s")]
        return match.end(), _PREFIXES[match[1] or match[3] or ""], name, 3
    if initial in _EXACT_INITIALS and (match := _EXACT.match(text, start)):
        return match.end(), 0, _EXACT_UNITS.get(match[1], match[1].lower()), 3
    if initial in _PHRASE_INITIALS and (match := _PHRASE.match(text, position)):
        name, power = _ENGLISH[match[1].lower().replace("-", " ")]
        return match.end(), power, name, 3
    if match := _WORD.match(text, position):
        word = match[1].lower()
        if word in _ENGLISH and not (word == "won" and not large):
            name, power = _ENGLISH[word]
            return match.end(), power, name, 3
        if text[position] == "-":
            return (match.end(), 0, word, 2) if word in _HYPHENATED else None
    if counted := _counted(text, position):
        return counted
    match = _THING.match(text, start)
    return (match.end(), 0, _named(match[0]), 2) if match else None


def _counted(text: str, position: int) -> _Unit | None:
    """Return the first plural among the next five words of the phrase (40 notable AI models), or None."""
    before = ""
    for _ in range(5):
        match = _NEXT.match(text, position)
        if not match or match[1].lower() in _STOPS or "'" in match[1] or "’" in match[1]:
            return None
        word, position = match[1].lower(), match.end()
        if unit := _singular(word):
            return position, 0, "flop" if unit == "operation" and "float" in before else unit, 2
        before += word
    return None


def _singular(word: str) -> str:
    """Return `word` without its plural ending, or "" where it does not look like a plural."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is", "ous")):
        return ""
    if word.endswith("ies") and word not in ("movies", "series", "cookies"):
        return word[:-3] + "y"
    return word[:-2] if word.endswith(("ches", "shes", "xes", "sses")) else word[:-1]
