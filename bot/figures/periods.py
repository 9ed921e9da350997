"""Finds the time expressions of a sentence and assigns one to a number. Only reads strings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.figures.numerals import Span
    from bot.figures.quantities import Quantity

_YEAR = r"(?:19|20)[0-9]{2}"

_ZH_COUNT = (
    r"(?:[0-9]{1,3}(?:\.[0-9])?(?:\s?[-–~至到]\s?[0-9]{1,3})?"
    r"|[一二两三四五六七八九十数几]{1,3}(?:[至到][一二三四五六七八九十]{1,2})?)\s?[多余]?(?:年|个月|个季度"
    r"|天|周|小时)"
)
_ZH_PART = (
    r"(?:\s?[0-9]{1,2}月(?:[底初末]|[上中下]旬|[0-9]{1,2}[日号])?|[上下]半年|年?[底末初]"
    r"|年?中(?![国小型东央等期科信心])|第?[一二三四1-4]季度|全年|度)"
)
_ZH_RANGE = rf"{_YEAR}年?\s?[-–—~至到]\s?{_YEAR}年?(?:期?间)?"
_ZH_YEAR = rf"{_YEAR}年{_ZH_PART}?(?:以来|期间|间(?![接隙])|之?前(?=[,，完实达建]))?"
_ISO = rf"{_YEAR}[-/.][0-9]{{1,2}}(?:[-/.][0-9]{{1,2}})?(?![0-9])"
_ZH = re.compile(  # the lookahead only saves time, here and below
    rf"(?=[0-9一二两三四五六七八九十数几到至自截过未最今此接近在去明后前当上下本每“])(?:(?P<date>(?:截[至止]到?"
    rf"|[到至自])?\s?(?:{_ZH_RANGE}|{_ZH_YEAR}|{_ISO})|“?十[三四五六七]五”?(?:时期|期间|末)?)"
    r"|(?P<day>(?<![0-9])[0-9]{1,2}(?:月(?:[0-9]{1,2}[日号]|份?[底初末]?)|[日号](?![线机院圆]|元(?!旦))))"
    rf"|(?P<span>(?:过去|未来|最近|今后|此后|接下来|近|在)的?\s?{_ZH_COUNT}(?:间|里|之?[内来]|以来|后)?"
    rf"|{_ZH_COUNT}(?:之?内|以来))"
    r"|(?P<word>今年以来|近年来|[去今明后前当]年底?(?![轻])|[上下]半年|[上本下一二三四]个?季度|上一年)"
    r"|(?P<rate>每一?(?:年|个?月|季度|天|日|周)(?![度])))"
)

_MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?|Aug(?:ust|\.)?"
    r"|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
_EN_PART = (
    r"(?:(?:the )?(?:end|start|beginning|middle|(?:first|second) half|(?:first|second|third|fourth) quarter"
    rf"|summer|autumn|fall|spring|winter) of |(?:early|late|mid)[ -](?!{_MONTH})|fiscal (?:year )?|FY ?"
    rf"|Q[1-4] |H[12] "
    rf"|(?:early |late |mid-)?(?:[0-9]{{1,2}} )?{_MONTH} (?:[0-9]{{1,2}}, )?)"
)
_EN_COUNT = r"(?:(?:[0-9]{1,3}(?: ?(?:to|-|–) ?[0-9]{1,3})?|two|three|four|five|six|seven|eight|nine|ten|twelve|few|several)[ -])"
_EN_UNIT = r"(?:years?|months?|weeks?|days?|quarters?|decades?|hours?)\b(?! (?:ago|old))"
_EN_AT = r"(?:[Aa]s of|[Bb]y|[Ii]n|[Ss]ince|[Uu]ntil|[Dd]uring|[Bb]efore|[Tt]hrough|[Ff]rom|[Bb]etween|[Ff]or|[Aa]t|of) (?:the )?"
_NOT_A_YEAR = " (?:tokens?|users|people|stars|GPUs|employees)"
_EN_DATE = (
    rf"(?P<date>{_EN_AT}{_EN_PART}?{_YEAR}s?(?:\s?(?:-|–|—|to|and|through)\s?{_EN_PART}?{_YEAR})?"
    rf"(?![0-9]|-[a-z]|{_NOT_A_YEAR})"
    rf"|{_EN_PART}{_YEAR}\b|{_YEAR}\s?[-–—]\s?{_YEAR}\b|{_YEAR}-[01][0-9](?:-[0-3][0-9])?\b)"
    rf"|(?P<day>(?:{_MONTH} [0-9]{{1,2}}(?:st|nd|rd|th)?|[0-9]{{1,2}}(?:st|nd|rd|th)? {_MONTH})\b"
    rf"|{_YEAR}/[0-9]{{1,2}}(?:/[0-9]{{1,2}})?\b)"
)
_EN_SPAN = (
    rf"(?P<span>(?:[Oo]ver|[Ww]ithin|[Ii]n|[Ff]or|[Dd]uring|[Aa]cross) (?:the )?(?:(?:next|past|last|coming"
    rf"|first) )?"
    rf"{_EN_COUNT}{_EN_UNIT}"
    rf"|(?:(?:[Oo]ver|[Ii]n|[Ww]ithin|[Ff]or|[Dd]uring) )?[Tt]he (?:next|past|last"
    rf"|coming) {_EN_COUNT}?{_EN_UNIT})"
    r"|(?P<word>(?<!the )(?:[Ll]ast|[Tt]his|[Nn]ext) (?:year|month|quarter|week|decade)\b)"
    r"|(?P<rate>(?:(?:[Ee]ach|[Ee]very|[Pp]er"
    r"|(?<!for )(?<!ly )(?<!just )(?<!than )(?<!in )(?<!of )(?<!over )a)"
    r" (?:year|month|week|day|quarter)(?! ago| earlier| later)|[Aa]nnually|[Yy]early|[Mm]onthly|per annum)\b)"
)
_EN = re.compile(rf"\b(?:{_EN_DATE}|{_EN_SPAN})")
_EN_UNDATED = re.compile(rf"\b(?:{_EN_SPAN})")
_HAS_YEAR = re.compile(_YEAR)
_TIME_WORDS = ("year", "month", "week", "day", "quarter", "decade", "hour", "annu", "Year", "Annu")

_LAST_YEAR = re.compile(rf".*({_YEAR})")
_DUE = re.compile(rf"(?:[到至]|截[至止]到?|(?i:by|as of) (?:the end of )?)\s?{_YEAR}年?[底末]?$")
# 减少至2024年的61个: the preposition belongs to the verb.
_OF_VERB = re.compile(r"[升降增减跃扩缩提达少长加高滑跌涨][到至]$")
_COMPARED = re.compile(
    r"(?:比|较|相比|[高低]于|超过)[(（]?$|\b(?:than|compared (?:with|to)|versus|vs\.?|against)(?: the)? ?$"
)
_LEVEL = re.compile(r"的?(?:水平|同期|相比)|(?:'s|’s)? levels?\b|(?:所)?(?:新?发布|新?推出|上市|提出|成立)")
# 2023年的55%, 2023年有64篇: only a link between the time and the number.
_TIED = re.compile(r"的?\s?(?:约|近|超过?|有|为|占|达到?|得|是|领先|高达|只|仅|[:,，]){0,3}\s?")
_FIRST_OF_CHANGE = re.compile(r"(?:从|由|自|比|高于|低于|\bfrom (?:about )?|\bthan (?:about )?)\s?$")
_BASE = re.compile(r"(?:[是为比较近约]|相当于|达到?)$")
# 60%的人认为AI将在五年内…: the time belongs to the opinion.
_OPINION = re.compile(r"认为|预计|相信|担心|表示|\b(?:expect|think|believe|say|said|fear)")
_COMMA = re.compile(r"[,，;；](?![0-9])")
_TIED_CHARACTERS = 16
"""Maximum length of a match of `_TIED`; a larger gap need not be tried."""
_NEAREST = 6
"""Maximum times examined on either side of a number; no readable sentence needs more."""


class Time(NamedTuple):
    """A time expression at [start, end). `kind` is date, day, span (over five years), word (去年) or rate (每年).

    `year` is the last year it names, 0 for none. `due` marks a deadline (到2025年).
    """

    start: int
    end: int
    kind: str
    year: int = 0
    due: bool = False


def find_times(text: str, chinese: bool) -> list[Time]:
    """Return the time expressions of a folded sentence, in order, by the rules of one language."""
    pattern = _ZH
    if not chinese:  # most sentences can do without the longer pattern, or without any
        pattern = _EN if _HAS_YEAR.search(text) else _EN_UNDATED
        if pattern is _EN_UNDATED and not any(word in text for word in _TIME_WORDS):
            return []
    return [_time(text, match, chinese) for match in pattern.finditer(text)]


def _time(text: str, match: re.Match[str], chinese: bool) -> Time:
    (start, end), kind = match.span(), match.lastgroup or ""
    if chinese:
        if text[start] in "到至" and (
            text.startswith("的", end) or _OF_VERB.search(text, max(0, start - 1), start + 1)
        ):
            start += 1
        if kind in ("date", "day"):
            kind = "day" if text[end - 1] in "日号" and text[start] != "截" else "date"
    while text[start] == " ":
        start += 1
    named = _LAST_YEAR.match(text, start, end) if kind in ("date", "day") else None
    year = int(named[1]) if named else 0
    return Time(start, end, kind, year, bool(year and _DUE.match(text, start, end)))


def period_of(
    text: str,
    quantity: Quantity,
    others: Sequence[Quantity],
    times: Sequence[Time],
    clause: Span,
    chinese: bool,
) -> Time | None:
    """Return the time that `quantity` is stated for, or None where there is none or it belongs to something else.

    `others` are all quantities of the sentence. In order of preference: a time tied to the number (2023年的55%, 55% in
    2023), the nearest before it in the clause, one after it, one before it in the sentence, a rate (每年).
    """
    usable = _usable(text, quantity, times)
    for time in usable:
        if _is_tied(text, time, quantity, chinese) and not _is_of_other(text, time):
            return time
    usable = [
        t for t in usable if not _is_compared(text, t) and not _is_taken(text, t, quantity, others, chinese)
    ]
    dated = [t for t in usable if t.kind != "rate"]
    before = [t for t in dated if t.end <= quantity.start and _reaches(text, t, quantity)]
    behind = [
        t for t in dated if t.start >= quantity.end and not _OPINION.search(text, quantity.end, t.start)
    ]
    near = [t for t in behind if t.end <= clause[1] and not _COMMA.search(text, quantity.end, t.start)]
    spans = [t for t in behind if t.kind == "span" and len(others) == 1]
    rates = [t for t in usable if t.kind == "rate" and clause[0] <= t.start < clause[1]]
    rates.sort(key=lambda t: abs(t.start - quantity.start))
    for choice in (
        before[-1:] if before and before[-1].start >= clause[0] else [],
        near,
        before[-1:],
        spans,
        rates,
    ):
        if choice:
            return choice[0]
    return None


def _usable(text: str, quantity: Quantity, times: Sequence[Time]) -> list[Time]:
    """Return the few times around a number that it can be stated for."""
    before = [t for t in times if t.end <= quantity.start][-_NEAREST:]
    behind = [t for t in times if t.start >= quantity.end][:_NEAREST]
    usable = [t for t in (*before, *behind) if t.kind != "day" and _is_in_sight(text, t, quantity)]
    if quantity.minor:  # a length of time is not dated by another one
        usable = [t for t in usable if t.kind == "date"]
    if quantity.unit == "x":  # 2022年的8.5倍: the time of the base of the multiple
        usable = [t for t in usable if not _BASE.search(text, max(0, t.start - 4), t.start)]
    return usable


def _is_in_sight(text: str, time: Time, quantity: Quantity) -> bool:
    """Return whether no bracket separates the time from the number: 90%(2023年为60%)."""
    before = time.end <= quantity.start
    between = text[time.end : quantity.start] if before else text[quantity.end : time.start]
    opened, closed = between.count("("), between.count(")")
    return closed <= opened if before else opened <= closed


def _is_tied(text: str, time: Time, quantity: Quantity, chinese: bool) -> bool:
    if chinese:
        near = 0 <= quantity.start - time.end <= _TIED_CHARACTERS
        return near and _TIED.fullmatch(text, time.end, quantity.start) is not None
    return time.kind != "rate" and 0 <= time.start - quantity.end <= 1


def _is_of_other(text: str, time: Time) -> bool:
    """Return whether it is the time of a comparison or of a thing: up 18.7% from 2023, a chip of 2022."""
    lead = text[time.start : time.start + 5].lower()
    return lead.startswith("of ") or (lead == "from " and time.end - time.start < len("from early 2023"))


def _is_compared(text: str, time: Time) -> bool:
    if _is_of_other(text, time) or _LEVEL.match(text, time.end):
        return True
    since = text.endswith("以来", 0, time.end)
    return not since and _COMPARED.search(text, max(0, time.start - 16), time.start) is not None


def _is_taken(text: str, time: Time, quantity: Quantity, others: Sequence[Quantity], chinese: bool) -> bool:
    """Return whether the time is tied to another number, the first of a change: 从2023年的105个减至61个."""
    for other in others:
        if other is not quantity and _is_tied(text, time, other, chinese):
            first = min(time.start, other.start)
            change = _FIRST_OF_CHANGE.search(text, max(0, first - 12), first)
            return text.startswith("的", time.end) or change is not None
    return False


def _reaches(text: str, time: Time, quantity: Quantity) -> bool:
    """Return whether a time before a number applies to it: a span only in its own part or as the topic (未来五年,…)."""
    if time.kind != "span":
        return True
    earlier = text[: time.start].rstrip(" 在仅")
    if not earlier or earlier[-1] in ",，;；:":
        return True
    return not (
        _COMMA.search(text, time.end, quantity.start) or _OPINION.search(text, time.end, quantity.start)
    )
