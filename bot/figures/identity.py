"""Identifies the quantity that a figure states: equal identities measure the same thing. Only reads strings.

An identity is what is measured (users, investment), of what (names, topics, other words), where and when. It is equal
in both languages: "AI investment, world, 2024" = 全球AI投资2024. A figure whose quantity cannot be determined has none.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from bot.figures.quantity_words import Measure, quantity_words
from bot.figures.stated_periods import stated_period
from bot.figures.surroundings import CHANGES, NUMBER, OF_ANOTHER, Surroundings, Vocabulary, read_surroundings
from bot.figures.units import CURRENCY_CODES, TIME_UNITS
from bot.text.normalise import fold

if TYPE_CHECKING:
    from datetime import date

    from bot.figures.stated_periods import StatedPeriod
    from bot.models import Figure

ALWAYS, UNDATED = "always", "now"
"""How a quantity without a stated time ends: steady, or changing."""

_MOST_WORDS = 6
"""Maximum words of a subject without a name; one that needs more recurs in no other report."""
_FARTHEST = 60
"""Maximum characters between a number and the word for what it measures."""
_KINDS = {"": "count", "%": "percent", "param": "parameter"}
_COUNTED = {
    unit: Measure(f"{unit}s", frozenset({unit}), "steady" if unit == "parameter" else "fast")
    for unit in ("parameter", "model", "paper", "patent", "robot")
}
"""Things whose count is a measure by itself."""
_SHARE = Measure("share", frozenset({"percent"}), "fast")
_RESULT = Measure("score", frozenset({"percent", "point", "count"}), "steady")
"""The measure for a number beside the name of a benchmark."""

# A colon or bracket ends a statement; a heading before a colon only says it in short.
_STATEMENT = re.compile(r"[:：;；。!?！？()（）|]|\.\s|\s[-–—]\s")
# DeepSeek V3 takes off: the 685B-parameter model ...
_LABEL = re.compile(r"([^:：。]{3,80})[:：]\s?(?=\S)")
_COMMA = re.compile(r"[,，、](?![0-9])")
# The 55% of "rose from 55% to 78%" is a share, not growth.
_LEVEL = re.compile(
    r"(?:\b(?:from|to) (?:about |nearly |over |around )?|(?:[从由]|[升降增减跌涨][至到]|[高大低小少加][至到])约?)\s*#"
)
# The end of a range is not a value: models from 0.5B to 72B.
_RANGE = re.compile(r"[0-9%KMBT亿万]\s?(?:to|-|–|~|至|到)\s*#")
# The sizes of a family: 8B, 70B and 405B parameters.
_LIST = re.compile(
    r"[0-9]\s?[%KMBT亿万]?\s?(?:,|、|和|或|/|,? and|,? or)\s*#|#\s*#\s?(?:,|、|和|/|and)\s?[0-9]"
)
_SIZED = re.compile(r"[0-9]B\s?(?:models?|模型|版|version)")
_DIGITS = re.compile(r"[0-9][0-9.,]*(?:\s?[KMBTGkmbt]\b)?")


class Identity(NamedTuple):
    """What a figure measures. `steady` when every report states the same value, as for the parameters of a model."""

    measure: str
    unit: str
    subject: frozenset[str]
    period: str
    steady: bool

    @property
    def name(self) -> str:
        """One line, equal for equal identities. If it ends with UNDATED, it holds only around the report's date."""
        when = self.period or (ALWAYS if self.steady else UNDATED)
        return " | ".join((self.measure, self.unit, " ".join(sorted(self.subject)), when))


def identify(
    figure: Figure, sentence: str, published: date | None, vocabulary: Vocabulary
) -> Identity | None:
    """Return the identity of a figure in a sentence of a report published on a day; None where it is undetermined."""
    if figure.place < 0 or figure.unit in TIME_UNITS:
        return None
    part, statement = _around(figure, figure.clause, figure.place)
    measure = _measured(figure.unit, part, statement)
    period = stated_period(figure.period, published) if measure else None
    if measure is None or period is None:
        return None
    steady = measure.pace == "steady"
    if steady and (_RANGE.search(statement) or _LIST.search(statement)):
        return None
    about = read_surroundings(part, measure, vocabulary)
    if not about.names and (steady or not about.topics):
        about = _of_more(about, statement, figure, sentence, measure, vocabulary)
    subject = _subject(about, measure, period)
    if subject is None:
        return None
    unit = "count" if "count" in measure.units else _kind(figure.unit)
    return Identity(measure.name, unit, subject, period.name if period.last or not steady else "", steady)


