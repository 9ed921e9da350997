"""Which counts rise: the pure judgement, from counts to rises."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.trends.negative_binomial import Expectation
from bot.trends.rising import Occurrence, Rise, Volumes, Window, distinct_rises
from bot.trends.source_days import EVERY, SourceDays

DAY = date(2025, 1, 28)
WEEK = Window(DAY, 7)


def _days(count: int, last: date = DAY) -> Iterable[int]:
    return (last.toordinal() - back for back in range(count))


def _volumes(window: Window = WEEK, days: int = 91, items: int = 50, **more: int) -> Volumes:
    """Return the volumes of two sources with `items` items a day for `days` days up to DAY; `more` names others with fewer days."""
    sources = {"Daily": days, "Herald": days} | more
    return Volumes(window, {(name, day): items for name, length in sources.items() for day in _days(length)})


def _said(items: dict[int, int], source: str = "Daily") -> list[Occurrence]:
    """Return a report of `source` for each day before DAY, with that number of items."""
    return [
        Occurrence(DAY.toordinal() - back, source, f"{source} {back}", count) for back, count in items.items()
    ]


def test_a_term_rises_that_was_said_once_a_fortnight_and_is_said_ten_times_a_day() -> None:
    told = _volumes().judge("deepseek", _said({0: 10, 1: 10, 2: 8, 20: 1, 34: 1, 48: 1}))
    assert told
    assert told.rises
    assert (told.count, told.before) == (28, 3)
    assert told.since == DAY - timedelta(days=2)
    assert told.bars == (0, 1, 0, 28)


def test_what_is_always_there_does_not_rise() -> None:
    told = _volumes().judge("model", _said(dict.fromkeys(range(91), 20)))
    assert told
    assert not told.rises
    assert told.expected.mean == pytest.approx(140, rel=0.01)


def test_a_term_that_varies_much_anyway_needs_more_to_rise() -> None:
    steady = dict.fromkeys(range(7, 91), 1) | {0: 10, 1: 10}
    bursts = dict.fromkeys(range(7, 91, 12), 12) | {0: 10, 1: 10}
    calm, wild = (_volumes().judge("term", _said(items)) for items in (steady, bursts))
    assert calm
    assert wild
    assert calm.expected.mean == pytest.approx(wild.expected.mean, rel=0.01)
    assert calm.rises
    assert not wild.rises


def test_a_source_that_did_not_report_before_changes_nothing() -> None:
    said = _said({0: 9, 1: 9, 30: 1})
    alone = _volumes().judge("term", said)
    joined = _volumes(New=3).judge("term", [*said, *_said({0: 50, 1: 50, 2: 50}, "New")])
    assert alone == joined


def test_a_source_that_brings_ten_times_as_much_of_all_it_tells_makes_nothing_rise() -> None:
    before = dict.fromkeys(range(7, 91), 5)
    volumes = Volumes(WEEK, {("Daily", day): 500 if day > DAY.toordinal() - 7 else 50 for day in _days(91)})
    told = volumes.judge("term", _said(before | dict.fromkeys(range(7), 50)))
    assert told
    assert not told.rises


def test_two_items_are_too_few_and_so_is_a_single_report_in_a_week() -> None:
    assert _volumes().judge("term", _said({0: 1, 1: 1})) is None
    assert _volumes().judge("term", _said({0: 40})) is None
    today = Window(DAY, 1)
    assert _volumes(today).judge("term", _said({0: 40}))


@given(st.dictionaries(st.integers(0, 90), st.integers(1, 40), max_size=12), st.sampled_from([1, 7, 30]))
def test_what_rises_is_never_left_out_by_its_totals_alone(items: dict[int, int], days: int) -> None:
    volumes = _volumes(Window(DAY, days))
    said = _said(items)
    told = volumes.judge("term", said)
    expected = sum(o.items * volumes.pace(o.source) for o in said if DAY.toordinal() - o.day >= days)
    now = [o for o in said if DAY.toordinal() - o.day < days]
    likely = volumes.may_rise(sum(o.items for o in now), len(now), expected)
    assert likely or told is None or not told.rises


@given(
    st.dictionaries(st.tuples(st.sampled_from(["", "a", "b"]), st.integers(1, 9)), st.integers(1, 50)),
    st.dictionaries(st.sampled_from(["", "a", EVERY]), st.integers(0, 3)),
)
def test_sums_over_days_are_those_of_each_day_added_up(
    counts: dict[tuple[str, int], int], rates: dict[str | None, float]
) -> None:
    days = SourceDays(counts)
    means = [days.expected(rates, day) for day in range(1, 10)]
    assert days.sum(rates) == sum(means)
    assert days.sum_of_squares(rates) == sum(mean * mean for mean in means)
    assert days.days == len({day for _, day in counts})


def test_a_library_of_ten_days_has_no_source_that_reports_throughout() -> None:
    assert not _volumes(days=10).sources
    assert _volumes(days=30).sources == {"Daily", "Herald"}


def test_a_rise_is_told_once() -> None:
    def rise(term: str, ratio: float, count: int, reports: tuple[str, ...]) -> Rise:
        return Rise(term, count, Expectation(1, 0), 0.0, ratio, 0, (0, 0, 0, count), DAY, reports)

    long, short = rise("llama 3.1 405b", 9, 5, ("a", "b")), rise("llama 3.1", 8, 5, ("a", "b"))
    other = rise("stargate", 7, 5, ("a", "b"))
    assert distinct_rises([short, other, long], 10) == [long, other]
    quake, fled = rise("earthquake", 9, 3, ("1", "2", "3")), rise("fled", 8, 2, ("2", "3"))
    assert distinct_rises([quake, fled], 10) == [quake]
    assert distinct_rises([long, other], 1) == [long]
    spelled_twice = [rise("qwen 2.5", 9, 5, ()), rise("qwen2.5", 8, 5, ()), rise("led", 7, 5, ())]
    assert distinct_rises(spelled_twice, 9)[1].term == "led"


def test_initials_are_told_as_the_name_that_they_stand_for() -> None:
    def rise(term: str, ratio: float) -> Rise:
        return Rise(term, 9, Expectation(1, 0), 0.0, ratio, 0, (0, 0, 0, 9), DAY, ("a", "b"))

    long, short = rise("stable diffusion 3.5", 9), rise("sd3.5", 8)
    assert distinct_rises([long, short], 10) == [long]
    assert distinct_rises([rise("byte latent transformer", 9), rise("tbl", 8)], 10)[1].term == "tbl"
    assert (
        len(distinct_rises([rise("mark elliot", 9), rise("me", 8)], 10)) == 2
    )  # The initials of two words are too few.


def test_what_the_same_passages_tell_is_told_once_by_the_name_that_ranks_highest() -> None:
    def rise(term: str, ratio: float) -> Rise:
        return Rise(term, 9, Expectation(1, 0), 0.0, ratio, 0, (0, 0, 0, 9), DAY, ("a", "b"))

    rises = [rise("zorbax", 9), rise("quimbly", 8), rise("oslo", 7)]
    together = {("quimbly", "zorbax")}
    told = distinct_rises(rises, 10, same_passages=lambda r, other: (r.term, other.term) in together)
    assert [r.term for r in told] == ["zorbax", "oslo"]


@given(st.floats(0.01, 200), st.sampled_from([-0.004, 0.0, 0.01, 0.3, 2.0, 8.0]), st.integers(0, 300))
def test_the_two_tails_share_only_the_count_itself(mean: float, dispersion: float, count: int) -> None:
    expected = Expectation(mean, dispersion)
    above, below = expected.at_least(count + 1), expected.at_most(count)
    assert math.isclose(above + below, 1.0, rel_tol=1e-6)
    assert expected.at_least(count) >= above - 1e-9


def test_the_tails_are_those_of_the_textbook() -> None:
    assert Expectation(3, 0).at_least(5) == pytest.approx(0.184737, abs=1e-6)  # Poisson
    # Negative binomial, three successes at p = 0.4: mean 4.5, dispersion 1/3.
    assert Expectation(4.5, 1 / 3).at_least(10) == pytest.approx(0.08344, abs=1e-5)
    # Binomial, ten draws at p = 0.5: seven or more, and four or fewer.
    assert Expectation(5, -1 / 10).at_least(7) == pytest.approx(0.171875, abs=1e-6)
    assert Expectation(5, -1 / 10).at_most(4) == pytest.approx(0.376953, abs=1e-6)
