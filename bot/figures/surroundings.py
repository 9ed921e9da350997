"""What is said around a number, each thing in one spelling for both languages: names, topics, places. Only reads strings."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from bot.figures.quantity_words import Measure, is_filler, is_known, quantity_words, without_fillers
from bot.text.english_chinese import chinese_for
from bot.text.normalise import fold
from bot.text.stems import stem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

NUMBER = "#"
"""Stands on both sides of a number whose digits are left out."""
CHANGES = frozenset({"growth", "decline"})
"""Measures of how something else changes."""
_NAME_MARK, _TOPIC_MARK = "|", "^"
"""Stand for a name or a topic that was taken out of a text; no statement holds one itself."""
_BETWEEN = 2
"""Words between a name and its number that are not about what is measured; two Han characters count for one."""

_WORD = r"(?:[A-Z][A-Za-z0-9.+&]*|[a-z]+[A-Z][A-Za-z0-9.+]*|[A-Za-z]+[0-9][A-Za-z0-9.]*)(?:-[A-Za-z0-9.]+)*"
_VERSIONED = r"(?:[0-9]+x)?v?[0-9]+(?:\.[0-9]+)*[A-Za-z]{0,2}(?![A-Za-z0-9]|\s?%)"
_NAME = re.compile(
    rf"(?<![A-Za-z0-9@/#.&-]){_WORD}(?:[ -](?:{_WORD}|{_VERSIONED}|(?:mini|pro|nano|preview|turbo|flash)(?![a-z])))*"
)
_SENTENCE_CASE = re.compile(r"[A-Z][a-z]+")
# What a name behind a preposition is: a means, a place or a comparison, and not what the number is of.
_BEHIND_PREPOSITION = re.compile(
    r"(?:\b(?:on|in|using|with|for|via|by|from|like|than|to|at|against|and|or)(?: the| an?)?|[在用过于比与和对向由从有含合、])\s?$"
)
_BEFORE_PLACE = re.compile(r"\s?(?:[上中里]|微调|等)")
_TOKEN = re.compile(r"[a-z]+\+*|[0-9]+(?:\.[0-9]+)*|[\u4e00-\u9fff]+")
_DIGIT = re.compile(r"[0-9]")
_LATIN = re.compile(r"[a-z][a-z-]*[a-z]")
_HAN = re.compile(r"[\u4e00-\u9fff]+")
_MARKS = f" {_NAME_MARK}{_TOPIC_MARK}"


class Vocabulary(Protocol):
    """The topics of a glossary, as the surroundings of a number are read with them."""

    def named(self, folded: str) -> tuple[str, bool] | None:
        """The topic with exactly this form, and whether it is a name; None where there is none."""

    def topics_in(self, folded: str) -> Iterable[tuple[int, int, str, bool]]:
        """Where topics stand in folded text: start, end, id, and whether it is a name."""


@dataclass(slots=True)
class Surroundings:
    """What is said around a number, but for its measure.

    `names` are those before it (behind it too for a steady measure), `topics` hold those names that are topics, `written`
    other topics, and names behind a preposition, as they are written. `tied`: hardly anything else stands between the last name and the number.
    """

    names: set[str] = field(default_factory=set)
    topics: set[str] = field(default_factory=set)
    written: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    places: set[str] = field(default_factory=set)
    qualifiers: set[str] = field(default_factory=set)
    tied: bool = False

    @property
    def versions(self) -> set[str]:
        """The names with a number, which are of one version of a thing: Gemini 1.5 Pro."""
        return {name for name in self.names if _DIGIT.search(name)}

    @property
    def own_names(self) -> set[str]:
        """The names that are no topics, which stand for makers and families as well, and no words of the dictionary."""
        return {name for name in self.names - self.topics if not chinese_for(name)}


def read_surroundings(text: str, measure: Measure, vocabulary: Vocabulary) -> Surroundings:
    """Read a text in which NUMBER stands on both sides of a number of this measure."""
    reading = _Reading(vocabulary, Surroundings())
    before, behind = text.split(NUMBER, 1)
    before = reading.without_names(before, opens=True)
    if reading.about.names and measure.pace == "steady":  # Cohere released the 104B Command R+
        behind = reading.without_names(behind)
    rest = reading.without_topics(reading.without_measures(fold(f"{before}{NUMBER}{behind}"), measure))
    rest = reading.without_qualifiers(rest)
    reading.about.words.update(_words(rest))
    reading.about.tied = _is_tied(rest.split(NUMBER)[0].rpartition(_NAME_MARK)[2])
    return reading.about


@dataclass(frozen=True, slots=True)
class _Reading:
    """Takes out of a text what is known, and keeps it; each step returns what is left for the next."""

    vocabulary: Vocabulary
    about: Surroundings

    def without_names(self, text: str, *, opens: bool = False) -> str:
        """`opens`: a capital at its beginning may be that of a sentence."""
        return _NAME.sub(lambda name: self._take_name(name, opens and not text[: name.start()].strip()), text)

    def _take_name(self, match: re.Match[str], opens: bool) -> str:
        written = fold(match[0])
        # Versions are told apart: GPT-4 and GPT-4o are forms of one topic.
        topic = None if _DIGIT.search(written) else self.vocabulary.named(written)
        if is_known(written) or (topic and not topic[1]):
            return match[0]
        if _BEHIND_PREPOSITION.search(match.string, 0, match.start()) or _BEFORE_PLACE.match(
            match.string, match.end()
        ):
            self.about.written.add(_spelled(written))  # 88% on LiveCodeBench
            return " "
        if topic is None and (parts := self._parts(match[0], opens)):
            return " ".join(map(self.without_names, parts))
        if topic:
            self.about.topics.add(topic[0])
        self.about.names.add(topic[0] if topic else _spelled(written))
        return _NAME_MARK

    def _parts(self, name: str, opens: bool) -> tuple[str, str] | None:
        """A maker and its product, or a place and what is there, which only look like one name; None for one name."""
        first, space, others = name.partition(" ")
        ordinary = opens and _SENTENCE_CASE.fullmatch(first) and chinese_for(fold(first))
        if not space:
            return (fold(first), "") if ordinary else None
        version = _DIGIT.search(others.split(" ")[0])
        if is_known(fold(first)) or (not version and (ordinary or self.vocabulary.named(fold(first)))):
            return (fold(first) if ordinary else first, others)
        return None

    def without_measures(self, rest: str, measure: Measure) -> str:
        """Takes places and measures out; a measure other than the number's own is what it is of: growth of investment."""
        for word in list(quantity_words(rest)):
            if word.place:
                self.about.places.add(word.place)
            elif word.measure is None or word.qualifier:
                continue
            elif word.measure.name not in CHANGES | {measure.name}:
                self.about.topics.add(word.measure.name)
            rest = _blanked(rest, word.start, word.end)
        return rest

    def without_topics(self, rest: str) -> str:
        """Takes topics out, the longest first."""
        for start, end, topic, is_name in sorted(self.vocabulary.topics_in(rest), key=lambda t: t[0] - t[1]):
            if not rest[start:end].strip(_MARKS):
                continue
            self.about.topics.add(topic)
            if is_name and start < rest.index(NUMBER):
                self.about.names.add(topic)
                rest = _blanked(rest, start, end, _NAME_MARK)
            else:
                self.about.written.add(_spelled(rest[start:end]))
                rest = _blanked(rest, start, end, _TOPIC_MARK)
        return rest

    def without_qualifiers(self, rest: str) -> str:
        """Takes out what makes another quantity of the same measure."""
        for word in list(quantity_words(rest)):
            if word.qualifier:
                self.about.qualifiers.add(word.qualifier)
            rest = _blanked(rest, word.start, word.end)
        return rest


def _spelled(name: str) -> str:
    """A folded name in one spelling: DeepSeek-V3, DeepSeek V3 and deepseekv3 are the same."""
    return " ".join(sorted(set(_TOKEN.findall(name))))


def _is_tied(between: str) -> bool:
    """Whether hardly anything stands between a name and its number."""
    words = list(_words(between))
    han = sum(len(word) for word in words if not word.isascii())
    return between.count(_TOPIC_MARK) + sum(word.isascii() for word in words) + han / 2 <= _BETWEEN


def _words(rest: str) -> Iterator[str]:
    """What is left of a text: Latin words as their stems, and runs of Han characters."""
    yield from (stem(word) for word in _LATIN.findall(rest) if not is_filler(word))
    yield from _HAN.findall(without_fillers(rest))


def _blanked(text: str, start: int, end: int, mark: str = " ") -> str:
    return text[:start] + mark + " " * (end - start - 1) + text[end:]
