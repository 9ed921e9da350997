"""Reads days as reports state them: the one date parser for every format. Knows no fields and no places on a page.

A day is read as written, in the time zone in which it is written. One that could be two days, or lacks its year, is
unknown. dateutil is not used, because it completes missing parts from today and reads 03/04/2025 as an American would;
dateparser costs a second to import.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_tz

from msgspec import Struct

from bot.text.han_numbers import small_number
from bot.text.months import MONTH_NAME, MONTHS
from bot.text.normalise import fold_twins, has_han

FIRST_DAY = date(1990, 1, 1)
"""Earliest day of a report; an earlier one is a default that a program filled in."""

BEIJING = timezone(timedelta(hours=8))

MINGUO = 1911
"""Offset of years in the Republic of China's calendar: its year 1 is 1912."""

LONGEST_VALUE = 200
"""Most characters of a text that may state a day. Longer texts are prose."""

_YEAR = r"(?:19|20)\d\d"
_ORDINAL = r"\d{1,2}(?:st|nd|rd|th)?"

_HAN = "〇零○◯Oo0-9一二三四五六七八九壹贰叁肆伍陆柒捌玖貳參陸"
_ZEROS = str.maketrans("○◯Oo", "0000")
"""Characters typed instead of the round zero in Han years."""
_HAN_TENS = f"{_HAN}十拾廿卅"
FULL_WIDTH = str.maketrans("０１２３４５６７８９／－．：，　", "0123456789/-.:, ")

_MINGUO_NAME = r"(?:中?[华華]?民[国國]\s?)"
_FORMS: Mapping[str, str] = {
    "minguo": rf"{_MINGUO_NAME}[{_HAN_TENS}百元]{{1,6}}\s?[年/.-]\s?[{_HAN_TENS}元正]{{1,3}}\s?[月/.-]"
    rf"\s?[{_HAN_TENS}]{{1,4}}\s?[日号號]?",
    "numeric": rf"(?<!\d){_YEAR}\s?[-/.年]\s?\d{{1,2}}\s?[-/.月]\s?\d{{1,2}}(?!\d)\s?[日号號]?",
    "han": rf"(?<![{_HAN}])[{_HAN}]{{4}}\s?年\s?[{_HAN_TENS}元]{{1,3}}\s?月\s?[{_HAN_TENS}]{{1,4}}\s?[日号號]",
    "month_first": rf"\b{MONTH_NAME}\b\.?[\s-]{_ORDINAL},?[\s-]{_YEAR}\b",
    "day_first": rf"\b(?:the\s)?{_ORDINAL}(?:\sof)?[\s-]?{MONTH_NAME}\.?,?[\s-]?{_YEAR}(?!\d)",
    "year_first": rf"(?<!\d){_YEAR}[\s-]{MONTH_NAME}\.?[\s-]{_ORDINAL}\b",
    "unix": rf"\b{MONTH_NAME}\s{{1,2}}\d{{1,2}}\s\d\d:\d\d:\d\d(?:\s[A-Z]{{2,5}}|\s[+-]\d{{4}})?\s{_YEAR}\b",
}
"""Forms of a day in running text that have only one meaning."""

_ANY = re.compile("|".join(f"(?P<{name}>{form})" for name, form in _FORMS.items()), re.IGNORECASE)

