"""Extracts the figures of a sentence: each number with unit, clause, period, subject and modality. Only reads strings.

Combines `quantities`, `periods`, `clauses`, `subjects` and `modality`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from bot.figures.clauses import clause_span, part_spans
from bot.figures.modality import modality
from bot.figures.numerals import fold, may_count
from bot.figures.periods import Time, find_times, period_of
from bot.figures.quantities import Quantity, find_quantities
from bot.figures.subjects import subject_span
from bot.languages import is_written_in_han
from bot.models import Figure
from bot.text.normalise import has_han

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from bot.figures.numerals import Span

_LONGEST = 2000
"""Maximum characters of a sentence that are read; nothing longer is a sentence."""
_MOST = 40
"""Maximum figures of a sentence; text with more is a table, whose cells have no clause."""

# Numbers inside these are not the text's own: URLs and page references.
_NOISE = re.compile(r"(?:https?://|www\.)[^\s，。；、）]+|第\s?[0-9][0-9、,，\s-]*[页届]")
_NOISE_SIGNS = ("://", "www.", "第")


class _Reading(NamedTuple):
    """A parsed sentence: `text` is its folded form, and all spans are valid in both."""

    sentence: str
    text: str
    quantities: Sequence[Quantity]
    times: Sequence[Time]
    parts: Sequence[Span]
    chinese: bool


def find_figures(sentence: str, language: str, published: date | None) -> tuple[Figure, ...]:
    """Return the figures of one clean sentence in simplified Chinese or English, in order; every text is verbatim.

    A range is one figure with its lower bound as value. A length of time, or the base of a rate (每1000人), is a figure
    only where there is no other number. `published` makes a number for a later year a forecast; with None only the
    words decide. `language` selects the rules ("zh", or English for all others); a sentence without Chinese characters
    is always read as English.

    Reads the first 2,000 characters and returns at most 40 figures. Never raises; time is linear in the length.
    """
    if not may_count(sentence):
        return ()
    text = fold(sentence[:_LONGEST])
    quantities = find_quantities(text)
    if not quantities:
        return ()
    chinese = is_written_in_han(language) and has_han(text)
    times = find_times(text, chinese)
    hidden = [(time.start, time.end) for time in times if time.kind in ("date", "day")]
    if any(sign in text for sign in _NOISE_SIGNS):
        hidden += [match.span() for match in _NOISE.finditer(text)]
    quantities = [q for q in quantities if not any(start < q.end and q.start < end for start, end in hidden)]
    quantities = [q for q in quantities if not q.minor] or quantities
    reading = _Reading(sentence, text, quantities, times, part_spans(text), chinese)
    return tuple(_figure(reading, quantity, published) for quantity in quantities[:_MOST])


def _figure(reading: _Reading, quantity: Quantity, published: date | None) -> Figure:
    sentence, text, quantities, times, parts, chinese = reading
    number = (quantity.start, quantity.end)
    clause = clause_span(text, parts, times, number, chinese)
    time = period_of(text, quantity, quantities, times, clause, chinese)
    subject = subject_span(text, parts, times, number, chinese)
    part = next(part for part in parts if quantity.start < part[1])
    return Figure(
        value=quantity.value,
        unit=quantity.unit,
        text=sentence[slice(*number)],
        clause=sentence[slice(*clause)],
        period=sentence[time.start : time.end] if time else "",
        subject=sentence[slice(*subject)] if subject else "",
        modality=modality(text, number, clause, part, time, published, chinese),
    )
