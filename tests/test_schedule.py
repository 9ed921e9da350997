"""One slot for each local date that exists, despite clock changes both ways and skipped dates."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from bench.slots import MINUTES, faults, subscription
from msgspec.structs import replace

from bot.digests.schedule import due_slot, is_late, moment, newest_slot, next_slot

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WEEKDAYS = 0b0011111

# One zone per kind of clock change: none, north, south, at midnight, by half an hour, around Ramadan, far east and west.
ZONES = (
    "UTC", "Asia/Shanghai", "Europe/Berlin", "America/Santiago", "Africa/Cairo", "Australia/Lord_Howe",
    "Africa/Casablanca", "Pacific/Kiritimati", "Pacific/Chatham", "America/Nuuk", "America/Havana", "Asia/Gaza",
)  # fmt: skip


def local(text: str, zone: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize("zone", ZONES)
def test_each_local_date_of_a_year_has_one_slot(zone: str) -> None:
    first, last = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 12, 31, tzinfo=UTC)
    assert [fault for minute in MINUTES for fault in faults(zone, minute, first, last)] == []


def test_each_zone_has_a_slot_on_the_dates_around_every_change_of_its_clock() -> None:
    days = [date(2026, 1, 1) + n * DAY for n in range(365)]
    for name in sorted(zoneinfo.available_timezones()):
        zone = ZoneInfo(name)
        noons = [datetime(day.year, day.month, day.day, 12, tzinfo=zone).utcoffset() for day in days]
        for before, (day, offset) in zip(noons, list(zip(days, noons, strict=True))[1:], strict=False):
            if before != offset:
                for minute in MINUTES:
                    found = [at for n in (-1, 0, 1) if (at := moment(day + n * DAY, minute, zone))]
                    assert len(found) == 3, name
                    assert found == sorted(set(found)), name


def test_a_time_that_the_clock_jumps_over_moves_to_the_first_minute_after() -> None:
    berlin, cairo, nuuk = ZoneInfo("Europe/Berlin"), ZoneInfo("Africa/Cairo"), ZoneInfo("America/Nuuk")
    assert moment(date(2026, 3, 29), 150, berlin) == local("2026-03-29T03:00", "Europe/Berlin")
    assert moment(date(2026, 4, 24), 0, cairo) == local("2026-04-24T01:00", "Africa/Cairo")
    # The last hour of that Saturday does not exist: its slot is the first minute of Sunday, which has its own slot too.
    saturday, sunday = (moment(date(2026, 3, day), 23 * 60 + 30, nuuk) for day in (28, 29))
    assert saturday == local("2026-03-29T00:00", "America/Nuuk")
    assert sunday == local("2026-03-29T23:30", "America/Nuuk")


def test_a_time_that_comes_twice_counts_at_its_first_coming() -> None:
    assert moment(date(2026, 10, 25), 150, ZoneInfo("Europe/Berlin")) == datetime(
        2026, 10, 25, 0, 30, tzinfo=UTC
    )
    daily = subscription(150, "Europe/Berlin")
    first = next_slot(daily, datetime(2026, 10, 24, 12, tzinfo=UTC))
    assert first == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert next_slot(daily, first) == datetime(2026, 10, 26, 1, 30, tzinfo=UTC)


def test_a_date_that_a_zone_leaves_out_has_no_slot() -> None:
    apia = ZoneInfo("Pacific/Apia")
    assert moment(date(2011, 12, 30), 480, apia) is None
    daily = subscription(480, "Pacific/Apia")
    chain, at = [], local("2011-12-28T12:00", "Pacific/Apia")
    for _ in range(3):
        following = next_slot(daily, at)
        assert following is not None
        chain.append(following.astimezone(apia).date().day)
        at = following
    assert chain == [29, 31, 1]
    fridays = subscription(480, "Pacific/Apia", days=0b0010000)
    assert next_slot(fridays, local("2011-12-24T00:00", "Pacific/Apia")) == local(
        "2012-01-06T08:00", "Pacific/Apia"
    )


def test_days_are_those_of_the_zone() -> None:
    weekdays = subscription(480, "Asia/Shanghai", days=WEEKDAYS)
    # Friday evening in London is Saturday in Shanghai.
    friday_evening = datetime(2026, 11, 20, 20, tzinfo=UTC)
    assert next_slot(weekdays, friday_evening) == local("2026-11-23T08:00", "Asia/Shanghai")
    assert next_slot(subscription(480, "UTC", days=0), friday_evening) is None


def test_while_it_is_paused_a_subscription_has_no_slots_and_they_are_not_made_up_for() -> None:
    until = local("2026-11-25T08:00", "UTC")
    paused = replace(subscription(480, "UTC"), paused_until=int(until.timestamp()))
    assert next_slot(paused, local("2026-11-22T10:00", "UTC")) == until
    assert due_slot(paused, until - HOUR) is None
    due = due_slot(paused, until)
    assert due is not None
    assert due.day == date(2026, 11, 25)


def test_of_missed_slots_the_newest_is_due_and_late_after_an_hour() -> None:
    daily, made = subscription(480, "UTC"), date(2026, 11, 19)
    now = local("2026-11-22T10:00", "UTC")
    due = due_slot(daily, now, made)
    assert due is not None
    assert due.day == date(2026, 11, 22)
    assert is_late(due, now)
    assert not is_late(due, due.at + HOUR)
    assert due_slot(daily, now, due.day) is None
    assert due_slot(daily, now - 2 * HOUR - timedelta(minutes=1), due.day) is None, "the clock went back"


def test_a_subscription_begins_after_it_was_made() -> None:
    made = local("2026-11-22T09:00", "UTC")
    daily = subscription(480, "UTC", created=int(made.timestamp()))
    assert due_slot(daily, made + HOUR) is None
    assert newest_slot(480, 127, "UTC", made) is not None
    assert next_slot(daily, made) == local("2026-11-23T08:00", "UTC")


def test_a_date_that_has_had_its_slot_has_no_other_at_a_new_time() -> None:
    evening = subscription(20 * 60, "UTC")
    noon = local("2026-11-22T12:00", "UTC")
    assert next_slot(evening, noon) == local("2026-11-22T20:00", "UTC")
    assert next_slot(evening, noon, made=date(2026, 11, 22)) == local("2026-11-23T20:00", "UTC")
