"""Which quantity a figure tells: figures with equal identities say how much the same thing was. Only reads strings.

An identity is what is measured (users, investment), of what (names, topics, other words), where and when. It is the same
in both languages: AI investment, world, 2024 = 全球AI投资2024. A figure whose quantity cannot be told has none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Protocol

from bot.figures.quantity_words import Measure, is_filler, is_known, quantity_words, without_fillers
from bot.figures.stated_periods import stated_period
from bot.figures.units import CURRENCY_CODES, TIME_UNITS
from bot.text.english_chinese import chinese_for
from bot.text.normalise import fold
from bot.text.stems import stem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from bot.figures.stated_periods import StatedPeriod
    from bot.models import Figure

UNDATED = "now"
"""What a quantity ends with that changes, where no time is stated."""

_MOST_WORDS = 6
"""Words of a subject without a name; what needs more to be told is told in no other report."""
_FARTHEST = 60
"""Characters between a number and the word for what it measures."""
_BETWEEN = 2
"""Words between a name and its number that are not about what is measured."""
_MODEL_AND_BENCHMARK = 2
_NAME_MARK = "|"
"""Stands for a name that was taken out of a text; no statement holds one itself."""
_KINDS = {"": "count", "%": "percent", "param": "parameter"}
_COUNTED = {
    unit: Measure(f"{unit}s", frozenset({unit}), steady=unit == "parameter")
    for unit in ("parameter", "model", "paper", "patent", "robot")
}
"""Things whose count is a measure by itself."""
_CHANGES = frozenset({"growth", "decline"})
_SHARE = Measure("share", frozenset({"percent"}), steady=False)

# A statement ends where a colon or a bracket begins another; a heading before a colon says it only shorter.
_STATEMENT = re.compile(r"[:：;；。!?！？()（）|]|\.\s|\s[-–—]\s")
_COMMA = re.compile(r"[,，、](?![0-9])")
# 55% of "rose from 55% to 78%" is a share and no growth.
_LEVEL = re.compile(
    r"(?:\b(?:from|to) (?:about |nearly |over |around )?|(?:[从由]|[升降增减跌涨][至到]|[高大低小少加][至到])约?)\s*#"
)

_WORD = r"(?:[A-Z][A-Za-z0-9.+&]*|[a-z]+[A-Z][A-Za-z0-9.+]*|[A-Za-z]+[0-9][A-Za-z0-9.]*)(?:-[A-Za-z0-9.]+)*"
_NUMBER = r"v?[0-9]+(?:\.[0-9]+)*[A-Za-z]{0,2}(?![A-Za-z0-9]|\s?%)"
_NAME = re.compile(
    rf"(?<![A-Za-z0-9@/#.&-]){_WORD}(?:[ -](?:{_WORD}|{_NUMBER}|(?:mini|pro|nano|preview|turbo|flash)(?![a-z])))*"
)
_PLAIN = re.compile(r"[A-Z][a-z]+")
_JOINTS = re.compile(r"[\s'’&-]+")
_DIGITS = re.compile(r"[0-9][0-9.,]*")
_TOKEN = re.compile(r"[a-z]+|[0-9]+(?:\.[0-9]+)*|[\u4e00-\u9fff]+")
_VERSION = re.compile(r"[0-9]")
_LATIN = re.compile(r"[a-z][a-z-]*[a-z]")
_HAN = re.compile(r"[\u4e00-\u9fff]+")


class Vocabulary(Protocol):
    """The topics of a glossary, as an identity needs them."""

    def named(self, folded: str) -> tuple[str, bool] | None:
        """The topic with exactly this form, and whether it is a name; None where there is none."""

    def topics_in(self, folded: str) -> Iterable[tuple[int, int, str, bool]]:
        """Where topics stand in folded text: start, end, id, and whether it is a name."""


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
        when = self.period or ("always" if self.steady else UNDATED)
        return " | ".join((self.measure, self.unit, " ".join(sorted(self.subject)), when))


@dataclass(slots=True)
class _About:
    """What is said around a number, each thing in one spelling for both languages.

    `written` are topics as they are written, `tied`: hardly anything else stands between the last name and the number.
    """

    names: set[str] = field(default_factory=set)
    topics: set[str] = field(default_factory=set)
    written: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    places: set[str] = field(default_factory=set)
    qualifiers: set[str] = field(default_factory=set)
    tied: bool = False


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
    if measure is None or period is None:
        return None
    about = _about(part, measure, vocabulary)
    if not about.names and not about.topics:
        places = about.places
        about = _about(statement, measure, vocabulary)
        about.places = places or about.places
    subject = _subject(about, measure, period)
    if subject is None:
        return None
    unit = "count" if "count" in measure.units else _kind(figure.unit)
    return Identity(measure.name, unit, subject, period.name, measure.steady)


def _subject(about: _About, measure: Measure, period: StatedPeriod) -> frozenset[str] | None:
    """What the number is of: a name that it is tied to, or with a time all that is said; None where it is too vague."""
    subject = {name for name in about.names if _VERSION.search(name)} or about.names
    if measure.name == "score":  # of a benchmark, which is a topic; MMLU-Pro is not MMLU
        benchmarks = about.written | about.names - subject
        if not benchmarks or not any(map(_VERSION.search, subject)):
            return None
        subject = subject | benchmarks
    elif not about.names:
        subject = about.topics | about.words
        if not period.name or not subject or len(subject) > _MOST_WORDS:
            return None
    if about.names and not about.tied:
        return None
    marks = {f"~{qualifier}" for qualifier in about.qualifiers} | {f"@{place}" for place in about.places}
    return frozenset(subject | marks)


def _around(figure: Figure, place: int) -> tuple[str, str]:
    """What stands around the number at `place` of its clause: in its part between commas, and in its statement.

    A # stands for the digits of the number; its period is left out.
    """
    before, after = figure.clause[:place], figure.clause[place + len(figure.text) :]
    before, after = before.replace("#", " "), after.replace("#", " ")
    if figure.period:
        before, after = before.replace(figure.period, " "), after.replace(figure.period, " ")
    ends = [match.end() for match in _STATEMENT.finditer(before)]
    before = before[ends[-1] :] if ends else before
    end = _STATEMENT.search(after)
    after = _COMMA.split(after[: end.start()] if end else after)[0]
    counted = _DIGITS.sub(" ", figure.text)  # weekly users
    return f"{_COMMA.split(before)[-1]} # {counted} {after}", f"{before} # {counted} {after}"


def _kind(unit: str) -> str:
    """The unit as measures name it."""
    return "money" if unit in CURRENCY_CODES else _KINDS.get(unit, unit)


def _measure(unit: str, text: str) -> Measure | None:
    """What is measured, by the word nearest to the number that goes with its unit."""
    folded, kind = fold(text), _kind(unit)
    number, level = folded.index("#"), _LEVEL.search(folded) is not None and unit == "%"
    best, nearest = None, _FARTHEST
    for word in quantity_words(folded):
        distance = max(word.start - number, number - word.end)
        if word.measure and kind in word.measure.units and distance < nearest:
            if level and word.measure.name in _CHANGES:
                best = best or _SHARE
                continue
            best, nearest = word.measure, distance
    return best


def _about(text: str, measure: Measure, vocabulary: Vocabulary) -> _About:
    """What is said in a text besides what its number measures. Names are those before the number."""
    about = _About()
    before, after = text.split("#")
    before = _NAME.sub(
        lambda name: _take_name(name, not before[: name.start()].strip(), about, vocabulary), before
    )
    rest = fold(f"{before}#{after}")
    for word in list(quantity_words(rest)):
        if word.place:
            about.places.add(word.place)
        elif word.measure and word.measure.name not in _CHANGES | {measure.name} and not word.qualifier:
            about.topics.add(word.measure.name)  # the growth of an investment
        if word.place or (word.measure and not word.qualifier):
            rest = _blanked(rest, word.start, word.end)
    for start, end, topic, is_name in sorted(
        vocabulary.topics_in(rest), key=lambda found: found[0] - found[1]
    ):
        if not rest[start:end].strip():
            continue
        if is_name and start < rest.index("#"):
            about.names.add(topic)
            rest = _blanked(rest, start, end, _NAME_MARK)
        else:
            about.topics.add(topic)
            about.written.add(_JOINTS.sub("", rest[start:end]))
            rest = _blanked(rest, start, end)
    for word in list(quantity_words(rest)):
        if word.qualifier:
            about.qualifiers.add(word.qualifier)
        rest = _blanked(rest, word.start, word.end)
    about.words.update(_words(rest))
    between = rest.split("#")[0].rpartition(_NAME_MARK)[2]
    about.tied = len(list(_words(between))) <= _BETWEEN
    return about


def _words(rest: str) -> Iterator[str]:
    """What is left of a text: Latin words as their stems, and runs of Han characters."""
    yield from (stem(word) for word in _LATIN.findall(rest) if not is_filler(word))
    yield from _HAN.findall(without_fillers(rest))


def _take_name(match: re.Match[str], opens: bool, about: _About, vocabulary: Vocabulary) -> str:
    """Adds a name to what is said; returns what of it is left in the text, for other words to be found in."""
    first, space, others = match[0].partition(" ")
    written = fold(match[0])
    # A version is told apart from others: GPT-4 and GPT-4o are forms of one topic.
    topic = None if _VERSION.search(written) else vocabulary.named(written)
    if is_known(written) or (topic and not topic[1]):
        return match[0]
    if topic is None and space:
        version = _VERSION.search(others.split(" ")[0])  # Gemini 1.5 Pro, DeepSeek V3
        plain = opens and _PLAIN.fullmatch(first) and chinese_for(fold(first))
        if is_known(fold(first)) or (not version and (plain or vocabulary.named(fold(first)))):
            return "".join(
                _NAME.sub(lambda rest: _take_name(rest, False, about, vocabulary), piece)
                for piece in (first, space, others)
            )
    elif topic is None and opens and _PLAIN.fullmatch(first) and chinese_for(written):
        return match[0]
    about.names.add(topic[0] if topic else " ".join(sorted(set(_TOKEN.findall(written)))))
    return _NAME_MARK


def _blanked(text: str, start: int, end: int, mark: str = " ") -> str:
    return text[:start] + mark + " " * (end - start - 1) + text[end:]
