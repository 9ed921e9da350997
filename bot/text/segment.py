"""Cuts folded text into words for the index: jieba in search mode, Han bigrams beside it.

Knows no glossary: the words it must keep whole are handed in. Uses rjieba where it is installed (the same
dictionary and nearly the same tokens, about twenty times faster).
"""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Callable, Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from threading import Lock

from bot.text.normalise import has_han

_LATIN_WORD = re.compile(r"[^\W_\u3400-\u4dbf\u4e00-\u9fff]+(?:[.][0-9]+)*[+#]*")
_HAN_RUN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af]+")
# One cut of a longer run would hold the interpreter, and with it every other answer, for too long.
_CHUNK = 4_000
# High enough that a word of the glossary is never cut in two.
_WORD_FREQUENCY = 100_000

_Cut = Callable[[str], Iterable[tuple[str, int, int]]]


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

    def _cut(self, text: str) -> Iterable[tuple[str, int, int]]:
        if self._loaded is None:
            self.load()
        assert self._loaded is not None  # noqa: S101  # load() sets it or raises
        return self._loaded(text)

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Spans of the words of `text`, in search mode: long words and the words inside them."""
        for base in range(0, len(text), _CHUNK):
            for _, start, end in self._cut(text[base : base + _CHUNK]):
                yield base + start, base + end

    def terms(self, text: str, spans: Iterable[tuple[int, int]] | None = None) -> list[str]:
        """The index terms of folded `text`: Latin words and numbers, Han words, Han bigrams.

        `spans` saves a second cut where the caller has one already. The order means nothing: a phrase is
        checked in the text itself.
        """
        latin: list[str] = _LATIN_WORD.findall(text)
        if not has_han(text):
            return latin
        words = [text[start:end] for start, end in (self.spans(text) if spans is None else spans)]
        return [*latin, *(word for word in words if _HAN_RUN.match(word)), *bigrams(text)]


def bigrams(text: str) -> Iterator[str]:
    """Each pair of neighbouring Han characters: finds what the dictionary cuts in another place."""
    for run in _HAN_RUN.findall(text):
        for i in range(len(run) - 1):
            yield run[i : i + 2]


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
