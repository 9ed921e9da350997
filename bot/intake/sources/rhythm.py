"""When a source is looked at again: the rhythm of its posts, what its server asks, how often it failed. Pure.

Half the smallest time between two posts, so that none is missed in a feed that holds the newest few; never more often
than every ten minutes, never less often than daily. Times and spans are seconds.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Final

SHORTEST: Final = 600
LONGEST: Final = 86_400
USUAL: Final = 3_600
"""For a source whose posts tell no rhythm."""

LOCAL: Final = 60
"""For a folder of this machine."""

JITTER: Final = 0.1
"""The share by which a check may come earlier or later, so that many sources do not come at once."""

_NEWEST: Final = 30
# Posts that came out together, such as those of a night, tell no rhythm.
_TOGETHER: Final = 60


def spacing_of(posts: Iterable[int], max_age: int = 0) -> int:
    """How long to wait between two checks of a source with `posts` at these moments.

    `max_age` is for how long its server promises nothing newer.
    """
    newest = sorted(set(posts), reverse=True)[:_NEWEST]
    gaps = [later - earlier for later, earlier in pairwise(newest) if later - earlier >= _TOGETHER]
    spacing = min(gaps) // 2 if gaps else USUAL
    return _bounded(max(spacing, max_age))


def next_check(now: int, spacing: int, share: float) -> int:
    """The moment of the next check after one that succeeded; `share`, from 0 to 1, places it in the jitter."""
    return now + round(spacing * (1 + JITTER * (2 * share - 1)))


def next_try(now: int, spacing: int, failures: int, asked: int | None, share: float) -> int:
    """The moment of the next check after `failures` in a row, each twice as far away, at most a day.

    What the server asks to wait counts, at most a week; it is never asked earlier than it said.
    """
    wait = _bounded(max(spacing, SHORTEST) * 2 ** min(failures, 10))
    return max(next_check(now, wait, share), now + (asked or 0))


def _bounded(seconds: int) -> int:
    return max(SHORTEST, min(seconds, LONGEST))
