"""Words that a typesetter broke at the end of a line. Knows two lines, no paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from functools import cache
from pathlib import Path

from bot.text.rule_data import read_table

_HEAD = re.compile(r"(?<![\w.@/])[A-Za-z](?:[A-Za-z-]*[A-Za-z])?[-‐]$")
# US-|China, 2023-|2024: no word is broken, but the line is.
_PAIR_HEAD, _PAIR_TAIL = re.compile(r"[A-Za-z0-9][-‐]$"), re.compile("[A-Z0-9]")
_NARROWEST = 40
"""Characters of a line that is taken for one that the column ended."""
_LONGEST = 60
"""Characters of a broken compound before its last hyphen."""
_TAIL = re.compile(r"[a-z]+(?=[^\w@/]|$)")
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*")


def is_broken(line: str, following: str) -> bool:
    """Whether a word goes on from the end of `line` into `following`: a hyphen, and what belongs to it after it."""
    if not line.endswith(("-", "‐")):
        return False
    if tail := _TAIL.match(following):
        return (
            _parts().get(tail[0]) != "apart" and _HEAD.search(line, max(0, len(line) - _LONGEST)) is not None
        )
    return _is_pair(line, following)


def _is_pair(line: str, following: str) -> bool:
    """Whether a hyphen joins two names or numbers over the end of a line that is as long as a column."""
    return (
        len(line) >= _NARROWEST
        and _PAIR_HEAD.search(line, len(line) - 2) is not None
        and _PAIR_TAIL.match(following) is not None
    )


def words_of(lines: Iterable[str]) -> AbstractSet[str]:
    """The English words of the text, hyphened ones too, as witnesses of how a broken one is written."""
    return {word for line in lines for word in _WORD.findall(line.lower())}


def join_broken(line: str, following: str, words: AbstractSet[str]) -> str:
    """Two lines that share a broken word, as one; the hyphen stays where it belongs to the word.

    It does where the text itself has the word so (`words`), in longer compounds (state-of-|the-art), after capitals
    (GPU-|based), after one letter (e-|mail), and with the parts of compound_parts.tsv.
    """
    head, tail = _HEAD.search(line, max(0, len(line) - _LONGEST)), _TAIL.match(following)
    if tail is None and _is_pair(line, following):
        return f"{line}{following}"
    if head is None or tail is None:
        return f"{line} {following}"
    keeps = _keeps_hyphen(head[0][:-1], tail[0], words)
    return f"{line[:-1]}{'-' if keeps else ''}{following}"


def _keeps_hyphen(head: str, tail: str, words: AbstractSet[str]) -> bool:
    small = head.lower()
    if f"{small}{tail}" in words:
        return False
    if f"{small}-{tail}" in words or "-" in head or len(head) == 1 or head.isupper():
        return True
    kinds = _parts()
    return kinds.get(small) != "joined" and (kinds.get(small) == "first" or kinds.get(tail) == "second")


@cache
def _parts() -> dict[str, str]:
    return read_table(Path(__file__).with_name("compound_parts.tsv"))
