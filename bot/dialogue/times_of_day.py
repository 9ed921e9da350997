"""Parses times of day in folded English and Chinese text. Pure.

Clock times (8:30, 8点半, half past eight) and parts of the day (in the evening, 晚上) are found separately and then
combined: the part of the day, wherever it is in the text, decides between a.m. and p.m.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from bot.dialogue.schedule_phrases import HERE, NUMERAL, Found, alternatives, terms
from bot.text.han_numbers import small_number
from bot.text.normalise import has_han
from bot.text.rule_data import read_rows

_ENGLISH_HOURS = {word: int(value) for word, value in terms("number").items()}
_HOUR = rf"(?P<hour>\d{{1,2}}|{'|'.join(_ENGLISH_HOURS)})"
_AT = r"(?:\bat\s+|@\s*)"
_HALF = r"(?P<half>[ap])\.?m\b\.?"
_CLOCKS = (
    # 8点, 3点半, 九点一刻
    re.compile(
        rf"(?P<hour>\d{{1,3}}|{NUMERAL})\s*(?:点钟|点|时(?!间|代|报|候|常|装|空|区))"
        rf"(?:过?(?P<minute>半|整|一刻|三刻|(?:\d{{1,2}}|{NUMERAL}{{1,3}})分?))?",
        re.ASCII,
    ),
    # 08:00, 8:30 pm
    re.compile(
        rf"{_AT}?(?<![\w:.])(?P<hour>\d{{1,3}}):(?P<minute>\d{{2}})(?![\d:])(?:\s*{_HALF})?",
        re.ASCII,
    ),
    # half past eight, quarter to nine pm
    re.compile(
        rf"{_AT}?\b(?:a\s+)?(?P<share>half|quarter)\s+(?P<side>past|to)\s+{_HOUR}(?![\w:.])(?:\s*{_HALF})?",
        re.ASCII,
    ),
    # 8am, 8.30 pm, eight p.m.
    re.compile(rf"{_AT}?(?<![\w:.]){_HOUR}(?:\.(?P<minute>\d{{2}}))?\s*{_HALF}", re.ASCII),
    # 0800: a year does not begin with a zero
    re.compile(r"(?<![\w:.+-])(?P<hour>0\d)(?P<minute>[0-5]\d)(?![\w:.])", re.ASCII),
    re.compile(rf"(?<![\w:.]){_HOUR}\s*o['’]?clock\b(?:\s*{_HALF})?", re.ASCII),
    re.compile(rf"{_AT}{_HOUR}(?![\w:.])", re.ASCII),
)
_PARTS = {row[0]: row for row in read_rows(HERE / "day_parts.tsv")}
_ENGLISH_PART = re.compile(
    r"(?:(?<![a-z])(?:bright and early|early|late|first thing)\s+)?(?:(?<![a-z])(?:in|at|on|of|by|during)\s+)?(?:(?<![a-z])(?:the|every|each)\s+)?(?:(?<![a-z])(?:early|late)\s+)?"
    rf"(?P<part>{alternatives(name for name in _PARTS if name.isascii())})"
)
_CHINESE_PART = re.compile(
    rf"(?:每天|每日|每)?(?P<part>{alternatives(name for name in _PARTS if len(name) > 1 and has_han(name))}"
    rf"|(?:{'|'.join(name for name in _PARTS if len(name) == 1)})(?=\s*(?:\d{{1,2}}|{NUMERAL}\s*[点时])))"
)
# An hour without any sign of a clock counts only beside a part of the day: 8 in the evening, 早8.
_HOUR_BEFORE = re.compile(rf"(?<![\w:.]){_HOUR}\s?$", re.ASCII)
_HOUR_BEHIND = re.compile(r"\s?(?P<hour>\d{1,2})(?=[\s,，、;；]|$)", re.ASCII)
_BETWEEN = re.compile(r"[\s,]*(?:(?:at|in|on|the|的)\s*)*", re.ASCII)
_SHARES = {"half": 30, "quarter": 15}


class _Part(Struct, frozen=True):
    """A part of the day at [start, end): its first and last hour, and the minute that it means by itself."""

    start: int
    end: int
    window: tuple[int, int]
    alone: int | None


class _Clock(Struct, frozen=True):
    """A clock time at [start, end); `exact` if a.m. or p.m. is stated."""

    start: int
    end: int
    hour: int
    minute: int
    exact: bool


class TimesOfDay(Struct, frozen=True):
    """The times of a text in minutes from midnight, None for an invalid one.

    `parts` are the parts of the day without an adjacent clock time: 0 if the text has a clock time elsewhere, None if
    it has none.
    """

    times: tuple[Found, ...]
    parts: tuple[Found, ...]


def read_times(text: str) -> TimesOfDay:
    """Return the times of day in folded text from left to right, without overlaps."""
    parts = list(_parts(text))
    clocks = sorted(_clocks(text, parts), key=lambda clock: clock.start)
    beside = {part: [clock for clock in clocks if _beside(text, part, clock)] for part in parts}
    apart = [part for part in parts if not beside[part]]
    loose = [part for part in apart if part.alone is None]
    times = [Found(part.alone, part.start, part.end) for part in apart if part.alone is not None]
    for clock in clocks:
        own = [part for part in parts if clock in beside[part]]
        readings = _resolved(clock, [part.window for part in own or loose])
        start = min([clock.start, *(part.start for part in own)])
        times.append(replace(readings, start=start, end=max([clock.end, *(part.end for part in own)])))
    idle = tuple(Found(0 if clocks else None, part.start, part.end) for part in loose)
    return TimesOfDay(tuple(sorted(times, key=_start)), idle)


def _start(span: Found | _Clock) -> int:
    return span.start


def _parts(text: str) -> Iterator[_Part]:
    for pattern in (_ENGLISH_PART, _CHINESE_PART):
        for match in pattern.finditer(text):
            _, first, last, alone = _PARTS[" ".join(match["part"].split())]
            minute = None if alone == "-" else int(alone[:2]) * 60 + int(alone[3:])
            yield _Part(*match.span(), (int(first), int(last)), minute)


def _clocks(text: str, parts: Iterable[_Part]) -> Iterator[_Clock]:
    taken = [(part.start, part.end) for part in parts]
    for match in _clock_matches(text, parts):
        start, end = match.span()
        if not any(start < last and first < end for first, last in taken):
            taken.append((start, end))
            yield _clock(match)


def _clock_matches(text: str, parts: Iterable[_Part]) -> Iterator[re.Match[str]]:
    for pattern in _CLOCKS:
        yield from pattern.finditer(text)
    for part in parts:
        if before := _HOUR_BEFORE.search(text, 0, part.start):
            yield before
        if behind := _HOUR_BEHIND.match(text, part.end):
            yield behind


def _clock(match: re.Match[str]) -> _Clock:
    groups = match.groupdict()
    hour, minute, half = _number(groups["hour"]), _minutes(groups.get("minute") or ""), groups.get("half")
    if share := groups.get("share"):
        minute = _SHARES[share] if groups["side"] == "past" else 60 - _SHARES[share]
        hour -= groups["side"] == "to"
    if half:
        hour = hour % 12 + (12 if half == "p" else 0) if 0 <= hour <= 12 and _number(groups["hour"]) else 99
    return _Clock(*match.span(), hour, minute, exact=half is not None)


def _beside(text: str, part: _Part, clock: _Clock) -> bool:
    """Return whether only filler separates the two."""
    first, last = (part.end, clock.start) if part.end <= clock.start else (clock.end, part.start)
    return _BETWEEN.fullmatch(text, first, last) is not None


def _resolved(clock: _Clock, windows: Sequence[tuple[int, int]]) -> Found:
    """Return the time that the clock means within all of `windows`."""
    if clock.exact or not windows or clock.hour > 12 or clock.hour == 0:
        hours = [clock.hour]
    else:
        hours = [clock.hour % 12, clock.hour % 12 + 12]
    hours = [hour for hour in hours if all(_within(hour, window) for window in windows)]
    possible = len(hours) == 1 and 0 <= hours[0] < 24 and clock.minute < 60
    next_day = possible and bool(windows) and not any(first <= hours[0] <= last for first, last in windows)
    return Found(hours[0] * 60 + clock.minute if possible else None, clock.start, clock.end, next_day)


def _within(hour: int, window: tuple[int, int]) -> bool:
    first, last = window
    return first <= hour <= last or first <= hour + 24 <= last


def _minutes(text: str) -> int:
    known = {"": 0, "整": 0, "半": 30, "一刻": 15, "三刻": 45}
    return known[text] if text in known else _number(text.removesuffix("分"))


def _number(text: str) -> int:
    """Return the value of digits, English words or Chinese numerals; 99, an invalid hour, for anything else."""
    value = _ENGLISH_HOURS.get(text, small_number(text))
    return 99 if value is None else value
