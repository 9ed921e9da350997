"""The part of a group's messages that a recap covers: parsed from text, encoded for buttons and links. Pure."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from msgspec import Struct

from bot.dialogue.durations import leading_duration

_CODE = re.compile(r"(h|n|t)(\d{1,12})|(s)(\d{1,12})-(\d{1,12})|(me|last)")
_MESSAGES = re.compile(r"(?P<number>\d{1,4})\s*(?:messages?|条)?(?![^\W_])", re.IGNORECASE)
_LATEST = re.compile(r"(?:the\s+)?(?:last|past)\s+|最近的?|过去的?|近", re.IGNORECASE)
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


class RecapWindow(Struct, frozen=True):
    """A recap window: the last hours ("h"), the last messages ("n"), since a UTC second ("t"), between two UTC seconds
    ("s"), since the reader's own last message ("me"), or since the last recap ("last").
    """

    kind: Literal["h", "n", "t", "s", "me", "last"]
    number: int = 0
    until: int = 0

    @property
    def code(self) -> str:
        """The window's code in buttons and links."""
        if self.kind == "s":
            return f"s{self.number}-{self.until}"
        return f"{self.kind}{self.number}" if self.kind in "hnt" else self.kind


class RecapRequest(NamedTuple):
    """A parsed argument of /recap: the window, and a subject or "@name" that limits it, "" for no limit."""

    window: RecapWindow
    about: str = ""


def coded_window(code: str) -> RecapWindow | None:
    """Decode a window, or return None for an invalid code."""
    match = _CODE.fullmatch(code)
    if match is None:
        return None
    if match[3]:
        return RecapWindow("s", int(match[4]), int(match[5]))
    number = int(match[2] or 0)
    match match[1]:
        case "h":
            return RecapWindow("h", number)
        case "n":
            return RecapWindow("n", number)
        case "t":
            return RecapWindow("t", number)
    return RecapWindow("me" if match[6] == "me" else "last")


def parse_recap_request(text: str, now: datetime) -> RecapRequest | None:
    """Parse the argument of /recap: "6h", "200", "today", "since Monday", "about pricing", "@ann", "2 days about pricing".

    `now` is in the chat's time zone. Returns None if the text is none of these.
    """
    text = text.strip()
    window, end = _typed_window(text) or _days_window(text, now) or (None, 0)
    rest = text[end:].strip(" ,，")
    if not rest:
        return RecapRequest(window) if window else None
    window = window or RecapWindow("t")
    if (about := _ABOUT.fullmatch(rest)) is not None:
        return RecapRequest(window, about["about"].strip()[:100])
    if (of := _OF.fullmatch(rest)) is not None:
        return RecapRequest(window, f"@{of['name'].strip()}")
    return None


def _typed_window(text: str) -> tuple[RecapWindow, int] | None:
    """Return the hours or message count at the start of `text`, and where it ends."""
    latest = _LATEST.match(text)
    begin = latest.end() if latest else 0
    if duration := leading_duration(text[begin:], bare=latest is not None):
        return (RecapWindow("h", duration.hours), begin + duration.end) if duration.hours else None
    messages = _MESSAGES.match(text, begin)
    if messages and int(messages["number"]):
        return RecapWindow("n", int(messages["number"])), messages.end()
    return None


def _days_window(text: str, now: datetime) -> tuple[RecapWindow, int] | None:
    """Return the day or weekday at the start of `text`, and where it ends."""
    day = _DAYS.match(text)
    if day is None:
        return None
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if day["today"]:
        return RecapWindow("t", int(midnight.timestamp())), day.end()
    if day["yesterday"]:
        yesterday = RecapWindow(
            "s", int((midnight - timedelta(days=1)).timestamp()), int(midnight.timestamp()) - 1
        )
        return yesterday, day.end()
    weekday = _WEEKDAYS[(day["english"] or day["chinese"] or "mon").lower()]
    begins = midnight - timedelta(days=(now.weekday() - weekday) % 7)
    return RecapWindow("t", int(begins.timestamp())), day.end()
