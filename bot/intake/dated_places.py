"""Reads days from the places around a text: its file name, folders, address, heading and pictures.

Only forms that can mean one day of publication count; all others are unknown, since a wrong day is worse than none.
Days in the text's own lines are left to metadata, the weekday of a weekly to issue_days.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path, PurePath
from typing import Final
from urllib.parse import urlsplit

from msgspec import Struct

from bot.intake.dates import FULL_WIDTH, calendar_day, days_in, is_possible
from bot.intake.issue_days import day_of_issue
from bot.text.rule_data import read_words

_Y, _M, _D = r"(?P<y>(?:19|20)\d\d)", r"(?P<m>\d{1,2})", r"(?P<d>\d{1,2})"
_MM, _DD = r"(?P<m>\d\d)", r"(?P<d>\d\d)"
_START, _END = r"(?<![0-9A-Za-z.])", r"(?![0-9A-Za-z])"

_IN_NAME: Final = tuple(
    re.compile(form)
    for form in (
        rf"{_START}{_Y}(?P<sign>[-_]){_MM}(?P=sign){_DD}(?:{_END}|(?=T\d\d))",
        rf"^{_Y}(?P<sign>[-_]){_M}(?P=sign){_D}{_END}",
        rf"^{_Y}\.{_MM}\.{_DD}{_END}",
        rf"{_START}{_Y}{_MM}{_DD}{_END}(?![-_]\d{{4,6}}(?!\d)|\.\d)",
        rf"^{_Y}年{_M}月{_D}日",
        rf"{_Y}年{_M}月{_D}日$",
        rf"^(?P<y>2\d)-{_MM}-{_DD}-(?=[a-z])",  # years of two digits, as dailies sort their issues
    )
)
_LATER_DAY: Final = re.compile(r"\s?[-–~至到]\s?(\d{1,2})(?!\d)")
"""The last day of a span of days: 2024-02-12-18."""

_FOLDERS: Final = tuple(
    re.compile(form)
    for form in (
        rf"(?:^|/){_Y}年?[-/_.]?{_M}月?/{_D}日?(?:/[^/]+){{0,2}}$",
        rf"(?:^|/){_Y}年?/{_MM}[-_.]?{_DD}(?:[-_. ][^/\d][^/]*)?(?:/[^/]+)?$",
        rf"(?:^|/){_Y}年?/{_M}月{_D}日[^/]*(?:/[^/]+)?$",
    )
)
_MONTH_FOLDER: Final = re.compile(
    r"(?:^|/)(?P<y>(?:19|20)\d\d)(?:年/?(?P<m>\d{1,2})月|[-/_.]?(?P<mm>\d\d))(?=/)"
)

_IN_ADDRESS: Final = tuple(
    re.compile(form)
    for form in (
        rf"(?<=/){_Y}(?P<sign>[-/_]){_M}(?P=sign){_D}(?=[-/_.]|$)",
        rf"(?<=/){_Y}[-/]?{_MM}/{_DD}(?=[/_.-]|$)",
        rf"(?<=/){_Y}/{_MM}{_DD}(?=/)",
        rf"(?<=[/_-]){_Y}{_MM}{_DD}(?=[/_.-]|$)",
        rf"(?<=/t){_Y}{_MM}{_DD}(?=_)",  # /t20240217_123.html
    )
)
_NAMED_MONTH: Final = re.compile(r"(?<=/)(?:19|20)\d\d/[A-Za-z]{3,9}/\d{1,2}(?=/|$)")
_PICTURE: Final = re.compile(
    rb"[/_-](20\d\d)[-/]?(\d\d)[-/](\d\d)/[^\s\"'()<>/]{1,200}\.(?:jpe?g|png|gif|webp)", re.IGNORECASE
)
WORDS_OF_TITLE: Final = 3
"""Fewest words, or Han characters, in a file name that is a title."""
_WORDS: Final = re.compile(r"[\u3400-\u9fff]|[A-Za-z]{2,}")
_NO_TITLE: Final = re.compile(r"[0-9a-fA-F_-]*")
_NUMERIC: Final = re.compile(r"\d{4}\s?[-/.]")
_AFTER: Final = re.compile(r"\s|[|｜·:：—–\])）】]|$")
_BEFORE: Final = re.compile(r"(?:[|｜·:：—–(（\[【]\s?|\s-\s|[报刊讯闻]\s?|^)$")


class Surroundings(Struct, frozen=True):
    """The surroundings of a text: the path of its file, its address and title, the bytes of its file.

    `translated`: the text names its translator or the page that it was taken from, so that name and address may belong
    to the original. `texts` are its blocks, in which a weekly names its weekday.
    """

    path: PurePath
    url: str
    title: str
    source: bytes
    translated: bool
    texts: Sequence[str] = ()


def published_by(around: Surroundings, said: date | None, today: date) -> tuple[date | None, str]:
    """Return the day of publication and the place that states it, by trust; (None, "") if unknown.

    `said` is the day in the text's own lines. Places are name, folder, address, heading, line, pictures, weekday. A day
    outside the month of the file's folder is unknown. Pictures may be older than the text, so they count only with such
    a month, or with the weekday that a weekly names.
    """
    month = month_of_folders(around.path)
    own = not around.translated
    places: tuple[tuple[str, Callable[[], date | None]], ...] = (
        ("name", lambda: day_of_name(around.path.stem, today) if own else None),
        ("folder", lambda: day_of_folders(around.path, today)),
        ("address", lambda: day_of_address(around.url, today) if own else None),
        ("heading", lambda: day_of_heading(around.title, today)),
        ("line", lambda: said),
        ("pictures", lambda: day_of_pictures(around.source, today) if month else None),
        ("weekday", lambda: day_of_issue(around.texts, around.source, today) if own else None),
    )
    for place, read in places:
        day = read()
        if day is not None and month in (None, (day.year, day.month)):
            return day, place
    return None, ""


def day_of_name(name: str, today: date) -> date | None:
    """Return the day in a file's or folder's name: `2024-02-17-title`, `20240217`, `24-02-17-slug`, `日报2024年2月17日`."""
    days: set[date | None] = set()
    stem = name.translate(FULL_WIDTH)
    for form in _IN_NAME:
        for match in form.finditer(stem):
            later = _LATER_DAY.match(stem, match.end())
            is_span = later is not None and int(match["d"]) < int(later[1]) <= 31
            days.add(None if is_span or _is_copy(stem[: match.start()]) else _day(match, today))
    return _only(days)


def day_of_folders(path: PurePath, today: date) -> date | None:
    """Return the day in a file's folders, completed by its name if need be: `2024/05/17.md`, `2024-05-17/`."""
    for folder in reversed(path.parent.parts[-3:]):
        if day := day_of_name(folder, today):
            return day
    place = _place(path)
    return _only({_day(match, today) for form in _FOLDERS if (match := form.search(place))})


