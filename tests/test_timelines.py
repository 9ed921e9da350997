"""A history is one line of bars whose months can be told apart, or, if there are few, a list of months with dots."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.models import Coverage
from bot.rendering.timelines import MOST_BARS, MOST_MONTHS, Month, bars


def library(first: date, last: date) -> Coverage:
    return Coverage(100, first, last, ("en",))


def months(first: date, *counts: int) -> list[Month]:
    """Return the counts of consecutive months, without months that have no reports."""
    start = first.year * 12 + first.month - 1
    return [(((start + n) // 12, (start + n) % 12 + 1), count) for n, count in enumerate(counts) if count]


def test_a_few_months_are_no_bars() -> None:
    assert (
        bars(months(date(2024, 7, 1), *[1] * MOST_MONTHS), library(date(2024, 1, 5), date(2025, 1, 9)))
        is None
    )


def test_every_month_of_the_library_has_a_bar_and_the_lowest_is_none() -> None:
    found = bars(
        months(date(2024, 8, 1), 1, 2, 0, 3, 4, 5, 6, 21), library(date(2024, 7, 3), date(2025, 2, 28))
    )
    assert found is not None
    assert found.line == "▁▂▂▁▂▃▃▃█"
    assert (found.unit, found.first, found.last) == ("month", date(2024, 7, 1), date(2025, 3, 1))


def test_a_library_of_many_years_is_told_from_the_topic_on() -> None:
    told = months(date(2023, 11, 1), *range(1, 18))
    found = bars(told, library(date(2012, 1, 1), date(2025, 3, 31)))
    assert found is not None
    assert (found.unit, len(found.line), found.first) == ("month", 17, date(2023, 11, 1))


def test_silence_at_the_end_is_shown_and_a_few_early_reports_do_not_make_bars_of_years() -> None:
    told = [((2012, 5), 1), *months(date(2024, 1, 1), *[9] * 9)]
    found = bars(told, library(date(2012, 1, 1), date(2025, 3, 31)), date(2025, 3, 31))
    assert found is not None
    assert (found.unit, found.first, found.line) == ("month", date(2024, 1, 1), "█████████▁▁▁▁▁▁")


@pytest.mark.parametrize(("years", "unit"), [(1, "month"), (5, "quarter"), (20, "year")])
def test_a_long_history_has_longer_bars(years: int, unit: str) -> None:
    found = bars(
        months(date(2000, 1, 1), *[2] * 12 * years), library(date(2000, 1, 1), date(2000 + years, 1, 1))
    )
    assert found is not None
    assert found.unit == unit


@given(
    st.lists(st.tuples(st.integers(1990, 2030), st.integers(1, 12)), unique=True, max_size=60),
    st.integers(1, 10_000),
)
def test_bars_fit_and_the_fullest_is_the_highest(days: list[tuple[int, int]], most: int) -> None:
    told = [(day, 1 + place % most) for place, day in enumerate(sorted(days))]
    found = bars(told, library(date(1990, 1, 1), date(2031, 1, 1)))
    assert (found is None) == (len(days) <= MOST_MONTHS)
    if found:
        assert len(found.line) <= max(MOST_BARS, 41 + 1)
        assert "█" in found.line
