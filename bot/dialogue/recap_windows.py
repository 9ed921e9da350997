"""Which stretch of a group's talk a recap is about: as typed, and as a button or a link carries it. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

_CODE = re.compile(r"(h|n|t)(\d{1,12})|(me|last)")
_TYPED = re.compile(
    r"(?P<number>\d{1,4})\s*(?:(?P<hours>h|hours?|小时|个小时)|(?P<days>d|days?|天)|messages?|条)?"
)


@dataclass(frozen=True, slots=True)
class Window:
    """Which stretch: the last hours ("h"), the last messages ("n"), all since a second ("t"), since the reader
    last wrote ("me"), or since the last recap ("last").
    """

    kind: Literal["h", "n", "t", "me", "last"]
    number: int = 0

    @property
    def code(self) -> str:
        """How a button and a link name it."""
        return f"{self.kind}{self.number}" if self.kind in "hnt" else self.kind


def coded_window(code: str) -> Window | None:
    """The window with this code, None for what is no code."""
    match = _CODE.fullmatch(code)
    if match is None:
        return None
    number = int(match[2] or 0)
    match match[1]:
        case "h":
            return Window("h", number)
        case "n":
            return Window("n", number)
        case "t":
            return Window("t", number)
    return Window("me" if match[3] == "me" else "last")


def typed_window(text: str) -> Window | None:
    """What is typed after /recap: "6h", "2 days", "200"."""
    match = _TYPED.fullmatch(text.strip().lower())
    if match is None or not int(match["number"]):
        return None
    number = int(match["number"])
    if match["hours"]:
        return Window("h", number)
    return Window("h", number * 24) if match["days"] else Window("n", number)
