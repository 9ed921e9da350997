"""Which figures of one quantity contradict each other. Pure: what is told is passed in.

all of one origin that agree with each other          one that gives two values tells of two things
  of one modality, and about the same time            the same stated time, or reported within a month
  values further apart than rounding explains         figures/rounding
  and not so far that they must be two things
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from bot.figures.identity import ALWAYS, UNDATED
from bot.figures.rounding import agree
from bot.library.ledger import LedgerRow
from bot.models import Figure, Report

_MONTH = 31
"""Days within which a quantity that changes is taken for the same one, where no time is stated."""
_APART = 3
"""Times that values of one quantity may differ where no time is stated: further apart they are two versions of a thing."""
_APART_IN_TIME = 10
"""The same where all are stated for one time."""
_MOST_VALUES = 3
"""Values of one steady quantity; a name with more is that of a family: Gemma 2 with 2, 9 and 27 billion parameters."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A figure of the ledger as it is read: with its row, where it stands, and the sentence that tells it."""

    figure: Figure
    row: LedgerRow
    passage_id: str
    language: str
    pages: tuple[int, ...]
    report: Report
    sentence: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """One quantity as reports of several origins tell it: the newest of each value, the newest first."""

    quantity: str
    told: tuple[Entry, ...]


def conflicts(told: Iterable[Entry]) -> list[Conflict]:
    """The conflicts among figures, in the order in which their quantities come; one whose quantity is unknown has none."""
    by_quantity: dict[str, list[Entry]] = {}
    for one in told:
        by_quantity.setdefault(one.row.quantity, []).append(one)
    found = (_conflict(quantity, alike) for quantity, alike in by_quantity.items() if quantity)
    return [conflict for conflict in found if conflict]


def _conflict(quantity: str, told: Sequence[Entry]) -> Conflict | None:
    dated = not quantity.endswith((f"| {ALWAYS}", f"| {UNDATED}"))
    unsure = {
        a.row.origin
        for a, b in combinations(told, 2)
        if a.row.origin == b.row.origin and not agree(a.figure, b.figure)
    }
    told = [one for one in told if one.row.origin not in unsure]
    values = _newest_of_each(told)
    if quantity.endswith(f"| {ALWAYS}") and len(values) > _MOST_VALUES:
        return None
    opposed = [
        (a, b)
        for a, b in combinations(values, 2)
        if a.figure.modality == b.figure.modality
        and (not quantity.endswith(f"| {UNDATED}") or _within_a_month(a, b))
        and _comparable(a.figure.value, b.figure.value, _APART_IN_TIME if dated else _APART)
    ]
    sides = [one for one in values if any(one in pair for pair in opposed)]
    return Conflict(quantity, tuple(sides)) if sides else None


def _newest_of_each(told: Sequence[Entry]) -> list[Entry]:
    """The newest figure of each value, the newest first; what agrees with one that is newer is left out."""
    values: list[Entry] = []
    for one in sorted(told, key=lambda one: -(one.row.published or 0)):
        if all(
            not agree(one.figure, other.figure) or one.figure.modality != other.figure.modality
            for other in values
        ):
            values.append(one)
    return values


def _within_a_month(one: Entry, other: Entry) -> bool:
    if one.row.published is None or other.row.published is None:
        return False
    return abs(one.row.published - other.row.published) <= _MONTH


def _comparable(one: float, other: float, apart: int) -> bool:
    low, high = sorted((abs(one), abs(other)))
    return one * other > 0 and high <= apart * low
