"""Cuts folded text into words for the index: jieba in search mode, and beside it what only helps to find.

Knows no glossary: the words it must keep whole are handed in. Uses rjieba where it is installed (the same
dictionary and nearly the same tokens, about twenty times faster).
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

# A full stop before a word is part of its name: .net is no net.
_LATIN_WORD = re.compile(
    r"(?:(?<![A-Za-z0-9_.])[.](?=[a-z]))?[^\W_\u3400-\u4dbf\u4e00-\u9fff]+(?:[.][0-9]+)*[+#]*"
)
_HAN_RUN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af]+")
_DIGIT = re.compile(r"[0-9]")
_PART = r"[a-z0-9]+(?:[.][0-9]+)*"
HYPHENED = re.compile(rf"(?<![\w.-]){_PART}(?:-{_PART}){{1,3}}(?![\w-])", re.ASCII)
"""Two to four Latin words or numbers in folded text that hyphens join."""
_SPACED = re.compile(
    r"(?<![\w.-])(?=([a-z]{2,}) ([a-z]?[0-9][a-z0-9]*(?:[.][0-9]+)*[a-z]*)(?![\w-]))", re.ASCII
)
_MAY_SPELL = re.compile(r"[a-z]{2} ?[a-z]?[0-9]")
"""What every name has whose number stands right behind it, or behind a space."""
_YEAR = re.compile(r"(?:19|20)\d\d")
# gpt4o, and deepseekr1 whose number begins with a letter.
_RUN_TOGETHER = (
    re.compile(r"(?<![\w.-])([a-z]{2,})([0-9][a-z0-9]*(?:[.][0-9]+)*)", re.ASCII),
    re.compile(r"(?<![\w.-])([a-z]{3,})([a-z][0-9][a-z0-9]*(?:[.][0-9]+)*)", re.ASCII),
)
# One cut of a longer run would hold the interpreter, and with it every other answer, for too long.
_CHUNK = 4_000
# High enough that a word of the glossary is never cut in two.
_WORD_FREQUENCY = 100_000
# Of ICTCLAS: people, places, organisations.
_NAME_TAGS = ("nr", "ns", "nt")

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
        self._words = _of_han(words)
        self._cache = cache
        self._loading = Lock()
        self._loaded: _Cut | None = None

    def load(self) -> None:
        """Loads the dictionary now, so that no reader waits for it."""
        with self._loading:
            if self._loaded is None:
                self._loaded = self._cutter()

    def keep_whole(self, words: Iterable[str]) -> None:
        """Keeps these `words` whole from now on, in place of those before; takes as long as loading where any differ."""
        with self._loading:
            before, self._words = self._words, _of_han(words)
            if self._words != before:
                self.__dict__.pop("_tagged", None)
                # Another cutter: one cannot be given words while other threads cut with it.
                self._loaded = self._cutter() if self._loaded is not None else None

    def _cutter(self) -> _Cut:
        return _rjieba(self._words) if self.name == "rjieba" else _jieba(self._words, self._cache)

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

    def names(self, text: str) -> list[str]:
        """The people, places and organisations that the dictionary knows in folded `text`, in order; none in English.

        By part of speech: costs about as much as cutting, and for jieba a second dictionary at the first call.
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
        """The index terms of folded `text`: its own words, then those that only help to find.

        The order means nothing: a phrase is checked in the text itself.
        """
        return [*self.own_words(text, self.words(text)), *finding_terms(text)]

    def own_words(self, text: str, words: Iterable[Word]) -> list[str]:
        """The words among the index terms: Latin words and numbers, and those Han `words` of the text.

        Irregular plurals stand as their singular; regular ones are the index's own concern (Porter).
        """
        # Most words are common Chinese: comparing strings spares the pattern.
        han = [w for w, _, _ in words if "\u4e00" <= w < "\ua000" or (w >= "\u3400" and _HAN_RUN.match(w))]
        irregular = _irregular_plurals()
        return [*[irregular.get(word, word) for word in latin_words(text)], *han]


def _of_han(words: Iterable[str]) -> list[str]:
    return [word for word in dict.fromkeys(words) if _HAN_RUN.fullmatch(word)]


def latin_words(text: str) -> list[str]:
    """The Latin words and numbers of folded `text`, as they are written."""
    return _LATIN_WORD.findall(text)


def finding_terms(text: str) -> list[str]:
    """Terms that only help to find: Han bigrams, and names of products in their other spellings."""
    return [*bigrams(text), *name_spellings(text)] if _DIGIT.search(text) else bigrams(text)


def bigrams(text: str) -> list[str]:
    """Each pair of neighbouring Han characters: finds what the dictionary cuts in another place."""
    return [pair for run in _HAN_RUN.findall(text) for pair in map(add, run, run[1:])]


def name_spellings(text: str) -> list[str]:
    """What a name with a number is also typed as: gpt4o for gpt-4o, rtx4090 for rtx 4090, and the parts of gpt4o."""
    spellings: list[str] = []
    for match in HYPHENED.finditer(text) if "-" in text else ():
        parts = match[0].split("-")
        if _DIGIT.search(match[0]):
            spellings += ["".join(parts), *([a + b for a, b in pairwise(parts)] if len(parts) > 2 else ())]
    if _MAY_SPELL.search(text) is None:  # one look that spares most sentences three
        return spellings
    for match in _SPACED.finditer(text):
        if match[1] not in STOPWORDS and not _YEAR.fullmatch(match[2]):
            spellings.append(match[1] + match[2])
    for pattern in _RUN_TOGETHER:
        spellings += [part for match in pattern.finditer(text) for part in match.groups()]
    return spellings


@lru_cache(maxsize=1 << 16)
def singular(term: str) -> str:
    """The singular of an English word: irregular plurals by a list, others by the S stemmer (Harman 1991)."""
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
