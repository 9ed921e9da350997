"""A sentence of one language in the words of its sources in the other, as far as a dictionary goes. Pure; judges nothing.

Each word that a source has in its own language gets the source's key: from then on it counts as said there, and its
neighbours tell its place. The list is CC-CEDICT's (text/english_chinese); a word of one character is too many things, and
counts only where the source has it as a word.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from bot.rewriting.reading import Reading, Token
from bot.text.english_chinese import LONGEST, chinese_for
from bot.text.normalise import has_han

_LEAST_PART = 2
"""Characters of each part of a Chinese word that is known by its parts."""


def in_words_of(said: Reading, sources: Sequence[Reading]) -> Reading:
    """`said` with the key of a source's word for each word that a source of another language has."""
    foreign = [source for source in sources if source.language != said.language]
    keys: dict[Token, str] = {}
    for source in foreign:
        pairs = _chinese_of(said, source) if has_han(source.text) else _english_of(said, source)
        for token, key in pairs:
            keys.setdefault(token, key)
    told = tuple(
        replace(token, key=keys[token], topics=frozenset())
        if token in keys and not _known(token, sources)
        else token
        for token in said.tokens
    )
    return replace(said, tokens=told) if keys else said


def _known(token: Token, sources: Sequence[Reading]) -> bool:
    return token.kind == "number" or any(source.holds(token) for source in sources)


def _chinese_of(said: Reading, source: Reading) -> Iterator[tuple[Token, str]]:
    """Each English token of `said` with the key of the Chinese word that `source` has for it."""
    words = {token.text: token.key for token in source.tokens}
    for tokens, chinese in _phrases(said):
        for word in chinese:
            key = words.get(word) or (_key_around(word, source) if len(word) >= _LEAST_PART else None)
            if key:
                yield from ((token, key) for token in tokens)
                break


def _key_around(word: str, source: Reading) -> str | None:
    """The key of the token of `source` in which a Chinese word begins."""
    start = source.lower.find(word)
    if start < 0:
        return None
    return next((t.key for t in source.tokens if t.start <= start < t.start + len(t.text)), None)


def _english_of(said: Reading, source: Reading) -> Iterator[tuple[Token, str]]:
    """Each Chinese token of `said` with the key of the English word that `source` has for it."""
    words: dict[str, str] = {}
    for tokens, chinese in _phrases(source):
        for word in chinese:
            words.setdefault(word, tokens[0].key)
    for token in said.tokens:
        if has_han(token.text) and (key := words.get(token.text) or _by_parts(token.text, words)):
            yield token, key


def _by_parts(text: str, words: Mapping[str, str]) -> str | None:
    """The key for a Chinese word whose two parts both have one."""
    for cut in range(_LEAST_PART, len(text) - _LEAST_PART + 1):
        if text[:cut] in words and text[cut:] in words:
            return words[text[:cut]]
    return None


def _phrases(reading: Reading) -> Iterator[tuple[tuple[Token, ...], tuple[str, ...]]]:
    """Each run of up to three English words of a reading with its Chinese words, the longer runs first."""
    latin = [token for token in reading.tokens if token.kind != "number" and token.text.isascii()]
    for length in range(LONGEST, 0, -1):
        for index in range(len(latin) - length + 1):
            tokens = tuple(latin[index : index + length])
            text = reading.lower[tokens[0].start : tokens[-1].start + len(tokens[-1].text)]
            if chinese := chinese_for(" ".join(text.split())):
                yield tokens, chinese
