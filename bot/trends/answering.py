"""Chooses the sentences that answer a question: those that hold the most of its concepts, by weight. Pure.

A sentence weighs by the concepts it holds, and a rare concept weighs more (concepts.py). Concepts held by its
neighbours, its headings or the title of its report count too, at a discount. How much of the question is held
together decides whether there is an answer at all (coverage.py).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from bot.library.query import Query
from bot.library.terms import Term, term_of
from bot.models import Report
from bot.text.normalise import fold, has_han
from bot.text.periods import find_period
from bot.text.stems import stem
from bot.trends.concepts import Concept, asking, form_stems
from bot.trends.coverage import (
    BROAD,
    LEAST_OF_REST,
    ContextSentence,
    concepts_around,
    holds_names_together,
    is_covered,
    lacks_a_topic,
)
from bot.trends.hearsay import is_hearsay
from bot.trends.news_value import is_list
from bot.trends.ranking import Ranked, is_doubted, near_duplicates
from bot.trends.standalone import OPEN, depends_on_previous, with_lead
from bot.trends.statements import Statement

# Chosen on CMRC 2018 dev, where other values did no better: see tests/bench/answers.py.
_NEAR = 0.3
_REPORT = 0.5
_KIND = 0.15
_DOUBT = 0.1
_GIVEN = 0.5
_FOREIGN = 0.5
LEAST = 0.35
"""Share of a question's weight that one report must hold when it names no topic; below it there is no answer."""
# Whether or why two names have to do with each other is answered only by text that has both.
_ON_A_RELATION = frozenset({"whether", "why"})
_HEARSAY = 0.7
# Added for a report as new as the newest one that was searched, half as much for one that is a year older.
_FRESH = 0.15
_HALVED_AFTER = 365.0
# A sentence that matches less than this share of the lead's match is about something else.
_LEAST_OF_LEAD = 0.4
# A sentence that can be read alone leads, unless it weighs less than this share of the best.
_LEAST_OF_BEST = 0.85
# The number behind the name of a product.
_NUMBER = re.compile(r"[ -]?v?[0-9][0-9.]*")
# With at most this many concepts, sentences on the name that was asked for come first.
_FEW_CONCEPTS = 2
_MOST_FOREIGN = 2
_ANY_OF_REST = 0.01
_NUMBERS = frozenset({"how many", "price"})

