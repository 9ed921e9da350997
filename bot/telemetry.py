"""Counts what the process does, for its metrics; keeps no chat, no person and no text. Pure apart from its own counts.

Every label value comes from a set fixed in code: a command, a kind of button, an outcome.
"""

from __future__ import annotations

import bisect
from collections import Counter

from msgspec import Struct, field

BOUNDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper bounds of the histogram's buckets, in seconds; one more bucket holds longer durations."""


class Durations(Struct):
    """Histogram of durations: a count per bucket of BOUNDS and one for longer ones, and the sum in seconds."""

    counts: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))
    total: float = 0.0

    def add(self, seconds: float) -> None:
        """Count one duration."""
        self.counts[bisect.bisect_left(BOUNDS, seconds)] += 1
        self.total += seconds


class Telemetry(Struct):
    """What one process has done since it started.

    `answers` and `failures` are by kind of question, `sends` by outcome; `floods` counts Telegram's 429s,
    `flood_seconds` sums the waits that they asked for.
    """

    answers: dict[str, Durations] = field(default_factory=dict)
    failures: Counter[str] = field(default_factory=Counter)
    sends: Counter[str] = field(default_factory=Counter)
    floods: int = 0
    flood_seconds: float = 0.0

    def answered(self, kind: str, seconds: float) -> None:
        """Count an answer of this kind, with its duration."""
        self.answers.setdefault(kind, Durations()).add(seconds)

    def flooded(self, seconds: float) -> None:
        """Count a 429, with the wait in seconds that it asks for."""
        self.floods += 1
        self.flood_seconds += seconds
