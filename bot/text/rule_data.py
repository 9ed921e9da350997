"""Reads rule data: word lists and tables stored beside the code that uses them. Knows their format, not their meaning.

A file is UTF-8. Its header, lines that begin with `#`, says what belongs in the file and what does not. Each further
line is one entry: a word in a `.txt`, columns separated by tabs in a `.tsv`, whose first column is the key. Entries are
sorted by code point, as by `LC_ALL=C sort`; tests/test_rule_data.py rejects anything else.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path


def read_words(path: Path) -> frozenset[str]:
    """Return the entries of a `.txt` file."""
    return frozenset(_entries(path))


def read_rows(path: Path) -> tuple[tuple[str, ...], ...]:
    """Return the columns of each entry of a `.tsv` file, in the file's order."""
    return tuple(tuple(entry.split("\t")) for entry in _entries(path))


def read_table(path: Path) -> dict[str, str]:
    """Return a `.tsv` file of two columns as a dict from the first to the second."""
    return {key: value for key, value in read_rows(path)}  # noqa: C416 -- dict() does not check for two columns


def read_kinds(path: Path) -> dict[str, list[str]]:
    """Return the words of a `.tsv` file of words and their kinds, by kind, in the file's order."""
    words: dict[str, list[str]] = defaultdict(list)
    for word, kind in read_rows(path):
        words[kind].append(word)
    return dict(words)


def any_of(words: Iterable[str]) -> str:
    """Return a pattern that matches any of `words`, longer ones first; a final `*` stands for any further letters."""
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    return "|".join(re.escape(word.removesuffix("*")) + r"\w*" * word.endswith("*") for word in longest_first)


def any_whole(words: Iterable[str]) -> str:
    """Return a pattern that matches any of `words`, longer ones first: in Latin letters as whole words, Chinese anywhere."""
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    return "|".join(f"{_edge(word[0])}{re.escape(word)}{_edge(word[-1])}" for word in longest_first)


def _edge(character: str) -> str:
    """Return the pattern for the end of a word at which this character stands."""
    return r"\b" if character.isascii() and character.isalnum() else ""


def _entries(path: Path) -> list[str]:
    """Return the lines of `path` that are neither header nor empty."""
    lines = path.read_text(encoding="utf-8").split("\n")
    return [line for line in lines if line and not line.startswith("#")]