_COMPACT = re.compile(r"(?P<y>(?:19|20)\d\d)(?P<m>\d\d)(?P<d>\d\d)(?:T?\d{2}(?:\d{2}){0,2})?(?!\d)")
_ISO = re.compile(r"(?P<y>(?:19|20)[0-9]{2})-(?P<m>[0-9]{2})-(?P<d>[0-9]{2})")
_MINGUO_COMPACT = re.compile(r"(?P<y>1[0-4]\d)(?P<m>\d\d)(?P<d>\d\d)(?!\d)")
_MINGUO_FIELD = re.compile(
    r"(?P<y>1[0-4]\d)\s?[-/.年]\s?(?P<m>\d{1,2})\s?[-/.月]\s?(?P<d>\d{1,2})(?!\d)\s?日?"
)
_YEAR_LAST = re.compile(r"(?P<a>\d{1,2})[-/.](?P<b>\d{1,2})[-/.](?P<y>(?:19|20)\d\d)(?!\d)")
_MAIL = re.compile(
    r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s{1,3})?\d{1,2}[\s-][a-z]{3}[a-z]*[\s-]\d{2,4}\s{1,3}\d{1,2}:\d\d",
    re.IGNORECASE,
)
_EPOCH = re.compile(r"(?:/Date\()?(?P<seconds>\d{9,10}(?:\.\d{1,9})?|\d{13}|\d{16}|\d{19})(?:\)/)?")
"""Time since 1970, also as .NET writes it: /Date(1741046400000)/."""
UPDATED = re.compile(
    r"(?:最后|最近)?(?:更新|修改|编辑)(?:时间|于|日期)?\s?[:：]?\s*$|(?:last\s)?(?:updated|modified|edited)(?:\s(?:on|at))?\s?:?\s*$",
    re.IGNORECASE,
)
"""Words before the day of a later change."""


class DayInText(Struct, frozen=True):
    """A day at [start, end) of a text; `day` is None if the calendar has no such day."""

    start: int
    end: int
    day: date | None


def days_in(text: str) -> Iterator[DayInText]:
    """Yield the days in `text`, in order."""
    text = text.translate(FULL_WIDTH)
    for match in _ANY.finditer(text):
        form = match.lastgroup or ""
        yield DayInText(match.start(), match.end(), _READERS[form](match[0]))


def read_day(value: object, today: date = date.max, zone: tzinfo = UTC) -> date | None:
    """Return the day in a field for the day of publication; None if it is unknown.

    Accepts texts, dates, seconds, milliseconds, microseconds and nanoseconds since 1970 (a day in `zone`), lists of
    year, month and day, and a mapping with one of these. A day later than tomorrow (from `today`) or before 1990 is
    unknown.
    """
    day = _day(value, zone)
    return day if day is not None and is_possible(day, today) else None


def zone_of(text: str) -> tzinfo:
    """Return the time zone for seconds since 1970 that come with `text`: Beijing's for Chinese, else UTC."""
    return BEIJING if has_han(text) else UTC


def is_possible(day: date, today: date) -> bool:
    """Return whether a report may have been published on `day`; tomorrow counts, as it may have begun in the east."""
    return day >= FIRST_DAY and (day <= today or day - today <= timedelta(days=1))


def calendar_day(year: int, month: int, day: int) -> date | None:
    """Return that day; None if the calendar has no such day."""
    try:
        return date(year, month, day)
    except (ValueError, OverflowError):
        return None


def labelled_minguo(text: str) -> DayInText | None:
    """Return the Minguo day that begins `text`, the rest of a line after a label: 114/03/04, 1140304; else None."""
    text = text.translate(FULL_WIDTH)
    match = _MINGUO_FIELD.match(text) or _MINGUO_COMPACT.match(text)
    return DayInText(0, match.end(), _of_groups(match, MINGUO)) if match else None


def number(text: str) -> int:
    """Return the number of a numeral in a day, month or year, Han or Arabic: 十一, 廿四, 元, 二O二五, 04.

    Raises ValueError for anything else.
    """
    value = 1 if text in {"元", "正"} else small_number(text.translate(_ZEROS))
    if value is None:
        raise ValueError(text)
    return value


def _day(value: object, zone: tzinfo) -> date | None:
    """Return the day of a field, however unlikely; None if it has none."""
    for _ in range(2):  # a list of one day, as YAML reads Obsidian's [[2025-03-04]]
        value = value[0] if isinstance(value, list) and len(value) == 1 else value
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return _of_text(f"{value:.0f}", zone) if abs(value) < 1e20 else None
    if isinstance(value, str):
        return _of_text(value, zone)
    if isinstance(value, Mapping):  # databases write {"$date": …}, calendars {"iso": …}
        return _day(next(iter(value.values())), zone) if len(value) == 1 else None
    if isinstance(value, Sequence) and len(value) >= 3 and all(isinstance(part, int) for part in value[:3]):
        return calendar_day(*value[:3])
    return None


