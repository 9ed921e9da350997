"""Reads what follows /subscribe: a time, days, a zone and topics, in any order and both languages. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from bot.dialogue.clock_words import Found, days, times
from bot.library.glossary import Glossary
from bot.library.query import MAX_CHARACTERS, Query
from bot.models import Mention
from bot.rendering.zones import AMBIGUOUS, longest_name, zone_called
from bot.text.normalise import fold, has_han
from bot.text.segment import Segmenter
from bot.text.stopwords import STOPWORDS

MAX_QUERIES = 12

Trouble = Literal["no_such_time", "two_times", "bare_hour", "no_such_zone", "two_zones", "too_many_topics"]
"""Why a text was not understood."""

# Quoted words, and words that are left out, belong to a query whatever they say.
_KEPT = re.compile(
    r'(?<!\S)-?["“「『][^"“”「」『』]{1,80}["”」』]|["“「『][^"“”「」『』]{1,80}["”」』]|(?<!\S)-\S{1,80}'
)
_ZONE = re.compile(
    r"(?<![a-z0-9_/-])(?:utc|gmt)(?:\s*[+\-−–]\s*\d{1,2}(?::?\d{2})?)?(?![a-z0-9_])|[东西](?:十[一二]?|[一二三四五六七八九])区"
    r"|(?<![\w/])(?:africa|america|antarctica|arctic|asia|atlantic|australia|europe|indian|pacific|us|etc)"
    r"/[a-z0-9_+\-]+(?:/[a-z0-9_+\-]+)?",
    re.ASCII,
)
_NAMED_TIME = re.compile(r"(?<![a-z])((?:[a-z.'-]+ ){1,3})time(?![a-z])|([\u4e00-\u9fff]{2,8}?)时间")
_BETWEEN = re.compile(r"[,，、;；\n]+|(?<!\S)(?:and|plus|&|\+)(?!\S)")
_BARE_HOUR = re.compile(r"\d{1,2}")
_DANGLING = STOPWORDS | {
    "每",
    "每逢",
    "send",
    "every",
    "each",
    "topic",
    "topics",
    "digest",
    "主题",
    "推送",
    "发送",
}
_HEAD = re.compile(r"^(?:请|给我|帮我|我要|我想|每逢|推送|发送|发|订阅|看看|看|关于|有关|的|和|与|及|以及)+")
_TAIL = re.compile(r"(?:的|和|与|及|以及|方面|新闻|动态|消息|日报|简报|推送|发送|发给我|给我)+$")
_HIDDEN = "\x00"


@dataclass(frozen=True, slots=True)
class Wish:
    """What a text asks for; None or () for what it does not say. `trouble` is why it cannot be taken so.

    `troubling` is the piece of the text that is in the way. `minute` counts from midnight, `days` is a bit mask
    (Monday is bit 0), `timezone` an IANA name, `queries` texts as after /trend.
    """

    minute: int | None = None
    days: int | None = None
    timezone: str | None = None
    queries: tuple[str, ...] = ()
    trouble: Trouble | None = None
    troubling: str = ""


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads wishes with the topics of a glossary."""

    glossary: Glossary
    segmenter: Segmenter
    understand: Callable[[str], Query]

    def read(self, text: str) -> Wish:
        """What `text` asks for; only its first 400 characters count. Never raises."""
        line = _Line(" ".join(text.split())[:MAX_CHARACTERS])
        line.hide(match.span() for match in _KEPT.finditer(line.low))
        weekdays = line.take(days)
        zones = line.take_offsets()  # before times: UTC+5:30 holds none
        clock = line.take(times)
        zones += line.take_named()
        mentions = _outermost(self._mentions(line.low))
        line.hide((mention.start, mention.end) for mention in mentions)
        if not zones:
            zones = line.take_cities()
        queries = tuple(self._distinct(self._queries(line, mentions)))
        mask = 0
        for value, _ in weekdays:
            mask |= value or 0
        wish = Wish(
            minute=clock[0][0] if clock else None,
            days=mask or None,
            timezone=zones[0][0] if zones else None,
            queries=queries[:MAX_QUERIES],
        )
        trouble = _trouble(clock, zones, queries)
        if trouble is None:
            return wish
        return Wish(wish.minute, wish.days, wish.timezone, wish.queries, *trouble)

    def _distinct(self, queries: Iterable[str]) -> list[str]:
        """Each question once, in whatever language it was asked."""
        seen: dict[object, str] = {}
        for text in queries:
            query = self.understand(text)
            seen.setdefault(query.topics if query.plain else fold(text), text)
        return list(seen.values())

    def _mentions(self, low: str) -> Iterator[Mention]:
        return self.glossary.find(low, lambda: self.segmenter.words(low))

    def _queries(self, line: _Line, mentions: list[Mention]) -> Iterator[str]:
        previous: str | None = None
        for start, end in line.pieces():
            piece = line.shown[start:end]
            own = [m for m in mentions if start <= m.start and m.end <= end]
            query = self.understand(piece)
            if query.empty and (query.excluded or query.dropped) and previous:
                previous = f"{previous} {piece.strip()}"  # "compute, -GPU" narrows compute
                continue
            for part in self._parts(piece, start, own, query):
                if previous:
                    yield previous
                previous = part or None
        if previous:
            yield previous

    def _parts(self, piece: str, offset: int, own: list[Mention], query: Query) -> Iterable[str]:
        """The queries of one piece: its topics one by one, or all of it where other words stand beside them."""
        if self.glossary.named(fold(piece.strip())):
            return [piece.strip()]
        return _apart(piece, offset, own) if own and not query.words else [_trimmed(piece)]


