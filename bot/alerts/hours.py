"""When an alert may be sent: outside its quiet hours, and so many a day. Pure: the moment is passed in."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.digests.schedule import moment
from bot.state.alerts import Quiet

MOST_A_DAY = 5
"""Alerts of one place on one local day; what comes in later is told the next morning."""

NIGHT = Quiet(22 * 60, 8 * 60)
"""The quiet hours where nobody chose others."""

NEVER = Quiet(0, 0)
"""No quiet hours."""


def is_quiet(quiet: Quiet, local: datetime) -> bool:
    """Whether the local moment falls into quiet hours, which may reach over midnight."""
    minute = local.hour * 60 + local.minute
    if quiet.start <= quiet.end:
        return quiet.start <= minute < quiet.end
    return minute >= quiet.start or minute < quiet.end


def day_began(now: datetime, timezone: str) -> datetime:
    """The moment (UTC) at which the local day began."""
    zone = ZoneInfo(timezone)
    return moment(now.astimezone(zone).date(), 0, zone) or now
