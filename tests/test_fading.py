"""What fades: the other tail of what rises, and only terms that occurred all the time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.trends.negative_binomial import Expectation
from bot.trends.rising import Occurrence, Volumes, Window
from bot.trends.rising_terms import Fall, fall_of, may_fall, steepest_falls

DAY = date(2025, 1, 28)
MONTH = Window(DAY, 30)


def _days(count: int, last: date = DAY) -> Iterable[int]:
    return (last.toordinal() - back for back in range(count))


def _volumes(window: Window = MONTH, days: int = 390, **more: int) -> Volumes:
    """Return the volumes of a source with fifty items a day for `days` days up to DAY; `more` names others with fewer days."""
    sources = {"Daily": days} | more
    return Volumes(window, {(name, day): 50 for name, length in sources.items() for day in _days(length)})


def _said(items: dict[int, int], source: str = "Daily") -> list[Occurrence]:
    """Return a report of `source` for each day before DAY, with that number of items."""
    return [
        Occurrence(DAY.toordinal() - back, source, f"{source} {back}", count) for back, count in items.items()
    ]


def _every(first: int, last: int = 390, count: int = 2) -> dict[int, int]:
    return dict.fromkeys(range(first, last), count)


def test_what_was_told_every_day_and_is_hardly_told_any_more_fades() -> None:
    told = fall_of(_volumes(), "mixtral", _said(_every(30) | {3: 1, 9: 1}))
    assert told.falls
    assert told.count == 2
    assert told.expected.mean == pytest.approx(60, rel=0.01)
    assert told.bars == (60, 60, 60, 2)
    assert told.reports[0] == "Daily 30"
    assert len(told.reports) == 90


@pytest.mark.parametrize(
    ("items", "why"),
    [
        (_every(0), "it is told as ever"),
        (_every(0, 390, 3) | _every(0, 30, 2), "a third less is no news, however sure"),
        (_every(30, 390, 0) | dict.fromkeys(range(40, 390, 45), 60), "it came in bursts before"),
        (_every(130), "it has been over for long"),
        (dict.fromkeys(range(30, 390, 40), 1), "it was rare"),
    ],
)
def test_what_chance_or_habit_explains_does_not_fade(items: dict[int, int], why: str) -> None:
    assert not fall_of(_volumes(), "term", _said(items)).falls, why


def test_a_source_that_ended_or_has_just_begun_makes_nothing_fade() -> None:
    volumes = _volumes(New=3)
    ended = _said(_every(30), "Herald")
    assert not fall_of(volumes, "term", [*_said(_every(0)), *ended]).falls


def test_the_steepest_are_told_and_none_twice() -> None:
    def fall(term: str, count: int, mean: float) -> Fall:
        return Fall(term, count, Expectation(mean, 0), 0.0, (9, 9, 9, count), ("a",))

    falls = [
        fall("llama 3", 20, 60), fall("openinterpreter", 0, 25), fall("open interpreter", 0, 30),
        fall("mixtral", 5, 60), fall("sora", 1, 60), fall("mixtral 8x7b", 4, 40),
    ]  # fmt: skip

    def words(term: str) -> set[str]:
        return {*term.split()}

    def told(limit: int) -> list[str]:
        return [f.term for f in steepest_falls(falls, limit, 1.0, lambda f: f.term != "sora", words)]

    assert told(9) == ["open interpreter", "mixtral", "llama 3"]
    assert told(2) == ["open interpreter", "mixtral"]


@given(st.dictionaries(st.integers(0, 389), st.integers(1, 60), min_size=5, max_size=40))
def test_what_fades_is_never_left_out_by_its_totals_alone(items: dict[int, int]) -> None:
    volumes = _volumes()
    said = _said(items)
    expected = sum(o.items * volumes.pace(o.source) for o in said if DAY.toordinal() - o.day >= MONTH.days)
    now = sum(o.items for o in said if DAY.toordinal() - o.day < MONTH.days)
    assert may_fall(volumes, now, expected) or not fall_of(volumes, "term", said).falls


def test_the_windows_of_the_bars_begin_three_windows_before() -> None:
    assert _volumes().bars_from == MONTH.first - timedelta(days=90)
