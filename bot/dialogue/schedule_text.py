"""Parses the argument of /subscribe: a time, days, a zone and topics, in any order and either language. Pure.

Nothing is half understood: every word is parsed, belongs to a query, or is reported.

    take a day of the month
    report a schedule that digests do not support
    take days, times and zones, each with its own parser
    report a second value of one kind, or an invalid value
    report remaining words about time
    the rest, split at commas, are the queries
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from bot.dialogue.panel import MAX_QUERIES
from bot.dialogue.schedule_days import DaySpan, chosen_days, read_days, read_month_day
from bot.dialogue.schedule_line import HIDDEN, ScheduleLine, Zone
from bot.dialogue.schedule_phrases import Found
from bot.dialogue.schedule_remainder import (
    exclusions_in_words,
    find_rhythm,
    is_monthly,
    trimmed,
    unattached_number,
    unparsed_word,
)
from bot.dialogue.times_of_day import read_times
from bot.digests.schedule import EVERY_DAY, MONTHLY
from bot.library.glossary import Glossary
from bot.library.query import MAX_CHARACTERS, Query
from bot.models import Mention
from bot.text.normalise import fold
from bot.text.segment import Segmenter

Trouble = Literal[
    "no_such_rhythm",
    "which_month_day",
    "no_such_time",
    "no_such_zone",
    "no_day_left",
    "two_times",
    "two_zones",
    "topic_or_zone",
    "which_hour",
    "bare_hour",
    "unclear_words",
    "too_many_topics",
]
"""Why a text cannot be saved: the name of the sentence that says so."""

# Quoted words, and words that are left out, belong to a query whatever they say; an offset (-05:00) is neither.
_KEPT = re.compile(
    r'(?<!\S)-?["“「『][^"“”「」『』]{1,80}["”」』]|["“「『][^"“”「」『』]{1,80}["”」』]'
    r"|(?<!\S)-(?!\d{1,2}(?::?\d\d)?(?!\S))[^\s,，、;；]{1,80}"
)

_Case = tuple[Trouble, str]


class ScheduleRequest(Struct, frozen=True):
    """A parsed schedule; None or () for parts that the text leaves open.

    `minute` counts from midnight, `days` is as in Subscription, `timezone` an IANA name, `queries` texts as for
    /trend. `trouble` says why it cannot be saved, and `troubling` is the piece of text concerned.
    """

    minute: int | None = None
    days: int | None = None
    timezone: str | None = None
    queries: tuple[str, ...] = ()
    trouble: Trouble | None = None
    troubling: str = ""

    @property
    def says_something(self) -> bool:
        """Whether the text states anything at all."""
        return self != ScheduleRequest()


class _Taken(Struct, frozen=True):
    """The parsed parts of a line, each with its words; `parts` are parts of the day without an hour.

    `country` is a name that may be the zone or a topic.
    """

    days: Sequence[tuple[DaySpan, str]]
    times: Sequence[tuple[Found, str]]
    parts: Sequence[tuple[Found, str]]
    zones: Sequence[Zone]
    country: str = ""


class ScheduleParser(Struct, frozen=True):
    """Parser of schedules that knows the glossary's topics."""

    glossary: Glossary
    segmenter: Segmenter
    understand: Callable[[str], Query]

    def parse(self, text: str) -> ScheduleRequest:
        """Parse `text`, of which only the first 400 characters count. Never raises."""
        line = ScheduleLine(" ".join(text.split())[:MAX_CHARACTERS])
        line.hide(match.span() for match in _KEPT.finditer(line.low))
        monthly = read_month_day(line.low)
        month_words = line.take(monthly.start, monthly.end) if monthly else ""
        rhythm = find_rhythm(_without(line.low, self._mentions(line.low)))
        rare = _rare(line.take(rhythm.start, rhythm.end)) if rhythm else None
        taken, mentions = self._take(line)
        queries = tuple(self._distinct(self._queries(line, mentions)))
        request = ScheduleRequest(
            minute=taken.times[0][0].value if taken.times else None,
            days=_days(taken, monthly),
            timezone=taken.zones[0][0] if taken.zones else None,
            queries=queries[:MAX_QUERIES],
        )
        trouble = (
            rare
            or _trouble_of_times(taken)
            or _trouble_of_zones(taken)
            or _trouble_of_days(taken, month_words)
            or self._trouble_of_rest(line, mentions, clock=request.minute is not None)
            or (("too_many_topics", queries[MAX_QUERIES]) if len(queries) > MAX_QUERIES else None)
        )
        return replace(request, trouble=trouble[0], troubling=trouble[1]) if trouble else request

    def _take(self, line: ScheduleLine) -> tuple[_Taken, list[Mention]]:
        """Take days, times and zones from the line, and reserve the remaining topics."""
        days = [(span, line.take(span.start, span.end)) for span in read_days(line.low)]
        zones = line.take_offsets()  # before times: UTC+5:30 holds none
        reading = read_times(line.low)
        times = [(time, line.take(time.start, time.end)) for time in reading.times]
        parts = [(part, line.take(part.start, part.end)) for part in reading.parts]
        zones = (line.take_spaced_offset() if times else []) or zones
        zones += line.take_named_times(frozenset(mention.end for mention in self._mentions(line.low)))
        zones += line.take_bare_times(time.end for time, _ in times)
        mentions = self._mentions(line.low)
        line.hide((mention.start, mention.end) for mention in mentions)
        country = ""
        if not (zones := zones or line.take_cities()):
            zones, country = line.take_country()
        shown = [mention for mention in mentions if line.shown[mention.start] != " "]
        return _Taken(days, times, parts, zones, country), shown

    def _distinct(self, queries: Iterable[str]) -> list[str]:
        """Return each query once, even if it is given in both languages."""
        seen: dict[object, str] = {}
        for text in queries:
            query = self.understand(text)
            seen.setdefault(query.topics if query.plain else fold(text), text)
        return list(seen.values())

    def _mentions(self, low: str) -> list[Mention]:
        """Return topics from left to right without overlaps, longest first."""
        outer: list[Mention] = []
        mentions = self.glossary.forms.find(low, lambda: self.segmenter.words(low))
        for mention in sorted(mentions, key=lambda m: (m.start, -m.end)):
            if not outer or mention.start >= outer[-1].end:
                outer.append(mention)
        return outer

    def _queries(self, line: ScheduleLine, mentions: list[Mention]) -> Iterator[str]:
        previous, narrowing = "", ""
        for span in line.pieces():
            named = self.glossary.forms.named(fold(line.shown[slice(*span)].strip()))
            start, end = span if named else trimmed(line.shown, *span)
            piece = line.shown[start:end]
            own = [m for m in mentions if start <= m.start and m.end <= end]
            query = self.understand(piece)
            if query.empty and (query.excluded or query.dropped):  # "compute, -GPU" narrows compute
                narrowing = f"{narrowing} {piece}"
                continue
            for part in self._parts(piece, start, own, query):
                if previous:
                    yield f"{previous}{narrowing}"
                    narrowing = ""
                previous = part
        if previous or narrowing:
            yield f"{previous}{narrowing}".strip()

    def _parts(self, piece: str, offset: int, own: list[Mention], query: Query) -> Iterable[str]:
        """Return the queries of a piece: one per topic, or the whole piece if it has other words."""
        whole = (
            query.words or self.glossary.forms.named(fold(piece.strip())) or exclusions_in_words(piece, query)
        )
        return _apart(piece, offset, own) if own and not whole else [" ".join(piece.split())]

    def _trouble_of_rest(
        self, line: ScheduleLine, mentions: Sequence[Mention], *, clock: bool
    ) -> _Case | None:
        """Return the trouble with the remaining words, or None."""
        if words := unparsed_word(line, self.understand, self.glossary.forms.named):
            return "unclear_words", words
        names = [
            mention.end
            for mention in mentions
            if self.glossary.topics[mention.topic].proper or line.shown[mention.start : mention.end].isupper()
        ]
        number = unattached_number(line, names)
        hour = number.isdecimal() and int(number) <= 24 and not clock
        return ("bare_hour" if hour else "unclear_words", number) if number else None


