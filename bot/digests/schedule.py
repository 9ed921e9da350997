"""Decides when a subscription is due. Pure functions of the subscription and the time; none reads a clock.

A slot belongs to a local date in the subscription's zone, and each date that its days allow has exactly one:

- a time that the clock jumps over (summer time begins) moves to the first minute after the jump, and still
  belongs to its date, even if that minute is already the first of the next day;
- a time that comes twice (summer time ends) counts the first time;
- a date that a zone leaves out altogether (Samoa, 30 December 2011) has no slot;
- while a subscription is paused its slots pass, and are not made up for.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from msgspec import Struct

from bot.models import Subscription

EVERY_DAY, WEEKDAYS, WEEKENDS = 0b1111111, 0b0011111, 0b1100000
"""Masks of weekdays; Monday is bit 0."""

MONTHLY = EVERY_DAY + 1
"""Multiplied by a day of the month, it replaces the mask and means once a month; 31 is the last day of each."""

Form = Literal["day", "week", "month"]
"""The period that a digest covers."""

LATE = timedelta(hours=1)
"""A digest made later than this after its slot says that it is late."""

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
_CREDIBLE = timedelta(days=7)
# Days to search: two weeks or two months, since the only day may be a date that its zone leaves out, and two more for
# the zone's offset.
_HORIZON, _MONTHS = 16, 64


class Slot(Struct, frozen=True):
    """A due local date and its moment (UTC)."""

    day: date
    at: datetime


def month_day(days: int) -> int:
    """Return the day of the month on which a subscription comes, 0 if it comes on days of the week."""
    return days // MONTHLY


def form_of(days: int) -> Form:
    """Return the period that a digest on these days covers; one that comes once a week covers the week."""
    return "month" if month_day(days) else "week" if days.bit_count() == 1 else "day"


def next_slot(subscription: Subscription, after: datetime, made: date | None = None) -> datetime | None:
    """Return the first moment (UTC) strictly after `after` at which the subscription is due.

    None if no weekday is chosen. `made` is the newest local date whose slot was made; it is ignored if it is
    more than a week ahead, since the clock was wrong then.
    """
    if subscription.paused_until is not None:
        # A slot at the very moment when the pause ends is still made.
        after = max(after, datetime.fromtimestamp(subscription.paused_until, UTC) - _SECOND)
    zone = ZoneInfo(subscription.timezone)
    first = after.astimezone(zone).date() - _DAY
    if made is not None and made <= first + _CREDIBLE:
        first = max(first, made + _DAY)
    for slot in _slots(subscription, zone, first):
        if slot.at > after:
            return slot.at
    return None


def due_slot(subscription: Subscription, now: datetime, made: date | None = None) -> Slot | None:
    """Return the newest slot at or before `now` whose date is after `made`; None when nothing is due.

    Slots before the subscription was created or during a pause are never due. Of several missed slots only the
    newest is due, so that a bot that was away for days sends one digest.
    """
    floor = datetime.fromtimestamp(max(subscription.created, subscription.paused_until or 0), UTC)
    slot = newest_slot(subscription.minute, subscription.days, subscription.timezone, now)
    if slot is None or slot.at < floor or (made is not None and slot.day <= made <= slot.day + _CREDIBLE):
        return None
    return slot


def newest_slot(minute: int, days: int, timezone: str, now: datetime) -> Slot | None:
    """Return the newest slot at or before `now` of every subscription with this time, these days and this zone.

    None if there is no such slot within the days searched.
    """
    zone = ZoneInfo(timezone)
    # Tomorrow too: a jump can move the last minutes of a day, never bring a later date before an earlier one.
    today = now.astimezone(zone).date()
    for back in range(_horizon(days)):
        slot = _slot(today - back * _DAY, minute, days, zone)
        if slot is not None and slot.at <= now:
            return slot
    return None


def is_late(slot: Slot, now: datetime) -> bool:
    """Return whether a digest made now must say that it is late."""
    return now - slot.at > LATE


def _slots(subscription: Subscription, zone: ZoneInfo, first: date) -> Iterator[Slot]:
    for ahead in range(_horizon(subscription.days)):
        slot = _slot(first + ahead * _DAY, subscription.minute, subscription.days, zone)
        if slot is not None:
            yield slot


def _horizon(days: int) -> int:
    return _MONTHS if month_day(days) else _HORIZON


def _slot(day: date, minute: int, days: int, zone: ZoneInfo) -> Slot | None:
    """Return the slot of a date, None unless it is one of `days`.

    A day of the month that the month lacks falls on its last day.
    """
    if monthly := month_day(days):
        is_on = day.day == min(monthly, monthrange(day.year, day.month)[1])
    else:
        is_on = bool(days >> day.weekday() & 1)
    at = moment(day, minute, zone) if is_on else None
    return None if at is None else Slot(day, at)


def moment(day: date, minute: int, zone: ZoneInfo) -> datetime | None:
    """Return the moment (UTC) of a local date and minute; None for a date that the zone leaves out."""
    wall = datetime.combine(day, time(minute // 60, minute % 60), zone)
    before, after = wall.utcoffset(), wall.replace(fold=1).utcoffset()
    moment = wall.astimezone(UTC)
    if before is None or after is None or after <= before:
        # Equal offsets: an ordinary time. A smaller one: it comes twice, and fold=0 is its first coming.
        return moment
    jump = _jump(moment - (after - before), moment, zone)
    eve, morrow = (jump - _SECOND).astimezone(zone).date(), jump.astimezone(zone).date()
    return None if eve < day < morrow else jump


def _jump(low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    """Return the first moment with the later offset; `low` has the earlier one, `high` the later."""
    earlier = low.astimezone(zone).utcoffset()
    while high - low > _SECOND:
        middle = low + timedelta(seconds=(high - low) // _SECOND // 2)
        if middle.astimezone(zone).utcoffset() == earlier:
            low = middle
        else:
            high = middle
    return high
