"""Whether two reports tell of one event, by what their titles and leads share. Pure: reads and stores nothing.

features = words, names, numbers and topics of a title and of what the text begins with
weight   = rarity among the reports of the days around, twice as much in a title
same language      cosine of the weights                                        # what an event shares is rare
Chinese and other  share of the Chinese report's names, numbers and topics      # no other word can be the same

Days apart, or unclear: two stories. Two reports by one publisher have to be much alike, or its series (Morning briefing,
No. 42) and its articles of one kind would be stories.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.languages import entry_of
from bot.models import IndexedPassage
from bot.text.normalise import fold, has_han
from bot.text.segment import singular
from bot.text.stopwords import STOPWORDS

DAYS: Final = 5
"""Days from a report to another one of its story."""
LIKE: Final = 0.35
"""The likeness from which two reports tell of one event."""
LIKE_ACROSS: Final = 0.33
"""The same for reports in two languages."""
LEAD: Final = 450
"""Characters of an English text that are its lead; a Chinese one has as many fewer as it says more with each."""

IN_TITLE: Final = 2.0
"""How much more a feature weighs in a title."""
LONGEST: Final = 80
"""Passages of an article; what has more is told from others by its title alone."""
_ITEMS: Final = 8
"""Headings with passages under them from which a report is a compilation."""
FEWEST: Final = 3
"""Features that two reports of one event share."""
_CLEAR: Final = 0.5
"""The same without a word in both titles, and for two reports by one publisher."""
_OF_STORY: Final = 0.6
"""The part of the least likeness that a report has on average with the reports of the story it joins."""
_LEAST_REPORTS: Final = 20
_DIGITS: Final = re.compile(r"[\W\d_]+")
_TOPIC, _NUMBER = "@", "#"
_FIRST_HAN: Final = "\u3400"


@dataclass(frozen=True, slots=True)
class Likeness:
    """What two reports share: the score, and how many features, in both titles, and names or numbers among them.

    `across`: one is in Chinese, the other is not. Two reports by one publisher are as a rule two events of one kind, or
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
        """Whether that is enough."""
        if self.across:
            return self.score >= LIKE_ACROSS and self.shared > FEWEST and self.named > 1
        clear = self.in_titles and not self.by_one_publisher
        return self.shared >= FEWEST and self.score >= (LIKE if clear else _CLEAR)

    def fits_story(self, average: float) -> bool:
        """Whether a report that is like one of a story is like its others too, by their average score."""
        return average >= _OF_STORY * (LIKE_ACROSS if self.across else LIKE)


def is_compilation(passages: int, items: int) -> bool:
    """Whether an edition tells of many events: its title names one of them, and its story is not that of its items."""
    return passages > LONGEST or items >= _ITEMS


def lead_of(passages: Sequence[IndexedPassage]) -> list[IndexedPassage]:
    """The passages that a text begins with; none of a compilation or a book, which begin with themselves."""
    if len(passages) > LONGEST:
        return []
    return [p for p in passages if p.passage.start * entry_of(p.passage.language).weight < LEAD]


def features_of(
    title: Iterable[str], topics: Iterable[str], lead: Iterable[IndexedPassage]
) -> dict[str, bool]:
    """The features of a report, each with whether it stands in the title.

    `title` has the folded words of the title, `topics` its topics, and `lead` is what the text begins with.
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
    """Whether a feature of a Chinese report can be that of one in another language: a topic, a number, a name."""
    return not has_han(feature)


def is_named(feature: str) -> bool:
    """Whether a feature is a name or a number rather than a topic."""
    return not feature.startswith(_TOPIC)


def rarity(reports: int, holding: int) -> float:
    """The weight of a feature that `holding` of the `reports` of the days around have (inverse document frequency)."""
    return math.log(1 + max(reports, _LEAST_REPORTS) / holding)


def is_series(title: str, other: str) -> bool:
    """Whether two titles of one publisher differ in numbers at most, and so name a series."""
    return _DIGITS.sub("", fold(title)) == _DIGITS.sub("", fold(other))


def shared_features(one: Mapping[str, bool], other: Mapping[str, bool]) -> list[str]:
    """The features that two reports have in common, those in both titles first: why they are one story."""
    return sorted(one.keys() & other.keys(), key=lambda feature: (-one[feature] - other[feature], feature))
