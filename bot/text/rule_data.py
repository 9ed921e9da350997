"""Reads rule data: word lists and tables stored beside the code that uses them. Knows their format, not their meaning.

A file is UTF-8. Its header, lines that begin with `#`, says what belongs in the file and what does not. Each further
line is one entry: a word in a `.txt`, columns separated by tabs in a `.tsv`, whose first column is the key. Entries are
sorted by code point, as by `LC_ALL=C sort`; tests/test_rule_data.py rejects anything else. Lists become patterns, or, where
one is long, a matcher that passes over a text once.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from itertools import groupby
from os.path import commonprefix
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ahocorasick_rs import AhoCorasick


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
    """Return the words of a `.tsv` file of words and their kinds (several with commas), by kind, in the file's order."""
    words: dict[str, list[str]] = defaultdict(list)
    for word, kinds in read_rows(path):
        for kind in kinds.split(","):
            words[kind].append(word)
    return dict(words)


def any_of(words: Iterable[str]) -> str:
    """Return a pattern that matches any of `words`, longer ones first; a final `*` stands for any further letters."""
    return _prefix_tree({(word.removesuffix("*"), r"\w*" * word.endswith("*")) for word in words})


def any_whole(words: Iterable[str]) -> str:
    """Return a pattern that matches any of `words`, longer ones first: in Latin letters as whole words, Chinese anywhere."""
    by_edge = defaultdict(set)
    for word in words:
        by_edge[_edge(word[0])].add((word, _edge(word[-1])))
    return "|".join(f"{edge}(?:{_prefix_tree(own)})" for edge, own in sorted(by_edge.items()))


def _prefix_tree(endings: Iterable[tuple[str, str]]) -> str:
    """Return a pattern for any of these words, each followed by its own pattern, that branches character by character.

    `re` tries the branches of an alternation one after the other, so a flat list of hundreds of words is slow.
    """
    branches = []
    # The empty word, the end of a longer one, sorts first and has to be tried last.
    for first, own in groupby(
        sorted(endings, key=lambda one: (not one[0], *one)), key=lambda one: one[0][:1]
    ):
        words = list(own)
        if not first:
            branches += [following for _, following in reversed(words)]
            continue
        shared = commonprefix([word for word, _ in words])  # noqa: RUF071 -- characters are wanted
        rest = _prefix_tree((word[len(shared) :], following) for word, following in words)
        branches.append(re.escape(shared) + (f"(?:{rest})" if len(words) > 1 else rest))
    return "|".join(branches)


def _edge(character: str) -> str:
    """Return the pattern for the end of a word at which this character stands."""
    return r"\b" if character.isascii() and character.isalnum() else ""


def _entries(path: Path) -> list[str]:
    """Return the lines of `path` that are neither header nor empty."""
    lines = path.read_text(encoding="utf-8").split("\n")
    return [line for line in lines if line and not line.startswith("#")]


class AnyOfWords:
    """Matcher of a fixed set of words, anywhere in a text and in exactly this case. Built when first used."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = tuple(words)

    def occurs_in(self, text: str) -> bool:
        """Return whether `text` contains one of the words. Takes memory for each place that does: pass single lines."""
        return bool(self._automaton.find_matches_as_indexes(text))

    @cached_property
    def _automaton(self) -> AhoCorasick:
        from ahocorasick_rs import AhoCorasick

        return AhoCorasick(self._words)
