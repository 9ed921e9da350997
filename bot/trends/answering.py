"""Chooses the sentences that answer a question: those that hold the most of its concepts, by weight. Pure.

A sentence weighs by the concepts it holds, and a rare concept weighs more (concepts.py). Concepts held by its
neighbours, its headings or the title of its report count too, at a discount. How much of the question is held
together decides whether there is an answer at all.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from bot.library.query import Query
from bot.text.normalise import fold, has_han
from bot.text.stems import stem
from bot.trends.concepts import Concept, asking, form_stems
from bot.trends.hearsay import is_hearsay
from bot.trends.ranking import Ranked, is_doubted, near_duplicates
from bot.trends.standalone import OPEN
from bot.trends.statements import Statement, terms_of

# Chosen on CMRC 2018 dev, where other values did no better: see tests/bench/answers.py.
_NEAR = 0.3
_NEIGHBOURS = 2
_REPORT = 0.5
_KIND = 0.15
_DOUBT = 0.1
_GIVEN = 0.5
_FOREIGN = 0.5
LEAST = 0.35
"""Share of a question's weight that one report must hold when it names no topic; below it there is no answer."""
# A sentence with its context must hold the subject, but only this share of the remaining weight, since a report may
# put the rest in other words. Two topics that make one thing, such as "medical devices", both have to be held.
_LEAST_OF_REST = 0.5
# A topic with a smaller share of the weight, such as AI, is too broad to be the subject of a question.
_BROAD = 0.15
_YES_OR_NO, _SEVERAL = frozenset({"whether"}), 2
# For "who" and "which", naming the subject is not enough: what was done must be held too.
_ASKS_WHO = frozenset({"who", "which"})
# A sentence that matches less than this share of the lead's match is about something else.
_LEAST_OF_LEAD = 0.4
# With at most this many concepts, sentences on the name that was asked for come first.
_FEW_CONCEPTS = 2
_MOST_FOREIGN = 2

_HAN_NUMBER = r"[零〇一二两三四五六七八九十百千万亿\d]"
_GIVES = {
    "how many": re.compile(rf"\d|{_HAN_NUMBER}+[个人名位次部座家架辆条米元种岁级层倍成]|\b(?:two|three|four|five|six|seven|eight|nine|ten|half|twice|dozen)\b"),
    "when": re.compile(rf"\b1\d\d\d\b|\b20\d\d\b|{_HAN_NUMBER}+[年月日]|世纪|centur(?:y|ies)|\b(?:in|within|over|next|last) (?:the )?(?:[\w–-]+ ){1,4}(?:years?|months?|weeks?|days?)\b|\b(?:january|february|march|april|june|july|august|september|october|november|december)\b"),
    "most": re.compile(r"最|第一|首位|居首|\b(?:most|largest|biggest|highest|best|top|first|fastest|leads?|record)\b"),
    "change": re.compile(r"(?=.*\d).*(?:%|倍)|\bdoubled\b|翻了?一?番"),
    "where": re.compile(r"位于|地处|坐落|隶属|[省市县区州国岛镇]|\b(?:in|at|near) the \b|\blocated\b"),
}  # fmt: skip  # a pattern a line
"""Patterns that a folded sentence must match to answer a question of each kind."""


@dataclass(frozen=True)
class _Sentence:
    """A statement with the concepts that it and its context hold."""

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
            return not self.stems.isdisjoint(concept.forms)
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


def rank_answers(
    statements: Sequence[Statement],
    query: Query,
    concepts: Sequence[Concept],
    fit: Mapping[str, float],
    titles: Mapping[str, Collection[str]],
    language: str,
    *,
    least: float = LEAST,
    gives: Collection[tuple[str, int, int]] = (),
) -> list[Ranked]:
    """Return the statements that may answer the question, best first; none when the library has no answer.

    `fit` says how well each report matches as a whole (0 to 1); `titles` has the folded words of each report's
    titles; `least` is the share of a question without a topic that one report must hold; `gives` has the keys
    of statements that give the figure asked for. Statements that match less than 0.4 times as much as the best
    one are left out.
    """
    total = sum(concept.weight for concept in concepts)
    if not total:
        return []
    sentences = [_Sentence(s, frozenset(map(stem, titles.get(s.report.id, ())))) for s in statements]
    own = [{c.name for c in concepts if s.holds(c)} for s in sentences]
    around = list(_concepts_around(sentences, own, concepts))
    weights = {c.name: c.weight / total for c in concepts}
    kinds = asking(query.text).kinds
    named = [] if query.is_narrow else [c for c in concepts if c.is_topic]
    subject = _subject([c for c in named if c.weight >= _BROAD * total])
    about = _name_outside_topics(concepts, query) or subject
    is_asked = bool(kinds) and (about == subject or bool(kinds - _ASKS_WHO))
    if not _is_covered(sentences, own, around, weights, about, form_stems(query), least, is_asked=is_asked):
        return []
    names = {c.name for c in concepts if c.is_name}
    if kinds == _YES_OR_NO and (
        _lacks_one(query, concepts) or not _holds_names_together(own, around, weights, names)
    ):
        return []
    matches = [
        sum(weights[name] for name in held)
        + _NEAR * sum(weights[name] for name in near - held)
        + _GIVEN * (sentence.statement.key in gives)
        for sentence, held, near in zip(sentences, own, around, strict=True)
    ]
    ranked = [
        _weighed(sentence, match, fit.get(sentence.statement.report.id, 0.0), kinds, language)
        for sentence, match in zip(sentences, matches, strict=True)
    ]
    order = sorted(range(len(ranked)), key=lambda place: -ranked[place].weight)
    asked_of = subject or _rarest(c for c in named if c.is_name)
    on_it = [asked_of in held or asked_of in s.headed for s, held in zip(sentences, own, strict=True)]
    if subject and on_it[order[0]]:
        order = [place for place in order if on_it[place]]
    elif asked_of and len(concepts) <= _FEW_CONCEPTS:
        order.sort(key=lambda place: not on_it[place])
    return [ranked[place] for place in order if matches[place] >= _LEAST_OF_LEAD * matches[order[0]]]


