"""Parses comparisons: "DeepSeek vs Qwen", 算力和芯片对比. Knows no topics: the caller decides what is comparable. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from bot.text.rule_data import read_rows

_AROUND = " .,!?…。，！？:：、"
_OF = "的"
_SPACE = re.compile(r"\s+")
_HERE = Path(__file__).parent


def pair_in(text: str, sound: Callable[[str], bool]) -> tuple[str, str] | None:
    """Return the two things that `text` explicitly compares, or None. Both must satisfy `sound`.

    "and" separates them only if other words state the comparison ("compare A and B"). What is said of both behind the
    second is said of each: 百度和阿里的芯片 are 百度的芯片 and 阿里的芯片.
    """
    asked = _without(text, "ask")
    bare = _bare(asked)
    compared = bare != asked
    return _pair(bare, sound, _parting("between", "and") if compared else _parting("between"))


def pair_after(text: str, sound: Callable[[str], bool]) -> tuple[str, str] | None:
    """Return the two things named after /compare, preferring a split where both satisfy `sound`.

    If no word separates them, a space between two that do is enough.
    """
    bare, parting = _bare(_without(text, "ask")), _parting("between", "and")
    return _pair(bare, sound, parting) or next(_halves(bare, parting), None) or _pair(bare, sound, _SPACE)


def _pair(text: str, sound: Callable[[str], bool], parting: re.Pattern[str]) -> tuple[str, str] | None:
    shared = (_with_shared_noun(one, other) for one, other in _halves(text, parting))
    return next(((one, other) for one, other in shared if sound(one) and sound(other)), None)


def _with_shared_noun(one: str, other: str) -> tuple[str, str]:
    """Return the halves, the first one with what stands behind 的 in the second."""
    noun = "" if _OF in one else other.partition(_OF)[2]
    return (f"{one}{_OF}{noun}", other) if noun else (one, other)


def _halves(text: str, parting: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    """Yield the text on either side of each separator."""
    for match in parting.finditer(text):
        one, other = text[: match.start()].strip(_AROUND), text[match.end() :].strip(_AROUND)
        if one and other:
            yield one, other


def _bare(text: str) -> str:
    """Return the text without the words that only ask for a comparison: a leading 对比一下, a trailing 哪个好."""
    begun = _without(text, "begin")
    return re.sub(rf"(?:{_words('end')})$", "", begun, count=1, flags=re.IGNORECASE).strip(_AROUND)


def _without(text: str, kind: str) -> str:
    """Return the text without words of a kind at its beginning."""
    shown = text.strip(_AROUND)
    return re.sub(rf"^(?:{_words(kind)})", "", shown, count=1, flags=re.IGNORECASE).strip(_AROUND)


@cache
def _parting(*kinds: str) -> re.Pattern[str]:
    return re.compile("|".join(_words(kind) for kind in kinds), re.IGNORECASE)


@cache
def _words(kind: str) -> str:
    """Return a pattern of the words of a kind, longest first; Latin ones stand between spaces, or before a comma or colon."""
    words = sorted(
        (word for word, kinds in read_rows(_HERE / "comparison_words.tsv") if kind in kinds.split(",")),
        key=len,
        reverse=True,
    )
    return "|".join(
        rf"(?<!\S){re.escape(w)}(?![^\s,:])" if w.isascii() and w[0].isalpha() else re.escape(w)
        for w in words
    )
