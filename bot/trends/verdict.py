"""Whether a topic is rising or fading, from dated origins alone. Pure: `today` is passed in."""

from __future__ import annotations

import math
from bisect import bisect_right
from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

VerdictName = Literal["new", "rising", "steady", "fading", "too_little"]

RECENT_DAYS = 90
EARLIER_DAYS = 360
MIN_ORIGINS = 8
# Two standard errors: one chance in about twenty that a steady topic is called rising or fading.
_SIGNIFICANT = 1.96


@dataclass(frozen=True, slots=True)
class Verdict:
    """The verdict with its counts: dated origins in all, in the last 90 days and in the 360 before.

    `incomparable` says that there would be enough, but the library holds next to nothing from before.
    `newest_age` is in days, None without a dated origin. `months` counts dated origins by (year, month).
    """

    name: VerdictName
    dated: int
    undated: int
    recent: int
    earlier: int
    newest_age: int | None
    months: tuple[tuple[tuple[int, int], int], ...]
    incomparable: bool = False


def judge(origins: Iterable[tuple[str, int | None]], library: tuple[int, int], today: date) -> Verdict:
    """The verdict over (origin, day of publication or None); an origin counts once, on its first day.

    `library` holds the dated origins of the whole library in the same two windows: a topic rises when its
    share of them does, not when the library grows. The shares are compared by the two-proportion z-test
    (NIST/SEMATECH e-Handbook, 7.3.3). Days after `today` count as today's.
    """
    days = _first_days(list(origins))
    now = today.toordinal()
    dated = sorted(min(day, now) for day in days.values() if day is not None)
    border = bisect_right(dated, now - RECENT_DAYS)
    recent = len(dated) - border
    earlier = border - bisect_right(dated, now - RECENT_DAYS - EARLIER_DAYS)
    name = _name(dated, recent, earlier, library)
    # A library of five weeks finds everything new.
    incomparable = name != "too_little" and max(library[1], earlier) < MIN_ORIGINS
    return Verdict(
        name="too_little" if incomparable else name,
        dated=len(dated),
        undated=len(days) - len(dated),
        recent=recent,
        earlier=earlier,
        newest_age=now - dated[-1] if dated else None,
        months=tuple(_months(dated)),
        incomparable=incomparable,
    )


def _first_days(origins: Sequence[tuple[str, int | None]]) -> dict[str, int | None]:
    """The first known day of each origin."""
    days = dict(origins)
    if len(days) < len(origins):  # reprints are few, and most topics have none
        days.clear()
        for origin, published in origins:
            known = days.get(origin)
            if known is None or (published is not None and published < known):
                days[origin] = published
    return days


def _months(dated: Sequence[int]) -> Iterator[tuple[tuple[int, int], int]]:
    """The months of sorted days with how many are in each."""
    start = 0
    while start < len(dated):
        day = date.fromordinal(dated[start])
        last = day.replace(day=monthrange(day.year, day.month)[1]).toordinal()
        end = bisect_right(dated, last, start)
        yield (day.year, day.month), end - start
        start = end


def windows(today: date) -> tuple[tuple[int, int], tuple[int, int]]:
    """First and last day (ordinals) of the recent window and of the earlier one."""
    now = today.toordinal()
    return (now - RECENT_DAYS + 1, now), (now - RECENT_DAYS - EARLIER_DAYS + 1, now - RECENT_DAYS)


def _name(dated: list[int], recent: int, earlier: int, library: tuple[int, int]) -> VerdictName:
    if len(dated) < MIN_ORIGINS or not recent:
        return "too_little"
    if recent == len(dated):
        return "new"
    z = _z(recent, max(library[0], recent), earlier, max(library[1], earlier))
    if z > _SIGNIFICANT:
        return "rising"
    return "fading" if z < -_SIGNIFICANT else "steady"


def _z(recent: int, recent_all: int, earlier: int, earlier_all: int) -> float:
    if not recent_all or not earlier_all:
        return 0.0
    pooled = (recent + earlier) / (recent_all + earlier_all)
    spread = math.sqrt(pooled * (1 - pooled) * (1 / recent_all + 1 / earlier_all))
    return (recent / recent_all - earlier / earlier_all) / spread if spread else 0.0