def month_of_folders(path: PurePath) -> tuple[int, int] | None:
    """Return year and month of the folder that a file is in: `202405/`, `2024-05/`, `2024/05/`; None if unclear."""
    months = {
        (int(match["y"]), int(match["m"] or match["mm"])) for match in _MONTH_FOLDER.finditer(_place(path))
    }
    return months.pop() if len(months) == 1 and 1 <= max(months)[1] <= 12 else None


def day_of_address(url: str, today: date) -> date | None:
    """Return the day in the path of an address: `/2024/05/17/title`, `/20240517/`, `/2024/May/17/`."""
    try:
        path = urlsplit(url).path
    except ValueError:  # not a valid address
        return None
    days: set[date | None] = {_day(match, today) for form in _IN_ADDRESS for match in form.finditer(path)}
    for match in _NAMED_MONTH.finditer(path):
        days |= {_possible(hit.day, today) for hit in days_in(match[0].replace("/", " "))}
    return _only(days)


def day_of_heading(title: str, today: date) -> date | None:
    """Return the day with which a title begins or ends, as issues of a daily do; a day in its middle does not count."""
    hits = list(days_in(title))
    if len(hits) != 1:
        return None
    hit = hits[0]
    stated = title[hit.start : hit.end].rstrip()
    before, after = title[: hit.start], title[hit.start + len(stated) :]
    numeric = _NUMERIC.match(stated) is not None
    begins = not before and stated[:1].isdigit() and _AFTER.match(after)
    ends = not after.strip(" )）]】") and (numeric or _BEFORE.search(before))
    return _possible(hit.day, today) if begins or ends else None


def day_of_pictures(source: bytes, today: date) -> date | None:
    """Return the day on which all pictures of a page were uploaded, by their addresses; None for none or several."""
    days = (tuple(map(int, match)) for match in _PICTURE.findall(source))
    return _only({_possible_day(year, month, day, today) for year, month, day in days})


def title_of_name(stem: str) -> str:
    """Return the title in a file name that has enough words: `100-无忧孩童`, `the-week-in-chips`; else ""."""
    if _NO_TITLE.fullmatch(stem) or len(_WORDS.findall(stem)) < WORDS_OF_TITLE:
        return ""
    return " ".join(stem.split()) if " " in stem else re.sub(r"(?<=[\w])[-_]+(?=[A-Za-z])", " ", stem)


def _place(path: PurePath) -> str:
    """Return the last folders of a file and its name without its ending, as a path with ASCII digits."""
    return "/".join([*path.parent.parts[-4:], path.stem]).translate(FULL_WIDTH)


def _is_copy(before: str) -> bool:
    """Return whether the word before a day says that it is the day of a copy (copy_words.txt)."""
    word = re.split(r"[\W_]+", before.strip(" -_.").lower())[-1]
    return word in _COPIES or (not word.isascii() and word.endswith(tuple(_COPIES)))


_COPIES: Final = frozenset(read_words(Path(__file__).with_name("copy_words.txt")))


def _day(match: re.Match[str], today: date) -> date | None:
    """Return the day of a match with the groups y, m and d; None if it is impossible."""
    year = int(match["y"])
    return _possible_day(year if year > 99 else 2000 + year, int(match["m"]), int(match["d"]), today)


def _possible_day(year: int, month: int, day: int, today: date) -> date | None:
    """Return that day; None if the calendar has no such day or a report cannot be of it."""
    return _possible(calendar_day(year, month, day), today)


def _possible(day: date | None, today: date) -> date | None:
    return day if day is not None and is_possible(day, today) else None


def _only(days: Iterable[date | None]) -> date | None:
    """Return the day on which all places agree; None if they differ or there are none."""
    distinct = set(days)
    return distinct.pop() if len(distinct) == 1 else None
