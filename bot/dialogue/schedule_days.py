"""Parses the days in a schedule, in folded English and Chinese text: of the week with exclusions, or of the month. Pure.

A day of the month counts only next to words for "every month" (monthly on the 1st, 每月15号). Several days of the month, ranges of
them and exclusions from them are not parsed: they stay in the text, and the caller reports them as not understood.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from bot.dialogue.schedule_phrases import HERE, Found, alternatives, terms
from bot.digests.schedule import EVERY_DAY
from bot.text.han_numbers import small_number
from bot.text.rule_data import read_rows

_ROWS = {word: (days, kind) for word, days, kind in read_rows(HERE / "weekdays.tsv")}
_NAME = alternatives(word for word, (_, kind) in _ROWS.items() if kind == "day") + "(?:['’]s)?"
_SET = alternatives(word for word, (_, kind) in _ROWS.items() if kind != "day")
DAY = rf"(?:{_NAME}|{_SET}|(?:周|星期|礼拜)[一二三四五六日天])"
"""Pattern of a day of the week or a set of days."""

_LEAD = r"(?:(?<![a-z])(?:on|in|at)\s+)?(?:(?<![a-z])(?:the|every|each|all)\s+)?"
_TO = r"(?:-|–|—|~|\bto\b|\bthrough\b|\bthru\b|\btill\b)"
_ENGLISH = re.compile(
    rf"{_LEAD}(?:(?:(?<![a-z])from\s+)?(?P<first>{_NAME})\s*{_TO}\s*(?P<last>{_NAME})"
    rf"|(?P<names>{_NAME}(?:(?:\s*[,/&+]\s*(?:and\s+)?|\s+(?:and|or)\s+|\s+){_NAME})*)|(?P<set>{_SET}))(?!-?[a-z0-9])",
    re.ASCII,
)
_HAN = "一二三四五六日天"
_WEEK = "(?:每逢|每个?)?(?:周|星期|礼拜)"
_DAY = f"[{_HAN}](?![点时])"
_LIST = r"\s*[、,/和及或与]\s*"
_CHINESE = re.compile(
    rf"{_WEEK}(?P<first>{_DAY})\s*(?:至|到|-|–|—|~)\s*(?:{_WEEK})?(?P<last>{_DAY})"
    rf"|{_WEEK}(?P<names>(?:{_DAY})+(?:(?:{_LIST})?{_WEEK}(?:{_DAY})+"
    rf"|{_LIST}(?:{_DAY})+(?=[\s、,/和及与早中下晚上凌外以之除的不休\d]|$|{_WEEK}))*)"
    rf"|(?P<set>{alternatives(word for word in _ROWS if not word.isascii())})"
)
_SIDES = read_rows(HERE / "exclusions.tsv")
_NOT_SENT = rf"{alternatives(terms('negation'))}(?:\s+{alternatives(terms('sending'))})*"
_BEFORE = re.compile(
    rf"(?:{alternatives(word for word, side in _SIDES if side != 'after')}|{_NOT_SENT})\s*(?:the\s+)?$|(?<!\S)[!！]$"
)
_AFTER = re.compile(r"\s*的?" + alternatives(word for word, side in _SIDES if side != "before") + r"(?:的)?")
_BEGINS = re.compile(r"\b(?:from|as of|as from)\s+$|[从自]\s*$")
_CHAIN = re.compile(r"\s*,?\s*(?:(?:and|or|nor|&)(?![a-z])\s*(?:not\s+)?|[和及与或、])\s*")
_CHOICE = re.compile(r"\bor\b|或")
_SOME = re.compile(r"\b(?:every|each)\b")


LAST = 31
"""Stands for the last day of each month; shorter months use their own last day."""

_ORDINALS = {
    word: number
    for number, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth".split(), 1
    )
}

_DAY_OF_MONTH = (
    r"(?:on\s+)?(?:the\s+)?(?:(?:(?P<{0}>\d{{1,2}})(?:st|nd|rd|th)|(?<![a-z-])(?P<{0}_word>"
    + "|".join(_ORDINALS)
    + r"))(?:\s+day)?|(?P<{0}_last>last\s+day)|day\s+(?P<{0}_number>\d{{1,2}}))(?![a-z0-9:])"
)

_MONTH = r"(?:(?:(?:of|in)\s+)?(?:the|each|every)\s+month|monthly|(?:once\s+)?(?:a|per)\s+month)(?![a-z])"

_MORE = (
    r"(?!\s*(?:[-–—~/,&+]|to|through|until|till|and|or)\s*(?:the\s+)?(?:\d{1,2}(?:st|nd|rd|th)|last\s|"
    + "|".join(_ORDINALS)
    + "))"
)

_MONTHLY_IN_ENGLISH = re.compile(
    rf"(?<![a-z0-9.:-])(?:{_DAY_OF_MONTH.format('before')}\s*,?\s*{_MONTH}|{_MONTH}\s*,?\s*{_DAY_OF_MONTH.format('behind')}){_MORE}",
    re.ASCII,
)

_STRETCH = re.compile(
    r"\b(?:from|since|until|till|by|after|before|to|through|between|around|about)\s+(?:the\s+)?$"
    r"|\d(?:st|nd|rd|th)\s*(?:[-–—~/,&+]|and|or)\s*(?:the\s+)?$"
)

_HAN_NUMBER = r"[二三]?十[一二三四五六七八九]?|[一二三四五六七八九]"

_MONTHLY_IN_CHINESE = re.compile(
    rf"每(?:个)?月的?\s*(?:(?P<number>\d{{1,2}}|{_HAN_NUMBER})\s*[号日]|(?P<first>第一天|首日)|(?P<last>最后一[天日]))"
    r"(?!\s*(?:[之以]?[前后]|起|开始|到|至|和|及|与|或|左右|[、,，~～—–-]\s*[\d一二三四五六七八九十]))"
)


class DaySpan(Struct, frozen=True):
    """Days at [start, end), as a bit mask (Monday is bit 0).

    `weak`: other days in the text override it ("daily"). `excluded`: these days are excluded; `closed`: the exclusion
    ends here (除周一外). `doubtful`: it has two readings ("Monday or Friday", "from Monday").
    """

    start: int
    end: int
    mask: int
    weak: bool = False
    excluded: bool = False
    closed: bool = False
    doubtful: bool = False


def read_days(text: str) -> list[DaySpan]:
    """Return the days in folded text from left to right, each with the words that exclude it."""
    spans: list[DaySpan] = []
    for span in sorted(_named(text), key=lambda span: (span.start, -span.end)):
        if not spans or span.start >= spans[-1].end:
            spans.append(_judged(text, span, spans[-1] if spans else None))
    return spans


def chosen_days(spans: list[DaySpan]) -> int | None:
    """Return the days that `spans` mean together as a bit mask: 0 if all are excluded, None if there are no spans."""
    named = [span for span in spans if not span.excluded]
    strong = [span for span in named if not span.weak]
    mask = 0
    for span in strong or named:
        mask |= span.mask
    if not spans:
        return None
    mask = mask if named else EVERY_DAY
    for span in spans:
        mask &= ~span.mask if span.excluded else EVERY_DAY
    return mask


def is_excluded(text: str, start: int, end: int) -> bool:
    """Return whether a word next to [start, end) excludes it: except …, …除外."""
    return _BEFORE.search(text, 0, start) is not None or _AFTER.match(text, end) is not None


def _named(text: str) -> Iterator[DaySpan]:
    for pattern in (_CHINESE, _ENGLISH):
        for match in pattern.finditer(text):
            kind = match.groupdict().get("set")
            weak = kind is not None and _ROWS[" ".join(kind.split())][1] == "weak"
            begins = match["first"] is None and _BEGINS.search(text, 0, match.start()) is not None
            doubtful = begins or _CHOICE.search(match[0]) is not None
            yield DaySpan(*match.span(), _mask(match), weak, doubtful=doubtful)


def _judged(text: str, span: DaySpan, previous: DaySpan | None) -> DaySpan:
    """Return `span` extended by the word that excludes it, and marked as excluded if it is."""
    least = previous.end if previous else 0
    before = _BEFORE.search(text, least, span.start)
    after = _AFTER.match(text, span.end)
    chained = previous is not None and _CHAIN.fullmatch(text, least, span.start) is not None
    if not before and not after and not (chained and previous and previous.excluded):
        return replace(span, doubtful=span.doubtful or _may_be_excluded(text, span, previous))
    some = _SOME.search(text[span.start : span.end]) is not None
    return replace(
        span,
        start=before.start() if before else span.start,
        end=after.end() if after else span.end,
        excluded=True,
        closed=after is not None,
        doubtful=some or (not before and _may_go_with(text, span, previous)),
    )


def _may_be_excluded(text: str, span: DaySpan, previous: DaySpan | None) -> bool:
    """Return whether `span` may belong to the exclusion before it: "except weekends, Monday"."""
    if previous is None or not previous.excluded or previous.closed or span.weak:
        return False
    return text[previous.end : span.start].strip() in ("", ",") and previous.mask & ~span.mask != 0


def _may_go_with(text: str, span: DaySpan, previous: DaySpan | None) -> bool:
    """Return whether the exclusion after `span` may cover the days before it too: "weekends and Monday excluded"."""
    if previous is None or previous.excluded or previous.weak:
        return False
    between = text[previous.end : span.start]
    apart = between.strip() not in ("", ",", "，") and not _CHAIN.fullmatch(between)
    return not apart and (_CHAIN.fullmatch(between) is not None or span.mask & ~previous.mask != 0)


def _mask(match: re.Match[str]) -> int:
    groups = match.groupdict()
    if words := groups["set"]:
        return _union(int(day) - 1 for day in _ROWS[" ".join(words.split())][0])
    if groups["first"]:
        first, last = (_weekday(groups[name]) for name in ("first", "last"))
        return _union((first + i) % 7 for i in range((last - first) % 7 + 1))
    names = re.findall(rf"[{_HAN}]|{_NAME}", re.sub(_WEEK, "", groups["names"]))
    return _union(_weekday(name) for name in names)


def _weekday(name: str) -> int:
    bare = re.sub("['’]s$", "", name)
    return int(_ROWS[bare][0]) - 1 if bare in _ROWS else min(_HAN.index(name), 6)


def _union(weekdays: Iterator[int]) -> int:
    mask = 0
    for day in weekdays:
        mask |= 1 << day
    return mask


def read_month_day(text: str) -> Found | None:
    """Return the day of the month in folded text, or None if it names none or excludes it."""
    for pattern in (_MONTHLY_IN_CHINESE, _MONTHLY_IN_ENGLISH):
        for match in pattern.finditer(text):
            day = _chinese_day(match) if pattern is _MONTHLY_IN_CHINESE else _english_day(match)
            apart = pattern is _MONTHLY_IN_ENGLISH and _STRETCH.search(text, 0, match.start())
            if 1 <= day <= LAST and not apart and not is_excluded(text, match.start(), match.end()):
                return Found(day, *match.span())
    return None


def _english_day(match: re.Match[str]) -> int:
    for side in ("before", "behind"):
        if digits := match[side] or match[f"{side}_number"]:
            return int(digits)
        if match[f"{side}_word"]:
            return _ORDINALS[match[f"{side}_word"]]
    return LAST


def _chinese_day(match: re.Match[str]) -> int:
    if match["number"] is None:
        return 1 if match["first"] else LAST
    return small_number(match["number"]) or 0
