"""Times of day and days of the week as people write them, in folded English and Chinese. Pure patterns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

EVERY_DAY, WEEKDAYS, WEEKENDS = 0b1111111, 0b0011111, 0b1100000

_NUMERAL = r"(?:二?十[一二三四五六七八九]?|[零〇一二两三四五六七八九])"
_MORNING = "凌晨|清晨|清早|早上|早晨|早间|早|上午"
_EVENING = "午后|下午|傍晚|黄昏|晚上|晚间|今晚|晚|夜里|夜晚|深夜|半夜"
_PART = rf"(?P<part>{_MORNING}|中午|正午|午夜|{_EVENING})"

_TIMES = (
    # 早上8点, 下午3点半, 晚上九点一刻
    re.compile(
        rf"{_PART}?\s*(?P<hour>\d{{1,3}}|{_NUMERAL})\s*(?:点钟|点|时(?!间|代|报|候|常|装|空))"
        rf"(?P<minute>半|整|一刻|三刻|(?:\d{{1,2}}|{_NUMERAL}{{1,3}})分?)?",
        re.ASCII,
    ),
    # 08:00, 8:30 pm, 早上8:30
    re.compile(
        rf"(?:\bat\s+|@\s*)?{_PART}?\s*(?<![\w:.])(?P<hour>\d{{1,3}}):(?P<minute>\d{{2}})(?![\d:])"
        r"(?:\s*(?P<half>[ap])\.?m\b\.?)?",
        re.ASCII,
    ),
    # 8am, 8.30 pm, 8 o'clock
    re.compile(
        r"(?:\bat\s+|@\s*)?(?<![\w:.])(?P<hour>\d{1,3})(?:\.(?P<minute>\d{2}))?\s*(?P<half>[ap])\.?m\b\.?",
        re.ASCII,
    ),
    # 早8, 晚9
    re.compile(rf"{_PART}\s*(?P<hour>\d{{1,2}})(?=[\s,，、;；]|$)", re.ASCII),
    # 0800: a year does not begin with a zero
    re.compile(r"(?<![\w:.])(?P<hour>0\d)(?P<minute>[0-5]\d)(?![\w:.])", re.ASCII),
    re.compile(
        r"(?:\bat\s+|@\s*)(?P<hour>\d{1,2})(?![\w:.])|(?<![\w:.])(?P<oclock>\d{1,2})\s*o['’]clock\b", re.ASCII
    ),
)
_NOON = re.compile(r"(?:\bat\s+)?\b(?:noon|midday)\b|中午|正午", re.ASCII)
_MIDNIGHT = re.compile(r"(?:\bat\s+)?\bmidnight\b|午夜|半夜", re.ASCII)

_NAMES = {
    "mon": "mon(?:days?)?",
    "tue": "tue(?:s(?:days?)?)?",
    "wed": "wed(?:nesdays?)?",
    "thu": "thu(?:rs?(?:days?)?)?",
    "fri": "fri(?:days?)?",
    "sat": "sat(?:urdays?)?",
    "sun": "sun(?:days?)?",
}
_NAME = "|".join(_NAMES.values())
_ENGLISH_DAYS = re.compile(
    rf"(?<!\w)(?:(?:every|each|on)\s+)?(?:(?P<all>daily|every\s?day|each\s+day)"
    rf"|(?P<work>(?:week|work|working\s+|business\s+)days?)|(?P<end>weekends?)|(?P<once>weekly)"
    rf"|(?P<first>{_NAME})\s*(?:-|–|—|~|\bto\b|\bthrough\b|\bthru\b)\s*(?P<last>{_NAME})"
    rf"|(?P<names>(?:{_NAME})(?:(?:\s*[,/&+]\s*|\s+and\s+|\s+)(?:{_NAME})(?!\w))*))(?!\w)",
    re.ASCII,
)
_HAN = "一二三四五六日天"
_WEEK = "(?:每个?)?(?:周|星期|礼拜)"
_DAY = f"[{_HAN}](?![点时])"
_CHINESE_DAYS = re.compile(
    rf"(?P<all>每天|每日|天天)|(?P<work>(?:每个?)?工作日|平日)|(?P<end>(?:每个?)?(?:周末|双休日))"
    rf"|{_WEEK}(?P<first>{_DAY})\s*(?:至|到|-|–|—|~)\s*(?:{_WEEK})?(?P<last>{_DAY})"
    rf"|{_WEEK}(?P<names>(?:{_DAY})+(?:\s*[、,/和及]\s*(?:{_WEEK})?(?:{_DAY})+(?=[\s、,/和及早中下晚上凌\d]|$|{_WEEK}))*)"
    rf"|(?P<once>每个?(?:周|星期|礼拜))"
)


@dataclass(frozen=True, slots=True)
class Found:
    """What a piece of text means, None for a time that does not exist; and where it stands."""

    value: int | None
    start: int
    end: int


def times(text: str) -> Iterator[Found]:
    """Times of day in folded text, in minutes from midnight; later ones do not overlap earlier ones."""
    taken: list[tuple[int, int]] = []
    for pattern in (*_TIMES, _NOON, _MIDNIGHT):
        for match in pattern.finditer(text):
            start, end = match.span()
            if any(start < e and s < end for s, e in taken):
                continue
            taken.append((start, end))
            value = {_NOON: 720, _MIDNIGHT: 0}.get(pattern) if pattern not in _TIMES else _minute(match)
            yield Found(value, start, end)


def days(text: str) -> Iterator[Found]:
    """Days of the week in folded text, as bit masks; Monday is bit 0. "Weekly" is Monday."""
    for pattern in (_CHINESE_DAYS, _ENGLISH_DAYS):
        for match in pattern.finditer(text):
            yield Found(_mask(match, pattern is _CHINESE_DAYS), *match.span())


def _minute(match: re.Match[str]) -> int | None:
    groups = match.groupdict()
    hour = _number(groups.get("hour") or groups.get("oclock") or "")
    minute = _minutes(groups.get("minute") or "")
    half, part = groups.get("half"), groups.get("part") or ""
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    elif part in ("凌晨", "午夜", "半夜", "深夜") and hour == 12:
        hour = 0
    elif part in ("中午", "正午") and 1 <= hour <= 2:
        hour += 12
    elif part and part in _EVENING.split("|"):
        hour = _evening(part, hour)
    return hour * 60 + minute if hour < 24 and minute < 60 else None


def _evening(part: str, hour: int) -> int:
    """晚上12点 is midnight, 下午12点 noon, 半夜2点 in the small hours."""
    if hour == 12:
        return 12 if part in ("午后", "下午") else 0
    small = part in ("半夜", "深夜", "夜里") and hour <= 5
    return hour if hour > 12 or small else hour + 12


def _minutes(text: str) -> int:
    known = {"": 0, "整": 0, "半": 30, "一刻": 15, "三刻": 45}
    return known[text] if text in known else _number(text.removesuffix("分"))


def _number(text: str) -> int:
    """Digits, or Chinese numerals up to 59; 99 for what is neither."""
    if text.isdecimal():
        return int(text)
    digits = "零一二三四五六七八九"
    text = text.replace("〇", "零").replace("两", "二")
    tens, ten, ones = text.rpartition("十")
    if not ten:
        values = [digits.index(char) for char in text if char in digits]
        return sum(value * 10**place for place, value in enumerate(reversed(values))) if values else 99
    known = all(part == "" or part in digits for part in (tens, ones))
    return (digits.index(tens) if tens else 1) * 10 + (digits.index(ones) if ones else 0) if known else 99


def _mask(match: re.Match[str], chinese: bool) -> int:
    groups = match.groupdict()
    for name, mask in (("all", EVERY_DAY), ("work", WEEKDAYS), ("end", WEEKENDS), ("once", 1)):
        if groups[name]:
            return mask
    if groups["first"]:
        first, last = (_weekday(groups[name], chinese) for name in ("first", "last"))
        return _union((first + i) % 7 for i in range((last - first) % 7 + 1))
    names = re.findall(f"[{_HAN}]" if chinese else _NAME, re.sub(_WEEK, "", groups["names"]))
    return _union(_weekday(name, chinese) for name in names)


def _weekday(name: str, chinese: bool) -> int:
    return min(_HAN.index(name), 6) if chinese else list(_NAMES).index(name[:3])


def _union(weekdays: Iterator[int]) -> int:
    mask = 0
    for day in weekdays:
        mask |= 1 << day
    return mask
