"""Decides whether the library covers a question: which concepts its sentences and their context hold together. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from msgspec import Struct

from bot.library.query import Query
from bot.text.stems import stem
from bot.trends.concepts import Concept
from bot.trends.statements import Statement, terms_of

_NEIGHBOURS = 2
# A sentence with its context must hold the subject, but only this share of the remaining weight, since a report may
# put the rest in other words. Two topics that make one thing, such as "medical devices", both have to be held.
LEAST_OF_REST = 0.5
# A topic with a smaller share of the weight, such as AI, is too broad to be the subject of a question.
BROAD = 0.15
_SEVERAL = 2


class ContextSentence(Struct, frozen=True, dict=True):
    """A statement and the words of its report's titles: tells which concepts it, and what is above it, hold."""

    statement: Statement
    titles: frozenset[str]

    @cached_property
    def terms(self) -> frozenset[str]:
        """Its words in all its languages."""
        return terms_of(self.statement)

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of its words, and the other spellings of its names."""
        spellings = (wording.spellings for wording in self.statement.wordings.values())
        return frozenset(map(stem, self.terms)).union(*spellings)

    @cached_property
    def place(self) -> tuple[str, str]:
        """The id of its report and its heading: sentences with the same place are neighbours."""
        return self.statement.report.id, next(iter(self.statement.wordings.values())).heading

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The stems of its words in order, one line per language, with a space at both ends."""
        own = (wording.line.partition("\t")[0].split() for wording in self.statement.wordings.values())
        return tuple(f" {' '.join(map(stem, words))} " for words in own)

    @cached_property
    def above(self) -> frozenset[str]:
        """The stems of its headings and of its report's titles."""
        lines = [w.heading for w in self.statement.wordings.values()]
        return frozenset(map(stem, " ".join(lines).split())) | self.titles

    def holds(self, concept: Concept) -> bool:
        """Return whether the sentence itself holds the concept."""
        if concept.is_topic:
            return concept.name in self.statement.topics
        if concept.forms is not None:
            return not (self.terms | self.stems).isdisjoint(concept.forms)
        if " " not in concept.name:
            return concept.name in self.stems
        return (
            any(f" {concept.name} " in line for line in self.lines)
            or concept.name.replace(" ", "") in self.stems
        )

    @property
    def headed(self) -> frozenset[str]:
        """The topics that a heading above it names."""
        return self.statement.above

    def is_under(self, concept: Concept) -> bool:
        """Return whether a heading above it or its report's title holds the concept."""
        if concept.forms is not None:
            return not self.above.isdisjoint(concept.forms)
        return concept.name in (self.statement.above if concept.is_topic else self.above)


def concepts_around(
    sentences: Sequence[ContextSentence], own: Sequence[set[str]], concepts: Sequence[Concept]
) -> Iterator[set[str]]:
    """Yield for each sentence the concepts that its headings, its report's title and its neighbours hold.

    Neighbours are up to two sentences before and after it under the same heading; the sentence itself is
    included.
    """
    for place, sentence in enumerate(sentences):
        near = {c.name for c in concepts if sentence.is_under(c)}
        for other in range(place - _NEIGHBOURS, place + _NEIGHBOURS + 1):
            if 0 <= other < len(own) and sentences[other].place == sentence.place:
                near |= own[other]
        yield near


def is_covered(
    sentences: Sequence[ContextSentence],
    own: Sequence[set[str]],
    around: Sequence[set[str]],
    weights: Mapping[str, float],
    subject: str,
    forms: Collection[str],
    least: float,
    least_of_rest: float,
) -> bool:
    """Return whether the library covers the question: its `subject`, and enough of what else it asks.

    Without a subject, one report must hold `least` of the weight. With one, a sentence and its context must
    hold the subject and `least_of_rest` of the remaining weight.
    The words of `forms`, by which the topics were named, need not be held.
    """
    if not subject:
        held: defaultdict[str, set[str]] = defaultdict(set)
        for sentence, names, near in zip(sentences, own, around, strict=True):
            held[sentence.statement.report.id] |= names | near
        return any(sum(weights[name] for name in names) >= least for names in held.values())
    beside = sum(weight for name, weight in weights.items() if name != subject and name not in forms)
    together = [names | near for names, near in zip(own, around, strict=True) if subject in names | near]
    if beside < BROAD:
        return bool(together)
    return any(
        sum(weights[name] for name in names.difference(forms, {subject})) >= least_of_rest * beside
        for names in together
    )


def lacks_a_topic(query: Query, concepts: Iterable[Concept]) -> bool:
    """Return whether a question names several topics and the library has nothing on one of them."""
    return len(query.topics) >= _SEVERAL and not {c.name for c in concepts}.issuperset(query.topics)


def holds_names_together(
    own: Sequence[set[str]], around: Sequence[set[str]], weights: Mapping[str, float], names: Collection[str]
) -> bool:
    """Return whether a sentence with its context holds all the names and the sentence itself half of the other weight.

    A list that contains two companies does not say whether they work together. True for fewer than two names.
    """
    if len(names) < _SEVERAL:
        return True
    between = {name: weight for name, weight in weights.items() if name not in names}
    return any(
        near | held >= set(names)
        and sum(weight for name, weight in between.items() if name in held)
        >= LEAST_OF_REST * sum(between.values())
        for held, near in zip(own, around, strict=True)
    )
