"""Translates English words and phrases into Chinese with a list made from CC-CEDICT. Pure; loads the list on first use."""

from __future__ import annotations

from bisect import bisect_left
from functools import cache
from pathlib import Path

from bot.text.segment import singular

LONGEST = 3
"""Words of the longest phrases in the list."""
_ENDINGS = ("d", "ed", "ing", "er")


def chinese_for(english: str) -> tuple[str, ...]:
    """Return the Chinese words for a folded English word or phrase, the most usual first; empty if it is not listed.

    Plurals and, for a single word, verb endings are reduced to the listed form.
    """
    *before, last = english.split(" ")
    forms = [last, singular(last)]
    if not before:
        forms += [
            last.removesuffix(ending) + e for ending in _ENDINGS if last.endswith(ending) for e in ("", "e")
        ]
    return next((words for form in forms if (words := _listed(" ".join([*before, form])))), ())


def is_chinese_word(word: str) -> bool:
    """Whether the list has a word in simplified Han characters as Chinese for anything."""
    return word in _chinese()


@cache
def _chinese() -> frozenset[str]:
    return frozenset(word for line in _lines() for word in line.partition("\t")[2].split())


def _listed(english: str) -> tuple[str, ...]:
    lines = _lines()
    place = bisect_left(lines, f"{english}\t")
    key, _, words = lines[place].partition("\t") if place < len(lines) else ("", "", "")
    return tuple(words.split()) if key == english else ()


@cache
def _lines() -> list[str]:
    text = Path(__file__).with_name("english_chinese.tsv").read_text("utf-8")
    return [line for line in text.split("\n") if line and not line.startswith("#")]
