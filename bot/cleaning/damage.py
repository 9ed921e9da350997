"""Decides whether a whole text is damaged, so that even its intact sentences do not represent the source."""

from __future__ import annotations

import re
from typing import Final

from bot.cleaning.clean import Cleaned
from bot.text.plausible import count_in, plausibility

LEAST, LEAST_OF_FEW = 0.7, 0.25
"""Least plausibility of an East Asian text, and of a short one, which may be a list of rare names.

Running text scores over 0.9; text decoded wrongly scores under 0.6, mostly near 0.
"""
ENOUGH, FEW = 12, 40
"""Fewest East Asian characters that can be judged; up to how many a text counts as short."""
SHARE: Final = 0.25
"""Least share of East Asian characters in an East Asian text."""
QUESTION_MARKS: Final = 0.2
"""Share of question marks above which they stand for lost characters."""

JUDGED: Final = 100_000
"""Characters judged, from the start of a text: all of a 15 MB book would need hundreds of megabytes."""

_ASKED = re.compile(r"[?\ufffd]{2}")
_EAST_ASIAN = re.compile(
    "[\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\ue000-\uf8ff\uff61-\uff9f]+"
)
"""Han, kana and Hangul, and what is rare in real text: private characters and half-width kana."""


def is_damaged(cleaned: Cleaned) -> bool:
    """Return whether more of a text was lost than is left, or the rest does not read like text."""
    length = sum(len(block.text) for block in cleaned.blocks)
    text = "\n".join(block.text for block in cleaned.blocks)[:JUDGED]
    lost = sum(
        len(line.text)
        for line in cleaned.cut
        if line.rule == "lost-characters" or (line.rule == "no-words" and _ASKED.search(line.text))
    )
    return lost > length or _is_lost(text) or _is_misread(text)


def _is_lost(text: str) -> bool:
    """Return whether question marks replace much of a text."""
    marks = text.count("?") + text.count("\ufffd")
    return _ASKED.search(text) is not None and marks > QUESTION_MARKS * len(text)


def _is_misread(text: str) -> bool:
    """Return whether a text has East Asian characters in implausible sequences."""
    if text.isascii():
        return False
    count = count_in(_EAST_ASIAN, text)
    least = LEAST if count > FEW else LEAST_OF_FEW
    return count >= max(ENOUGH, SHARE * len(text)) and plausibility(text) < least
