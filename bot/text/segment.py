"""Segments folded text into words for the index: jieba in search mode, plus terms that only help to find.

Knows no glossary: the words to keep whole are passed in. Uses rjieba where it is installed (the same dictionary, nearly
the same tokens, about twenty times faster).
"""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Callable, Iterable
from functools import cache, cached_property, lru_cache
from importlib.util import find_spec
from itertools import pairwise
from operator import add
from pathlib import Path
from threading import Lock

from bot.text.normalise import has_han
from bot.text.rule_data import read_table
from bot.text.stopwords import STOPWORDS

# A full stop before a word is part of its name: .net is not net.
_LETTERS = r"[^\W_\u3400-\u4dbf\u4e00-\u9fff]+"
_DOTTED = r"(?<![A-Za-z0-9_.])[.](?=[a-z])"
_LATIN_WORD = re.compile(rf"(?:{_LETTERS}|{_DOTTED}{_LETTERS})(?:[.][0-9]+)*[+#]*")
_ASCII_WORD = re.compile(rf"(?:[A-Za-z0-9]+|{_DOTTED}[a-z][A-Za-z0-9]*)(?:[.][0-9]+)*[+#]*")
"""The same for text in ASCII, in two thirds of the time."""
_LATIN = re.compile(r"[^\W_\u3400-\u4dbf\u4e00-\u9fff]")
"""What every Latin word has: one look that spares most Chinese sentences the pattern."""
_HAN_RUN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af]+")
_DIGIT = re.compile(r"[0-9]")
# Possessive, and \b before the look behind: most words have no hyphen, and are left at once.
_PART = r"[a-z0-9]++(?:[.][0-9]++)*"
HYPHENED = re.compile(rf"\b(?<![.-]){_PART}(?:-{_PART}){{1,3}}(?![\w-])", re.ASCII)
"""Two to four Latin words or numbers joined by hyphens, in folded text."""
_NUMBERED = re.compile(
    r"\b(?<![.-])([a-z]{2,}+)(?: (?=([a-z]?[0-9][a-z0-9]*(?:[.][0-9]+)*[a-z]*)(?![\w-]))|([0-9][a-z0-9]*(?:[.][0-9]+)*))",
    re.ASCII,
)
"""A name that a number follows, after a space (rtx 4090) or directly (gpt4o)."""
_MAY_SPELL = re.compile(r"[0-9](?:(?<=[a-z]{2}.)|(?<=[a-z]{2} .)|(?<=[a-z]{2} [a-z].))")
"""Matches in every text that has such a name or number: a cheap test before the full one."""
_YEAR = re.compile(r"(?:19|20)\d\d")
# Segmenting a longer run in one call would hold the interpreter, and every other answer, for too long.
_CHUNK = 4_000
# High enough that a glossary word is never split.
_WORD_FREQUENCY = 100_000
# ICTCLAS tags of people, places and organisations.
_NAME_TAGS = ("nr", "ns", "nt")

Word = tuple[str, int, int]
"""A word with its start and end in the text."""
_Cut = Callable[[str], Iterable[Word]]


class Segmenter:
    """Segmenter of folded text that keeps `words` (folded) whole. Safe to share between threads."""

    def __init__(
        self, words: Iterable[str] = (), *, cache: Path | None = None, fast: bool | None = None
    ) -> None:
        """Load nothing yet: the dictionary costs up to 1.5 s and is loaded for the first Chinese text.

        `cache` is a private folder for jieba's dictionary; the default is the shared temporary folder. `fast` selects
        rjieba (True) or jieba (False); None takes rjieba if it is installed.
        """
        self.name = "rjieba" if fast or (fast is None and find_spec("rjieba")) else "jieba"
        self._words = _of_han(words)
        self._cache = cache
        self._loading = Lock()
        self._loaded: _Cut | None = None

    def load(self) -> None:
        """Load the dictionary now, so that no reader waits for it."""
        with self._loading:
            if self._loaded is None:
                self._loaded = self._cutter()

    def keep_whole(self, words: Iterable[str]) -> None:
        """Keep `words` whole from now on, in place of the earlier ones; where they differ, takes as long as loading."""
        with self._loading:
            before, self._words = self._words, _of_han(words)
            if self._words != before:
                self.__dict__.pop("_tagged", None)
                # A new cutter, because words cannot be added to one that other threads are using.
                self._loaded = self._cutter() if self._loaded is not None else None

    def _cutter(self) -> _Cut:
        return _rjieba(self._words) if self.name == "rjieba" else _jieba(self._words, self._cache)

    def _cut(self, text: str) -> Iterable[Word]:
        if self._loaded is None:
            self.load()
        assert self._loaded is not None  # noqa: S101  # load() sets it or raises
        return self._loaded(text)

    def words(self, text: str) -> list[Word]:
        """Return the words of `text` with their spans, in search mode: long words and the words inside them."""
        if not has_han(text):
            word = _ASCII_WORD if text.isascii() else _LATIN_WORD
            return [(match[0], match.start(), match.end()) for match in word.finditer(text)]
        if len(text) <= _CHUNK:
            return list(self._cut(text))
        chunks = range(0, len(text), _CHUNK)
        return [
            (word, base + start, base + end)
            for base in chunks
            for word, start, end in self._cut(text[base : base + _CHUNK])
        ]

    def names(self, text: str) -> list[str]:
        """Return the people, places and organisations in folded `text` that the dictionary knows, in order; none in
        English.

        Uses part-of-speech tags: costs about as much as segmenting, and with jieba a second dictionary on the first
        call.
        """
        if not has_han(text):
            return []
        self.load()
        return [
            word for word, tag in self._tagged(text[:_CHUNK]) if tag.startswith(_NAME_TAGS) and len(word) > 1
        ]

    @cached_property
    def _tagged(self) -> Callable[[str], Iterable[tuple[str, str]]]:
        return _rjieba_tags(self._words) if self.name == "rjieba" else _jieba_tags(self._words)

    def terms(self, text: str) -> list[str]:
        """Return the index terms of folded `text`: its own words, then terms that only help to find.

        Their order has no meaning: phrases are checked in the text itself.
        """
        return [*self.own_words(text, self.words(text)), *finding_terms(text)]

    def own_words(self, text: str, words: Iterable[Word]) -> list[str]:
        """Return the words among the index terms: the Latin words and numbers of `text`, and those of `words` in Han.

        Irregular plurals become singular; regular ones are left to the index's stemmer (Porter).
        """
        # Most words are common Chinese, where comparing strings saves the regular expression.
        han = [w for w, _, _ in words if "\u4e00" <= w < "\ua000" or (w >= "\u3400" and _HAN_RUN.match(w))]
        irregular = _irregular_plurals()
        return [*[irregular.get(word, word) for word in latin_words(text)], *han]


