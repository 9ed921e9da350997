"""Recognises questions about one thing by the words around it. Pure.

"what is DSPy?" and 什么是数据墙 ask only what the thing is: the sentence that defines it answers them. "state of robotics"
and "bring me up to speed on DSPy" ask for its briefing, "what did Mistral release?" for what a maker brought out.
"is X still growing?" and X还火吗 ask only whether a topic rises or falls: its verdict answers them, whereas sentences that
hold the words "growing" or 过时 do not.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from bot.text.normalise import fold, has_han
from bot.text.rule_data import any_of, read_kinds, read_words
from bot.text.stopwords import STOPWORDS

_ENDS = " .!?。！？"
_SLOT = re.escape("<thing>")


_DIRECTION_ENDS = " .!?。！？"


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


def subject_of_direction(text: str) -> str:
    """Return what a question about rise or fall is about, without the words that only ask; "" for other texts."""
    folded = fold(text).strip(_DIRECTION_ENDS)
    match = next((match for pattern in _directions() if (match := pattern.fullmatch(folded))), None)
    if match is None:
        return ""
    # Capitals tell names from words; they are lost where folding changes the length.
    begin = len(text) - len(text.lstrip(_DIRECTION_ENDS))
    subject = text[begin + match.start("subject") : begin + match.end("subject")]
    return subject if fold(subject) == match["subject"] else match["subject"]


@cache
def _directions() -> tuple[re.Pattern[str], ...]:
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
