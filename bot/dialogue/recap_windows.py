"""Which part of a group's talk a recap is about: as typed, and as a button or a link carries it. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

_CODE = re.compile(r"(h|n|t)(\d{1,12})|(s)(\d{1,12})-(\d{1,12})|(me|last)")
_TYPED = re.compile(
    r"(?P<number>\d{1,4})\s*(?:(?P<hours>h|hours?|小时|个小时)|(?P<days>d|days?|天)|(?P<weeks>w|weeks?|周|个星期)|messages?|条)?"
)
_DAYS = re.compile(
    r"(?P<today>today|今天|今日)|(?P<yesterday>yesterday|昨天|昨日)|(?P<week>this week|week|本周|这周|这个?星期)"
    r"|since (?P<english>mon|tues|wednes|thurs|fri|satur|sun)day\b"
    r"|(?:从|自)?(?:周|星期|礼拜)(?P<chinese>[一二三四五六日天])(?:以来|到现在|至今|起|开始)",
    re.IGNORECASE,
)
_WEEKDAYS = {
    name: weekday
    for names in ("mon tues wednes thurs fri satur sun", "一 二 三 四 五 六 日")
    for weekday, name in enumerate(names.split())
} | {"天": 6}
_ABOUT = re.compile(
    r"(?:about|on|regarding|关于|有关|聊)\s*[:：]?\s*(?P<about>.+)", re.IGNORECASE | re.DOTALL
)
_OF = re.compile(r"(?:(?:by|from|of|谁说的)\s+)?@(?P<name>\S.{0,31})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Window:
    """Which stretch: the last hours ("h"), the last messages ("n"), all since a second ("t"), from a second to another
    ("s"), since the reader last wrote ("me"), or since the last recap ("last").
    """

    kind: Literal["h", "n", "t", "s", "me", "last"]
    number: int = 0
    until: int = 0

    @property
    def code(self) -> str:
        """How a button and a link name it."""
        if self.kind == "s":
            return f"s{self.number}-{self.until}"
        return f"{self.kind}{self.number}" if self.kind in "hnt" else self.kind


class Wanted(NamedTuple):
    """What is typed after /recap: a stretch, and what or whom the recap is to be about, "" for all of it.

    `about` is a text, or a name with an @ before it.
    """

    window: Window
    about: str = ""


def coded_window(code: str) -> Window | None:
    """The window with this code, None for what is no code."""
    match = _CODE.fullmatch(code)
    if match is None:
        return None
    if match[3]:
        return Window("s", int(match[4]), int(match[5]))
    number = int(match[2] or 0)
    match match[1]:
        case "h":
            return Window("h", number)
        case "n":
            return Window("n", number)
        case "t":
            return Window("t", number)
    return Window("me" if match[6] == "me" else "last")


def wanted(text: str, now: datetime) -> Wanted | None:
    """What is typed after /recap: "6h", "200", "today", "since Monday", "about pricing", "@ann", "2 days about pricing".

    `now` is the moment in the chat's zone. None for what is none of these.
    """
    text = text.strip()
    typed = _TYPED.match(text.lower())
    day = _DAYS.match(text)
    window, rest = Window("t"), text
    if typed is not None and int(typed["number"]) and not text[typed.end() : typed.end() + 1].isalnum():
        window, rest = _typed_window(typed), text[typed.end() :]
    elif day is not None:
        window, rest = _days_window(day, now), text[day.end() :]
    rest = rest.strip(" ,，")
    if not rest:
        return Wanted(window) if typed or day else None
    if (about := _ABOUT.fullmatch(rest)) is not None:
        return Wanted(window, about["about"].strip()[:100])
    if (of := _OF.fullmatch(rest)) is not None:
        return Wanted(window, f"@{of['name'].strip()}")
    return None


def _typed_window(typed: re.Match[str]) -> Window:
    number = int(typed["number"])
    if typed["hours"]:
        return Window("h", number)
    if typed["days"] or typed["weeks"]:
        return Window("h", number * (24 if typed["days"] else 168))
    return Window("n", number)


def _days_window(day: re.Match[str], now: datetime) -> Window:
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if day["today"]:
        return Window("t", int(midnight.timestamp()))
    if day["yesterday"]:
        return Window("s", int((midnight - timedelta(days=1)).timestamp()), int(midnight.timestamp()) - 1)
    weekday = _WEEKDAYS[(day["english"] or day["chinese"] or "mon").lower()]
    return Window("t", int((midnight - timedelta(days=(now.weekday() - weekday) % 7)).timestamp()))
