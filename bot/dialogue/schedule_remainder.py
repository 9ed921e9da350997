"""Checks what remains of a schedule's text without its time, days and zone: filler words, and words not understood.

A remaining word about time counts as not understood, and so does a number without a name before it. Schedules that digests
do not support (every two hours, first Monday of the month, tomorrow) are found to be named in the reply. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache

from bot.dialogue.schedule_days import DAY, read_days
from bot.dialogue.schedule_line import ScheduleLine
from bot.dialogue.schedule_phrases import HERE, Found, alternatives, terms
from bot.dialogue.times_of_day import read_times
from bot.library.query import Query
from bot.text.normalise import fold, has_han
from bot.text.rule_data import read_rows, read_words
from bot.text.stopwords import STOPWORDS

_FILLERS = read_rows(HERE / "schedule_fillers.tsv")
_DANGLING = STOPWORDS | {word for word, _ in _FILLERS if word.isascii()}
_HEAD = re.compile(alternatives(word for word, side in _FILLERS if side != "after" and has_han(word)))
_TAIL = re.compile(alternatives(word for word, side in _FILLERS if side != "before" and has_han(word)) + "$")
_EDGE = frozenset(" .!?。！？:：()（）")
_WORD = re.compile(r"\S+")
_FRAGMENT = 2
"""Up to so many Chinese characters next to a time or day are taken for its unparsed rest, not for a topic."""

# One Chinese character (除) is part of other words too often.
_EXCLUDING = frozenset(
    word for word, side in read_rows(HERE / "exclusions.tsv") if side != "after" and len(word) > 1
)
_EXCLUSION = re.compile(alternatives(_EXCLUDING))
_RESERVED = re.compile(alternatives(read_words(HERE / "schedule_words.txt") | _EXCLUDING))
_HAN_NUMBER = r"[\d零一二两三四五六七八九十]+\s*"
_HOUR_WORDS = "|".join(terms("number"))
_COUNT = re.compile(
    rf"{_HAN_NUMBER}点|{_HAN_NUMBER}[时号日天周次](?![\u4e00-\u9fff])|(?<![a-z])(?:utc|gmt)\w"
    rf"|(?<![a-z0-9])\d{{1,2}}h\d{{0,2}}(?![a-z0-9])|(?<![a-z])(?:{_HOUR_WORDS}) to (?:{_HOUR_WORDS})(?![a-z])"
)
_NUMBER = re.compile(
    r"(?<![\w.:])[+-]?\d+(?:[.:/]\d+)*(?:h|hr|hrs|hours?|am|pm|a|p|th|:)?(?![\w.:])", re.ASCII
)
_LEFT_OUT = re.compile(r'(?<!\S)-(?:["“「『]([^"“”「」『』]{1,80})["”」』]|([^\s"“「『,，、;；]+))')
_AND = re.compile(r"\s*(?:(?:and|or|plus|&|\+)(?!\S)|、)")


_DATE = (
    r"(?<![\d.])(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}/\d{1,2}(?:/\d{2,4})?|\d{1,2}\.\d{1,2}\.\d{4})(?![\d.])"
    r"|\d{1,2}(?:st|nd|rd|th)(?![a-z])"
)

_MONTHLY = re.compile(r"(?:on a )?monthly(?: basis)?|(?:every|each|once a|per)(?: single)? month|每(?:个)?月")


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Return [start, end) without filler words at its edges."""
    while start < end and (step := _idle_at_start(text, start, end)):
        start += step
    while start < end and (step := _idle_at_end(text, start, end)):
        end -= step
    return start, end


def exclusions_in_words(piece: str, query: Query) -> list[str]:
    """Return what `piece`, parsed as `query`, excludes in words (without GPU) rather than by a sign (-GPU)."""
    signed = {fold(match[1] or match[2]).strip(".,;:!?") for match in _LEFT_OUT.finditer(piece)}
    return [item for item in (*query.excluded, *query.dropped) if item not in signed]


