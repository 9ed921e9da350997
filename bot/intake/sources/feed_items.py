"""What tells the entries of a feed from those that it held before, and when they came out. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import astuple
from datetime import datetime
from email.utils import mktime_tz, parsedate_tz

from bot.intake.formats.feed import Entry


def mark_of(entry: Entry) -> str:
    """What tells an entry, as it is now, from every other of its feed."""
    parts = json.dumps(astuple(entry))
    return hashlib.sha256(parts.encode()).hexdigest()[:12]


def moments_of(entries: Iterable[Entry]) -> tuple[int, ...]:
    """The UTC seconds at which entries came out, as far as they say so to the second: for the rhythm alone."""
    moments = (_moment(entry.published) for entry in entries)
    return tuple(moment for moment in moments if moment is not None)


def _moment(text: str) -> int | None:
    try:
        if (parts := parsedate_tz(text)) is not None:
            return mktime_tz(parts)
        return int(datetime.fromisoformat(text).timestamp())
    except (ValueError, TypeError, OverflowError):
        return None
