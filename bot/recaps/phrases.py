"""Finds the phrases of a rule file in a text, as whole words, or as parts of a pattern. Users interpret their kinds.

The file gives the words and their kinds, code their order in a pattern.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from bot.text.normalise import fold
from bot.text.rule_data import any_of, read_rows

if TYPE_CHECKING:
    from ahocorasick_rs import AhoCorasick


_LONGER = 4


_KIND = re.compile(r"\{([a-z][a-z-]*)\}")


class Phrase(NamedTuple):
    """A phrase found in a folded text: its kinds, and its start and end index."""

    kinds: frozenset[str]
    start: int
    end: int


class PhraseBook:
    """The phrases of a `.tsv` file beside this module; rows: phrase, kinds separated by spaces. Read at first use."""

    def __init__(self, name: str) -> None:
        self._path = Path(__file__).with_name(name)

    @cached_property
    def _kinds(self) -> list[frozenset[str]]:
        return [frozenset(kinds.split()) for _, kinds in read_rows(self._path)]

    @cached_property
    def _automaton(self) -> AhoCorasick:
        from ahocorasick_rs import AhoCorasick

        return AhoCorasick([phrase for phrase, _ in read_rows(self._path)])

    @cached_property
    def _reach(self) -> int:
        """The number of characters within which a phrase at the beginning ends, however folding changes their number."""
        return _LONGER * max(len(phrase) for phrase, _ in read_rows(self._path))

    def find(self, text: str) -> list[Phrase]:
        """Return the phrases in a text, by end, Latin ones as whole words. Indices are those of the folded text."""
        folded = folded_line(text)
        return [
            Phrase(self._kinds[number], start, end)
            for number, start, end in self._automaton.find_matches_as_indexes(folded, overlapping=True)
            if not _is_inside_word(folded, start) and not _is_inside_word(folded, end)
        ]

    def kinds(self, text: str) -> frozenset[str]:
        """Return the kinds of all phrases in a text."""
        return frozenset[str]().union(*(phrase.kinds for phrase in self.find(text)))

    def opening(self, text: str) -> Phrase | None:
        """Return the longest phrase that a text begins with, None without one."""
        phrases = [phrase for phrase in self.find(text[: self._reach]) if not phrase.start]
        return max(phrases, key=lambda phrase: phrase.end, default=None)


def folded_line(text: str) -> str:
    """Return `text` folded and with straight apostrophes, as the phrases are written."""
    return fold(text).replace("’", "'")


def _is_inside_word(folded: str, index: int) -> bool:
    """Return whether there is a Latin letter or digit on both sides of an index."""
    beside = folded[max(0, index - 1) : index + 1]
    return 0 < index < len(folded) and beside.isascii() and beside.isalnum()


class FormWords:
    """The words of a `.tsv` file beside this module, by kind. Each row: word, kinds separated by spaces.

    `parts` are named sub-patterns that several patterns use; they may refer to kinds and to the parts before them.
    """

    def __init__(self, name: str, parts: dict[str, str] | None = None) -> None:
        words: dict[str, list[str]] = defaultdict(list)
        for word, kinds in read_rows(Path(__file__).with_name(name)):
            for kind in kinds.split():
                words[kind].append(word)
        self._kinds = {kind: any_of(own) for kind, own in words.items()}
        for part, form in (parts or {}).items():
            self._kinds[part] = self._expanded(form)

    def pattern(self, form: str) -> re.Pattern[str]:
        """Return `form` compiled, ignoring case; `{kind}` in it matches any word of that kind."""
        return re.compile(self._expanded(form), re.IGNORECASE)

    def _expanded(self, form: str) -> str:
        return _KIND.sub(lambda named: f"(?:{self._kinds[named[1]]})", form)
