"""Counts what the process does, for whoever asks; keeps no chat, no person and no word. Pure but for its own numbers.

Each label is one of a set that the code names: a command, a kind of button, an outcome.
"""

from __future__ import annotations

import bisect
from collections import Counter
from dataclasses import dataclass, field

BOUNDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper bounds, in seconds, of the classes that durations are counted in; one more holds what is longer."""


@dataclass(slots=True)
class Durations:
    """How often something took how long: a count for each class of BOUNDS and one above, and the sum in seconds."""

    counts: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))
    total: float = 0.0

    def add(self, seconds: float) -> None:
        """Counts one."""
        self.counts[bisect.bisect_left(BOUNDS, seconds)] += 1
        self.total += seconds


@dataclass(slots=True)
class Telemetry:
    """What one process has done since its start.

    `answers` by kind of question, `failures` by the same; `sends` by outcome; `floods` are Telegram's answers that
    said how long to wait, `flood_seconds` how long those were.
    """

    answers: dict[str, Durations] = field(default_factory=dict)
    failures: Counter[str] = field(default_factory=Counter)
    sends: Counter[str] = field(default_factory=Counter)
    floods: int = 0
    flood_seconds: float = 0.0

    def answered(self, kind: str, seconds: float) -> None:
        """Counts an answer of this kind, and how long it took."""
        self.answers.setdefault(kind, Durations()).add(seconds)

    def flooded(self, seconds: float) -> None:
        """Counts a refusal by Telegram that asks to be left alone for so long."""
        self.floods += 1
        self.flood_seconds += seconds
