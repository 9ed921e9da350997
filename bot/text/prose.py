"""Whether a sentence is prose: what somebody says, not a label, a name, an address, code or what a digest says of itself.

Judges form, and a few phrases that are data. What is no prose may be shown in its place; it is never quoted alone.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from bot.text.language import ENGLISH_WORDS
from bot.text.lines import FINAL
from bot.text.rule_data import any_of, read_words

ADDRESS: Final = re.compile(
    r"(?:https?://|www\.)[^\s\u3000-\u9fff\uff00-\uffef)>\]]+|\b[\w.+-]{1,64}@[\w-]{1,64}\.[\w.]{2,64}"
)
_MARKUP: Final = re.compile(
    r"\]\(|\]\[|\[\[|\{\{|\{%|%\}|\}\}|```|~~~|\*\*(?=\s)|(?<=\s)\*\*|^\*\*|&[a-z]{2,8};|</?[a-z][a-z0-9]{0,10}[\s/>]|\"\s?>|^\s*[|>]|^:{3}|^!\["
)
_SIGNS: Final = re.compile(r"[{}\[\]<>=_\\/|#*~^$;@`+]")
_HAN: Final = re.compile(r"[\u3400-\u9fff]")
_WORD: Final = re.compile(r"[A-Za-zÀ-ɏ\d][A-Za-zÀ-ɏ\d'’.,%-]*")
_PARTS: Final = re.compile(r"\s[·|｜»›]\s")
_TRUNCATED: Final = re.compile(r"(?:\.\.\.|…)[\"'”’)]?$")
_OPEN: Final = re.compile(r"[:：,，;、][\"'”’)）\]】」』]*$")
_SCAFFOLDING: Final = re.compile(
    any_of(read_words(Path(__file__).with_name("scaffolding.txt"))), re.IGNORECASE
)
_JOINTS: Final = read_words(Path(__file__).with_name("han_joints.txt"))

_MOST_SIGNS: Final = 0.08
"""The share of a sentence's characters that are signs of code, at most."""
_CLOSED_HAN, _OPEN_HAN = 4, 14
"""Han characters (a Latin word counts two) of a Chinese sentence with a final stop, and of one without."""
_CLOSED_WORDS, _OPEN_WORDS = 2, 8
"""Words of an English sentence with a final stop, and of one without."""
_SMALL: Final = 0.3
"""The share of the words of running English that begin with a small letter, at least."""
_HAN_SHARE: Final = 0.25
"""Han characters for each Latin letter from which a sentence is Chinese."""


def is_prose(sentence: str) -> bool:
    """Whether a sentence says something by itself, as running text does."""
    if _MARKUP.search(sentence) or _OPEN.search(sentence) or _TRUNCATED.search(sentence):
        return False
    text = ADDRESS.sub(" ", sentence) if "/" in sentence or "@" in sentence or "www" in sentence else sentence
    if len(_SIGNS.findall(text)) > _MOST_SIGNS * len(text) or _SCAFFOLDING.search(text):
        return False
    closed = FINAL.search(sentence[-30:]) is not None
    if not closed and _PARTS.search(text):
        return False  # a page's title and its site
    han = len(_HAN.findall(text))
    words = _WORD.findall(text)
    if han >= _HAN_SHARE * sum(map(len, words)):
        size = han + 2 * len(words)
        return han >= 3 and (
            size >= _CLOSED_HAN if closed else size >= _OPEN_HAN and not _JOINTS.isdisjoint(text)
        )
    return len(words) >= (_CLOSED_WORDS if closed else _OPEN_WORDS) and _runs(words, closed=closed)


def _runs(words: list[str], *, closed: bool) -> bool:
    """Whether words make running English: some in small letters, and the small words that join them."""
    small = sum(word[0].islower() for word in words)
    joints = sum(word.lower() in ENGLISH_WORDS for word in words)
    return small >= max(1, _SMALL * len(words)) and (closed or joints > 1)
