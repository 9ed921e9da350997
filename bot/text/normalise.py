"""Folds text for matching, identically for the index and for queries. Displayed text is never folded.

Chinese is folded to one form: traditional to simplified by OpenCC's t2s tables, Taiwan's words to the mainland's.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Callable
from functools import cache
from pathlib import Path

from bot.text.rule_data import read_rows, read_table

HAN_BLOCKS = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00), (0x20000, 0x32000))
HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af]")
# Format, control, private and surrogate characters mean nothing for matching, but split words.
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    r"\ufe00-\ufe0f\ufeff\ud800-\udfff\ue000-\uf8ff]"
)

_LAST_COMMON = "\uffff"
"""The last character of Unicode's first plane: Chinese characters after it are rare."""

_WIDE_SIGNS = tuple((wide, unicodedata.normalize("NFKC", wide)) for wide in "，：；！？（）…～\u3000\xa0")
"""The signs of Chinese texts that NFKC changes, and what it makes of them."""


def has_han(text: str) -> bool:
    """Return whether `text` contains a Chinese character."""
    return not text.isascii() and HAN.search(text) is not None


# Kangxi radicals, ligatures, full-width digits and Latin letters, mathematical letters, compatibility Han: characters
# that look like ordinary ones and are meant as them. Full-width punctuation, circled and raised numbers stay.
TWIN = re.compile(
    r"[\u2e80-\u2ef3\u2f00-\u2fd5\uf900-\ufad9\ufb00-\ufb06\uff10-\uff19\uff21-\uff3a\uff41-\uff5a"
    r"\U0001d400-\U0001d7ff\U0002f800-\U0002fa1d]"
)
"""Compatibility characters that are meant as ordinary ones."""


def fold_twins(text: str) -> str:
    """Return `text` with compatibility characters replaced by the ordinary ones they look like; for displayed text too."""
    return TWIN.sub(_ordinary, text)


def _ordinary(match: re.Match[str]) -> str:
    return _radicals().get(match[0]) or unicodedata.normalize("NFKC", match[0])


@cache
def _radicals() -> dict[str, str]:
    return read_table(Path(__file__).with_name("radicals.tsv"))


def fold(text: str) -> str:
    """Return `text` in the canonical spelling of index and queries: `fold_script`, then the mainland's words.

    Idempotent for the text of reports.
    """
    return text.lower() if text.isascii() and text.isprintable() else to_mainland_words(fold_script(text))


def fold_script(text: str) -> str:
    """Return `text` in NFKC, lower case and simplified script, without invisible characters; its words stay.

    NFKC can make a character 18 times longer (U+FDFA), so limit lengths afterwards.
    """
    if text.isascii():
        return (text if text.isprintable() else _INVISIBLE.sub("", text)).lower()
    text = _INVISIBLE.sub("", fold_twins(text))
    for (
        wide,
        narrow,
    ) in _WIDE_SIGNS:  # NFKC is slow, but not for what is in it already, as most Chinese then is
        text = text.replace(wide, narrow)
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).casefold()
    return to_simplified(text)


def to_simplified(text: str) -> str:
    """Return `text` in simplified characters; the same object where it has no traditional one."""
    if text.isascii() or (found := _may_be_traditional().search(text)) is None:
        return text
    if found[0] > _LAST_COMMON and _changed(HAN_BLOCKS).isdisjoint(text):
        return text
    return _converter()(text)


def to_mainland_words(text: str) -> str:
    """Return simplified `text` with Taiwan's words replaced by the mainland's; idempotent.

    OpenCC's tw2sp is unsuitable: it reads only traditional script, and replaces words that the mainland uses too (程序,
    资料), so that mainland texts would no longer match themselves.
    """
    matcher, twins = _regional()
    parts, end = [], 0
    for number, start, stop in matcher(text):
        parts += [text[end:start], twins[number]]
        end = stop
    return "".join([*parts, text[end:]]) if parts else text


@cache
def _regional() -> tuple[Callable[[str], list[tuple[int, int, int]]], tuple[str, ...]]:
    """Return a matcher that finds Taiwan's words, leftmost and longest first, and the mainland's word for each."""
    from ahocorasick_rs import AhoCorasick, MatchKind

    rows = read_rows(Path(__file__).with_name("taiwan_words.tsv"))
    automaton = AhoCorasick([taiwan for taiwan, _ in rows], matchkind=MatchKind.LeftmostLongest)
    return automaton.find_matches_as_indexes, tuple(mainland for _, mainland in rows)


@cache
def _converter() -> Callable[[str], str]:
    """Return OpenCC's t2s conversion behind a lock: its wrapper does not promise thread safety."""
    from opencc import OpenCC

    converter, lock = OpenCC("t2s"), threading.Lock()

    def convert(text: str) -> str:
        with lock:
            return str(converter.convert(text))

    return convert


@cache
def _may_be_traditional() -> re.Pattern[str]:
    """Return a pattern that finds common characters changed by t2s, or any rare one; five times as fast as comparing sets.

    Listing the 900 rare ones too would make the pattern search a list at every character.
    """
    common = _changed(tuple(block for block in HAN_BLOCKS if chr(block[0]) <= _LAST_COMMON))
    return re.compile(f"[{''.join(sorted(common))}\U00020000-\U0003ffff]")


@cache
def _changed(blocks: tuple[tuple[int, int], ...]) -> frozenset[str]:
    """Return every character in `blocks` that t2s changes, computed with OpenCC itself.

    About 4,200 of 28,000 common ones, in 10 ms, and 900 of 73,000 rare ones, in 60 ms.
    """
    characters = [chr(c) for first, end in blocks for c in range(first, end)]
    converted = _converter()("\n".join(characters)).split("\n")
    return frozenset(old for old, new in zip(characters, converted, strict=True) if old != new)
