"""One written Chinese for matching: traditional to simplified with OpenCC's own t2s tables, Taiwan's words to the mainland's.

Judges no language.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import cache
from pathlib import Path

from bot.text.rule_data import read_rows

HAN_BLOCKS = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00), (0x20000, 0x32000))


def to_simplified(text: str) -> str:
    """`text` in simplified characters; text without a traditional character is returned as it is."""
    if text.isascii() or _traditional().isdisjoint(text):
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
def _traditional() -> frozenset[str]:
    """Every character that t2s changes, worked out from OpenCC itself (about 5,100 of 100,000, in 80 ms)."""
    characters = [chr(c) for first, end in HAN_BLOCKS for c in range(first, end)]
    converted = _converter()("\n".join(characters)).split("\n")
    return frozenset(old for old, new in zip(characters, converted, strict=True) if old != new)