def _measured(unit: str, part: str, statement: str) -> Measure | None:
    return _measure(unit, part) or _measure(unit, statement) or _COUNTED.get(_kind(unit))


def _of_more(
    about: Surroundings,
    statement: str,
    figure: Figure,
    sentence: str,
    measure: Measure,
    vocabulary: Vocabulary,
) -> Surroundings:
    """Return wider surroundings of a number whose part names nothing: its statement, its sentence or a label before it."""
    wider = read_surroundings(statement, measure, vocabulary)
    if measure.pace == "steady" and not wider.names:
        start = sentence.find(figure.clause)
        if start > 0:
            _, statement = _around(figure, sentence, start + figure.place)
            wider = read_surroundings(statement, measure, vocabulary)
        label = _LABEL.match(sentence)
        if label and not wider.names and not _SIZED.search(statement):
            wider.of_label(label[1], vocabulary)
    wider.places = about.places or wider.places
    return wider


def _subject(about: Surroundings, measure: Measure, period: StatedPeriod) -> frozenset[str] | None:
    """Return what the number is of: its name, or, with a time, everything that is said; None where that is too vague."""
    subject: set[str] = about.names
    if not period.name and measure.pace == "fast":
        return None
    if subject and not about.tied:
        return None
    if not subject:
        subject = about.topics | about.words
        if not period.name or len(subject) > _MOST_WORDS:
            return None
    elif measure.pace == "steady":
        subject = _thing(about)
        if about.qualifiers & OF_ANOTHER:
            return None
        if measure.name == "score":
            subject = (
                subject | about.benchmarks
                if subject & about.versions and len(about.benchmarks) == 1
                else set()
            )
    if not subject:
        return None
    marks = {f"~{qualifier}" for qualifier in about.qualifiers} | {f"@{place}" for place in about.places}
    return frozenset(subject | marks)


def _thing(about: Surroundings) -> set[str]:
    """Return the one thing that a steady number can be of: a version such as Gemini 1.5 Pro, not a family or a maker."""
    own = about.versions or (about.own_names if about.between == 0 else set())
    return {about.nearest} & own


def _around(figure: Figure, text: str, place: int) -> tuple[str, str]:
    """Return the text around the number at `place`: its part between commas, and its whole statement.

    The number's digits are dropped, its unit is enclosed by two NUMBERs, and its period is left out.
    """
    before, after = text[:place], text[place + len(figure.text) :]
    before, after = before.replace(NUMBER, " "), after.replace(NUMBER, " ")
    if figure.period:
        before, after = before.replace(figure.period, " "), after.replace(figure.period, " ")
    ends = [match.end() for match in _STATEMENT.finditer(before)]
    before = before[ends[-1] :] if ends else before
    end = _STATEMENT.search(after)
    after = _COMMA.split(after[: end.start()] if end else after)[0]
    counted = f"{NUMBER}{_DIGITS.sub(' ', figure.text)}{NUMBER}"  # keeps the words of its text: weekly users
    return f"{_COMMA.split(before)[-1]} {counted} {after}", f"{before} {counted} {after}"


def _kind(unit: str) -> str:
    """Return the unit under the name that measures use."""
    return "money" if unit in CURRENCY_CODES else _KINDS.get(unit, unit)


def _measure(unit: str, text: str) -> Measure | None:
    """Return what is measured, by the nearest word that fits the number's unit, or None."""
    folded, kind = fold(text), _kind(unit)
    start, end = folded.index(NUMBER), folded.rindex(NUMBER)
    level = _LEVEL.search(folded) is not None and unit == "%"
    best, nearest = None, _FARTHEST
    for word in quantity_words(folded):
        measure = word.measure or (_RESULT if word.benchmark else None)
        distance = max(word.start - end, start - word.end)
        if measure and kind in measure.units and distance < nearest:
            if level and measure.name in CHANGES:
                best = best or _SHARE
                continue
            best, nearest = measure, distance
    return best