_HAN_NUMBER = r"[零〇一二两三四五六七八九十百千万亿\d]"
_GIVES = {
    "how many": re.compile(rf"\d|{_HAN_NUMBER}+[个人名位次部座家架辆条米元种岁级层倍成]|\b(?:two|three|four|five|six|seven|eight|nine|ten|half|twice|dozen)\b"),
    "when": re.compile(rf"\b1\d\d\d\b|\b20\d\d\b|{_HAN_NUMBER}+(?:[年月]|日(?!元(?!旦)|圆))|世纪|centur(?:y|ies)|\b(?:in|within|over|next|last) (?:the )?(?:[\w–-]+ ){1,4}(?:years?|months?|weeks?|days?)\b|\b(?:january|february|march|april|june|july|august|september|october|november|december)\b"),
    "most": re.compile(r"最|第一|首位|居首|\b(?:most|largest|biggest|highest|best|top|first|fastest|leads?|record)\b"),
    "price": re.compile(r"[$¥€£￥]\s?\d|\d[\d,.]*\s?[千万亿]?(?:美元|美金|元|欧元|英镑|日元|块钱|美分|dollars?\b|usd\b|cents?\b)|免费"),
    "change": re.compile(r"(?=.*\d).*(?:%|倍)|\bdoubled\b|翻了?一?番"),
    "where": re.compile(r"位于|地处|坐落|隶属|[省市县区州国岛镇]|\b(?:in|at|near) the \b|\blocated\b"),
}  # fmt: skip  # a pattern a line
"""Patterns that a folded sentence must match to answer a question of each kind."""


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
    sentences = [ContextSentence(s, frozenset(map(stem, titles.get(s.report.id, ())))) for s in statements]
    own = [{c.name for c in concepts if s.holds(c)} for s in sentences]
    around = list(concepts_around(sentences, own, concepts))
    weights = {c.name: c.weight / total for c in concepts}
    kinds = asking(query.text).kinds
    named = [] if query.is_narrow else [c for c in concepts if c.is_topic]
    subject = _subject([c for c in named if c.weight >= BROAD * total])
    name = _name_outside_topics(concepts)
    about = name if name and (subject or has_han(query.text)) else subject
    is_asked = bool(kinds) and (about == subject or not asking(query.text).asks_who)
    is_name = any(c.is_name and c.name == subject for c in named)
    # A number asked of a name may be given in other words, but not in none of them, unless the ledger knows it.
    is_number = is_name and not gives and not kinds.isdisjoint(_NUMBERS)
    rest = LEAST_OF_REST if not is_asked else _ANY_OF_REST if is_number else 0.0
    if not is_covered(sentences, own, around, weights, about, form_stems(query), least, rest):
        return []
    names = {c.name for c in concepts if c.is_name}
    apart = lacks_a_topic(query, concepts) or not holds_names_together(own, around, weights, names)
    if apart and kinds and kinds <= _ON_A_RELATION:
        return []
    matches = list(_shares_held(sentences, own, around, weights, gives))
    of_report = _report_weights([s.statement.report for s in sentences], fit, query)
    ranked = [
        _weighed(sentence, match, of_report[sentence.statement.report.id], kinds, language)
        for sentence, match in zip(sentences, matches, strict=True)
    ]
    order = _best_first(ranked, kinds)
    asked_of = subject or _rarest(c for c in named if c.is_name)
    on_it = [asked_of in held or asked_of in s.headed for s, held in zip(sentences, own, strict=True)]
    both = _asked_together(concepts, name, subject, is_name=is_name)
    if both:
        order = _with_both(order, sentences, both, strictly=is_name or not subject)
    elif is_name and not on_it[order[0]]:  # words that other things have too say nothing of it
        order = [place for place in order if on_it[place] or subject in around[place]] or order
    elif subject and on_it[order[0]]:
        order = [place for place in order if on_it[place]]
    elif asked_of and len(concepts) <= _FEW_CONCEPTS:
        order.sort(key=lambda place: not on_it[place])
    return [ranked[place] for place in order if matches[place] >= _LEAST_OF_LEAD * matches[order[0]]]


def _best_first(ranked: Sequence[Ranked], kinds: Collection[str]) -> list[int]:
    """Return the places of sentences by weight, before all others the heaviest that can lead, if it weighs nearly as much."""
    order = sorted(range(len(ranked)), key=lambda place: -ranked[place].weight)
    heavy = (place for place in order if ranked[place].weight >= _LEAST_OF_BEST * ranked[order[0]].weight)
    lead = next((place for place in heavy if _can_lead(ranked[place], kinds)), order[0])
    return [lead, *(place for place in order if place != lead)]


def _asked_together(concepts: Sequence[Concept], name: str, subject: str, *, is_name: bool) -> list[Concept]:
    """Return the two things that a question brings together: a name and its subject, or what is asked of a name; or none."""
    quality = _rarest(c for c in concepts if c.is_quality and (is_name or not subject))
    pair = {name if name and subject else quality, subject or name}
    return [] if "" in pair else [c for c in concepts if c.name in pair]


def _with_both(
    order: Iterable[int], sentences: Sequence[ContextSentence], both: Sequence[Concept], *, strictly: bool
) -> list[int]:
    """Return the places of sentences, first those that hold both concepts; if `strictly`, only those that hold each or are under it.

    What is said of a person alone, or of a product alone, does not tell what one has to do with the other.
    """
    held = {place: [sentences[place].holds(concept) for concept in both] for place in order}
    told = [
        place
        for place, own in held.items()
        if not strictly
        or all(is_own or sentences[place].is_under(c) for is_own, c in zip(own, both, strict=True))
    ]
    return sorted(told, key=lambda place: not all(held[place]))


