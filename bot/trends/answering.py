"""Which sentences answer a question: those that hold most of what it asks, the rarest of it most. Pure.

A question is a set of concepts: its topics, and its words beside them. Each weighs by its rarity in the library
(inverse document frequency as in Okapi BM25, Robertson and Zaragoza 2009, section 3.4). What the sentences beside it, a
heading or the title of its report hold counts for a sentence too, at a discount. What the whole best report holds
decides whether there is an answer at all.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from bot.library.query import Query
from bot.text.normalise import fold, has_han
from bot.text.rule_data import read_rows
from bot.text.stems import stem
from bot.trends.ranking import Ranked, alike, is_doubted
from bot.trends.statements import Statement, terms_of

# Each was chosen on CMRC 2018 dev, where other values did no better: see tests/bench/answers.py.
_NEAR = 0.3
_REPORT = 0.5
_KIND = 0.15
_DOUBT = 0.1
_FOREIGN = 0.5
# A reply whose best report holds less of the question than this says that the library has nothing.
_LEAST = 0.4
# So few passages tell little of how rare a word is.
_SMALL = 100
# What holds much less of the question than the lead belongs to something else.
_OF_LEAD = 0.4
_MOST_FOREIGN = 2

_KINDS = read_rows(Path(__file__).with_name("question_kinds.tsv"))
_HAN_NUMBER = r"[零〇一二两三四五六七八九十百千万亿\d]"
_GIVES = {
    "how many": re.compile(rf"\d|{_HAN_NUMBER}+[个人名位次部座家架辆条米元种岁级层倍成]|\b(?:two|three|four|five|six|seven|eight|nine|ten|half|twice|dozen)\b"),
    "when": re.compile(rf"\b1\d\d\d\b|\b20\d\d\b|{_HAN_NUMBER}+[年月日]|世纪|centur(?:y|ies)|\b(?:january|february|march|april|june|july|august|september|october|november|december)\b"),
}  # fmt: skip  # a pattern a line
"""What a sentence must have to be an answer of a kind."""


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing that a question names: the id of a topic, or the stem of a word. Rarer ones weigh more."""

    name: str
    is_topic: bool
    weight: float


def concepts_of(
    query: Query, word_counts: Mapping[str, int], topic_counts: Mapping[str, int]
) -> list[Concept]:
    """The concepts of a question, by how many of the library's passages hold each; "" in `topic_counts` is all of them."""
    passages = max(_SMALL, topic_counts.get("", 0))

    def weight(count: int) -> float:
        return math.log(1 + (passages - min(count, passages) + 0.5) / (count + 0.5))

    topics = [Concept(topic, True, weight(topic_counts.get(topic, 0))) for topic in query.topics]
    stems: dict[str, int] = {}
    phrase, _ = _kind_of(query.text)
    for word, count in word_counts.items():
        if word in phrase.split():
            continue
        stems[stem(word)] = max(count, stems.get(stem(word), 0))
    return topics + [Concept(word, False, weight(count)) for word, count in stems.items()]


@dataclass(frozen=True)
class _Sentence:
    """A statement with what it, and what stands around it, holds."""

    statement: Statement
    titles: frozenset[str]

    @cached_property
    def terms(self) -> frozenset[str]:
        """Its words, in all its languages."""
        return terms_of(self.statement)

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of its words, and its names in their other spellings."""
        spellings = (wording.spellings for wording in self.statement.wordings.values())
        return frozenset(map(stem, self.terms)).union(*spellings)

    @cached_property
    def above(self) -> frozenset[str]:
        """The stems of its headings and of its report's titles."""
        lines = [w.heading for w in self.statement.wordings.values()]
        return frozenset(map(stem, " ".join(lines).split())) | self.titles

    def holds(self, concept: Concept) -> bool:
        """Whether the sentence itself has it."""
        return concept.name in (self.statement.topics if concept.is_topic else self.stems)

    def stands_under(self, concept: Concept) -> bool:
        """Whether a heading or the title over it has it."""
        return concept.name in (self.statement.above if concept.is_topic else self.above)


