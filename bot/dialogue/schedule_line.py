"""A schedule's text during parsing: recognised parts are blanked out, the rest keeps its position. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.rendering.zones import (
    country_called,
    goes_on,
    is_ambiguous,
    longest_name,
    region_called,
    zone_called,
)
from bot.text.normalise import fold, has_han

Zone = tuple[str | None, str]
"""An IANA zone name, or None if ambiguous or unknown, and the words that named it."""

HIDDEN = "\x00"
"""Placeholder in the folded text for characters that belong to a query."""

_OFFSET = re.compile(
    r"(?P<zone>(?<![a-z0-9_/-])(?:utc|gmt)(?:\s*[+\-−–]\s*\d{1,2}(?:[:.]?\d{1,2})?)?(?![0-9_])"
    r"|(?:(?<=\d\d)|(?<!\S))\+\d{1,2}(?:[:.]?\d{1,2})?(?![\w:.])"
    r"|(?:(?<=:\d\d)|(?<!\S))[-−–](?:\d{1,2}:|0\d)\d\d(?![\w:.])"
    r"|[东西][\d一二三四五六七八九十]{1,3}区半?"
    r"|(?<![\w/])(?:africa|america|antarctica|arctic|asia|atlantic|australia|europe|indian|pacific|us|etc)"
    r"/[a-z0-9_+\-]+(?:/[a-z0-9_+\-]+)?)(?:\s*(?:time(?:[ -]?zone)?|时间|时区|区))?(?![a-z0-9_])",
    re.ASCII,
)
_HOURS_APART = re.compile(r"\s+\d{1,2}(?:\.\d{1,2}|:\d{1,2})?(?![\w:.])", re.ASCII)
_CLOCK_SIGN = re.compile(r"(?<=\d:\d\d)|(?<=\d:\d)|\s*(?:[ap]\.?m\b|o['’]?clock\b|点|时)")
_NAMED_TIME = re.compile(
    r"(?<![a-z])((?:[a-z.&'-]+ +){1,5}time(?:[ -]?zone)?)(?![a-z])|([\u4e00-\u9fff]{1,12}?(?:时间|时区))"
)
_WORD_BEFORE = re.compile(r"(?<![^\s,，、;；])[a-z.'-]+ +$")
_NO_NAME = re.compile(r"[的按在用以是:：]$")
_BARE_TIME = re.compile(r"\s*(?:eastern|central|mountain|pacific|atlantic)(?![a-z])")
_LAST_BARE_TIME = re.compile(r"(?<=\s)(?<!asia )(?:eastern|central|mountain|pacific|atlantic)(?=\s*$)")
_CITY_WORD = re.compile(r"\x01+|[^\s,，、;；\x01]+")
_BETWEEN = re.compile(r"[,，、;；\n]+|(?<!\S)(?:and|plus|&|\+)(?!\S)")
_GLUED = re.compile(r"[^\s,，、;；.。!！?？()（）:：\u4e00-\u9fff]")
_GLUED_BEFORE = re.compile(r"[a-z0-9'’+\-–—~/]")
_HAN_RUN = re.compile(r"[\u4e00-\u9fff]+")
_COUNTRY_WORDS = 3


class ScheduleLine:
    """A text and its folded form with equal offsets, from which recognised parts are removed."""

    def __init__(self, shown: str) -> None:
        self.shown = shown
        # Folding can lengthen a text; folding character by character keeps the offsets equal.
        self.low = "".join(folded if len(folded := fold(char)) == 1 else char for char in shown)
        self._whole, self._low = shown, self.low
        self._taken: list[tuple[int, int]] = []

    def hide(self, spans: Iterable[tuple[int, int]]) -> None:
        """Reserve these spans for a query."""
        for start, end in spans:
            self.low = self.low[:start] + HIDDEN * (end - start) + self.low[end:]

    def take(self, start: int, end: int) -> str:
        """Blank out a span and return its words."""
        words = self.shown[start:end]
        blank = " " * (end - start)
        self.shown = self.shown[:start] + blank + self.shown[end:]
        self.low = self.low[:start] + blank + self.low[end:]
        self._taken.append((start, end))
        return words.strip()

    def take_offsets(self) -> list[Zone]:
        """Take unambiguous zones: UTC+8, +05:30, Asia/Tokyo."""
        return [
            (zone_called(match["zone"]), self.take(*match.span()))
            for match in list(_OFFSET.finditer(self.low))
        ]

    def take_spaced_offset(self) -> list[Zone]:
        """Take the hours after a bare UTC or GMT: in a link, the plus sign becomes a space."""
        for start, end in self._taken:
            hours = _HOURS_APART.match(self._low, end) if self._low[start:end] in ("utc", "gmt") else None
            if hours and self.low[hours.end() - 1] != " ":
                return [(zone_called(self._whole[start : hours.end()]), self.take(start, hours.end()))]
            if hours and not _CLOCK_SIGN.match(
                self._low, hours.end()
            ):  # UTC 8 in the evening: the hour or the zone
                return [(None, self._whole[start : hours.end()])]
        return []

    def take_named_times(self, ends: frozenset[int]) -> list[Zone]:
        """Take zones followed by "time" or 时间; `ends` holds the ends of topics, which may directly precede one."""
        zones: list[Zone] = []
        for match in list(_NAMED_TIME.finditer(self.low)):
            if span := self._time_named(match, ends):
                start, whole = span
                words = self.take(start, match.end())
                zones.append((zone_called(words) if whole else None, words))
        return zones

    def _time_named(self, match: re.Match[str], ends: frozenset[int]) -> tuple[int, bool] | None:
        """Where the longest name of a time begins, and whether nothing before it makes it another one."""
        if match[2]:
            for start in range(match.start(), match.end() - 2):
                name = self.low[start : match.end()]
                if zone_called(name) or is_ambiguous(name):
                    return start, self._begins(start, ends)
            return None
        starts = [
            match.start(),
            *(match.start() + space.end() for space in re.finditer(" +", match[0].rstrip())),
        ]
        for start in starts[: 1 + len(re.findall(" +(?!zone)", match[0]))]:
            name = self.low[start : match.end()]
            if zone_called(name) or is_ambiguous(name):
                before = _WORD_BEFORE.search(self.low, 0, start)
                runs_on = before is not None and self._runs_on(before, ends)
                return (before.start(), False) if before and runs_on else (start, True)
        return None

    def _runs_on(self, before: re.Match[str], ends: frozenset[int]) -> bool:
        """Whether a Latin word before a named time makes it another one; a topic and small letters do not."""
        word = before[0].rstrip()
        topic = before.start() + len(word) in ends
        return goes_on(word) or (not topic and self.shown[before.start()].isupper())

    def _begins(self, start: int, ends: frozenset[int]) -> bool:
        """Whether a Chinese name can begin at `start`: no other name runs into it."""
        before = self.low[:start]
        return start in ends or not has_han(before[-1:]) or bool(_NO_NAME.search(before))

    def take_cities(self) -> list[Zone]:
        """Take zones named by a city or abbreviation, with an optional country; None for an ambiguous name."""
        words = [match.span() for match in _CITY_WORD.finditer(self._marked())]
        zones: list[Zone] = []
        position = 0
        while position < len(words):
            for count in range(min(longest_name(), len(words) - position), 0, -1):
                start, end = words[position][0], words[position + count - 1][1]
                name = self.shown[start:end]
                zone = zone_called(name)
                if self.low[start] == HIDDEN and (
                    (count == 1 or zone != zone_called(self.shown[words[position + count - 1][0] : end]))
                    and not self._follows_topic(start, end)
                ):
                    continue  # a topic; but a country may stand before its city: 日本东京
                if zone or is_ambiguous(name):
                    behind = self._region(words[position + count : position + count + 3])
                    matches = not behind or behind[1] == zone  # Paris, Texas is in no zone of Paris
                    zones.append((zone if matches else None, self.take(start, behind[0] if behind else end)))
                    position += count - 1
                    break
            position += 1
        return zones

    def take_country(self) -> tuple[list[Zone], str]:
        """Take a zone named by a country or state at the end of a line with a schedule.

        Returns the zone, None for one of several, and the name that may as well be a topic, which is left in the line.
        """
        words = [match.span() for match in re.finditer(r"[^\s,，、;；.。!！]+", self.shown)]
        end = words[-1][1] if words else 0
        last = self._taken and not self._whole[end:].strip(" .。!！")
        for start, _ in words[-_COUNTRY_WORDS:] if last else ():
            name = self.shown[start:end]
            if (zone := country_called(name)) is None:
                continue
            before = self.shown[:start].rstrip()
            if HIDDEN in self.low[start:end] or not before:
                return [], "" if before.endswith(
                    tuple(",，、;；")
                ) else name  # behind a comma it is one more topic
            return [(zone or None, self.take(start, end))], ""
        return [], ""

    def _follows_topic(self, start: int, end: int) -> bool:
        """Whether a name that is both a topic and a place ends a line with a schedule, right behind another topic."""
        before = self.shown[:start].rstrip()
        ends = not self.shown[end:].strip(" .。!！")
        return bool(self._taken and before) and ends and self.low[len(before) - 1] == HIDDEN

    def _region(self, words: list[tuple[int, int]]) -> tuple[int, str] | None:
        """Where the longest name of a state ends that begins with the first of `words`, and its zone."""
        for count in range(len(words), 0, -1):
            if zone := region_called(self.shown[words[0][0] : words[count - 1][1]]):
                return words[count - 1][1], zone
        return None

    def _marked(self) -> str:
        """The text as runs of hidden characters and of others."""
        return "".join("\x01" if char == HIDDEN else char for char in self.low)

    def take_bare_times(self, ends: Iterable[int]) -> list[Zone]:
        """Take "Eastern" and the like after a time or at the end: ambiguous zones, never topics."""
        matches = [match for end in ends if (match := _BARE_TIME.match(self.low, end))]
        last = _LAST_BARE_TIME.search(self.low)
        if last and not matches and self.shown[last.start()].isupper():
            matches = [last]
        return [(None, self.take(*match.span())) for match in matches]

    def glued(self) -> str:
        """Return a taken part with adjacent letters (08:00Z), or "" if there is none."""
        free = {position for position, char in enumerate(self.low) if char not in (" ", HIDDEN)}
        for start, end in self._taken:
            if start - 1 in free and _GLUED_BEFORE.match(self._low, start - 1):
                head = re.search(r"\S*$", self._whole[:start])
                return (head[0] if head else "") + self._whole[start:end].strip()
            latin = end > start and self._low[end - 1].isascii()
            if latin and end in free and _GLUED.match(self._low, end):
                tail = re.match(r"\S*", self._whole[end:])
                return self._whole[start:end].strip() + (tail[0] if tail else "")
        return ""

    def touching(self) -> Iterator[tuple[int, int]]:
        """Return the remaining Chinese characters adjacent to taken parts: the 后 of 后半夜."""
        taken = {position for start, end in self._taken for position in range(start, end)}
        for match in _HAN_RUN.finditer(self.low):
            beside = {match.start() - 1, match.end()} & taken
            if any(self._low[position] != " " for position in beside):
                yield match.span()

    def pieces(self) -> Iterator[tuple[int, int]]:
        """Return the remaining pieces between commas."""
        start = 0
        for match in (*_BETWEEN.finditer(self.low), None):
            end = match.start() if match else len(self.low)
            if self.shown[start:end].strip():
                yield start, end
            start = match.end() if match else end
