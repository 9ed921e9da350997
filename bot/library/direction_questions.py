"""Recognises a question that asks only whether a topic rises or falls: "is X still growing?", X还火吗. Pure.

The verdict on the topic answers it, whereas sentences that hold the words "growing" or 过时 do not.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from bot.text.normalise import fold, has_han
from bot.text.rule_data import any_of, read_kinds

_ENDS = " .!?。！？"


def subject_of_direction(text: str) -> str:
    """Return what a question about rise or fall is about, without the words that only ask; "" for other texts."""
    folded = fold(text).strip(_ENDS)
    match = next((match for pattern in _patterns() if (match := pattern.fullmatch(folded))), None)
    if match is None:
        return ""
    # Capitals tell names from words; they are lost where folding changes the length.
    begin = len(text) - len(text.lstrip(_ENDS))
    subject = text[begin + match.start("subject") : begin + match.end("subject")]
    return subject if fold(subject) == match["subject"] else match["subject"]


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    kinds = read_kinds(Path(__file__).with_name("direction_words.tsv"))
    latin, han = (
        {kind: f"(?:{any_of(w for w in words if has_han(w) == script)})" for kind, words in kinds.items()}
        for script in (False, True)
    )
    subject = "(?P<subject>.+?)"
    about = f"(?:{latin['interest']} )?{subject}"
    later = f"(?: (?:or |and )?(?:{latin['adverb']}|{latin['direction']}))*"
    of = f"{subject} ?{han['interest']}?"
    how = f"(?: ?{han['adverb']})*"
    return (
        re.compile(f"{latin['ask']} {about}(?: {latin['adverb']})* {latin['direction']}{later}"),
        re.compile(f"{latin['degree']} {about}(?: {latin['adverb']})*"),
        re.compile(f"{of}{how}{han['direction']} ?{han['end']}"),
        re.compile(f"{of}{how}{han['ask']}{how}{han['direction']}{han['end']}?"),
        re.compile(f"{subject} ?{han['interest']}{how}{han['level']}?"),
        re.compile(f"{subject}{how} ?{han['degree']}"),
    )
