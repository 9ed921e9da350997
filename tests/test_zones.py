"""A zone is known by its IANA name, its cities in both languages, or its offset from UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rendering.zones import city_of, zone_called, zone_name

DAYS = [datetime(2026, month, 15, 12, tzinfo=UTC) for month in range(1, 13)]


def offsets(zone: str) -> list[timedelta | None]:
    return [day.astimezone(ZoneInfo(zone)).utcoffset() for day in DAYS]


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("Asia/Shanghai", "Asia/Shanghai"),
        ("asia/shanghai", "Asia/Shanghai"),
        ("北京", "Asia/Shanghai"),
        ("Beijing", "Asia/Shanghai"),
        ("Beijing time", "Asia/Shanghai"),
        ("北京时间", "Asia/Shanghai"),
        ("Asia/Beijing", "Asia/Shanghai"),
        ("紐約", "America/New_York"),
        ("New  York", "America/New_York"),
        ("São Paulo", "America/Sao_Paulo"),
        ("Kiev", "Europe/Kyiv"),
        ("胡志明市", "Asia/Ho_Chi_Minh"),
        ("台北", "Asia/Taipei"),
        ("ET", "America/New_York"),
        ("Pacific Time", "America/Los_Angeles"),
        ("日本时间", "Asia/Tokyo"),
        ("Germany time", "Europe/Berlin"),
        ("UTC", "UTC"),
        ("utc+8", "Etc/GMT-8"),
        ("GMT-5", "Etc/GMT+5"),
        ("UTC +5:30", "Asia/Kolkata"),
        ("东八区", "Etc/GMT-8"),
        ("西五区", "Etc/GMT+5"),
        ("UTC+0", "UTC"),
    ],
)
def test_a_zone_is_known_by_what_people_call_it(name: str, zone: str) -> None:
    assert zone_called(name) == zone


@pytest.mark.parametrize(
    "name",
    [
        "CST",
        "UTC+25",
        "UTC+13:37",
        "Asia/Foo",
        "compute",
        "算力",
        "at",
        "west",
        "Christmas",
        "Japan",
        "",
        "时间",
    ],
)
def test_what_is_no_zone_or_more_than_one_is_none(name: str) -> None:
    assert zone_called(name) is None


def test_every_iana_name_of_a_place_keeps_its_clock() -> None:
    names = [name for name in available_timezones() if "/" in name]
    assert len(names) > 400
    for name in names:
        found = zone_called(name)
        assert found is not None, name
        assert offsets(found) == offsets(name), name


@settings(deadline=None)
@given(st.integers(-12 * 60, 14 * 60))
def test_a_distance_to_utc_is_that_distance_all_year(minutes: int) -> None:
    hours, rest = divmod(abs(minutes), 60)
    zone = zone_called(f"UTC{'+' if minutes >= 0 else '-'}{hours}:{rest:02}")
    assert zone is not None or rest
    if zone:
        assert set(offsets(zone)) == {timedelta(minutes=minutes)}


@settings(deadline=None)
@given(st.text())
def test_nothing_raises(name: str) -> None:
    zone = zone_called(name)
    assert zone is None or ZoneInfo(zone).key == zone


def test_a_zone_is_named_in_the_readers_language() -> None:
    assert (zone_name("Asia/Shanghai", "en"), zone_name("Asia/Shanghai", "zh")) == (
        "Asia/Shanghai",
        "上海时间",
    )
    assert (zone_name("Etc/GMT-8", "en"), zone_name("Etc/GMT+5", "zh")) == ("UTC+8", "UTC-5")
    assert (zone_name("UTC", "zh"), zone_name("Etc/UTC", "en")) == ("UTC", "UTC")
    assert (city_of("America/New_York", "en"), city_of("America/New_York", "zh")) == ("New York", "纽约")
