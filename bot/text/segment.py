"""Cuts folded text into words for the index: jieba in search mode, Han bigrams beside it.

Knows no glossary: the words it must keep whole are handed in. Uses rjieba where it is installed (the same
dictionary and nearly the same tokens, about twenty times faster).
"""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Callable, Iterable
from functools import lru_cache
from importlib.util import find_spec
from operator import add
from pathlib import Path
from threading import Lock

from bot.text.normalise import has_han

_LATIN_WORD = re.compile(r"[^\W_\u3400-\u4dbf\u4e00-\u9fff]+(?:[.][0-9]+)*[+#]*")
_HAN_RUN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af]+")
# One cut of a longer run would hold the interpreter, and with it every other answer, for too long.
_CHUNK = 4_000
# High enough that a word of the glossary is never cut in two.
_WORD_FREQUENCY = 100_000

Word = tuple[str, int, int]
"""A word with its start and end in the text."""
_Cut = Callable[[str], Iterable[Word]]


class Segmenter:
    """Cuts folded text into words; `words` (folded) are kept whole. Safe to share between threads."""

    def __init__(
        self, words: Iterable[str] = (), *, cache: Path | None = None, fast: bool | None = None
    ) -> None:
        """Loads nothing yet: the dictionary costs up to 1.5 s and comes with the first text in Chinese.

        `cache` is a private folder for jieba's dictionary; the default is the shared temporary folder. `fast`
        asks for rjieba (True) or jieba (False); None takes what is installed.
        """
        self.name = "rjieba" if fast or (fast is None and find_spec("rjieba")) else "jieba"
        self._words = [word for word in dict.fromkeys(words) if _HAN_RUN.fullmatch(word)]
        self._cache = cache
        self._loading = Lock()
        self._loaded: _Cut | None = None

    def load(self) -> None:
        """Loads the dictionary now, so that no reader waits for it."""
        with self._loading:
            if self._loaded is None:
                self._loaded = (
                    _rjieba(self._words) if self.name == "rjieba" else _jieba(self._words, self._cache)
                )

    def _cut(self, text: str) -> Iterable[Word]:
        if self._loaded is None:
            self.load()
        assert self._loaded is not None  # noqa: S101  # load() sets it or raises
        return self._loaded(text)

    def words(self, text: str) -> list[Word]:
        """The words of `text` with their spans, in search mode: long words and the words inside them."""
        if not has_han(text):
            return [(match[0], match.start(), match.end()) for match in _LATIN_WORD.finditer(text)]
        if len(text) <= _CHUNK:
            return list(self._cut(text))
        chunks = range(0, len(text), _CHUNK)
        return [
            (word, base + start, base + end)
            for base in chunks
            for word, start, end in self._cut(text[base : base + _CHUNK])
        ]

    def terms(self, text: str) -> list[str]:
        """The index terms of folded `text`: its own words, then its Han bigrams.

        The order means nothing: a phrase is checked in the text itself.
        """
        return [*self.own_words(text, self.words(text)), *bigrams(text)]

    def own_words(self, text: str, words: Iterable[Word]) -> list[str]:
        """The words among the index terms: Latin words and numbers, and those Han `words` of the text."""
        # Most words are common Chinese: comparing strings spares the pattern.
        han = [w for w, _, _ in words if "\u4e00" <= w < "\ua000" or (w >= "\u3400" and _HAN_RUN.match(w))]
        return [*_LATIN_WORD.findall(text), *han]


def bigrams(text: str) -> list[str]:
    """Each pair of neighbouring Han characters: finds what the dictionary cuts in another place."""
    return [pair for run in _HAN_RUN.findall(text) for pair in map(add, run, run[1:])]


@lru_cache(maxsize=1 << 16)
def singular(term: str) -> str:
    """An English word without its plural ending: the S stemmer (Harman 1991), where the index has Porter's."""
    if (
        not term.endswith("s")
        or len(term) < 4
        or term.endswith(("us", "ss", "aes", "ees", "oes", "aies", "eies"))
    ):
        return term
    return term[:-3] + "y" if term.endswith("ies") else term[:-1]


def _rjieba(words: list[str]) -> _Cut:
    import rjieba

    cutter = rjieba.Jieba()
    for word in words:
        cutter.add_word(word, _WORD_FREQUENCY, None)
    return lambda text: cutter.tokenize(text, "search")


def _jieba(words: list[str], cache: Path | None) -> _Cut:
    with warnings.catch_warnings():
        # jieba's last release has invalid escapes and, beside an old setuptools, a deprecated import.
        warnings.simplefilter("ignore")
        import jieba

    jieba.setLogLevel(logging.WARNING)
    cutter = jieba.Tokenizer()
    cutter.tmp_dir = str(cache) if cache else None
    cutter.initialize()
    for word in words:
        cutter.add_word(word, _WORD_FREQUENCY)
    return lambda text: cutter.tokenize(text, mode="search")
