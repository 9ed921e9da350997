"""Finds every number of a sentence: measured, counted, spelled out, ordinal, or part of a date.

`figures` keeps only reliable measurements. Here nothing that could be a number is left out: the numbers of a model's
sentence are compared with those of its source, and an overlooked number would go unchecked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from bot.figures.number_words import ENGLISH_NUMBERS
from bot.figures.numerals import fold, looks_like_year
from bot.figures.quantities import find_quantities
from bot.text.han_numbers import han_value
from bot.text.normalise import has_han
from bot.text.rule_data import read_table

_COUNTED = read_table(Path(__file__).with_name("counting_words.tsv"))
"""Words that imply a number without writing one, each with its value and, after a space, a unit."""
_LINK = re.compile(r"\s?(?:[-–—~]|至|到|\bto\b|\band\b)\s?")
_HAN = "零〇一二两三四五六七八九十百千万亿"
_SCALES = {"thousand": 3, "million": 6, "billion": 9, "trillion": 12, "万": 4, "亿": 8, "千": 3, "百": 2}
_DIGITS = re.compile(
    r"(?<![A-Za-z\d.])(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?![A-Za-z\d](?!t?h\b|[rn]?d\b|t\b))"
    r"(?:\s?(?P<scale>[万亿千百]+|thousand|million|billion|trillion))?"
    r"(?P<unit>\s?(?:%|percent\b|per cent\b|倍)|st\b|nd\b|rd\b|th\b)?"
)
_HAN_NUMBER = re.compile(
    rf"(?P<ordinal>第)?(?P<number>[{_HAN}]{{2,}}|[二两三四五六七八九十]|(?<=第)一)(?P<unit>成|倍)?"
)
_HAN_SCALE = re.compile(r"(?<![\d零〇一二两三四五六七八九十百千万亿])[万亿](?=[卡级人亿])")
_ENGLISH = sorted({*(word for word in _COUNTED if word.isascii()), *ENGLISH_NUMBERS}, key=len, reverse=True)
_WORD = re.compile(rf"\b(?:{'|'.join(_ENGLISH)})\b", re.IGNORECASE)
_CHINESE = sorted((word for word in _COUNTED if not word.isascii()), key=len, reverse=True)
_HAN_COUNTED = re.compile(rf"(?<!\d)(?:{'|'.join(_CHINESE)})")
_UNITS = {"": "", "倍": "x", "st": "th", "nd": "th", "rd": "th", "th": "th"}
YEAR = "year"
"""Unit of a number in a position where years stand."""
NOT_AMOUNTS = frozenset({YEAR, "month", "th", "half"})
"""Units of numbers that express a date, a rank or a half rather than an amount."""
_AMOUNT_SLOT = re.compile(
    r"\b(?!(?:in|by|of|since|from|to|until|till|for|through|during|and|or|than|late|early|mid|before|after|between|the|on|[A-Z]\w+)\b)[a-z]+\s$"
)
"""A word that comes before an amount at the end of a clause but never before a year: "built 2024"."""
_CLAUSE_END = re.compile(r"\s*(?:[.,;:!?)]|$|\band\b|\bin\b)")
_BEHIND_YEARS = frozenset("年–—-至到》")
_COMPARED = frozenset({"%", "pp", "x"})


class Number(Struct, frozen=True):
    """A number at [start, end) of a text, in the base unit. `unit` is "" for a plain count, else %, year, th, USD …"""

    start: int
    end: int
    value: float
    unit: str

    @property
    def key(self) -> str:
        """Key that is equal for equal numbers, however they are written."""
        return f"{self.value:.12g}{self.unit}"


def find_numbers(text: str) -> list[Number]:
    """Return every number of `text`, in order, without overlaps. Never raises; time is linear in the text's length."""
    folded = fold(text)
    numbers: list[Number] = []
    for found in (_measured, _words, _digits, _han):
        taken = [(number.start, number.end) for number in numbers]
        numbers += [
            number
            for number in found(folded)
            if not any(start < number.end and number.start < end for start, end in taken)
        ]
    return sorted((_as_year(number, folded) for number in numbers), key=lambda number: number.start)


def _as_year(number: Number, text: str) -> Number:
    """Mark a number as a year where years stand: 2024年, or any bare 2024 in English that is not an amount."""
    written = text[number.start : number.end].strip()
    if number.unit or not looks_like_year(written):
        return number
    behind = text[number.end : number.end + 1]
    before = text[: number.start].rstrip()[-1:]
    if has_han(behind) or has_han(before):
        return replace(number, unit=YEAR) if behind in _BEHIND_YEARS else number
    return (
        number
        if _AMOUNT_SLOT.search(text, 0, number.start) and _CLAUSE_END.match(text, number.end)
        else replace(number, unit=YEAR)
    )


def _measured(text: str) -> Iterator[Number]:
    """Yield the quantities that `figures` reads, a range as two numbers and a counted thing without its counting word."""
    for quantity in find_quantities(text):
        start, end = quantity.start, quantity.end
        compared = quantity.unit in _COMPARED or quantity.unit.isupper()
        unit = quantity.unit if compared else ""
        link = _LINK.search(text, start, end)
        rest = next(_digits(text[link.end() : end]), None) if link else None
        if link and rest:
            yield Number(link.end() + rest.start, link.end() + rest.end, rest.value, unit)
            end = link.start()
        elif not compared and (bare := _DIGITS.match(text, start) or _HAN_NUMBER.match(text, start)):
            end = end if text.startswith("分之", bare.end()) else min(end, bare.end())
        yield Number(start, end, quantity.value, unit)


def _digits(text: str) -> Iterator[Number]:
    for match in _DIGITS.finditer(text):
        value = float(match["number"].replace(",", ""))
        scale = match["scale"] or ""
        power = _SCALES.get(scale, sum(_SCALES.get(character, 0) for character in scale))
        unit = (match["unit"] or "").strip()
        yield Number(match.start(), match.end(), value * 10**power, _UNITS.get(unit, "%"))


def _words(text: str) -> Iterator[Number]:
    for match in _WORD.finditer(text):
        word = match[0].lower()
        value, _, unit = _COUNTED.get(word, str(ENGLISH_NUMBERS.get(word, 0))).partition(" ")
        if word != "one":
            yield Number(match.start(), match.end(), float(value), unit)
    for match in _HAN_COUNTED.finditer(text):
        value, _, unit = _COUNTED[match[0]].partition(" ")
        yield Number(match.start(), match.end(), float(value), unit)


def _han(text: str) -> Iterator[Number]:
    for match in _HAN_NUMBER.finditer(text):
        digits = han_value(match["number"])
        if not digits:
            continue
        value = float(digits)
        if match["unit"] == "成" and value < 10:
            yield Number(match.start(), match.end(), value * 10, "%")
        else:
            unit = "th" if match["ordinal"] else "x" if match["unit"] == "倍" else ""
            yield Number(match.start(), match.end(), value, unit)
    for match in _HAN_SCALE.finditer(text):
        yield Number(match.start(), match.end(), float(10 ** _SCALES[match[0]]), "")
