"""Joins words that typesetting broke at the end of a line. Looks at two lines, not at paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from functools import cache
from pathlib import Path

from bot.text.rule_data import read_table

_HEAD = re.compile(r"(?<![\w.@/])[A-Za-z](?:[A-Za-z-]*[A-Za-z])?[-‐]$")
# US-|China, 2023-|2024: the line breaks at a hyphen, but no word does.
_PAIR_HEAD, _PAIR_TAIL = re.compile(r"[A-Za-z0-9][-‐]$"), re.compile("[A-Z0-9]")
_NARROWEST = 40
"""Minimum characters of a line that its column's width, and not its author, ended."""
_LONGEST = 60
"""Maximum characters of a broken compound before its last hyphen."""
_TAIL = re.compile(r"[a-z]+(?=[^\w@/]|$)")
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*")


def is_broken(line: str, following: str) -> bool:
    """Return whether a word continues from the end of `line` into `following`: a hyphen and its second part."""
    if not line.endswith(("-", "‐")):
        return False
    if tail := _TAIL.match(following):
        return (
            _parts().get(tail[0]) != "apart" and _HEAD.search(line, max(0, len(line) - _LONGEST)) is not None
        )
    return _is_pair(line, following)


def _is_pair(line: str, following: str) -> bool:
    """Return whether a hyphen joins two names or numbers across the end of a full-width line."""
    return (
        len(line) >= _NARROWEST
        and _PAIR_HEAD.search(line, len(line) - 2) is not None
        and _PAIR_TAIL.match(following) is not None
    )


def words_of(lines: Iterable[str]) -> AbstractSet[str]:
    """Return the English words of a text in lower case, hyphenated ones too: evidence of how a broken word is written."""
    return {word for line in lines for word in _WORD.findall(line.lower())}


def join_broken(line: str, following: str, words: AbstractSet[str]) -> str:
    """Return two lines joined at their broken word; the hyphen stays where it belongs to the word.

    It does where the text has the hyphenated word (`words`), in longer compounds (state-of-|the-art), after capitals
    (GPU-|based), after a single letter (e-|mail), and with the parts in compound_parts.tsv.
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
