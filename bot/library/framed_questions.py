"""Recognises questions about one thing by the words around it. Pure.

"what is DSPy?" and 什么是数据墙 ask only what the thing is: the sentence that defines it answers them. "state of robotics"
and "bring me up to speed on DSPy" ask for its briefing, "what did Mistral release?" for what a maker brought out.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from bot.text.normalise import fold
from bot.text.rule_data import any_of, read_words
from bot.text.stopwords import STOPWORDS

_ENDS = " .!?。！？"
_SLOT = re.escape("<thing>")


def subject_of_definition(text: str) -> str:
    """Return the thing whose definition a text asks for, folded; "" for other texts.

    A name in Latin letters comes without the noun of its kind: reports that say what LangChain is need not say LangChain框架.
    """
    thing = fold(_thing_in(text, "definition_frames.txt"))
    named = _with_kind().fullmatch(thing)
    return named["name"] if named else thing


def subject_of_briefing(text: str) -> str:
    """Return the thing of which a text asks for all that is reported; "" for other texts."""
    return _thing_in(text, "briefing_frames.txt")


def subject_of_releases(text: str) -> str:
    """Return the maker whose releases a text asks for; "" for other texts."""
    return _thing_in(text, "release_frames.txt")


def _thing_in(text: str, frames: str) -> str:
    """Return the thing in one of the frames, as typed unless folding changes the length of the text; "" for a stop word."""
    shown = text.strip(_ENDS)
    folded = fold(shown)
    match = _pattern(frames).fullmatch(folded)
    place = next((place for place, thing in enumerate(match.groups(), 1) if thing), 0) if match else 0
    if not match or not place or match[place].strip() in STOPWORDS:
        return ""
    typed = shown[match.start(place) : match.end(place)]
    return (typed if fold(typed) == match[place] else match[place]).strip()


@cache
def _pattern(frames: str) -> re.Pattern[str]:
    framed = sorted(read_words(Path(__file__).with_name(frames)), key=len, reverse=True)
    return re.compile("|".join(re.escape(frame).replace(_SLOT, "(.+)") for frame in framed))


@cache
def _with_kind() -> re.Pattern[str]:
    """Return the pattern of a name of three characters or more with the noun of its kind; with less it is AI工具."""
    kinds = read_words(Path(__file__).with_name("definition_kinds.txt"))
    return re.compile(rf"(?P<name>[a-z0-9][a-z0-9.+# -]+[a-z0-9]) ?(?:{any_of(kinds)})")