def _can_lead(one: Ranked, kinds: Collection[str]) -> bool:
    """Return whether a sentence can be read with what is quoted with it, and states an amount of money if asked for one."""
    wording = next(iter(one.statement.wordings.values()))
    if depends_on_previous(with_lead(wording)[0].text):
        return False
    return "price" not in kinds or _share_of_kinds_given(("price",), one.statement) > 0


def _shares_held(
    sentences: Iterable[ContextSentence],
    own: Iterable[set[str]],
    around: Iterable[set[str]],
    weights: Mapping[str, float],
    gives: Collection[tuple[str, int, int]],
) -> Iterator[float]:
    """Yield for each sentence the share of the question that it holds, with what is around it at a discount."""
    for sentence, held, near in zip(sentences, own, around, strict=True):
        beside = sum(weights[name] for name in near - held)
        given = _GIVEN * (sentence.statement.key in gives)
        yield sum(weights[name] for name in held) + _NEAR * beside + given


def _report_weights(reports: Iterable[Report], fit: Mapping[str, float], query: Query) -> dict[str, float]:
    """Return what each report adds to the weight of its sentences: for its fit and, unless a period is asked for, its age."""
    days = {report.id: report.published for report in reports}
    newest = max(filter(None, days.values()), default=None)
    weights = {report: _REPORT * fit.get(report, 0.0) for report in days}
    if newest is None or find_period(fold(query.text)):
        return weights
    ages = {report: (newest - day).days for report, day in days.items() if day}
    return {
        report: weight + (_FRESH / (1 + ages[report] / _HALVED_AFTER) if report in ages else 0.0)
        for report, weight in weights.items()
    }


def of_versions(statements: Sequence[Statement], versions: Iterable[str]) -> list[Statement]:
    """Return the statements without those that name another version of a product than the one asked for.

    What Grok 1 has is no answer to what Grok 3 has.
    """
    left = list(statements)
    for version in versions:
        term, number = term_of(version), _NUMBER.search(version)
        if term and number:
            other = re.compile(rf"\b{re.escape(version[: number.start()])}{_NUMBER.pattern}")
            left = [one for one in left if _names(one, term) or not _matches(one, other)]
    return left


def _names(statement: Statement, term: Term) -> bool:
    """Return whether a statement or a heading above it contains a term."""
    return any(term.stands_in(f"{w.line} {w.heading}") for w in statement.wordings.values())


def _matches(statement: Statement, pattern: re.Pattern[str]) -> bool:
    return any(pattern.search(fold(w.sentence.text)) for w in statement.wordings.values())


def _weighed(
    sentence: ContextSentence, match: float, of_report: float, kinds: Collection[str], language: str
) -> Ranked:
    """Return a sentence with its weight: its match, its report's weight and the kinds of answer it gives.

    A sentence that is doubted, a question, a heading or a list of subjects loses weight; hearsay loses more, and one not in the reader's
    language weighs half.
    """
    statement = sentence.statement
    text = next(iter(statement.wordings.values())).sentence.text
    less = is_doubted(statement) or text.endswith(OPEN) or is_list(text)
    weight = match + of_report + _KIND * _share_of_kinds_given(kinds, statement) - _DOUBT * less
    if is_hearsay(text):
        weight *= _HEARSAY
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


def _name_outside_topics(concepts: Iterable[Concept]) -> str:
    """Return the rarest name in a question, as typed, that is not a topic; "" if there is none."""
    own = (c for c in concepts if c.is_name and not c.is_topic)
    return _rarest(c for c in own if c.forms is None or c.name in map(stem, c.forms))


def _rarest(concepts: Iterable[Concept]) -> str:
    """Return the name of the concept with the highest weight; "" if there is none."""
    return max(concepts, key=lambda c: c.weight, default=Concept("", False, 0.0)).name


def _share_of_kinds_given(kinds: Collection[str], statement: Statement) -> float:
    """Return the share of the asked kinds that the sentence answers, 0 to 1; 0 when no kind has a pattern."""
    wanted = [_GIVES[kind] for kind in kinds if kind in _GIVES]
    text = fold(next(iter(statement.wordings.values())).sentence.text) if wanted else ""
    return sum(pattern.search(text) is not None for pattern in wanted) / max(1, len(wanted))
