"""The new entries of a feed as JSON lines: what is kept of it as an original, and taken into the library. Pure.

A feed holds its newest entries only, and is kept whole nowhere: each check keeps the entries that are new or changed,
as the publisher wrote them, so that a rebuild reads them with the rules of its day.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import astuple
from datetime import datetime
from email.utils import mktime_tz, parsedate_tz

from bot.intake.sources.feed_reading import Entry

_GLOBAL = ("http://", "https://", "tag:", "urn:")


def mark_of(entry: Entry) -> str:
    """What tells an entry, as it is now, from every other of its feed."""
    parts = json.dumps(astuple(entry))
    return hashlib.sha256(parts.encode()).hexdigest()[:12]


def key_of(entry: Entry, address: str) -> str:
    """The key by which the report of an entry is known: its id where that is one everywhere, else with its feed."""
    if entry.id.startswith(_GLOBAL):
        return entry.id
    if entry.id:
        return f"{address} {entry.id}"
    return entry.url or f"{address} {entry.title}"


def as_lines(entries: Iterable[Entry], address: str, publisher: str) -> bytes:
    """Entries as JSON lines, a document each."""
    lines = (
        json.dumps(
            {
                "source_key": key_of(entry, address),
                "title": entry.title,
                "url": entry.url,
                "publisher": publisher,
                "published": entry.published,
                "text": entry.html,
            },
            ensure_ascii=False,
        )
        for entry in entries
    )
    return "\n".join(lines).encode("utf-8", "replace")


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