def _of_text(text: str, zone: tzinfo) -> date | None:
    """Return the only day that a text states, alone or with a time and a label; None if there is none or several."""
    if match := _ISO.fullmatch(text):  # the most common form
        return _of_groups(match)
    text = " ".join(fold_twins(text[: 2 * LONGEST_VALUE]).translate(FULL_WIDTH).split())
    if not text or len(text) > LONGEST_VALUE:
        return None
    if epoch := _EPOCH.fullmatch(text):
        return _since_1970(epoch["seconds"], zone)
    if match := _COMPACT.match(text):
        return _of_groups(match)
    if match := _MINGUO_FIELD.match(text) or _MINGUO_COMPACT.fullmatch(text):
        return _of_groups(match, MINGUO)
    if _MAIL.match(text):
        with suppress(ValueError, TypeError, IndexError, OverflowError):
            parts = parsedate_tz(text)
            return calendar_day(*parts[:3]) if parts else None
    if match := _YEAR_LAST.match(text):
        return _year_last(int(match["y"]), int(match["a"]), int(match["b"]))
    days = {found.day for found in days_in(text) if UPDATED.search(text[: found.start]) is None}
    if not days:
        with suppress(ValueError):
            return date.fromisoformat(text)
    return days.pop() if len(days) == 1 else None


def _since_1970(text: str, zone: tzinfo) -> date | None:
    """Return the day in `zone` of seconds to nanoseconds since 1970; the number of digits shows the unit."""
    whole = text.split(".", maxsplit=1)[0]
    seconds = int(whole[:10] if len(whole) > 10 else whole)
    with suppress(ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(seconds, zone).date()
    return None


def _year_last(year: int, first: int, second: int) -> date | None:
    """Return the day if only one reading exists: 25/04/2025 and 04/25/2025 have one, 03/04/2025 has two."""
    days = {calendar_day(year, first, second), calendar_day(year, second, first)} - {None}
    return days.pop() if len(days) == 1 else None


def _of_groups(match: re.Match[str], add: int = 0) -> date | None:
    """Return the day of a match with the groups y, m and d; `add` is added to its year."""
    return calendar_day(int(match["y"]) + add, int(match["m"]), int(match["d"]))


def _numbers(text: str) -> list[int]:
    """Return the Arabic numbers in `text`."""
    return [int(digits) for digits in re.findall(r"\d+", text)]


def _month(text: str) -> int:
    """Return the number, 1 to 12, of the English month in `text`; 0 if there is none."""
    name = re.search(MONTH_NAME, text, re.IGNORECASE)
    return MONTHS[name[0].lower()] if name else 0


def _numeric(text: str) -> date | None:
    year, month, day = _numbers(text)
    return calendar_day(year, month, day)


def _han(text: str) -> date | None:
    year, month, day = re.split("[年月]", re.sub(r"[\s日号號]", "", text))
    with suppress(ValueError):
        return calendar_day(number(year), number(month), number(day))
    return None


def _minguo(text: str) -> date | None:
    year, month, day = re.split("[年月/.-]", re.sub(rf"{_MINGUO_NAME}|[\s日号號]", "", text))
    with suppress(ValueError):
        return calendar_day(MINGUO + number(year), number(month), number(day))
    return None


def _day_before_year(text: str) -> date | None:
    day, year = _numbers(text)
    return calendar_day(year, _month(text), day)


def _year_before_day(text: str) -> date | None:
    year, day = _numbers(text)
    return calendar_day(year, _month(text), day)


def _unix(text: str) -> date | None:
    numbers = _numbers(text)
    return calendar_day(numbers[-1], _month(text), numbers[0])


_READERS: Mapping[str, Callable[[str], date | None]] = {
    "minguo": _minguo,
    "numeric": _numeric,
    "han": _han,
    "month_first": _day_before_year,
    "day_first": _day_before_year,
    "year_first": _year_before_day,
    "unix": _unix,
}
