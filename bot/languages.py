"""The languages a reader can choose, and what differs between them beside words, which are templates and data files.

Everything that depends on a language asks its entry; nothing else names one. CONTRIBUTING says how one is added.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Language = Literal["en", "zh"]
"""The languages a reader can choose. A document in another language is kept, but never a reader's own."""


@dataclass(frozen=True, slots=True)
class LanguageEntry:
    """What differs for one language.

    `name` is what it calls itself, `typed` what readers type for it, in small letters. `menu` is its code in the Bot
    API, None for the menus of everybody without menus of their own. `han` says that it is written in Chinese characters,
    `joint` is what stands between two sentences, `weight` how much a character says, a Latin letter being 1.

    `day`, `short_day` and `month` are patterns of Babel; `weekday_time` and `moment` take a weekday, a date and a time.
    `weekdays` are short names from Monday on, empty for Babel's. `zone` is how the time of a city is called, empty
    for the name of the zone itself; `zones` are the zones offered first.
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
"""The language of the console, of a bot that nobody set, and of rules for texts in any other language."""

LANGUAGES: Mapping[Language, LanguageEntry] = {entry.code: entry for entry in (ENGLISH, CHINESE)}
"""Every language by its code, in the order in which they are offered."""


def entry_of(code: str) -> LanguageEntry:
    """The entry of a language; for another than a reader's own, that of the default."""
    return next((entry for entry in LANGUAGES.values() if entry.code == code), DEFAULT)


def is_written_in_han(code: str) -> bool:
    """Whether a language, a reader's own or another, is written in Chinese characters."""
    return entry_of(code).han


def language_named(word: str) -> Language | None:
    """The language that a reader or Telegram calls `word`: a name, or an IETF tag of any region or script."""
    folded = word.strip().lower().replace("_", "-")
    for entry in LANGUAGES.values():
        if folded in entry.typed or folded.split("-")[0] == entry.code:
            return entry.code
    return None


def other_language(language: Language) -> Language:
    """The language that is offered after this one, the first after the last."""
    codes = list(LANGUAGES)
    return codes[(codes.index(language) + 1) % len(codes)]