class _Line:
    """A text and its folded twin, character by character, from which what is understood is taken away."""

    def __init__(self, shown: str) -> None:
        self.shown = shown
        # Folding may lengthen a text; one character for one keeps the places alike.
        self.low = "".join(folded if len(folded := fold(char)) == 1 else char for char in shown)

    def hide(self, spans: Iterable[tuple[int, int]]) -> None:
        """Keeps what stands there for a query."""
        for start, end in spans:
            self.low = self.low[:start] + _HIDDEN * (end - start) + self.low[end:]

    def take(self, finder: Callable[[str], Iterator[Found]]) -> list[tuple[int | None, str]]:
        """The values that `finder` finds, each with its words, which go."""
        found = sorted(finder(self.low), key=lambda f: f.start)
        return [(f.value, self._remove(f.start, f.end)) for f in found]

    def take_offsets(self) -> list[tuple[str | None, str]]:
        """Zones that cannot mean anything else, with their words; None for one that does not exist."""
        return [(zone_called(m[0]), self._remove(*m.span())) for m in list(_ZONE.finditer(self.low))]

    def take_named(self) -> list[tuple[str | None, str]]:
        """Zones that "time" or 时间 follows."""
        zones: list[tuple[str | None, str]] = []
        for match in list(_NAMED_TIME.finditer(self.low)):
            start = self._time_named(match)
            if start is not None:
                words = self._remove(start, match.end())
                zones.append((zone_called(words), words))
        return zones

    def _time_named(self, match: re.Match[str]) -> int | None:
        """Where the longest name begins that makes a zone together with "time" or 时间."""
        starts = [match.start(), *(match.start() + i + 1 for i, c in enumerate(match[0]) if c == " ")]
        if match[2]:
            starts = list(range(match.start(), match.end() - 3))
        return next((s for s in starts if zone_called(self.low[s : match.end()])), None)

    def take_cities(self) -> list[tuple[str | None, str]]:
        """Zones called by a city or an abbreviation; None for one that means several."""
        words = [(m.start(), m.end()) for m in re.finditer(r"[^\s,，、;；\x00]+", self.low)]
        zones: list[tuple[str | None, str]] = []
        at = 0
        while at < len(words):
            for count in range(min(longest_name(), len(words) - at), 0, -1):
                start, end = words[at][0], words[at + count - 1][1]
                name = self.low[start:end]
                zone = None if _HIDDEN in name else zone_called(name)
                if zone or name in AMBIGUOUS:
                    zones.append((zone, self._remove(start, end)))
                    at += count - 1
                    break
            at += 1
        return zones

    def pieces(self) -> Iterator[tuple[int, int]]:
        """What is left, between commas."""
        start = 0
        for match in (*_BETWEEN.finditer(self.low), None):
            end = match.start() if match else len(self.low)
            if self.shown[start:end].strip():
                yield start, end
            start = match.end() if match else end

    def _remove(self, start: int, end: int) -> str:
        words = self.shown[start:end]
        blank = " " * (end - start)
        self.shown = self.shown[:start] + blank + self.shown[end:]
        self.low = self.low[:start] + blank + self.low[end:]
        return words.strip()


def _outermost(mentions: Iterable[Mention]) -> list[Mention]:
    """Mentions from the left, the longest first, none inside another."""
    found: list[Mention] = []
    for mention in sorted(mentions, key=lambda m: (m.start, -m.end)):
        if not found or mention.start >= found[-1].end:
            found.append(mention)
    return found


def _apart(piece: str, offset: int, mentions: list[Mention]) -> Iterator[str]:
    """A piece of nothing but topics, cut into them; each takes along what is quoted or left out beside it."""
    for i, mention in enumerate(mentions):
        start = mention.start - offset if i else 0
        end = mentions[i + 1].start - offset if i + 1 < len(mentions) else len(piece)
        part = piece[start:end]
        topic = piece[mention.start - offset : mention.end - offset]
        yield " ".join([topic, *(match[0] for match in _KEPT.finditer(part))])


def _trimmed(query: str) -> str:
    """Without words around it that ask for nothing."""
    words = query.strip(" .!?。！？:：").split()
    while words and fold(words[0]) in _DANGLING:
        words.pop(0)
    while words and fold(words[-1]) in _DANGLING:
        words.pop()
    text = " ".join(words)
    return _TAIL.sub("", _HEAD.sub("", text)) if has_han(text) else text


def _trouble(
    clock: list[tuple[int | None, str]], zones: list[tuple[str | None, str]], queries: tuple[str, ...]
) -> tuple[Trouble, str] | None:
    """The first thing that cannot be taken as it stands."""
    for value, words in clock:
        if value is None:
            return "no_such_time", words
    for zone, words in zones:
        if zone is None:
            return "no_such_zone", words
    if len({value for value, _ in clock}) > 1:
        return "two_times", clock[1][1]
    if len({zone for zone, _ in zones}) > 1:
        return "two_zones", zones[1][1]
    first = queries[0].split()[0] if queries else ""
    if not clock and _BARE_HOUR.fullmatch(first) and int(first) <= 24:
        return "bare_hour", first
    return ("too_many_topics", queries[MAX_QUERIES]) if len(queries) > MAX_QUERIES else None
