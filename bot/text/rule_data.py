"""Reads rule data: the lists of words and tables that lie beside the engines that use them. Knows the form, no meaning.

A file is UTF-8. Its header, lines that begin with `#`, says what belongs there and what does not. Each line after it
is one entry: a word in a `.txt`, columns parted by tabs in a `.tsv`, whose first column is the key. Entries are
sorted by code point, as `LC_ALL=C sort` does; tests/test_rule_data.py refuses anything else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path


def read_words(path: Path) -> frozenset[str]:
    """Return the entries of a `.txt` file."""
    return frozenset(_entries(path))


def read_rows(path: Path) -> tuple[tuple[str, ...], ...]:
    """Return the columns of each entry of a `.tsv` file, in the file's order."""
    return tuple(tuple(entry.split("\t")) for entry in _entries(path))


def read_table(path: Path) -> dict[str, str]:
    """Return the second column of each entry of a `.tsv` file of two, by its first."""
    return {key: value for key, value in read_rows(path)}  # noqa: C416 -- dict() does not check for two columns


def any_of(words: Iterable[str]) -> str:
    """Return a pattern that matches any of `words`, the longest first; `*` at the end of one stands for any letters."""
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    return "|".join(re.escape(word.removesuffix("*")) + r"\w*" * word.endswith("*") for word in longest_first)


def _entries(path: Path) -> list[str]:
    """Return the lines of `path` that are neither header nor empty."""
    lines = path.read_text(encoding="utf-8").split("\n")
    return [line for line in lines if line and not line.startswith("#")]
