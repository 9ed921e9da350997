"""Tells whether a text contains any of many words, in one pass however many they are."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ahocorasick_rs import AhoCorasick


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
