"""Tells new and changed entries of a feed from those seen before, and when entries were posted. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from email.utils import mktime_tz, parsedate_tz

from msgspec.structs import astuple

from bot.intake.formats.feed import Entry


def mark_of(entry: Entry) -> str:
    """Return a mark that changes with any field of an entry."""
    parts = json.dumps(astuple(entry))
    return hashlib.sha256(parts.encode()).hexdigest()[:12]


def moments_of(entries: Iterable[Entry]) -> tuple[int, ...]:
    """Return the UTC seconds at which entries were posted, as far as they say; used for the rhythm of checks only."""
    moments = (_moment(entry.published) for entry in entries)
    return tuple(moment for moment in moments if moment is not None)


def _moment(text: str) -> int | None:
    try:
        if (parts := parsedate_tz(text)) is not None:
            return mktime_tz(parts)
        return int(datetime.fromisoformat(text).timestamp())
    except (ValueError, TypeError, OverflowError):
        return None
