"""Breaks a sentence into what code can compare with its source: numbers, names, topics and content words.

Reads strings only; stores nothing and decides nothing.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from bot.library.glossary import Glossary
from bot.rewriting.numbers import NOT_AMOUNTS, YEAR, Number, find_numbers
from bot.text.language import language_by_script
from bot.text.normalise import HAN, fold, has_han, to_mainland_words, to_simplified
from bot.text.rule_data import any_whole, read_words
from bot.text.segment import Segmenter, singular
from bot.text.stems import stem
from bot.text.stopwords import STOPWORDS

Kind = Literal["number", "name", "word"]

_FREE = read_words(Path(__file__).with_name("linking_words.txt")) | STOPWORDS
"""Words that state nothing: neither counted as said nor as missing."""
_OPENERS = read_words(Path(__file__).with_name("common_openers.txt"))
_MIXED = r"\d+[A-Za-z][\w.+-]*|[A-Za-z][A-Za-z'’]*(?:[-.+]?\w+)*"
_LATIN = re.compile(rf"(?:{_MIXED})", re.ASCII)
_CLAUSE = re.compile(
    r"[,，、;；:：。！？!?—()（）]|\.(?=\s|$)|\s(?=(?:while|whereas|although|because|but)\b)"
    r"|\sand(?=\s(?:(?:by|to|in|about|only)\s)?[$€£]?\d)"
)
_LIST = "、"
_SPACED_NUMBER = re.compile(r"(?<=[\u4e00-\u9fff]) (?=\d)|(?<=\d) (?=[\u4e00-\u9fff])")
"""A space that some writers put between a number and Chinese characters: 2021 年."""
_QUOTED = re.compile(r"[“\"「『《]([^”\"」』》]{1,80})[”\"」』》]")
_POSSESSIVE = re.compile(r"['’]s?$")
_PHRASE = 4
_SWALLOWED_BY_NONE = frozenset("0123456789万亿")
_MEASURES = frozenset("年个倍成次项家款位天周月件台人种篇名元大点组条")
"""Characters that may follow a numeral in one dictionary word without making it a name: 三年, but not 三星."""
_SENTENCE_START = re.compile(r"(?:^|[.!?:]\s+|[“\"])\W*$")


class Token(Struct, frozen=True):
    """A number, name or content word. Equal `key`s mean the same; `topics` are the glossary topics it belongs to.

    `start` is its offset in the reading's text; `clause` counts from 0. `listed`: it is an item of an enumeration
    (A、B). `assumed`: it counts as a name only for its capital at the beginning of a sentence. `amount` is the value of
    a number that measures or counts, None for years, ranks and words.
    """

    kind: Kind
    key: str
    text: str
    start: int
    clause: int
    topics: frozenset[str] = frozenset()
    amount: float | None = None
    listed: bool = False
    assumed: bool = False

    @property
    def year(self) -> bool:
        """Whether the token is a year."""
        return self.key.endswith(YEAR)


class Reading(Struct, frozen=True, dict=True):
    """A sentence split into tokens. `text` is simplified to one script; `breaks` are the offsets where clauses end.

    `topics` are all topics that it names; `hinted` adds topics inside longer words. `names` are its Chinese names, in
    lower case.
    """

    text: str
    language: str
    tokens: tuple[Token, ...]
    topics: frozenset[str]
    hinted: frozenset[str]
    quotes: tuple[str, ...]
    names: tuple[str, ...]
    breaks: tuple[int, ...]

    @cached_property
    def lower(self) -> str:
        """The text in lower case."""
        return self.text.lower()

    def clause_at(self, position: int) -> int:
        """Return the number of the clause at an offset of the text."""
        return bisect_left(self.breaks, position)

    @cached_property
    def keys(self) -> frozenset[str]:
        """The keys of all tokens."""
        return frozenset(token.key for token in self.tokens)

    @cached_property
    def clauses(self) -> tuple[tuple[Token, ...], ...]:
        """The tokens grouped by clause, without empty clauses."""
        numbers = sorted({token.clause for token in self.tokens})
        return tuple(tuple(t for t in self.tokens if t.clause == number) for number in numbers)

    def holds(self, token: Token) -> bool:
        """Return whether the text has another text's token: by key, topics or Chinese characters; numbers only by key."""
        if token.key in self.keys:
            return True
        if token.kind == "number":
            return False
        if token.topics and token.topics <= self.hinted:
            return True
        return has_han(token.text) and token.text.lower() in self.lower

    def holds_part(self, token: Token) -> bool:
        """Return whether the text has either half of a Chinese phrase of four characters."""
        text = token.text.lower()
        return len(text) == _PHRASE and (text[:2] in self.lower or text[2:] in self.lower)


