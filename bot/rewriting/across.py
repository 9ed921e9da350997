"""Matches the words of a sentence with those of a source in the other language, as far as a dictionary goes. Pure.

Each word that a source says in its own language gets the key of the source's word: later checks then treat the two as
equal and compare their neighbours. Two English words may be synonyms if they have the same stem, or a Chinese translation
in common. The dictionary is CC-CEDICT (text/english_chinese). A Chinese word of one character is too ambiguous: it counts only
where the source has it as a word. Judges nothing; `verification` does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from msgspec.structs import replace

from bot.rewriting.reading import Reading, Token
from bot.text.english_chinese import LONGEST, chinese_for
from bot.text.normalise import has_han

_LEAST_PART = 2
"""Minimum length in characters of each part, when a Chinese word is matched by its two parts."""


_STEM = 5
"""Leading letters that two words of one stem share: expect, expectation."""

_LEAST = 2


def with_source_keys(sentence: Reading, sources: Sequence[Reading]) -> Reading:
    """Return `sentence` with the key of the source's word for each word that a source in another language says."""
    foreign = [source for source in sources if source.language != sentence.language]
    keys: dict[Token, str] = {}
    for source in foreign:
        pairs = _chinese_of(sentence, source) if has_han(source.text) else _english_of(sentence, source)
        for token, key in pairs:
            keys.setdefault(token, key)
    tokens = tuple(
        replace(token, key=keys[token], topics=frozenset())
        if token in keys and not _known(token, sources)
        else token
        for token in sentence.tokens
    )
    return replace(sentence, tokens=tokens) if keys else sentence


def _known(token: Token, sources: Sequence[Reading]) -> bool:
    return token.kind == "number" or any(source.holds(token) for source in sources)


def _chinese_of(sentence: Reading, source: Reading) -> Iterator[tuple[Token, str]]:
    """Yield each English token of `sentence` for which `source` has a Chinese word, with that word's key."""
    words = {token.text: token.key for token in source.tokens}
    for tokens, chinese in _phrases(sentence):
        for word in chinese:
            key = words.get(word) or (_key_around(word, source) if len(word) >= _LEAST_PART else None)
            if key:
                yield from ((token, key) for token in tokens)
                break


def _key_around(word: str, source: Reading) -> str | None:
    """Return the key of the token of `source` in which a Chinese word begins, or None."""
    start = source.lower.find(word)
    if start < 0:
        return None
    return next((t.key for t in source.tokens if t.start <= start < t.start + len(t.text)), None)


def _english_of(sentence: Reading, source: Reading) -> Iterator[tuple[Token, str]]:
    """Yield each Chinese token of `sentence` for which `source` has an English word, with that word's key."""
    words: dict[str, str] = {}
    for tokens, chinese in _phrases(source):
        for word in chinese:
            words.setdefault(word, tokens[0].key)
    for token in sentence.tokens:
        if has_han(token.text) and (key := words.get(token.text) or _by_parts(token.text, words)):
            yield token, key


def _by_parts(text: str, words: Mapping[str, str]) -> str | None:
    """Return the key for a Chinese word that splits into two parts with a key each, or None."""
    for cut in range(_LEAST_PART, len(text) - _LEAST_PART + 1):
        if text[:cut] in words and text[cut:] in words:
            return words[text[:cut]]
    return None


def _phrases(reading: Reading) -> Iterator[tuple[tuple[Token, ...], tuple[str, ...]]]:
    """Yield each run of one to three English words with its Chinese translations, longer runs first."""
    latin = [token for token in reading.tokens if token.kind != "number" and token.text.isascii()]
    for length in range(LONGEST, 0, -1):
        for index in range(len(latin) - length + 1):
            tokens = tuple(latin[index : index + length])
            text = reading.lower[tokens[0].start : tokens[-1].start + len(tokens[-1].text)]
            if chinese := chinese_for(" ".join(text.split())):
                yield tokens, chinese


def may_say_the_same(one: str, other: str) -> bool:
    """Return whether two English words in lower case may stand for each other."""
    return (len(one) >= _STEM and one[:_STEM] == other[:_STEM]) or not _senses(one).isdisjoint(_senses(other))


@lru_cache(4_096)
def _senses(word: str) -> frozenset[str]:
    return frozenset(chinese for chinese in chinese_for(word) if len(chinese) >= _LEAST)