def unparsed_word(
    line: ScheduleLine, understand: Callable[[str], Query], named: Callable[[str], str | None]
) -> str:
    """Return the first remaining word that belongs to neither a schedule nor a query, or "".

    `named` maps a folded name to its topic. Only topics and quoted words can be excluded in words, so that unknown
    days ("except birthdays") are reported.
    """
    for match in _LEFT_OUT.finditer(line.shown):
        if match[2] and _is_of_schedule(fold(match[2])):
            return match[0]
    for start, end in line.pieces():
        piece = line.shown[start:end]
        query = understand(piece)
        left_out = exclusions_in_words(piece, query)
        unknown = [item for item in left_out if not named(item) and f'"{item}"' not in fold(piece)]
        if unknown or (left_out and _AND.match(line.low, end)):
            return piece.strip()
        understood = bool(left_out) and not set(query.words) & _EXCLUDING
        for word in (*_RESERVED.finditer(line.low, start, end), *_COUNT.finditer(line.low, start, end)):
            if not (understood and _EXCLUSION.fullmatch(word[0])):
                return word[0].strip()
        if piece.count("(") != piece.count(")"):
            return piece.strip()
    for span in line.touching():
        start, end = trimmed(line.shown, *span)
        if 0 < end - start <= _FRAGMENT:
            return line.shown[start:end]
    return line.glued()


def unattached_number(line: ScheduleLine, names: Iterable[int]) -> str:
    """Return the first number that is not part of a name, or "": the 8 of "compute 8", not the 5 of "GPT 5".

    `names` holds the end offsets of topics that a number may follow.
    """
    ends = frozenset(names)
    for match in _NUMBER.finditer(line.low):
        before = line.shown[: match.start()]
        word = before[:-1].rsplit(" ", 1)[-1]
        named = before.endswith(" ") and (
            len(before) - 1 in ends or (word[:1].isupper() and word[-1:].isalnum())
        )
        if not named or line.low[len(before) - 2] == " ":
            return line.shown[match.start() : match.end()]
    return ""


def _idle_at_start(text: str, start: int, end: int) -> int:
    """Return the length of a filler at `start`, or 0."""
    if text[start] in _EDGE:
        return 1
    word = _WORD.match(text, start, end)
    if word and fold(word[0]) in _DANGLING:
        return len(word[0])
    head = _HEAD.match(text, start, end)
    return len(head[0]) if head else 0


def _idle_at_end(text: str, start: int, end: int) -> int:
    """Return the length of a filler before `end`, or 0."""
    if text[end - 1] in _EDGE:
        return 1
    word = text[start:end].rsplit(maxsplit=1)[-1]
    if fold(word) in _DANGLING:
        return len(word)
    tail = _TAIL.search(text, start, end)
    return len(tail[0]) if tail else 0


def _is_of_schedule(words: str) -> bool:
    """Return whether the words are a time, day or rhythm and nothing else."""
    reading = read_times(words)
    spans = [(span.start, span.end) for span in (*reading.times, *reading.parts)]
    spans += [(span.start, span.end) for span in read_days(words)]
    whole = _RESERVED.fullmatch(words) or _NUMBER.fullmatch(words)
    return whole is not None or (0, len(words)) in spans


def find_rhythm(text: str) -> Found | None:
    """Return the first unsupported schedule or date in folded text, or None."""
    match = _rhythm().search(text)
    return Found(None, *match.span()) if match else None


def is_monthly(words: str) -> bool:
    """Return whether these words mean "monthly" and nothing more."""
    return _MONTHLY.fullmatch(words.lower()) is not None


@cache
def _rhythm() -> re.Pattern[str]:
    numbers = [*terms("number"), "a few", "few", "a couple of", "several"]
    units = terms("unit")
    latin = alternatives(unit for unit in units if not has_han(unit))
    slots = {
        "n": rf"(?:\d{{1,3}}|(?:{'|'.join(numbers)})(?![a-z])|[二两三四五六七八九十几数半])",
        "unit": rf"(?:{latin}|second(?![a-z])|seconds|{alternatives(unit for unit in units if has_han(unit))})",
        "day": DAY,
        "ordinal": rf"(?:(?:{'|'.join(terms('ordinal'))})(?![a-z])|\d{{1,2}}(?:st|nd|rd|th)(?![a-z]))",
        "month": alternatives(terms("month")),
    }
    phrases = alternatives(read_words(HERE / "rhythms.txt"), slots)
    return re.compile(f"{_DATE}|{phrases}", re.ASCII)
