"""A monthly digest comes once in each month, on its day or on the last day of a shorter month."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.digests.schedule import EVERY_DAY, MONTHLY, due_slot, form_of, month_day, newest_slot, next_slot
from bot.models import Subscription

BEGUN = datetime(2026, 1, 1, tzinfo=UTC)


def monthly(day: int, minute: int = 480, zone: str = "UTC") -> Subscription:
    created = int(BEGUN.timestamp())
    return Subscription(
        "m", 1, 0, 1, ("compute",), minute, day * MONTHLY, zone, "en", False, True, created, created
    )


def days_of_a_year(subscription: Subscription) -> list[date]:
    days, at = [], BEGUN
    while (at := next_slot(subscription, at) or BEGUN) < BEGUN + timedelta(days=365):
        days.append(at.date())
    return days


@pytest.mark.parametrize(("day", "february"), [(1, 1), (15, 15), (28, 28), (29, 28), (30, 28), (31, 28)])
def test_each_month_has_one_on_its_day_or_its_last(day: int, february: int) -> None:
    days = days_of_a_year(monthly(day))
    assert [one.month for one in days] == list(range(1, 13))
    assert days[1].day == february
    assert {one.day for one in days if one.month in (1, 3, 5, 7, 8, 10, 12)} == {day}


@given(
    st.integers(1, 31),
    st.integers(0, 1439),
    st.sampled_from(["UTC", "Pacific/Apia", "America/New_York", "Asia/Tokyo"]),
)
def test_the_newest_slot_is_the_one_that_came_last(day: int, minute: int, zone: str) -> None:
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    slot = newest_slot(minute, day * MONTHLY, zone, now)
    assert slot is not None
    assert now - timedelta(days=32) < slot.at <= now
    following = next_slot(monthly(day, minute, zone), slot.at)
    assert following is not None
    assert now < following < now + timedelta(days=32)


def test_after_three_months_away_one_is_due() -> None:
    subscription = monthly(1)
    now = datetime(2026, 5, 20, tzinfo=UTC)
    slot = due_slot(subscription, now, made=date(2026, 2, 1))
    assert slot is not None
    assert slot.day == date(2026, 5, 1)
    assert due_slot(subscription, now, made=slot.day) is None


def test_what_comes_once_a_week_tells_of_the_week() -> None:
    assert [form_of(days) for days in (EVERY_DAY, 0b1, 0b1100000, 0b1000000, 15 * MONTHLY)] == [
        "day", "week", "day", "week", "month",
    ]  # fmt: skip
    assert [month_day(days) for days in (EVERY_DAY, MONTHLY, 31 * MONTHLY)] == [0, 1, 31]
