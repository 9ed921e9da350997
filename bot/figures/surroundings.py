"""Reads what is said around a number, spelled alike in both languages: names, topics, places. Only reads strings."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct, field

from bot.figures.quantity_words import (
    Measure,
    is_filler,
    is_known,
    is_link,
    quantity_words,
    without_fillers,
    without_links,
)
from bot.text.english_chinese import chinese_for
from bot.text.normalise import fold, has_han
from bot.text.rule_data import read_words
from bot.text.stems import stem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

NUMBER = "#"
"""Encloses the place of a number whose digits are left out."""
CHANGES = frozenset({"growth", "decline"})
"""Measures of how something else changes."""
OF_ANOTHER = frozenset({"one of several", "derived"})
"""Qualifiers by which a steady number belongs to another member of the named family or is derived from it."""
_OF_STEADY = frozenset({"active", "input", "output", "cached", "average", "median"})
"""Qualifiers that turn a steady quantity into another one."""
_APART_FROM = 100
"""Distance in words that stands for "belongs to something else"."""
_BESIDE = 24
"""Maximum characters between a steady number and its qualifier."""
_NAME_MARK, _TOPIC_MARK = "|", "^"
"""Placeholders for a name and a topic taken out of a text; no statement contains them."""
_BETWEEN = 2
"""Maximum words between a name and its number."""

_WORD = (
    r"(?:[A-Z][A-Za-zÀ-ÿ0-9.+&]*|[a-z]+[A-Z][A-Za-z0-9.+]*|[A-Za-z]+[0-9][A-Za-z0-9.]*)(?:-[A-Za-z0-9.]+)*"
)
_VERSIONED = r"(?:[0-9]+x)?v?[0-9]+(?:\.[0-9]+)*[A-Za-z]{0,2}(?![A-Za-z0-9]|\s?%)"
_NAME = re.compile(
    rf"(?<![A-Za-z0-9@/#.&-]){_WORD}(?:[ -](?:{_WORD}|{_VERSIONED}|(?:mini|pro|nano|preview|turbo|flash)(?![a-z])))*"
)
_SENTENCE_CASE = re.compile(r"[A-Z][a-z]+")
# A name after a preposition is a means, a place or a comparison, and not what the number is of.
_COMPARING = read_words(Path(__file__).parent / "comparison_words.txt")
_COMPARISON = (
    rf"\b(?:{'|'.join(sorted(filter(str.isascii, _COMPARING)))}|(?<!more )(?<!less )(?<!fewer )than)\b"
    rf"|{'|'.join(sorted(filter(has_han, _COMPARING)))}"
)
_BEHIND_PREPOSITION = re.compile(
    r"(?:\b(?:on|in|using|with|for|via|by|from|like|than|to|at|against|over|and|or|both|vs\.?)(?: the| an?)?"
    rf"|(?:{_COMPARISON})(?: the|’s|'s|了)?|[在用过比与和对向由从有含合、]|(?<!由)于)\s?$"
)
# Surpassing Sonnet's 50.8%: a possessive owns the number, whatever precedes it.
_OWNER = re.compile(r"(?:['’]s?|\s?的)\s*(?:about |nearly |over |around |约|近)?\s*$")
_COMPARES = re.compile(_COMPARISON)
_BEFORE_PLACE = re.compile(r"\s?(?:[上中里]|微调|等)")
_TOKEN = re.compile(r"[a-z]+\+*|[0-9]+(?:\.[0-9]+)*|[\u4e00-\u9fff]+")
# 671B parameters of which 37B are active
_APART = re.compile(r"[0-9,，(（]|仅|中|\b(?:only|just|but|of which)\b")
_PAUSE = re.compile(r"[,，.。、;；(（]")
_DIGIT = re.compile(r"[0-9]")
_LATIN = re.compile(r"[a-z][a-z-]*[a-z]")
_HAN = re.compile(r"[\u4e00-\u9fff]+")
_MARKS = f" {_NAME_MARK}{_TOPIC_MARK}"


class Vocabulary(Protocol):
    """The glossary's topics, as needed to read the surroundings of a number."""

    def named(self, folded: str) -> tuple[str, bool] | None:
        """Return the topic with exactly this form and whether it is a name, or None."""

    def topics_in(self, folded: str) -> Iterable[tuple[int, int, str, bool]]:
        """Return the topics in folded text: start, end, id, and whether each is a name."""


