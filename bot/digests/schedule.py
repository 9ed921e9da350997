"""Decides when a subscription is due: pure functions of the subscription and the time, none of them asks a clock.

A slot belongs to a local date of the subscription's zone, and each date that its days allow has exactly one:

- a time that the clock jumps over (summer time begins) moves to the first minute after the jump, and still
  belongs to its date, even where that minute is already the next day's first;
- a time that comes twice (summer time ends) counts at its first coming;
- a date that a zone leaves out altogether (Samoa, 30 December 2011) has no slot;
- while a subscription is paused its slots pass, and are not made up for.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from bot.models import Subscription

EVERY_DAY, WEEKDAYS, WEEKENDS = 0b1111111, 0b0011111, 0b1100000
"""Masks of days: Monday is bit 0."""

MONTHLY = EVERY_DAY + 1
"""So many times the day of the month stands for once a month, in place of a mask; 31 is the last of each."""

Form = Literal["day", "week", "month"]
"""How long a stretch a digest tells of."""

LATE = timedelta(hours=1)
"""A digest made later than this after its slot says that it is late."""

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
_CREDIBLE = timedelta(days=7)
# Two weeks, or two months: the only day may fall on a date that its zone leaves out; and a day for the zone's offset.
_HORIZON, _MONTHS = 16, 64


@dataclass(frozen=True, slots=True)
class Slot:
    """A due local date and its moment (UTC)."""

    day: date
    at: datetime


def month_day(days: int) -> int:
    """Returns the day of the month on which a subscription comes, 0 where it comes on days of the week."""
    return days // MONTHLY


def form_of(days: int) -> Form:
    """Returns how long a stretch a digest of these days tells of: what comes once a week tells of the week."""
    return "month" if month_day(days) else "week" if days.bit_count() == 1 else "day"


def next_slot(subscription: Subscription, after: datetime, made: date | None = None) -> datetime | None:
    """Returns the first moment (UTC) strictly after `after` at which the subscription is due.

    `made` is the newest local date that has had its slot already; one more than a week ahead counts for nothing, since
    the clock was wrong when it was made. None where no weekday is chosen.
    """
    if subscription.paused_until is not None:
        # A slot at the very moment that the pause ends is made.
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
    """Returns the newest slot at or before `now` whose date comes after `made`; None where nothing is due.

    Slots before the subscription was created, and those of a pause, are never due. Of several that were
    missed only the newest is made, so that a bot that was away for days sends one digest.
    """
    floor = datetime.fromtimestamp(max(subscription.created, subscription.paused_until or 0), UTC)
    slot = newest_slot(subscription.minute, subscription.days, subscription.timezone, now)
    if slot is None or slot.at < floor or (made is not None and slot.day <= made <= slot.day + _CREDIBLE):
        return None
    return slot


def newest_slot(minute: int, days: int, timezone: str, now: datetime) -> Slot | None:
    """Returns the newest slot at or before `now` of every subscription with this time, these days and this zone."""
    zone = ZoneInfo(timezone)
    # Tomorrow too: a jump can move the last minutes of a day, never bring a later date before an earlier one.
    today = now.astimezone(zone).date()
    for back in range(_horizon(days)):
        slot = _slot(today - back * _DAY, minute, days, zone)
        if slot is not None and slot.at <= now:
            return slot
    return None


def is_late(slot: Slot, now: datetime) -> bool:
    """Returns whether a digest made now has to say that it is late."""
    return now - slot.at > LATE


def _slots(subscription: Subscription, zone: ZoneInfo, first: date) -> Iterator[Slot]:
    for ahead in range(_horizon(subscription.days)):
        slot = _slot(first + ahead * _DAY, subscription.minute, subscription.days, zone)
        if slot is not None:
            yield slot


def _horizon(days: int) -> int:
    return _MONTHS if month_day(days) else _HORIZON


def _is_on(day: date, days: int) -> bool:
    """Whether one of `days` falls on a date; a day that a month lacks falls on its last."""
    if monthly := month_day(days):
        return day.day == min(monthly, monthrange(day.year, day.month)[1])
    return bool(days >> day.weekday() & 1)


def _slot(day: date, minute: int, days: int, zone: ZoneInfo) -> Slot | None:
    if not _is_on(day, days):
        return None
    at = moment(day, minute, zone)
    return None if at is None else Slot(day, at)


def moment(day: date, minute: int, zone: ZoneInfo) -> datetime | None:
    """Returns the moment (UTC) of a local date and minute, None for a date that the zone leaves out."""
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
    """The first moment with the later offset; `low` has the earlier one, `high` the later."""
    earlier = low.astimezone(zone).utcoffset()
    while high - low > _SECOND:
        middle = low + timedelta(seconds=(high - low) // _SECOND // 2)
        if middle.astimezone(zone).utcoffset() == earlier:
            low = middle
        else:
            high = middle
    return high
