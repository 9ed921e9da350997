"""Recognises a question that asks only what a thing is: "what is DSPy?", 什么是数据墙. Pure.

A sentence that defines the thing answers it; other sentences that name it do not.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from bot.text.normalise import fold
from bot.text.rule_data import read_words

_ENDS = " .!?。！？"
_SLOT = re.escape("<thing>")


def subject_of_definition(text: str) -> str:
    """Return the thing whose definition a text asks for, folded; "" for other texts."""
    match = _frames().fullmatch(fold(text).strip(_ENDS))
    return next((thing.strip() for thing in match.groups() if thing), "") if match else ""


@cache
def _frames() -> re.Pattern[str]:
    frames = sorted(read_words(Path(__file__).with_name("definition_frames.txt")), key=len, reverse=True)
    return re.compile("|".join(re.escape(frame).replace(_SLOT, "(.+)") for frame in frames))