def answers(
    statements: Sequence[Statement],
    query: Query,
    concepts: Sequence[Concept],
    fit: Mapping[str, float],
    titles: Mapping[str, Collection[str]],
    language: str,
) -> list[Ranked]:
    """The statements that may answer the question, best first; none where the library does not speak of it.

    `fit` says how well a report matches as a whole (0 to 1), `titles` gives the folded words of its titles.
    """
    total = sum(concept.weight for concept in concepts)
    if not total:
        return []
    sentences = [_Sentence(s, frozenset(map(stem, titles.get(s.report.id, ())))) for s in statements]
    own = [{c.name for c in concepts if s.holds(c)} for s in sentences]
    around = list(_around(sentences, own, concepts))
    weights = {c.name: c.weight / total for c in concepts}
    if _coverage(sentences, own, around, weights) < _LEAST:
        return []
    _, kind = _kind_of(query.text)
    ranked: list[tuple[float, Ranked]] = []
    for sentence, held, near in zip(sentences, own, around, strict=True):
        match = sum(weights[name] for name in held) + _NEAR * sum(weights[name] for name in near - held)
        weight = match + _REPORT * fit.get(sentence.statement.report.id, 0.0)
        weight += _KIND * _is_of(kind, sentence.statement) - _DOUBT * is_doubted(sentence.statement)
        if language not in sentence.statement.wordings:
            weight *= _FOREIGN
        ranked.append((match, Ranked(sentence.statement, weight, sentence.terms)))
    ranked.sort(key=lambda pair: -pair[1].weight)
    least = _OF_LEAD * ranked[0][0]
    return [one for match, one in ranked if match >= least]


def choose_answers(ranked: Sequence[Ranked], count: int, language: str) -> list[Ranked]:
    """The best `count`, none that repeats another, and few in another language where the reader's has any."""
    chosen: list[Ranked] = []
    foreign = 0
    for one in ranked:
        if len(chosen) == count:
            break
        is_foreign = language not in one.statement.wordings
        if is_foreign and foreign == _MOST_FOREIGN and foreign < len(chosen):
            continue
        if not any(alike(one, other) for other in chosen):
            chosen.append(one)
            foreign += is_foreign
    return chosen


def holds_all(ranked: Ranked, words: Sequence[str]) -> bool:
    """Whether a sentence itself has each of these words."""
    return {stem(word) for word in words} <= {stem(term) for term in ranked.terms}


def _around(
    sentences: Sequence[_Sentence], own: Sequence[set[str]], concepts: Sequence[Concept]
) -> Iterator[set[str]]:
    """For each sentence the concepts that its headings, its title and the sentences beside it hold."""
    for place, sentence in enumerate(sentences):
        near = {c.name for c in concepts if sentence.stands_under(c)}
        for other in (place - 1, place + 1):
            if 0 <= other < len(own) and sentences[other].statement.report.id == sentence.statement.report.id:
                near |= own[other]
        yield near


def _coverage(
    sentences: Sequence[_Sentence],
    own: Sequence[set[str]],
    around: Sequence[set[str]],
    weights: Mapping[str, float],
) -> float:
    """How much of the question the report that holds most of it holds, 0 to 1."""
    held: defaultdict[str, set[str]] = defaultdict(set)
    for sentence, names, near in zip(sentences, own, around, strict=True):
        held[sentence.statement.report.id] |= names | near
    return max((sum(weights[name] for name in names) for names in held.values()), default=0.0)


def _kind_of(text: str) -> tuple[str, str]:
    """The words of a question that say which kind of answer it asks for, and that kind; "" and "" where none do."""
    folded = fold(text)
    for phrase, kind in _KINDS:
        if phrase in folded if has_han(phrase) else re.search(rf"\b{re.escape(phrase)}\b", folded):
            return phrase, kind
    return "", ""


def _is_of(kind: str, statement: Statement) -> bool:
    """Whether a sentence gives what a question of this kind asks for."""
    if kind not in _GIVES:
        return False
    text = fold(next(iter(statement.wordings.values())).sentence.text)
    return _GIVES[kind].search(text) is not None