class Reader:
    """Parser of sentences with the library's glossary and segmenter."""

    def __init__(self, glossary: Glossary, segmenter: Segmenter, names: Iterable[Sequence[str]] = ()) -> None:
        """`names` are those that neither knows, such as publishers': each as written in every language."""
        self._glossary = glossary
        self._segmenter = segmenter
        self._aliases = {to_simplified(name).lower(): f"name {own[0]}" for own in names for name in own}
        self._named = re.compile(any_whole(self._aliases) or r"(?!)")
        self._han_forms = [
            (topic.id, fold(form))
            for topic in glossary.topics.values()
            for form in topic.written()
            if has_han(form)
        ]

    def read(self, text: str) -> Reading:
        """Split `text` into a Reading."""
        shown = to_mainland_words(to_simplified(unicodedata.normalize("NFKC", text)))
        shown = _SPACED_NUMBER.sub("", shown)
        lower = shown.lower()
        if len(lower) != len(shown):
            shown = lower
        cut = list(self._segmenter.words(lower))
        named = [(self._aliases[match[0]], *match.span()) for match in self._named.finditer(lower)]
        han = [(name, start, end) for name, start, end in named if has_han(lower[start:end])]
        words = _longest([*han, *cut]) if has_han(lower) else []
        numbers = _standing_alone(find_numbers(shown), words, shown)
        names = (*(lower[start:end] for _, start, end in han), *self._segmenter.names(lower))
        mentions = [(m.topic, m.start, m.end) for m in self._glossary.forms.find(lower, lambda: cut)] + named
        breaks = tuple(m.start() for m in _CLAUSE.finditer(shown) if m[0] != _LIST)
        tokens = [
            replace(token, kind="name") if token.text.lower() in names else token
            for token in _tokens(shown, numbers, words, mentions, breaks)
        ]
        tokens = [
            replace(token, topics=self._named_by_capitals(token.text))
            if token.kind == "name" and not token.topics
            else token
            for token in tokens
        ]
        topics = frozenset(topic for topic, _, _ in mentions).union(*(token.topics for token in tokens))
        # A longer word may hide a topic from the glossary, which matches whole words: 液冷服务器.
        hidden = frozenset(topic for topic, form in self._han_forms if form in lower)
        quotes = tuple(match[1].strip().lower() for match in _QUOTED.finditer(shown))
        return Reading(
            shown, language_by_script(shown), tuple(tokens), topics, topics | hidden, quotes, names, breaks
        )

    def _named_by_capitals(self, name: str) -> frozenset[str]:
        """Return the topics that only capitals identify: China the country, not china."""
        written = _POSSESSIVE.sub("", name)
        return (
            self._glossary.forms.topics_of(written, written.lower(), list)
            if written.isascii()
            else frozenset()
        )


def _longest(words: Iterable[tuple[str, int, int]]) -> list[tuple[int, int]]:
    """Return the spans of the longest words that do not overlap, from the overlapping words of a search-mode segmenter."""
    spans: list[tuple[int, int]] = []
    for _, start, end in sorted(words, key=lambda word: (word[1] - word[2], word[1])):
        if not any(s < end and start < e for s, e in spans):
            spans.append((start, end))
    return sorted(spans)


def _standing_alone(numbers: list[Number], words: list[tuple[int, int]], text: str) -> list[Number]:
    """Return the numbers that are part of neither a name (GPT-4) nor a Chinese word that contains a numeral (统一, 百度)."""
    names = [m.span() for m in _LATIN.finditer(text) if any(map(str.isdigit, m[0]))]
    plain = [
        number
        for number in numbers
        if not any(start < number.start < end and not text[start].isdigit() for start, end in names)
    ]
    return [number for number in plain if not any(_swallows(span, number, text) for span in words)]


def _swallows(span: tuple[int, int], number: Number, text: str) -> bool:
    start, end = span
    if end <= number.start or number.end <= start or text[number.start] in _SWALLOWED_BY_NONE:
        return False
    if start >= number.start and text[number.end : end] in _MEASURES:
        return False
    return (start < number.start or end > number.end) and not any(map(str.isdigit, text[start:end]))


def _tokens(
    text: str,
    numbers: list[Number],
    words: list[tuple[int, int]],
    mentions: list[tuple[str, int, int]],
    breaks: tuple[int, ...],
) -> list[Token]:
    latin = [m.span() for m in _LATIN.finditer(text)]
    han = [(s, e) for s, e in words if HAN.match(text[s])]
    taken = [(n.start, n.end) for n in numbers]
    spans = [(s, e, None) for s, e in sorted({*latin, *han}) if not any(a < e and s < b for a, b in taken)]
    result = []
    for start, end, number in sorted([*spans, *((n.start, n.end, n) for n in numbers)], key=lambda s: s[:2]):
        clause = bisect_left(breaks, start)
        if number:
            result.append(Token("number", number.key, text[start:end], start, clause, amount=_amount(number)))
        elif token := _word(text, start, end, clause, mentions):
            result.append(token)
    return result


def _is_free(written: str, key: str) -> bool:
    """Return whether a word states nothing. All-capital words such as US and IT are names, unlike us and it."""
    if len(written) > 1 and written.isupper():
        return False
    return (
        key in _FREE
        or written.lower() in _FREE
        or (written.isascii() and len(written) < 2 and written.islower())
    )


def _amount(number: Number) -> float | None:
    return None if number.unit in NOT_AMOUNTS else number.value


def _word(text: str, start: int, end: int, clause: int, mentions: list[tuple[str, int, int]]) -> Token | None:
    written = _POSSESSIVE.sub("", text[start:end])
    key = singular(written.lower())
    if _is_free(written, key):
        return None
    topics = frozenset(topic for topic, s, e in mentions if s <= start and end <= e)
    listed = text[start - 1 : start] == _LIST or text[end : end + 1] == _LIST
    if has_han(written):
        return Token("word", written.lower(), written, start, clause, topics, listed=listed)
    if not (written != written.lower() or any(map(str.isdigit, written)) or has_han(text)):
        return Token("word", stem(key), written, start, clause, topics)
    opening = _SENTENCE_START.search(text, 0, start) is not None and written[1:].islower()
    if opening and key in _OPENERS:
        return Token("word", stem(key), written, start, clause, topics)
    return Token("name", stem(key), written, start, clause, topics, assumed=opening)