class Surroundings(Struct):
    """What is said around a number, except its measure.

    `names` are those before it, or after it for a steady measure without one before; `nearest` is the last of them.
    `topics` includes names that are topics. `between` counts the words between the nearest name and the number.
    """

    names: set[str] = field(default_factory=set)
    nearest: str = ""
    topics: set[str] = field(default_factory=set)
    benchmarks: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    places: set[str] = field(default_factory=set)
    qualifiers: set[str] = field(default_factory=set)
    between: float = 0

    @property
    def tied(self) -> bool:
        """Whether hardly anything else stands between the nearest name and the number."""
        return self.between <= _BETWEEN

    @property
    def versions(self) -> set[str]:
        """The names with a digit, each of one version of a thing: Gemini 1.5 Pro."""
        return {name for name in self.names if _DIGIT.search(name)}

    def of_label(self, label: str, vocabulary: Vocabulary) -> None:
        """Take the version that a label before a statement names as the statement's subject, if it names exactly one."""
        reading = _Reading(vocabulary, Surroundings())
        reading.without_names(label, opens=True)
        if len(reading.about.versions) == 1:
            self.names, self.nearest = reading.about.versions, next(iter(reading.about.versions))

    @property
    def own_names(self) -> set[str]:
        """The names that are neither topics, which also stand for makers and families, nor dictionary words."""
        return {name for name in self.names - self.topics if len(name) > 2 and not chinese_for(name)}


def read_surroundings(text: str, measure: Measure, vocabulary: Vocabulary) -> Surroundings:
    """Return what is said around a number of this measure in a text that marks the number with NUMBER on both sides."""
    reading = _Reading(vocabulary, Surroundings())
    before, _, behind = text.partition(NUMBER)
    before = reading.without_names(before, opens=True)
    follows = measure.pace == "steady" and reading.take_follower(behind)
    rest = reading.without_topics(reading.without_measures(fold(f"{before}{NUMBER}{behind}"), measure))
    rest = reading.without_qualifiers(rest, measure)
    reading.about.words.update(_words(rest))
    if not follows:
        reading.about.between = _count_between(rest.partition(NUMBER)[0].rpartition(_NAME_MARK)[2])
    return reading.about