def _weighed(sentence: _Sentence, match: float, fit: float, kinds: Collection[str], language: str) -> Ranked:
    """Return a sentence with its weight: its match, its report's fit and the kinds of answer it gives.

    A sentence that is doubted, hearsay, a question or a heading loses weight; one not in the reader's language
    weighs half.
    """
    statement = sentence.statement
    text = next(iter(statement.wordings.values())).sentence.text
    less = is_doubted(statement) or is_hearsay(text) or text.endswith(OPEN)
    weight = match + _REPORT * fit + _KIND * _share_of_kinds_given(kinds, statement) - _DOUBT * less
    return Ranked(statement, weight if language in statement.wordings else weight * _FOREIGN, sentence.terms)


def choose_answers(ranked: Sequence[Ranked], count: int, language: str) -> list[Ranked]:
    """Return the best `count` sentences, none of which repeats another.

    At most two are in another language once one in the reader's language is chosen.
    """
    chosen: list[Ranked] = []
    foreign = 0
    for one in ranked:
        if len(chosen) == count:
            break
        is_foreign = language not in one.statement.wordings
        if is_foreign and foreign == _MOST_FOREIGN and foreign < len(chosen):
            continue
        if not any(near_duplicates(one, other) and not _adds_a_number(one, other) for other in chosen):
            chosen.append(one)
            foreign += is_foreign
    return chosen


def _adds_a_number(one: Ranked, other: Ranked) -> bool:
    """Return whether a sentence has a number that a similar one of the same report lacks: growth beside size, say."""
    if one.statement.report.id != other.statement.report.id:
        return False
    return not _numbers(one.statement) <= _numbers(other.statement)


def _numbers(statement: Statement) -> set[tuple[float, str]]:
    figures = next(iter(statement.wordings.values())).sentence.figures
    return {(figure.value, figure.unit) for figure in figures}


def holds_all(ranked: Ranked, words: Sequence[str]) -> bool:
    """Return whether the sentence itself holds every one of the words."""
    return {stem(word) for word in " ".join(words).split()} <= {stem(term) for term in ranked.terms}


def _subject(topics: Sequence[Concept]) -> str:
    """Return the topic a question is about: its rarest name that is not a place, else its rarest topic; "" if none."""
    return _rarest([c for c in topics if c.is_name and not c.is_place] or topics)


def _name_outside_topics(concepts: Iterable[Concept], query: Query) -> str:
    """Return the rarest name in a Chinese question that is not a topic; "" if there is none."""
    return _rarest(c for c in concepts if c.is_name and not c.is_topic and has_han(query.text))


def _rarest(concepts: Iterable[Concept]) -> str:
    """Return the name of the concept with the highest weight; "" if there is none."""
    return max(concepts, key=lambda c: c.weight, default=Concept("", False, 0.0)).name


def _concepts_around(
    sentences: Sequence[_Sentence], own: Sequence[set[str]], concepts: Sequence[Concept]
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


def _is_covered(
    sentences: Sequence[_Sentence],
    own: Sequence[set[str]],
    around: Sequence[set[str]],
    weights: Mapping[str, float],
    subject: str,
    forms: Collection[str],
    least: float,
    *,
    is_asked: bool,
) -> bool:
    """Return whether the library covers the question: its `subject`, and enough of what else it asks.

    Without a subject, one report must hold `least` of the weight. With one, a sentence and its context must
    hold the subject and, unless the question asks for a kind of answer (`is_asked`), half the remaining weight.
    The words of `forms`, by which the topics were named, need not be held.
    """
    if not subject:
        held: defaultdict[str, set[str]] = defaultdict(set)
        for sentence, names, near in zip(sentences, own, around, strict=True):
            held[sentence.statement.report.id] |= names | near
        return any(sum(weights[name] for name in names) >= least for names in held.values())
    beside = sum(weight for name, weight in weights.items() if name != subject and name not in forms)
    together = [names | near for names, near in zip(own, around, strict=True) if subject in names | near]
    if is_asked or beside < _BROAD:
        return bool(together)
    return any(
        sum(weights[name] for name in names.difference(forms, {subject})) >= _LEAST_OF_REST * beside
        for names in together
    )


def _lacks_one(query: Query, concepts: Iterable[Concept]) -> bool:
    """Return whether a question names several topics and the library has nothing on one of them."""
    return len(query.topics) >= _SEVERAL and not {c.name for c in concepts}.issuperset(query.topics)


def _holds_names_together(
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
        >= _LEAST_OF_REST * sum(between.values())
        for held, near in zip(own, around, strict=True)
    )


def _share_of_kinds_given(kinds: Collection[str], statement: Statement) -> float:
    """Return the share of the asked kinds that the sentence answers, 0 to 1; 0 when no kind has a pattern."""
    wanted = [_GIVES[kind] for kind in kinds if kind in _GIVES]
    text = fold(next(iter(statement.wordings.values())).sentence.text) if wanted else ""
    return sum(pattern.search(text) is not None for pattern in wanted) / max(1, len(wanted))
