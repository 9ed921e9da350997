"""Decides whether a sentence is prose: a statement, not a label, name, address, code or a digest's words about itself.

Judges form, and a few phrases kept as data. Other text is shown in its context but never quoted alone.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.text.language import ENGLISH_WORDS
from bot.text.rule_data import read_words

if TYPE_CHECKING:
    from ahocorasick_rs import AhoCorasick

ADDRESS: Final = re.compile(
    r"(?:https?://|www\.)[^\s\u3000-\u9fff\uff00-\uffef)>\]]+|\b[\w.+-]{1,64}+@[\w-]{1,64}\.[\w.]{2,64}"
)
_MARKUP: Final = re.compile(
    r"\]\(|\]\[|\[\[|\{\{|\{%|%\}|\}\}|```|~~~|\*\*|&[a-z]{2,8};|</?[a-z][a-z0-9]{0,10}[\s/>]|\"\s?>|^\s*[|>]|^!\[|^--"
)
_SIGN: Final = re.compile(r"[{}\[\]<>=_\\/|#*~^$;@`+]")
"""A symbol of code."""
_MAY_MARK: Final = frozenset("[]{}<>|*&`~-")
"""A sentence without any of these has no markup."""
_HAN: Final = re.compile(r"[\u3400-\u9fff]+")
_WORD: Final = re.compile(r"[A-Za-zÀ-ɏ\d][A-Za-zÀ-ɏ\d'’.,%-]*")
_PARTS: Final = re.compile(r"\s[·|｜»›]\s")
_TRUNCATED: Final = re.compile(r"(?:\.\.\.|…)[\"'”’)]?$")
_CLOSED: Final = re.compile(r"[.。!！?？…；;][\"'”’)）\]】」』》]*$")
_COMMAS: Final = re.compile(r",\s|、")
_OPEN: Final = re.compile(r"[:：,，;、][\"'”’)）\]】」』]*$")
_JOINTS: Final = read_words(Path(__file__).with_name("han_joints.txt"))

_MOST_SIGNS: Final = 0.08
"""Maximum share of code symbols among a sentence's characters."""
_CLOSED_HAN, _OPEN_HAN = 4, 14
"""Minimum Han characters (a Latin word counts two) of a Chinese sentence with a final stop, and of one without."""
_CLOSED_WORDS, _OPEN_WORDS = 2, 8
"""Minimum words of an English sentence with a final stop, and of one without."""
_FEW_PARTS, _LONGEST_PART = 3, 30
"""A list has more parts between commas than the first, of at most the second characters on average."""
_SMALL: Final = 0.3
"""Minimum share of words in running English that begin with a small letter."""
_HAN_SHARE: Final = 0.25
"""Minimum Han characters per Latin letter in a Chinese sentence."""


def is_prose(sentence: str) -> bool:
    """Return whether a sentence says something by itself, as running text does."""
    if not _MAY_MARK.isdisjoint(sentence) and _MARKUP.search(sentence):
        return False
    end = sentence[-6:]
    if _OPEN.search(end) or _TRUNCATED.search(end):
        return False
    addressed = "/" in sentence or "@" in sentence or "www" in sentence
    text = ADDRESS.sub(" ", sentence) if addressed else sentence
    if text is not sentence and _OPEN.search(text.rstrip(" .。")[-6:]):
        return False  # leads to an address
    if len(_SIGN.findall(text)) > _MOST_SIGNS * len(text):
        return False
    if _scaffolding().find_matches_as_indexes(text.lower()):
        return False
    if _PARTS.search(text):
        return False  # a page's title and its site
    closed = _CLOSED.search(end) is not None
    if not closed and _is_list(text):
        return False
    han = 0 if text.isascii() else sum(map(len, _HAN.findall(text)))
    words = _WORD.findall(text)
    if han >= _HAN_SHARE * sum(map(len, words)) or (han and sentence.endswith("。")):
        size = han + 2 * len(words)
        return han >= 3 and (
            size >= _CLOSED_HAN if closed else size >= _OPEN_HAN and not _JOINTS.isdisjoint(text)
        )
    return len(words) >= (_CLOSED_WORDS if closed else _OPEN_WORDS) and _runs(words, closed=closed)


@cache
def _scaffolding() -> AhoCorasick:
    """Return the matcher of phrases that digests use about themselves."""
    from ahocorasick_rs import AhoCorasick

    return AhoCorasick(sorted(read_words(Path(__file__).with_name("scaffolding.txt"))))


def _is_list(text: str) -> bool:
    """Return whether a line without a stop only lists short names: "fine-tuning, search and ranking, decoding, games"."""
    parts = _COMMAS.split(text)
    return len(parts) > _FEW_PARTS and len(text) <= _LONGEST_PART * len(parts)


def _runs(words: list[str], *, closed: bool) -> bool:
    """Return whether the words form running English: some in lower case, and function words that join them."""
    small = sum(word[0].islower() for word in words)
    if small < max(1, _SMALL * len(words)):
        return False
    return closed or sum(word.lower() in ENGLISH_WORDS for word in words) > 1