def _apart(piece: str, offset: int, mentions: list[Mention]) -> Iterator[str]:
    """Split a piece of topics alone; each keeps the quoted or excluded words next to it."""
    for i, mention in enumerate(mentions):
        start = mention.start - offset if i else 0
        end = mentions[i + 1].start - offset if i + 1 < len(mentions) else len(piece)
        part = piece[start:end]
        topic = piece[mention.start - offset : mention.end - offset]
        yield " ".join([topic, *(match[0] for match in _KEPT.finditer(part))])


def _without(low: str, mentions: Iterable[Mention]) -> str:
    for mention in mentions:
        low = low[: mention.start] + HIDDEN * (mention.end - mention.start) + low[mention.end :]
    return low


def _trouble_of_times(taken: _Taken) -> _Case | None:
    """Return the trouble with an invalid time, a second time, or a part of the day without an hour."""
    for time, words in taken.times:
        if time.value is None:
            return "no_such_time", " ".join([words, *(part for _, part in taken.parts)])
    if len({time.value for time, _ in taken.times}) > 1:
        return "two_times", taken.times[1][1]
    hourless = [words for part, words in taken.parts if part.value is None]
    return ("which_hour", hourless[0]) if hourless else None


def _trouble_of_zones(taken: _Taken) -> _Case | None:
    for zone, words in taken.zones:
        if zone is None:
            return "no_such_zone", words
    if taken.country:
        return "topic_or_zone", taken.country
    two = len({zone for zone, _ in taken.zones}) > 1
    return ("two_zones", taken.zones[1][1]) if two else None


def _rare(words: str) -> _Case:
    """Return the trouble with an unsupported schedule, or a monthly one without a day."""
    return ("which_month_day" if is_monthly(words) else "no_such_rhythm"), words


def _days(taken: _Taken, monthly: Found | None) -> int | None:
    if monthly is not None and monthly.value is not None:
        return monthly.value * MONTHLY
    days = chosen_days([span for span, _ in taken.days]) or None
    return _day_after(days) if days and any(time.next_day for time, _ in taken.times) else days


def _day_after(days: int) -> int:
    """Return the days after these days of the week: twelve at night on Sunday is Monday, 00:00."""
    return days << 1 & EVERY_DAY | days >> 6


def _trouble_of_days(taken: _Taken, month_words: str) -> _Case | None:
    """Return the trouble with ambiguous days, no remaining day, or weekdays next to a day of the month."""
    if month_words and taken.days:
        return "unclear_words", taken.days[0][1]
    for span, words in taken.days:
        if span.doubtful:
            return "unclear_words", words
    if taken.days and not chosen_days([span for span, _ in taken.days]):
        return "no_day_left", next(words for span, words in taken.days if span.excluded)
    return None
