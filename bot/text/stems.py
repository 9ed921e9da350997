"""Stems English words as the full-text index does: Porter's algorithm (1980). Keeps no text."""

from __future__ import annotations

from functools import lru_cache
from typing import Protocol


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...  # noqa: N802  # the library's name


@lru_cache(maxsize=1)
def _porter() -> _Stemmer:
    import snowballstemmer  # imported here because only English questions need it

    stemmer: _Stemmer = snowballstemmer.stemmer("porter")
    return stemmer


@lru_cache(maxsize=1 << 16)
def stem(term: str) -> str:
    """Return the stem of a folded English word; any other term unchanged."""
    return _porter().stemWord(term) if term.isascii() and term.isalpha() else term
