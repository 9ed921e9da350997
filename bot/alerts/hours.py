"""Decides when an alert may be sent: outside quiet hours, and at most five a day. Pure: the moment is passed in."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.digests.schedule import moment
from bot.state.alerts import Quiet

MOST_A_DAY = 5
"""Maximum alert messages per place and local day; later news waits for the next morning."""

NIGHT = Quiet(22 * 60, 8 * 60)
"""Default quiet hours."""

NEVER = Quiet(0, 0)
"""No quiet hours."""


def is_quiet(quiet: Quiet, local: datetime) -> bool:
    """Return whether a local time falls into quiet hours, which may span midnight."""
    minute = local.hour * 60 + local.minute
    if quiet.start <= quiet.end:
        return quiet.start <= minute < quiet.end
    return minute >= quiet.start or minute < quiet.end


def day_began(now: datetime, timezone: str) -> datetime:
    """Return the moment (UTC) at which the local day began."""
    zone = ZoneInfo(timezone)
    return moment(now.astimezone(zone).date(), 0, zone) or now
