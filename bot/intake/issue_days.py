"""Infers the day of a weekly's issue: the first day after its newest pictures that is the weekday it names.

That day is stated nowhere, so two signs are required: the weekly's own words about itself, and several pictures of the
week before. Any contradiction, such as an issue that says it is early, leaves the day unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Final

from bot.intake.dates import is_possible
from bot.text.normalise import to_simplified
from bot.text.rule_data import any_of, read_rows

HEAD_BLOCKS, TAIL_BLOCKS = 12, 12
"""Blocks at either end of a text in which a weekly speaks about itself."""

FEWEST_PICTURES: Final = 2
"""Fewest pictures of the last week that confirm the day. A single one may be a typo, or added to an old issue later."""

_WEEK: Final = timedelta(days=7)
_SENTENCE: Final = re.compile(r"[。！？!?；;，,、（）()\n]|\.(?=\s|$)")
_STATEMENT: Final = re.compile(r"[。！？!?；;\n]|\.(?=\s|$)")
_PICTURE: Final = re.compile(
    rb"/[A-Za-z]{0,8}[-_]?(20\d\d)([01]\d)([0-3]\d)(?:\d{1,4}|[-_][^\s\"'()<>/]{0,80})?"
    rb"\.(?:jpe?g|png|gif|webp|avif)(?![a-z])",
    re.IGNORECASE,
)
"""File name of a picture that begins with a day: `bg2022050903.webp`, `20220509-cover.png`."""


def day_of_issue(texts: Sequence[str], source: bytes, today: date) -> date | None:
    """Return the day of an issue with these blocks, from the names of pictures in `source`; None if it is unsure."""
    days = [day for day in _days_of_pictures(source) if is_possible(day, today)]
    weekday = _weekday(texts) if days else None
    if weekday is None:
        return None
    newest = max(days)
    published = newest + timedelta(days=(weekday - newest.isoweekday()) % 7)
    confirming = sum(published - day < _WEEK for day in days)
    return published if confirming >= FEWEST_PICTURES and is_possible(published, today) else None


def _weekday(texts: Sequence[str]) -> int | None:
    """Return the weekday (1 for Monday) that a weekly names as its day; None for none, several, or a moved issue."""
    weekdays: set[int] = set()
    for statement in _statements(texts):
        if not _words("comes out").search(statement):
            continue
        if _words("moved").search(statement):
            if not _words("next").search(statement):
                return None
        elif _words("weekly").search(statement):
            weekdays |= set(_named_weekdays(statement))
    return weekdays.pop() if len(weekdays) == 1 else None


def _statements(texts: Sequence[str]) -> Iterator[str]:
    """Yield the sentences at both ends of a text, simplified and in lower case."""
    ends = texts if len(texts) <= HEAD_BLOCKS + TAIL_BLOCKS else [*texts[:HEAD_BLOCKS], *texts[-TAIL_BLOCKS:]]
    for text in ends:
        yield from _STATEMENT.split(to_simplified(text).lower())


def _named_weekdays(statement: str) -> Iterator[int]:
    """Yield the weekdays in the clauses that say that something comes out."""
    for clause in _SENTENCE.split(statement):
        if _words("comes out").search(clause):
            yield from (int(days) for word, days in _rows() if days.isdigit() and _word(word).search(clause))


def _days_of_pictures(source: bytes) -> Iterator[date]:
    """Yield the days with which names of pictures begin, once for each occurrence."""
    for year, month, day in _PICTURE.findall(source):
        with suppress(ValueError):
            yield date(int(year), int(month), int(day))


@cache
def _rows() -> tuple[tuple[str, str], ...]:
    return tuple((word, says) for word, says in read_rows(Path(__file__).with_name("weekly_words.tsv")))


@cache
def _words(said: str) -> re.Pattern[str]:
    """Return a pattern of the words with this meaning (weekly_words.tsv)."""
    return _word(*(word for word, says in _rows() if says == said))


@cache
def _word(*words: str) -> re.Pattern[str]:
    """Return a pattern of any of these words; Latin ones match as whole words."""
    latin, han = (any_of(word for word in words if word.isascii() == ascii_) for ascii_ in (True, False))
    forms = [form for form in (han, rf"(?<![a-z])(?:{latin})(?![a-z])" if latin else "") if form]
    return re.compile("|".join(forms))
