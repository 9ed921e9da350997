"""Folds text for matching, the same way for the index and for a query. What is shown is never folded.

One written Chinese: traditional to simplified with OpenCC's own t2s tables, Taiwan's words to the mainland's.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Callable
from functools import cache
from pathlib import Path

from bot.text.rule_data import read_rows, read_table

HAN_BLOCKS = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00), (0x20000, 0x32000))
HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af]")
# Format, control, private and surrogate characters carry no meaning for matching, but split words.
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    r"\ufe00-\ufe0f\ufeff\ud800-\udfff\ue000-\uf8ff]"
)


def has_han(text: str) -> bool:
    """Whether `text` holds a Chinese character."""
    return not text.isascii() and HAN.search(text) is not None


# Kangxi radicals, ligatures, Arabic digits and Latin letters of full width, mathematical letters, compatibility Han: what
# looks like an ordinary character and is meant as one. Full-width punctuation, circled and raised numbers stay.
TWIN = re.compile(
    r"[\u2e80-\u2ef3\u2f00-\u2fd5\uf900-\ufad9\ufb00-\ufb06\uff10-\uff19\uff21-\uff3a\uff41-\uff5a"
    r"\U0001d400-\U0001d7ff\U0002f800-\U0002fa1d]"
)
"""Compatibility characters that are meant as the ordinary ones."""


def fold_twins(text: str) -> str:
    """`text` with compatibility characters as the ordinary ones that they look like; for text that is shown, too."""
    return TWIN.sub(_ordinary, text)


def _ordinary(match: re.Match[str]) -> str:
    return _radicals().get(match[0]) or unicodedata.normalize("NFKC", match[0])


@cache
def _radicals() -> dict[str, str]:
    return read_table(Path(__file__).with_name("radicals.tsv"))


def fold(text: str) -> str:
    """`text` in one canonical spelling for the index and for a query: as `fold_script`, and in the mainland's words.

    Idempotent for the text that reports hold.
    """
    return text.lower() if text.isascii() and text.isprintable() else to_mainland_words(fold_script(text))


def fold_script(text: str) -> str:
    """`text` with NFKC, without invisible characters, in lower case and simplified script; its words stay.

    NFKC can lengthen a character 18 times (U+FDFA), so cap after it.
    """
    if text.isascii():
        return (text if text.isprintable() else _INVISIBLE.sub("", text)).lower()
    text = fold_twins(text)
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))).casefold()
    return to_simplified(text)


def to_simplified(text: str) -> str:
    """`text` in simplified characters; text without a traditional character is returned as it is."""
    if text.isascii() or _may_be_traditional().search(text) is None or _traditional().isdisjoint(text):
        return text
    return _converter()(text)


def to_mainland_words(text: str) -> str:
    """Simplified `text` with Taiwan's words as the mainland says them; idempotent.

    OpenCC's tw2sp is not used: it reads traditional script alone, and takes words for others that the mainland has
    too (程序, 资料), so that texts of the mainland would no longer meet themselves.
    """
    matcher, twins = _regional()
    parts, end = [], 0
    for number, start, stop in matcher(text):
        parts += [text[end:start], twins[number]]
        end = stop
    return "".join([*parts, text[end:]]) if parts else text


@cache
def _regional() -> tuple[Callable[[str], list[tuple[int, int, int]]], tuple[str, ...]]:
    """Finds Taiwan's words in a text, leftmost and longest first, and the mainland's word for each."""
    from ahocorasick_rs import AhoCorasick, MatchKind

    rows = read_rows(Path(__file__).with_name("taiwan_words.tsv"))
    automaton = AhoCorasick([taiwan for taiwan, _ in rows], matchkind=MatchKind.LeftmostLongest)
    return automaton.find_matches_as_indexes, tuple(mainland for _, mainland in rows)


@cache
def _converter() -> Callable[[str], str]:
    """OpenCC's t2s conversion behind a lock: its wrapper does not promise to be safe in several threads."""
    from opencc import OpenCC

    converter, lock = OpenCC("t2s"), threading.Lock()

    def convert(text: str) -> str:
        with lock:
            return str(converter.convert(text))

    return convert


@cache
def _may_be_traditional() -> re.Pattern[str]:
    """Finds a character that t2s changes, or any rare one; five times as fast as comparing sets.

    A pattern of 900 rare ones would look through a list of them at every character.
    """
    common = sorted(character for character in _traditional() if character <= "\uffff")
    return re.compile(f"[{''.join(common)}\U00020000-\U0003ffff]")


@cache
def _traditional() -> frozenset[str]:
    """Every character that t2s changes, worked out from OpenCC itself (about 5,100 of 100,000, in 80 ms)."""
    characters = [chr(c) for first, end in HAN_BLOCKS for c in range(first, end)]
    converted = _converter()("\n".join(characters)).split("\n")
    return frozenset(old for old, new in zip(characters, converted, strict=True) if old != new)
