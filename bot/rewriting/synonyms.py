"""Whether two English words may say the same: of one stem, or with a Chinese word in common. Pure; judges no sentence.

The list is CC-CEDICT's (text/english_chinese). A Chinese word of one character is too many things to count.
"""

from __future__ import annotations

from functools import lru_cache

from bot.text.english_chinese import chinese_for

_STEM = 5
"""Letters that two words of one stem share: expect, expectation."""
_LEAST = 2


def may_say_the_same(one: str, other: str) -> bool:
    """Whether two English words in small letters may stand for each other."""
    return (len(one) >= _STEM and one[:_STEM] == other[:_STEM]) or not _senses(one).isdisjoint(_senses(other))


@lru_cache(4_096)
def _senses(word: str) -> frozenset[str]:
    return frozenset(chinese for chinese in chinese_for(word) if len(chinese) >= _LEAST)
