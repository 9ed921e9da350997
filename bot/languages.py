"""The languages that readers can choose, and everything that differs between them except words (templates, data files).

Code that depends on a language asks its entry and names no language itself. CONTRIBUTING says how to add one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

_TAG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8})*")

Language = Literal["en", "zh"]
"""The languages that readers can choose. A document in another language is stored, but never counts as a reader's own."""


class LanguageEntry(Struct, frozen=True):
    """What differs for one language.

    `name` is its own name for itself, `typed` what readers type for it, in lower case. `menu` is its code in the Bot
    API, None for the default menus. `han`: it is written in Chinese characters. `joint` separates two sentences.
    `weight` is how much one character says, relative to a Latin letter.

    `day`, `short_day` and `month` are Babel patterns; `weekday_time` and `moment` are format strings with weekday, date
    and time. `weekdays` are short names from Monday on, empty for Babel's. `zone` is the format of a city's time, empty
    to use the zone's own name; `zones` are the zones offered first.
    """

    code: Language
    name: str
    typed: frozenset[str]
    menu: str | None
    han: bool
    joint: str
    weight: float
    day: str
    short_day: str
    month: str
    weekday_time: str
    moment: str
    weekdays: tuple[str, ...]
    zone: str
    zones: tuple[str, ...]


ENGLISH = LanguageEntry(
    code="en",
    name="English",
    typed=frozenset({"english", "英文", "英语"}),
    menu=None,
    han=False,
    joint=" ",
    weight=1.0,
    day="d MMM y",
    short_day="d MMM",
    month="MMM y",
    weekday_time="{weekday} {time}",
    moment="{weekday} {date}, {time}",
    weekdays=(),
    zone="",
    zones=(
        "America/Los_Angeles",
        "America/New_York",
        "America/Sao_Paulo",
        "Europe/London",
        "Europe/Berlin",
        "Asia/Kolkata",
        "Asia/Singapore",
        "Asia/Shanghai",
        "Asia/Tokyo",
        "Australia/Sydney",
        "UTC",
    ),
)
CHINESE = LanguageEntry(
    code="zh",
    name="中文",
    typed=frozenset({"chinese", "中文", "汉语"}),
    menu="zh",
    han=True,
    joint="",
    weight=2.5,
    day="y-MM-dd",
    short_day="M月d日",
    month="y-MM",
    weekday_time="周{weekday} {time}",
    moment="{date}周{weekday} {time}",
    weekdays=("一", "二", "三", "四", "五", "六", "日"),
    zone="{city}时间",
    zones=(
        "Asia/Shanghai",
        "Asia/Hong_Kong",
        "Asia/Taipei",
        "Asia/Singapore",
        "Asia/Tokyo",
        "Europe/London",
        "Europe/Berlin",
        "America/New_York",
        "America/Los_Angeles",
        "Australia/Sydney",
        "UTC",
    ),
)
DEFAULT = ENGLISH
"""Language of the console, of a bot without a setting, and of the rules for texts in any other language."""

LANGUAGES: Mapping[Language, LanguageEntry] = {entry.code: entry for entry in (ENGLISH, CHINESE)}
"""Every language by its code, in the order in which they are offered."""


def entry_of(code: str) -> LanguageEntry:
    """Return the entry of a language, or the default's for a language that readers cannot choose."""
    return next((entry for entry in LANGUAGES.values() if entry.code == code), DEFAULT)


def is_written_in_han(code: str) -> bool:
    """Return whether a language, of readers or not, is written in Chinese characters."""
    return entry_of(code).han


def language_named(word: str) -> Language | None:
    """Return the language that `word` means, or None: a name, or an IETF tag with any region or script."""
    folded = word.strip().lower().replace("_", "-")
    for entry in LANGUAGES.values():
        if folded in entry.typed or folded.split("-")[0] == entry.code:
            return entry.code
    return None


def is_language(word: str) -> bool:
    """Return whether `word` can name a language: one of ours by name, or any in the form of an IETF tag (RFC 5646)."""
    return language_named(word) is not None or _TAG.fullmatch(word.strip()) is not None


def other_language(language: Language) -> Language:
    """Return the language offered after this one, cyclically."""
    codes = list(LANGUAGES)
    return codes[(codes.index(language) + 1) % len(codes)]
