"""Decides whether a sentence really ends where a sentence splitter would cut. Proposes no boundaries itself.

Not every mark ends a sentence: a full stop inside or before a name (C3.AI, .NET), after an abbreviation or initial, a
mark inside a quotation that its sentence continues after, an ellipsis in mid-sentence. In doubt two sentences stay one:
a quote may then be longer than necessary, but says nothing that its source does not say.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from bot.text.rule_data import read_table, read_words

_CLOSING = "\"'”’」』)）]】》〉}"
_OPENING_OF = {"”": "“", "」": "「", "』": "『", '"': '"'}
_OPENING = "\"'“‘「『(（[【《〈"
_ASIDES = tuple(zip("（([【“「", "）)]】”」", strict=True))
_OPENED = re.compile(r"[（(\[【“「]")
# No sentence begins with one of these.
_NEVER_FIRST = frozenset("”’」』)）]】》〉},;:，；：、。！？!?…％%")
_QUOTE_GOES_ON = re.compile(r"[\"'](?:[\s,;:.，。；：、)）]|$)")
_STOPS, _LATIN_STOPS = ".!?。！？…", ".!?"
_SPACE = " \t\u3000\xa0"
_ENDED = re.compile(rf"[.!?。！？…｡．](?:[{re.escape(_CLOSING)}]|\s?[\[［][\d\s,，–-]{{1,20}}[\]］])*$")
_LINE_ENDS = re.compile(r"[^\S\n]*(?:\n|$)")

_LAST_WORD = re.compile(r"(?:[A-Za-z]\.)*[A-Za-z]{1,12}\.$")
_INITIALS = re.compile(r"(?:[A-Za-z]\.)*[A-Z]\.$")
_ENUMERATOR = re.compile(r"\W{0,4}(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,4})[.．]\s*$")
_SMALL_WORD = re.compile(r"[a-z]+(?:[-’'][a-z]+)*(?!\w|\.\w)")
_INITIAL_OR_HAN = re.compile(r"[A-Z]\.|[\u3400-\u4dbf\u4e00-\u9fff]")
_AFTER_CLOCK = re.compile(
    r"(?:on |(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|[A-Z]{2,4}T\b|[EPCM]T\b|UTC|GMT)"
)
_CLOCK = re.compile(r"\b[ap]\.m\.$", re.IGNORECASE)
_LETTER = re.compile(r"[^\W_]")

_TAIL = 32
"""Characters before a boundary that are examined, for the word with a full stop or for reference marks after one."""

_LONGEST_ASIDE = 200
"""Characters within which a bracket must close; one open for longer was forgotten, or contains sentences."""

_HAN_SPEAKER = r"[^\W\d_a-zA-Z]{0,6}?"
_LATIN_SPEAKER = r"(?:(?:[A-Z][\w’'.-]*|the|The) ?(?:[\w’'-]+ ){0,2}?)"


def ends_sentence(text: str, start: int, place: int) -> bool:
    """Return whether the sentence that begins at `start` ends before `place`, where the next would begin."""
    end = place
    while end > start and text[end - 1].isspace():
        end -= 1
    if place >= len(text):
        return True
    last, following = text[end - 1], text[place]
    if following in _NEVER_FIRST or (following in "\"'" and _QUOTE_GOES_ON.match(text, place)):
        return False
    if last in _STOPS and _stands_in_aside(text, start, end):
        return False
    if last == "。":
        return True
    if last == ".":
        return _full_stop_ends(text, start, end, place)
    if last == "．":  # between Chinese names it replaces a middle dot
        return end < place or not following.isalnum()
    if last in _CLOSING:
        return _quotation_ends(text, start, end, place)
    if last in "!?":
        return _mark_ends(text, start, end, place)
    return True


def _stands_in_aside(text: str, start: int, end: int) -> bool:
    """Return whether a bracket or quotation open at `end` closes soon, with none opened inside it before that."""
    if _OPENED.search(text, start, end) is None:
        return False
    for opened, closed in _ASIDES:
        if text.count(opened, start, end) > text.count(closed, start, end):
            close = text.find(closed, end, end + _LONGEST_ASIDE)
            if close >= 0 and text.find(opened, end, close) < 0:
                return True
    return False


def is_whole(text: str, start: int, end: int) -> bool:
    """Return whether text[start:end] begins where a line or sentence begins, and ends where one ends."""
    if _glued(text, start) or _glued(text, end):
        return False
    before = text[max(0, start - _TAIL) : start].rstrip(_SPACE)
    begins = not before or before[-1] == "\n" or _ENDED.search(before) is not None
    return (
        begins
        and (_ENDED.search(text, max(start, end - _TAIL), end) or _LINE_ENDS.match(text, end)) is not None
    )


def _glued(text: str, place: int) -> bool:
    """Return whether the characters before and after `place` belong to one name, number or address."""
    return (
        text[place - 1 : place] in _LATIN_STOPS
        and text[place : place + 1].isalnum()
        and place > 0
        and not _is_han(text[place])
    )


def _full_stop_ends(text: str, start: int, end: int, place: int) -> bool:
    """Return whether a full stop that the splitter took for an end is one."""
    following = text[place]
    tail = text[max(start, end - _TAIL) : end]
    if tail.endswith("..") and end == place:
        return False
    if end == place and not _is_han(following) and following not in _OPENING:
        return False  # C3.AI, System.Text, .NET
    if _ENUMERATOR.fullmatch(text, start, end):
        return False
    word = _LAST_WORD.search(tail)
    if word is not None and _leads_on(word[0], text, end, place):
        return False
    return not _goes_on_small(text, start, place)


def _leads_on(word: str, text: str, end: int, place: int) -> bool:
    """Return whether `word`, with its full stop, belongs to what follows: an abbreviation, an initial, a time of day."""
    following = text[place]
    kind = _abbreviations().get(word.lower() if len(word) > 2 else word)
    if kind == "any" or (kind == "number" and following.isdigit()):
        return True
    if kind == "name" and (following.isupper() or _is_han(following)):
        return True
    if kind == "han" and end == place and _is_han(following):
        return True
    if _CLOCK.search(word):
        return _AFTER_CLOCK.match(text, place) is not None
    if _INITIALS.fullmatch(word):
        return (end == place and _is_han(following)) or _INITIAL_OR_HAN.match(text, place) is not None
    return False


def _mark_ends(text: str, start: int, end: int, place: int) -> bool:
    """Return whether a question or exclamation mark ends a sentence: not inside an address or a name (Yahoo! is old)."""
    if end == place and text[place].isascii() and text[place] not in _OPENING:
        return False
    return not _goes_on_small(text, start, place)


def _goes_on_small(text: str, start: int, place: int) -> bool:
    """Return whether a word in lower case continues a sentence that began with a capital."""
    if not "a" <= text[place] <= "z":
        return False
    first = _LETTER.search(text, start)
    return first is not None and first[0].isupper() and _SMALL_WORD.match(text, place) is not None


def _quotation_ends(text: str, start: int, end: int, place: int) -> bool:
    """Return whether a sentence ends with its closing quotation mark: not where its speaker or verb follows."""
    close = text[end - 1]
    if close in "》〉":  # a title is part of its sentence, whatever it ends with
        return False
    opener = _OPENING_OF.get(close)
    if opener is None:
        return True
    opened = text.rfind(opener, start, end - 1)
    if opened < 0:
        return True
    if _speech().match(text, place) is not None:
        return False
    return not (text[end - 2] in "!?！？…" and opened > start and _is_han(text[opened - 1]))


def _is_han(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff"


@cache
def _abbreviations() -> dict[str, str]:
    """Return what may follow each abbreviation within a sentence: any word, a number, a name, or Chinese text."""
    return read_table(Path(__file__).with_name("abbreviations.tsv"))


@cache
def _speech() -> re.Pattern[str]:
    """Return a pattern for the speaker of a quotation, unless a colon shows that the quoted words come after it."""
    verbs = sorted(
        read_words(Path(__file__).with_name("speech_verbs.txt")), key=lambda verb: (-len(verb), verb)
    )
    han = "|".join(verb for verb in verbs if _is_han(verb[0]))
    latin = "|".join(verb for verb in verbs if not _is_han(verb[0]))
    return re.compile(
        rf"{_HAN_SPEAKER}(?:{han})(?![^，。！？；“「]{{0,12}}[：:“「])|{_LATIN_SPEAKER}(?:{latin})\b(?![^.\"“]{{0,40}}[:\"“])"
    )
