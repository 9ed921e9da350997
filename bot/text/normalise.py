"""Folds text for matching, the same way for the index and for a query. What is shown is never folded."""

from __future__ import annotations

import re
import unicodedata

from bot.text.simplified import to_mainland_words, to_simplified

VERSION = "2"
"""Goes into the library's fingerprint: a change here rebuilds the index."""

HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af]")
# Format, control, private and surrogate characters carry no meaning for matching, but split words.
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    r"\ufe00-\ufe0f\ufeff\ud800-\udfff\ue000-\uf8ff]"
)


def has_han(text: str) -> bool:
    """Whether `text` holds a Chinese character."""
    return HAN.search(text) is not None


def fold(text: str) -> str:
    """`text` in one canonical spelling for the index and for a query: as `fold_script`, and in the mainland's words.

    Idempotent for the text that reports hold.
    """
    return text.lower() if text.isascii() and text.isprintable() else to_mainland_words(fold_script(text))


def fold_script(text: str) -> str:
    """`text` with NFKC, without invisible characters, in lower case and simplified script; its words stay.

    NFKC can lengthen a character 18 times (U+FDFA), so cap after it.
    """
    if text.isascii():
        return (text if text.isprintable() else _INVISIBLE.sub("", text)).lower()
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))).casefold()
    return to_simplified(text)
