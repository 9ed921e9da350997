"""Decides whether two English words may be synonyms: same stem, or a Chinese translation in common. Pure.

The dictionary is CC-CEDICT (text/english_chinese). A Chinese word of one character is too ambiguous to count.
"""

from __future__ import annotations

from functools import lru_cache

from bot.text.english_chinese import chinese_for

_STEM = 5
"""Leading letters that two words of one stem share: expect, expectation."""
_LEAST = 2


def may_say_the_same(one: str, other: str) -> bool:
    """Return whether two English words in lower case may stand for each other."""
    return (len(one) >= _STEM and one[:_STEM] == other[:_STEM]) or not _senses(one).isdisjoint(_senses(other))


@lru_cache(4_096)
def _senses(word: str) -> frozenset[str]:
    return frozenset(chinese for chinese in chinese_for(word) if len(chinese) >= _LEAST)
