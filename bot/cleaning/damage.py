"""Whether a text is damaged as a whole: then what is left of it, be it whole sentences, is not what its source says."""

from __future__ import annotations

import re
from typing import Final

from bot.cleaning.clean import Cleaned
from bot.text.plausible import HAN, HANGUL, KANA, plausibility

LEAST, LEAST_OF_FEW = 0.7, 0.25
"""The plausibility of East Asian text, and of one of few characters, which may be a list of rare names.

Running text has over 0.9, what was read in a wrong encoding under 0.6, most of it next to none.
"""
ENOUGH, FEW = 12, 40
"""East Asian characters that can be judged at all, and those up to which they are few."""
SHARE: Final = 0.25
"""The share of a text's characters that are East Asian where it is a text of theirs."""
QUESTION_MARKS: Final = 0.2
"""The share of a text that question marks take up where they stand for characters that are lost."""

JUDGED: Final = 100_000
"""Characters at a text's beginning that are judged: a book of 15 MB would take hundreds of megabytes otherwise."""

_ASKED = re.compile(r"[?\ufffd]{2}")
_PRIVATE = re.compile("[\ue000-\uf8ff\uff61-\uff9f]")
"""Private characters and half-width kana, which hardly any text is in."""


def is_damaged(cleaned: Cleaned) -> bool:
    """Return whether more of a text was lost than is left, or what is left reads like no text."""
    length = sum(len(block.text) for block in cleaned.blocks)
    text = "\n".join(block.text for block in cleaned.blocks)[:JUDGED]
    lost = sum(
        len(line.text)
        for line in cleaned.cut
        if line.rule == "lost-characters" or (line.rule == "no-words" and _ASKED.search(line.text))
    )
    return lost > length or _is_lost(text) or _is_misread(text)


def _is_lost(text: str) -> bool:
    """Return whether question marks stand for much of a text."""
    marks = text.count("?") + text.count("\ufffd")
    return _ASKED.search(text) is not None and marks > QUESTION_MARKS * len(text)


def _is_misread(text: str) -> bool:
    """Return whether a text is in characters of East Asia, and in an order in which nobody writes them."""
    if text.isascii():
        return False
    count = sum(len(pattern.findall(text)) for pattern in (HAN, HANGUL, KANA, _PRIVATE))
    least = LEAST if count > FEW else LEAST_OF_FEW
    return count >= max(ENOUGH, SHARE * len(text)) and plausibility(text) < least
