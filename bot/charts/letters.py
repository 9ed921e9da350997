"""Knows which characters the picture's font has and how wide they are; replaces and reports those it lacks. Pure."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from bot.settings import packaged
from bot.text.normalise import to_simplified
from bot.text.rule_data import read_rows

MISSING = "□"
"""Replacement for a character that the font lacks."""

_CUT = "…"
# These have no glyph in any font: they only join, separate or colour other characters.
_UNSEEN = frozenset({"Cc", "Cf", "Cs"})
_SELECTORS = frozenset(map(chr, range(0xFE00, 0xFE10)))


class Drawable(NamedTuple):
    """A text in characters that the font has, and the original characters that had to be replaced."""

    text: str
    missing: frozenset[str]


def drawable(text: str) -> Drawable:
    """Return `text` in characters that the font has: as written, else in a simpler form, else as MISSING."""
    shown: list[str] = []
    missing: set[str] = set()
    for character in unicodedata.normalize("NFC", text):
        replaced = _shown(character)
        if replaced is None:
            missing.add(character)
        shown.append(MISSING if replaced is None else replaced)
    return Drawable(" ".join("".join(shown).split()), frozenset(missing))


def width(text: str, size: float) -> float:
    """Return the width of a drawable text at a font size, in the units of that size."""
    return sum(_advance(ord(character)) for character in text) * size / 1000


def clipped(text: str, size: float, most: float) -> str:
    """Return a drawable text shortened to the width `most`; an ellipsis marks the cut."""
    if width(text, size) <= most:
        return text
    while text and width(text + _CUT, size) > most:
        text = text[:-1]
    return text.rstrip() + _CUT


def _shown(character: str) -> str | None:
    if character.isspace():
        return " "
    for form in _forms(character):
        if form and all(_advance(ord(one)) for one in form):
            return form
    if character in _SELECTORS or unicodedata.category(character) in _UNSEEN:
        return ""
    return None


def _forms(character: str) -> Iterator[str]:
    """Yield the character and then its substitutes: compatible form, simplified Chinese, without accents."""
    yield character
    yield unicodedata.normalize("NFKC", character)
    yield to_simplified(character)
    yield "".join(c for c in unicodedata.normalize("NFKD", character) if not unicodedata.combining(c))


@cache
def _runs() -> tuple[tuple[int, int, int], ...]:
    rows = read_rows(packaged("fonts") / "advances.tsv")
    return tuple((int(first, 16), int(last, 16), int(advance)) for first, last, advance in rows)


@cache
def _firsts() -> tuple[int, ...]:
    return tuple(first for first, _, _ in _runs())


def _advance(code: int) -> int:
    """Return the width of a character in 1/1000 em, 0 where the font lacks it."""
    place = bisect_right(_firsts(), code) - 1
    if place < 0:
        return 0
    _, last, advance = _runs()[place]
    return advance if code <= last else 0
