"""Every zone, every date from 2024 to 2030, at 00:00, 02:30 and 23:30: does each local date have exactly one slot?

Follows the chain of next slots and compares it with the dates that the zone really has, found by stepping through its
hours. Run: PYTHONPATH=. python tests/bench/slots.py [--every N]
"""

from __future__ import annotations

import argparse
import time
import zoneinfo
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.digests.schedule import due_slot, moment, next_slot
from bot.models import Subscription

FIRST, LAST = datetime(2024, 1, 1, tzinfo=UTC), datetime(2030, 12, 31, tzinfo=UTC)
MINUTES = (0, 2 * 60 + 30, 23 * 60 + 30)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def subscription(minute: int, timezone: str, days: int = 127, created: int = 0) -> Subscription:
    """Return a subscription at `minute` of the local day, daily by default."""
    return Subscription(
        id="s", chat_id=1, thread_id=0, user_id=1, queries=("compute",), minute=minute, days=days,
        timezone=timezone, language="en", news_only=False, silent=True, created=created, since=created,
    )  # fmt: skip


def dates(zone: ZoneInfo, first: datetime = FIRST, last: datetime = LAST) -> set[date]:
    """Return the local dates that the zone has between two moments, found by reading its date every six hours.

    Around a change of the offset, where six hours could skip a date, it reads the date every quarter of an hour.
    """
    found, at = set(), first
    while at < last:
        local, later = at.astimezone(zone), (at + 6 * HOUR).astimezone(zone)
        if local.utcoffset() != later.utcoffset():
            found |= {(at + n * HOUR / 4).astimezone(zone).date() for n in range(24)}
        found.add(local.date())
        at += 6 * HOUR
    return found


def faults(zone_name: str, minute: int, first: datetime = FIRST, last: datetime = LAST) -> Iterator[str]:
    """Yield the faults of one zone's slots at one time of day."""
    zone, daily = ZoneInfo(zone_name), subscription(minute, zone_name)
    slots: dict[date, datetime] = {}
    for day in sorted(dates(zone, first - DAY, last + DAY)):
        at = moment(day, minute, zone)
        if at is None:
            yield f"{zone_name} {day}: no slot"
            continue
        slots[day] = at
        if wrong := _wrong(day, minute, at, zone):
            yield f"{zone_name} {day} {minute}: {wrong}"
    chain, after = [], first
    while (following := next_slot(daily, after)) is not None and following < last:
        chain.append(following)
        after = following
    if chain != [at for at in slots.values() if first < at < last]:
        yield f"{zone_name} {minute}: the chain of next slots is another"
    for day, at in slots.items():
        due = due_slot(daily, at + HOUR / 2)
        if due is None or due.day != day or due_slot(daily, at + HOUR / 2, made=day) is not None:
            yield f"{zone_name} {day} {minute}: not due half an hour later, or due twice"


def _wrong(day: date, minute: int, at: datetime, zone: ZoneInfo) -> str:
    local, wanted = at.astimezone(zone), datetime(day.year, day.month, day.day) + timedelta(minutes=minute)  # noqa: DTZ001
    if local.replace(tzinfo=None) == wanted:
        earlier = [at - n * HOUR / 4 for n in range(1, 13)]
        repeated = any(e.astimezone(zone).replace(tzinfo=None) == wanted for e in earlier)
        return "not the first coming" if repeated else ""
    before = (at - timedelta(minutes=1)).astimezone(zone).replace(tzinfo=None)
    return "" if before < wanted < local.replace(tzinfo=None) else f"at {local}"


def main() -> None:
    """Print the number of zones checked, and every fault."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--every", type=int, default=1, help="look at every N-th zone only")
    names = sorted(zoneinfo.available_timezones())[:: parser.parse_args().every]
    started, found = time.process_time(), 0
    for name in names:
        for minute in MINUTES:
            for fault in faults(name, minute):
                found += 1
                print(fault)
    print(
        f"{len(names)} zones x 2024-2030 x {len(MINUTES)} times: {found} faults, "
        f"{time.process_time() - started:.0f} s of CPU"
    )


if __name__ == "__main__":
    main()
