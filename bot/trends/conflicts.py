"""Finds figures of one quantity that contradict each other. Pure: figures are passed in.

Figures contradict each other when they
    have one modality and one time       the same stated time, or published within 31 days
    differ by more than rounding         figures/rounding
    differ by less than a set factor     beyond it they measure two different things
    come from two origins
A report, or an item of a compilation, that gives two values for a quantity is left out: it means two things.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations

from msgspec import Struct

from bot.figures.identity import ALWAYS, UNDATED
from bot.figures.rounding import agree, is_range
from bot.library.ledger import LedgerRow
from bot.models import Figure, Report

_MONTH = 31
"""Days within which two reports of a changing quantity mean the same value, when neither states a time."""
_APART = 2.5
"""Factor by which values without a stated time may differ; values further apart are of two versions of a thing."""
_APART_IN_TIME = 10
"""The same factor for values that are all stated for one time."""
_FEW = 4
"""At most one in this many origins may deviate; if more do, the name is that of a family of things."""


class Entry(Struct, frozen=True):
    """A figure of the ledger with its row, its passage and report, and the sentence that contains it."""

    figure: Figure
    row: LedgerRow
    passage_id: str
    language: str
    pages: tuple[int, ...]
    report: Report
    sentence: str
    headings: str

    @property
    def item(self) -> tuple[str, str]:
        """The origin and the headings: one report, or one item of a compilation."""
        return self.row.origin, self.headings


class Conflict(Struct, frozen=True):
    """One quantity with the values that several origins give: the newest entry per value, newest first."""

    quantity: str
    entries: tuple[Entry, ...]


def conflicts(entries: Iterable[Entry]) -> list[Conflict]:
    """Return the conflicts among figures, in the order of their quantities; figures without a quantity have none."""
    by_quantity: dict[str, list[Entry]] = {}
    for one in entries:
        by_quantity.setdefault(one.row.quantity, []).append(one)
    found = (_conflict(quantity, alike) for quantity, alike in by_quantity.items() if quantity)
    return [conflict for conflict in found if conflict]


def _conflict(quantity: str, entries: Sequence[Entry]) -> Conflict | None:
    steady = quantity.endswith(f"| {ALWAYS}")
    entries = [one for one in entries if not is_range(one.figure)]
    unsure = {a.item for a, b in _disagreeing(entries) if a.item == b.item}
    if steady and _is_family(entries):
        return None
    values = _by_value([one for one in entries if one.item not in unsure])
    sides: dict[int, Entry] = {}
    for (place, some), (other_place, others) in combinations(enumerate(values), 2):
        opposed = next(((a, b) for a in some for b in others if _is_opposed(quantity, a, b)), None)
        if opposed:
            sides.setdefault(place, opposed[0])
            sides.setdefault(other_place, opposed[1])
    return Conflict(quantity, tuple(sides[place] for place in sorted(sides))) if sides else None


def _is_family(entries: Sequence[Entry]) -> bool:
    """Return whether the name covers things of several sizes, as Gemma 2 has 2, 9 and 27 billion parameters.

    It does when more than a quarter of the origins give two values, or one far from the usual value.
    """
    origins = {one.row.origin for one in entries}
    usual = max(_by_value(entries), key=lambda alike: len({one.row.origin for one in alike}), default=[])
    others = {a.row.origin for a, b in _disagreeing(entries) if a.row[:2] == b.row[:2]}
    others |= {
        one.row.origin for one in entries if not _comparable(one.figure.value, usual[0].figure.value, _APART)
    }
    return len(others) * _FEW > len(origins)


def _disagreeing(entries: Iterable[Entry]) -> list[tuple[Entry, Entry]]:
    return [(a, b) for a, b in combinations(entries, 2) if not agree(a.figure, b.figure)]


def _by_value(entries: Sequence[Entry]) -> list[list[Entry]]:
    """Group the figures by value and modality, the newest first."""
    values: list[list[Entry]] = []
    for one in sorted(entries, key=lambda one: -(one.row.published or 0)):
        for alike in values:
            if agree(one.figure, alike[0].figure) and one.figure.modality == alike[0].figure.modality:
                alike.append(one)
                break
        else:
            values.append([one])
    return values


def _is_opposed(quantity: str, one: Entry, other: Entry) -> bool:
    """Return whether two figures of one quantity contradict each other."""
    undated = quantity.endswith((f"| {ALWAYS}", f"| {UNDATED}"))
    return (
        one.row.origin != other.row.origin
        and one.figure.modality == other.figure.modality
        and not agree(one.figure, other.figure)
        and (not quantity.endswith(f"| {UNDATED}") or _within_a_month(one, other))
        and _comparable(one.figure.value, other.figure.value, _APART if undated else _APART_IN_TIME)
    )


def _within_a_month(one: Entry, other: Entry) -> bool:
    if one.row.published is None or other.row.published is None:
        return False
    return abs(one.row.published - other.row.published) <= _MONTH


def _comparable(one: float, other: float, apart: float) -> bool:
    low, high = sorted((abs(one), abs(other)))
    return one * other > 0 and high <= apart * low