def _of_han(words: Iterable[str]) -> list[str]:
    return [word for word in dict.fromkeys(words) if _HAN_RUN.fullmatch(word)]


def latin_words(text: str) -> list[str]:
    """Return the Latin words and numbers of folded `text` as written."""
    if text.isascii():
        return _ASCII_WORD.findall(text)
    return _LATIN_WORD.findall(text) if _LATIN.search(text) else []


def finding_terms(text: str) -> list[str]:
    """Return terms that only help to find: Han bigrams, and alternative spellings of product names."""
    return [*bigrams(text), *name_spellings(text)] if _DIGIT.search(text) else bigrams(text)


def bigrams(text: str) -> list[str]:
    """Return each pair of adjacent Han characters: finds words that the dictionary splits elsewhere."""
    if text.isascii():
        return []
    return [pair for run in _HAN_RUN.findall(text) for pair in map(add, run, run[1:])]


def name_spellings(text: str) -> list[str]:
    """Return alternative spellings of names with numbers: gpt4o for gpt-4o, rtx4090 for rtx 4090, parts of gpt4o."""
    spellings: list[str] = []
    for match in HYPHENED.finditer(text) if "-" in text else ():
        parts = match[0].split("-")
        if _DIGIT.search(match[0]):
            spellings += ["".join(parts), *([a + b for a, b in pairwise(parts)] if len(parts) > 2 else ())]
    if _MAY_SPELL.search(text) is None:
        return spellings
    names = [match.groups() for match in _NUMBERED.finditer(text)]
    spellings += [
        name + number
        for name, number, _ in names
        if number and name not in STOPWORDS and not _YEAR.fullmatch(number)
    ]
    together = [(name, number) for name, _, number in names if number]
    spellings += [part for pair in together for part in pair]
    # The number of deepseekr1 begins with a letter.
    spellings += [
        part for name, number in together if len(name) > 3 for part in (name[:-1], name[-1] + number)
    ]
    return spellings


@lru_cache(maxsize=1 << 16)
def singular(term: str) -> str:
    """Return the singular of an English word: irregular plurals by a list, others by the S stemmer (Harman 1991)."""
    if (irregular := _irregular_plurals().get(term)) is not None:
        return irregular
    if (
        not term.endswith("s")
        or len(term) < 4
        or term.endswith(("us", "ss", "aes", "ees", "oes", "aies", "eies"))
    ):
        return term
    return term[:-3] + "y" if term.endswith("ies") else term[:-1]


@cache
def _irregular_plurals() -> dict[str, str]:
    return read_table(Path(__file__).with_name("irregular_plurals.tsv"))


def _rjieba(words: list[str]) -> _Cut:
    import rjieba

    cutter = rjieba.Jieba()
    for word in words:
        cutter.add_word(word, _WORD_FREQUENCY, None)
    return lambda text: cutter.tokenize(text, "search")


def _rjieba_tags(words: list[str]) -> Callable[[str], Iterable[tuple[str, str]]]:
    import rjieba

    cutter = rjieba.Jieba()
    for word in words:
        cutter.add_word(word, _WORD_FREQUENCY, None)
    tag: Callable[[str], Iterable[tuple[str, str]]] = cutter.tag
    return tag


def _jieba_tags(words: list[str]) -> Callable[[str], Iterable[tuple[str, str]]]:
    from jieba.posseg import POSTokenizer

    tokenizer = POSTokenizer()
    for word in words:
        tokenizer.tokenizer.add_word(word, _WORD_FREQUENCY)
    return lambda text: ((pair.word, pair.flag) for pair in tokenizer.cut(text))


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
