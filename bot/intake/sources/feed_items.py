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
from urllib.parse import urljoin

from bot.intake.sources.feed_reading import Entry
from bot.text.markup import strip_markup

_GLOBAL = ("http://", "https://", "tag:", "urn:")


def mark_of(entry: Entry) -> str:
    """What tells an entry, as it is now, from every other of its feed."""
    parts = json.dumps(astuple(entry))
    return hashlib.sha256(parts.encode()).hexdigest()[:12]


def key_of(entry: Entry, source: str) -> str:
    """The key by which the report of an entry is known: its id where that is one everywhere, else with its source's id.

    That id stays when the feed moves to another address.
    """
    if entry.id.startswith(_GLOBAL):
        return entry.id
    if entry.id:
        return f"{source} {entry.id}"
    return entry.url or f"{source} {entry.title}"


def plain(line: str) -> str:
    """A title without the markup that feeds put into it."""
    return " ".join(strip_markup(line)[0].split())


def as_lines(entries: Iterable[Entry], source: str, publisher: str, base: str) -> bytes:
    """Entries as JSON lines, a document each; `base` is what their addresses may be relative to."""
    lines = (
        json.dumps(
            {
                "source_key": key_of(entry, source),
                "title": plain(entry.title),
                "url": _absolute(base, entry.url),
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


def _absolute(base: str, url: str) -> str:
    try:
        return urljoin(base, url) if url else ""
    except ValueError:
        return ""


def _moment(text: str) -> int | None:
    try:
        if (parts := parsedate_tz(text)) is not None:
            return mktime_tz(parts)
        return int(datetime.fromisoformat(text).timestamp())
    except (ValueError, TypeError, OverflowError):
        return None
