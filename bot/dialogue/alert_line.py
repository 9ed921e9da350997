"""Parses the argument of /alert: a query with the change to watch for, or the chat's quiet hours. Pure."""

from __future__ import annotations

import re
from functools import cache

from msgspec import Struct

from bot.alerts.hours import NEVER
from bot.dialogue.argument_words import argument_meaning
from bot.dialogue.schedule_phrases import HERE
from bot.state.alerts import Quiet, Watch
from bot.text.rule_data import read_rows

_QUIET = re.compile(
    r"(?:quiet(?:\s+hours)?|do not disturb|免打扰|安静|勿扰)\s*[:：]?\s*(?P<hours>.*)", re.IGNORECASE
)
_SPAN = re.compile(
    r"(?P<first>\d{1,2})(?:[:：](?P<first_minute>\d\d))?\s*[点时]?\s*(?:-|–|—|~|to|until|到|至)\s*"
    r"(?P<last>\d{1,2})(?:[:：](?P<last_minute>\d\d))?\s*[点时]?",
    re.IGNORECASE,
)
_VERDICTS: tuple[Watch, ...] = ("rising", "steady", "fading", "change")
_DAY = 24 * 60
_SPACE_BEFORE, _SPACE_BEHIND = r"(?<=[\sA-Za-z0-9])(?<![A-Za-z](?=[A-Za-z]))", r"(?!\S)"


class AlertRequest(Struct, frozen=True):
    """A parsed alert: a query as for /trend, and what to watch for."""

    query: str
    watch: Watch


def read_alert(text: str) -> AlertRequest:
    """Parse an alert. It watches a verdict if the last words name one, otherwise new reports."""
    words = " ".join(text.split())
    if opening := _pattern("opening").match(words):
        words = words[opening.end() :]
    for watch in _VERDICTS:
        if match := _pattern(watch).search(words):
            return AlertRequest(words[: match.start()].strip(" 的,，"), watch)
    return AlertRequest(words, "reports")


def quiet_part(text: str) -> str | None:
    """Return the hours after "quiet", or None if `text` is about something else, such as quiet rooms."""
    match = _QUIET.fullmatch(" ".join(text.split()))
    hours = match["hours"].strip() if match else ""
    return hours if match and (not hours or hours[0].isdigit() or argument_meaning(hours) == "off") else None


def read_hours(text: str) -> Quiet | None:
    """Return the quiet hours in `text`, NEVER for "off", or None if it states no valid hours."""
    if argument_meaning(text) == "off":
        return NEVER
    span = _SPAN.fullmatch(text)
    if span is None:
        return None
    start, end = (_minute(span[name], span[f"{name}_minute"]) for name in ("first", "last"))
    return Quiet(start, end) if start != end and max(start, end) < _DAY else None


def _minute(hour: str, minute: str | None) -> int:
    """Return minutes from midnight (0 for 24:00), or _DAY for an invalid time."""
    return (int(hour) * 60 + int(minute or 0)) % _DAY if int(hour) <= 24 and int(minute or 0) < 60 else _DAY


@cache
def _pattern(meaning: str) -> re.Pattern[str]:
    """Compile a pattern of all words with this meaning: openings match at the start of a text, others at its end."""
    rows = [(word, joined) for word, of, joined in read_rows(HERE / "alert_words.tsv") if of == meaning]
    rows.sort(key=lambda row: (-len(row[0]), row[0]))
    if meaning == "opening":
        words = (f"{word}{'' if joined == 'touches' else _SPACE_BEHIND}" for word, joined in rows)
        return re.compile(f"(?:{'|'.join(words)})\\s*", re.IGNORECASE)
    words = (f"{'' if joined == 'touches' else _SPACE_BEFORE}{word}" for word, joined in rows)
    return re.compile(f"(?:{'|'.join(words)})了?[.。!！?？]*$", re.IGNORECASE)
