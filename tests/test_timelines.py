"""The timeline shows every year it covers, keeps a month and its dots together, and stays short."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.rendering.timelines import MOST_MONTHS, Month, timeline

MONTHS = st.dictionaries(st.tuples(st.integers(1990, 2026), st.integers(1, 12)), st.integers(1, 50)).map(
    lambda counts: sorted(counts.items())
)


def test_few_months_stand_one_by_one() -> None:
    assert timeline([((2024, 12), 2), ((2025, 1), 1)]) == [(2024, 12, 2), (2025, 1, 1)]


def test_of_many_months_the_years_before_the_last_are_summed() -> None:
    months: list[Month] = [((2023, 5), 3), *(((2024, month), 2) for month in range(1, 8)), ((2025, 1), 4)]
    assert timeline(months) == [(2023, 0, 3), (2024, 0, 14), (2025, 1, 4)]


@given(MONTHS)
def test_every_year_and_every_report_is_in_it(months: list[Month]) -> None:
    shown = timeline(months)
    assert sum(count for _, _, count in shown) == sum(count for _, count in months)
    assert {year for year, _, _ in shown} == {year for (year, _), _ in months}
    assert shown == sorted(shown)
    assert len([month for _, month, _ in shown if month]) <= max(MOST_MONTHS, 12)