class _Reading(Struct, frozen=True):
    """Reading of a text in steps: each records and removes what it knows, and returns the rest for the next."""

    vocabulary: Vocabulary
    about: Surroundings

    def without_names(self, text: str, *, opens: bool = False) -> str:
        """Remove names; with `opens`, a capital at the beginning of `text` may only begin a sentence."""
        return _NAME.sub(lambda name: self._take_name(name, opens and not text[: name.start()].strip()), text)

    def take_follower(self, behind: str) -> bool:
        """Record a name after the number as its subject (Cohere released the 104B Command R+); return whether there is one."""
        after = _Reading(self.vocabulary, Surroundings())
        between = after.without_names(behind.partition(NUMBER)[2]).partition(_NAME_MARK)[0]
        if not after.about.names or _PAUSE.search(between) or _count_between(fold(between)):
            return False
        self.about.names, self.about.nearest = after.about.names, after.about.nearest
        return True

    def _take_name(self, match: re.Match[str], opens: bool) -> str:
        written = fold(match[0])
        # Versions are distinct: GPT-4 and GPT-4o are forms of one topic.
        topic = None if _DIGIT.search(written) else self.vocabulary.named(written)
        if is_known(written) or (topic and not topic[1]):
            return match[0]
        owner = _OWNER.match(match.string, match.end())
        if not owner and (
            _BEHIND_PREPOSITION.search(match.string, 0, match.start())
            or _BEFORE_PLACE.match(match.string, match.end())
        ):
            return " "
        if topic is None and (parts := self._parts(match[0], opens)):
            return " ".join(map(self.without_names, parts))
        if topic:
            self.about.topics.add(topic[0])
        name = topic[0] if topic else _spelled(written)
        self.about.names.add(name)
        self.about.nearest = name
        return _NAME_MARK

    def _parts(self, name: str, opens: bool) -> tuple[str, str] | None:
        """Split what looks like one name into maker and product, or place and thing; return None for one name."""
        first, space, others = name.partition(" ")
        ordinary = opens and _SENTENCE_CASE.fullmatch(first) and chinese_for(fold(first))
        if not space:
            return (fold(first), "") if ordinary else None
        second = others.split(" ")[0]
        version = _DIGIT.search(first) or _DIGIT.search(second)
        if version and second[0].isalpha() and self.vocabulary.named(fold(second)):
            version = None  # Google Gemini 1.5, OpenAI o1
        if is_known(fold(first)) or (not version and (ordinary or self.vocabulary.named(fold(first)))):
            return (fold(first) if ordinary else first, others)
        return None

    def without_measures(self, rest: str, measure: Measure) -> str:
        """Remove places and measures; another measure than the number's own becomes its topic: growth of investment."""
        for word in list(quantity_words(rest)):
            if word.benchmark:
                self.about.benchmarks.add(word.benchmark)
            elif word.place:
                self.about.places.add(word.place)
            elif word.measure is None or word.qualifier:
                continue
            elif word.measure.name not in CHANGES | {measure.name}:
                self.about.topics.add(word.measure.name)
            rest = _blanked(rest, word.start, word.end)
        return rest

    def without_topics(self, rest: str) -> str:
        """Remove topics, the longest first."""
        for start, end, topic, is_name in sorted(self.vocabulary.topics_in(rest), key=lambda t: t[0] - t[1]):
            if not rest[start:end].strip(_MARKS):
                continue
            self.about.topics.add(topic)
            if is_name and start < rest.index(NUMBER):
                self.about.names.add(topic)
                rest = _blanked(rest, start, end, _NAME_MARK)
            else:
                rest = _blanked(rest, start, end, _TOPIC_MARK)
        return rest

    def without_qualifiers(self, rest: str, measure: Measure) -> str:
        """Remove qualifiers, recording those that make another quantity of the same measure."""
        start, end = rest.index(NUMBER), rest.rindex(NUMBER)
        for word in list(quantity_words(rest)):
            between = rest[word.end : start] if word.start < start else rest[end : word.start]
            if word.qualifier and self._qualifies(word.qualifier, between, measure):
                self.about.qualifiers.add(word.qualifier)
            rest = _blanked(rest, word.start, word.end)
        return rest

    @staticmethod
    def _qualifies(qualifier: str, between: str, measure: Measure) -> bool:
        """Return whether it makes another quantity: of a steady one few qualifiers do, and none beyond another number."""
        if measure.pace != "steady" or qualifier in OF_ANOTHER:
            return True
        return qualifier in _OF_STEADY and len(between) <= _BESIDE and not _APART.search(between)


def _spelled(name: str) -> str:
    """Return a folded name in normal form: DeepSeek-V3, DeepSeek V3 and deepseekv3 are equal."""
    return " ".join(sorted(set(_TOKEN.findall(name))))


def _count_between(between: str) -> float:
    """Return how many words separate a name from its number, without linking words; two Han characters count as one."""
    if _COMPARES.search(between):
        return _APART_FROM
    words = list(
        _words(_LATIN.sub(lambda word: " " if is_link(word[0]) else word[0], without_links(between)))
    )
    han = sum(len(word) for word in words if not word.isascii())
    return between.count(_TOPIC_MARK) + sum(word.isascii() for word in words) + han / 2


def _words(rest: str) -> Iterator[str]:
    """Yield the remaining words: Latin words as stems, and runs of Han characters."""
    yield from (stem(word) for word in _LATIN.findall(rest) if not is_filler(word))
    yield from _HAN.findall(without_fillers(rest))


def _blanked(text: str, start: int, end: int, mark: str = " ") -> str:
    return text[:start] + mark + " " * (end - start - 1) + text[end:]
