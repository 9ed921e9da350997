"""Which quantity a figure tells: figures with equal identities say how much the same thing was. Only reads strings.

An identity is what is measured (users, investment), of what (names, topics, other words), where and when. It is the same
in both languages: AI investment, world, 2024 = 全球AI投资2024. A figure whose quantity cannot be told has none.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from bot.figures.quantity_words import Measure, quantity_words
from bot.figures.stated_periods import stated_period
from bot.figures.surroundings import CHANGES, NUMBER, Surroundings, Vocabulary, read_surroundings
from bot.figures.units import CURRENCY_CODES, TIME_UNITS
from bot.text.normalise import fold

if TYPE_CHECKING:
    from datetime import date

    from bot.figures.stated_periods import StatedPeriod
    from bot.models import Figure

ALWAYS, UNDATED = "always", "now"
"""What a quantity ends with where no time is stated: one that is steady, one that changes."""

_MOST_WORDS = 6
"""Words of a subject without a name; what needs more to be told is told in no other report."""
_FARTHEST = 60
"""Characters between a number and the word for what it measures."""
_KINDS = {"": "count", "%": "percent", "param": "parameter"}
_COUNTED = {
    unit: Measure(f"{unit}s", frozenset({unit}), "steady" if unit == "parameter" else "fast")
    for unit in ("parameter", "model", "paper", "patent", "robot")
}
"""Things whose count is a measure by itself."""
_SHARE = Measure("share", frozenset({"percent"}), "fast")

# A statement ends where a colon or a bracket begins another; a heading before a colon says it only shorter.
_STATEMENT = re.compile(r"[:：;；。!?！？()（）|]|\.\s|\s[-–—]\s")
_COMMA = re.compile(r"[,，、](?![0-9])")
# 55% of "rose from 55% to 78%" is a share and no growth.
_LEVEL = re.compile(
    r"(?:\b(?:from|to) (?:about |nearly |over |around )?|(?:[从由]|[升降增减跌涨][至到]|[高大低小少加][至到])约?)\s*#"
)
# The end of a range is no value: models from 0.5B to 72B.
_RANGE = re.compile(r"[0-9%KMBT亿万]\s?(?:to|-|–|~|至|到)\s*#")
_DIGITS = re.compile(r"[0-9][0-9.,]*(?:\s?[KMBTGkmbt]\b)?")


class Identity(NamedTuple):
    """What a figure is a measure of. `steady`: it is the same whenever it is told, as the parameters of a model are."""

    measure: str
    unit: str
    subject: frozenset[str]
    period: str
    steady: bool

    @property
    def name(self) -> str:
        """One line that equal identities share; one that ends with UNDATED holds only for about the time of the report."""
        when = self.period or (ALWAYS if self.steady else UNDATED)
        return " | ".join((self.measure, self.unit, " ".join(sorted(self.subject)), when))


def identify(figure: Figure, published: date | None, vocabulary: Vocabulary) -> Identity | None:
    """The identity of a figure of a report that was published on a day, None where it cannot be told."""
    place = figure.clause.find(figure.text)
    if place < 0 or figure.unit in TIME_UNITS:
        return None
    part, statement = _around(figure, place)
    measure = (
        _measure(figure.unit, part) or _measure(figure.unit, statement) or _COUNTED.get(_kind(figure.unit))
    )
    period = stated_period(figure.period, published) if measure else None
    if measure is None or period is None or (measure.pace == "steady" and _RANGE.search(statement)):
        return None
    about = read_surroundings(part, measure, vocabulary)
    if not about.names and not about.topics:
        places = about.places
        about = read_surroundings(statement, measure, vocabulary)
        about.places = places or about.places
    subject = _subject(about, measure, period)
    if subject is None:
        return None
    unit = "count" if "count" in measure.units else _kind(figure.unit)
    return Identity(measure.name, unit, subject, period.name, measure.pace == "steady")


def _subject(about: Surroundings, measure: Measure, period: StatedPeriod) -> frozenset[str] | None:
    """What the number is of: a name that it is tied to, or with a time all that is said; None where it is too vague."""
    subject: set[str] = about.names
    if not period.name and measure.pace == "fast":
        return None
    if subject and not about.tied:
        return None
    if not subject:
        subject = about.topics | about.words
        if not period.name or len(subject) > _MOST_WORDS:
            return None
    elif measure.pace == "steady":  # of a version: Gemini 1.5 Pro, and no family or maker of several
        subject = about.versions or about.own_names
        if measure.name == "score":  # of a benchmark, which is a topic; MMLU-Pro is not MMLU
            subject = subject | about.written if about.written and about.versions else set()
    if not subject:
        return None
    marks = {f"~{qualifier}" for qualifier in about.qualifiers} | {f"@{place}" for place in about.places}
    return frozenset(subject | marks)


def _around(figure: Figure, place: int) -> tuple[str, str]:
    """What stands around the number at `place` of its clause: in its part between commas, and in its statement.

    The number stands without its digits between two NUMBERs; its period is left out.
    """
    before, after = figure.clause[:place], figure.clause[place + len(figure.text) :]
    before, after = before.replace(NUMBER, " "), after.replace(NUMBER, " ")
    if figure.period:
        before, after = before.replace(figure.period, " "), after.replace(figure.period, " ")
    ends = [match.end() for match in _STATEMENT.finditer(before)]
    before = before[ends[-1] :] if ends else before
    end = _STATEMENT.search(after)
    after = _COMMA.split(after[: end.start()] if end else after)[0]
    counted = f"{NUMBER}{_DIGITS.sub(' ', figure.text)}{NUMBER}"  # weekly users
    return f"{_COMMA.split(before)[-1]} {counted} {after}", f"{before} {counted} {after}"


def _kind(unit: str) -> str:
    """The unit as measures name it."""
    return "money" if unit in CURRENCY_CODES else _KINDS.get(unit, unit)


def _measure(unit: str, text: str) -> Measure | None:
    """What is measured, by the word nearest to the number that goes with its unit."""
    folded, kind = fold(text), _kind(unit)
    start, end = folded.index(NUMBER), folded.rindex(NUMBER)
    level = _LEVEL.search(folded) is not None and unit == "%"
    best, nearest = None, _FARTHEST
    for word in quantity_words(folded):
        distance = max(word.start - end, start - word.end)
        if word.measure and kind in word.measure.units and distance < nearest:
            if level and word.measure.name in CHANGES:
                best = best or _SHARE
                continue
            best, nearest = word.measure, distance
    return best
