"""Decides whether two reports tell of one event, by what their titles and leads share. Pure: reads and stores nothing.

features = words, names, numbers and topics of a title and of the beginning of the text
weight   = rarity among the reports of the days around, doubled in a title
same language      cosine of the weights                                        # what an event shares is rare
Chinese and other  share of the Chinese report's names, numbers and topics      # no other word can be the same

Reports days apart, and unclear cases, are two stories. Two reports by one publisher must be very similar; otherwise its
series (Morning briefing, No. 42) and its routine articles would become stories.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from msgspec import Struct

from bot.languages import entry_of
from bot.models import IndexedPassage
from bot.text.normalise import fold, has_han
from bot.text.segment import singular
from bot.text.stopwords import STOPWORDS

DAYS: Final = 5
"""Maximum days between a new report and one that it is compared with."""
LIKE: Final = 0.35
"""Minimum similarity of two reports of one event."""
LIKE_ACROSS: Final = 0.33
"""The same for a report in Chinese and one in another language."""
LEAD: Final = 450
"""Characters of an English text that are its lead; a Chinese lead is shorter, since each character says more."""

IN_TITLE: Final = 2.0
"""Factor of a feature's weight in a title."""
LONGEST: Final = 80
"""Maximum passages of an article; a longer text is compared by its title alone."""
_ITEMS: Final = 8
"""Number of headings with passages under them from which a report is a compilation."""
FEWEST: Final = 3
"""Minimum features that two reports of one event share."""
_LIKE_UNCLEAR: Final = 0.5
"""Minimum similarity if no feature is in both titles, or if both reports are by one publisher."""
_OF_STORY: Final = 0.6
"""Share of the minimum similarity that a report reaches on average with the reports of the story it joins."""
_LEAST_REPORTS: Final = 20
_DIGITS: Final = re.compile(r"[\W\d_]+")
_TOPIC, _NUMBER = "@", "#"
_FIRST_HAN: Final = "\u3400"


class Likeness(Struct, frozen=True):
    """Similarity of two reports: a score, and how many features they share, in both titles, and names or numbers.

    `across`: exactly one is in Chinese. Two reports by one publisher usually tell of two events of one kind, or are
    issues of a series.
    """

    score: float
    shared: int
    in_titles: int
    named: int
    across: bool
    by_one_publisher: bool

    @property
    def is_one_event(self) -> bool:
        """Whether they are similar enough to tell of one event."""
        if self.across:
            return self.score >= LIKE_ACROSS and self.shared > FEWEST and self.named > 1
        clear = self.in_titles and not self.by_one_publisher
        return self.shared >= FEWEST and self.score >= (LIKE if clear else _LIKE_UNCLEAR)

    def fits_story(self, average: float) -> bool:
        """Return whether the report is similar to the other reports of the story too, by their average score."""
        return average >= _OF_STORY * (LIKE_ACROSS if self.across else LIKE)


def is_compilation(passages: int, items: int) -> bool:
    """Return whether an edition tells of many events; its title names one, whose story is not that of its items."""
    return passages > LONGEST or items >= _ITEMS


def lead_of(passages: Sequence[IndexedPassage]) -> list[IndexedPassage]:
    """Return the passages at the beginning of a text; none of a text longer than an article."""
    if len(passages) > LONGEST:
        return []
    return [p for p in passages if p.passage.start * entry_of(p.passage.language).weight < LEAD]


def features_of(
    title: Iterable[str], topics: Iterable[str], lead: Iterable[IndexedPassage]
) -> dict[str, bool]:
    """Return the features of a report, each with whether it is in the title.

    `title` has the folded words of the title, `topics` its topics; `lead` are the passages of the lead.
    """
    own = {*_words(title), *(_TOPIC + topic for topic in topics)}
    other: set[str] = set()
    words: set[str] = set()
    for indexed in lead:
        lines = indexed.terms.split("\n")
        for line in lines[:-1]:
            words.update(line.partition("\t")[0].split())
        other.update(_TOPIC + topic for topic, mask in indexed.mentions.items() if mask)
        figures = (figure for sentence in indexed.passage.sentences for figure in sentence.figures)
        other.update(f"{_NUMBER}{figure.value:g}{figure.unit}" for figure in figures)
    other.update(_words(words))
    return dict.fromkeys(other, False) | dict.fromkeys(own, True)


def _words(words: Iterable[str]) -> Iterable[str]:
    for word in words:
        one = singular(word) if word[0] < _FIRST_HAN else word
        if one not in STOPWORDS and (len(one) > 1 or one.isdigit()):
            yield one


def crosses_languages(feature: str) -> bool:
    """Return whether a feature can be the same in Chinese and another language: a topic, a number, a name."""
    return not has_han(feature)


def is_named(feature: str) -> bool:
    """Return whether a feature is a name or a number rather than a topic."""
    return not feature.startswith(_TOPIC)


def rarity(reports: int, holding: int) -> float:
    """Return the weight of a feature that `holding` of `reports` around the day have (inverse document frequency)."""
    return math.log(1 + max(reports, _LEAST_REPORTS) / holding)


def is_series(title: str, other: str) -> bool:
    """Return whether two titles of one publisher differ only in numbers and signs, and so name a series."""
    return _DIGITS.sub("", fold(title)) == _DIGITS.sub("", fold(other))


def shared_features(one: Mapping[str, bool], other: Mapping[str, bool]) -> list[str]:
    """Return the features that two reports share, those in both titles first: why they are one story."""
    return sorted(one.keys() & other.keys(), key=lambda feature: (-one[feature] - other[feature], feature))
