"""Decides when a source is checked next, from the rhythm of its posts, its server's wishes and its failures. Pure.

The interval is half the shortest time between two posts, so that none is missed in a feed that holds only its newest
ones; at least ten minutes, at most a day. All times and intervals are in seconds.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Final

SHORTEST: Final = 600
LONGEST: Final = 86_400
USUAL: Final = 3_600
"""Interval for a source whose posts show no rhythm."""

LOCAL: Final = 60
"""Interval for a folder of this machine."""

JITTER: Final = 0.1
"""Share by which a check may come earlier or later, so that many sources are not checked at once."""

_NEWEST: Final = 30
# Posts published together, such as a night's backlog, show no rhythm.
_TOGETHER: Final = 60


def spacing_of(posts: Iterable[int], max_age: int = 0) -> int:
    """Return the seconds between two checks of a source whose posts came out at `posts`, in UTC seconds.

    `max_age` is the seconds for which its server promises nothing newer.
    """
    newest = sorted(set(posts), reverse=True)[:_NEWEST]
    gaps = [later - earlier for later, earlier in pairwise(newest) if later - earlier >= _TOGETHER]
    spacing = min(gaps) // 2 if gaps else USUAL
    return _bounded(max(spacing, max_age))


def next_check(now: int, spacing: int, share: float) -> int:
    """Return the time of the next check after a successful one; `share`, from 0 to 1, places it within the jitter."""
    return now + round(spacing * (1 + JITTER * (2 * share - 1)))


def next_try(now: int, spacing: int, failures: int, asked: int | None, share: float) -> int:
    """Return the time of the next check after `failures` in a row: the wait doubles with each, up to a day.

    It is never earlier than the server asked; `asked` is in seconds, None if the server did not say.
    """
    wait = _bounded(max(spacing, SHORTEST) * 2 ** min(failures, 10))
    return max(next_check(now, wait, share), now + (asked or 0))


def _bounded(seconds: int) -> int:
    return max(SHORTEST, min(seconds, LONGEST))
