"""Sentences as evidence for a query: the editions of a report laid side by side, so that a sentence and its
translation are one statement. Ranks nothing.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import and_, or_

from bot.library.query import Query
from bot.models import IndexedPassage, Language, Passage, Report, Sentence
from bot.text.normalise import fold, fold_script, has_han
from bot.text.segment import singular

_NO_LETTER = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Wording:
    """One language's sentence of a statement: where it stands, its line of index terms, and that of its headings."""

    passage: Passage
    index: int
    line: str
    heading: str = ""

    @cached_property
    def terms(self) -> frozenset[str]:
        """Its words, without what only helps to find. Most statements are never weighed, so not worked out before."""
        return frozenset(self.line.partition("\t")[0].split())

    @cached_property
    def spellings(self) -> frozenset[str]:
        """The other spellings of the names in it: gpt4o where it says GPT-4o."""
        return frozenset(term for term in self.line.partition("\t")[2].split() if term.isascii())

    @property
    def sentence(self) -> Sentence:
        """The sentence itself."""
        return self.passage.sentences[self.index]


@dataclass(frozen=True, slots=True)
class Statement:
    """What a report says in one sentence, in each language that says it.

    `direct` is whether the sentence itself, not only its passage, is on the query, `topics` are those it names and
    `above` those that a heading over it names.
    """

    report: Report
    position: int
    index: int
    direct: bool
    wordings: Mapping[str, Wording]
    topics: frozenset[str] = frozenset()
    above: frozenset[str] = frozenset()

    @property
    def key(self) -> tuple[str, int, int]:
        """Its place in the library: report, passage, sentence."""
        return self.report.id, self.position, self.index

    @property
    def sentence_ids(self) -> tuple[str, ...]:
        """The ids under which its delivery to a reader is recorded, one for each wording; no rule of search changes them."""
        return tuple(sentence_id(wording.sentence.text) for wording in self.wordings.values())

    def told(self, language: Language) -> Wording:
        """The wording in the reader's language, else the original's."""
        return self.wordings.get(language) or next(iter(self.wordings.values()))


def sentence_id(text: str) -> str:
    """The hash of a sentence, the same whatever its spaces, punctuation, case and script: 16 hexadecimal digits."""
    folded = fold_script(text)
    letters = _NO_LETTER.sub("", folded) or folded
    return hashlib.sha256(letters.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def statements(
    passages: Iterable[IndexedPassage], reports: Mapping[str, Report], query: Query, language: Language
) -> list[Statement]:
    """Every whole sentence of the passages as a statement, newest report first, then in reading order.

    Two editions are side by side when they have equally many passages, and two of their passages when they
    have equally many sentences; else the reader's language, or the first one, speaks for the report.
    """
    by_report: dict[str, dict[int, dict[str, IndexedPassage]]] = defaultdict(lambda: defaultdict(dict))
    for indexed in passages:
        passage = indexed.passage
        by_report[passage.report_id][passage.position][passage.language] = indexed
    result: list[Statement] = []
    for report in sorted((reports[name] for name in by_report if name in reports), key=_newest_first):
        places = dict(sorted(by_report[report.id].items()))
        for position, editions in _told_once(report, places, language):
            result.extend(_statements(report, position, editions, query))
    return result


def _newest_first(report: Report) -> tuple[int, str]:
    return -(report.published.toordinal() if report.published else 0), report.id


def _told_once(
    report: Report, places: Mapping[int, Mapping[str, IndexedPassage]], language: Language
) -> Iterator[tuple[int, Mapping[str, IndexedPassage]]]:
    """The places of a report with the editions that speak there, in the report's order of editions."""
    order = [edition.language for edition in report.editions]
    held_in = {lang for editions in places.values() for lang in editions}
    speaker = language if language in held_in else next(lang for lang in order if lang in held_in)
    parallel = len({edition.passages for edition in report.editions}) == 1
    for position, editions in places.items():
        sentences = {len(indexed.passage.sentences) for indexed in editions.values()}
        if parallel and len(sentences) == 1:
            yield position, {lang: editions[lang] for lang in order if lang in editions}
        elif parallel or speaker in editions:
            own = speaker if speaker in editions else next(lang for lang in order if lang in editions)
            yield position, {own: editions[own]}


def _statements(
    report: Report, position: int, group: Mapping[str, IndexedPassage], query: Query
) -> Iterable[Statement]:
    lines = {lang: one.terms.split("\n") for lang, one in group.items()}
    direct = 0
    for one in group.values():
        direct |= _on_point(one, query)
    above = frozenset([topic for one in group.values() for topic, at in one.mentions.items() if not at])
    for index in range(len(next(iter(group.values())).passage.sentences)):
        if not all(one.passage.sentences[index].whole for one in group.values()):
            continue
        wordings = {
            lang: Wording(one.passage, index, lines[lang][index], lines[lang][-1])
            for lang, one in group.items()
        }
        topics = frozenset(
            [topic for one in group.values() for topic, at in one.mentions.items() if at >> index & 1]
        )
        yield Statement(report, position, index, bool(direct >> index & 1), wordings, topics, above)


def _on_point(indexed: IndexedPassage, query: Query) -> int:
    """The sentences of a passage that are on the query themselves: a bit for each."""
    if query.topics:
        bits = [indexed.mentions.get(topic, 0) for topic in query.topics]
        named = reduce(or_ if query.loose else and_, bits)
        if not named and not query.loose:
            return 0
        if not (query.phrases or query.kept or query.rest):
            return named
    return sum(_direct(indexed, index, query) << index for index in range(len(indexed.passage.sentences)))


def _direct(indexed: IndexedPassage, index: int, query: Query) -> bool:
    """Whether the sentence itself has the topics, the phrases and half of the plain words; if loose, one of these."""
    named = [indexed.mentions.get(topic, 0) >> index & 1 for topic in query.topics]
    if query.loose:
        return any(named) or holds_half(indexed.terms.split("\n")[index], query.asked)
    if not all(named):
        return False
    if query.phrases or query.kept:
        folded = fold(indexed.passage.sentences[index].text)
        if any(phrase not in folded for phrase in query.phrases):
            return False
        if query.kept and not any(form in folded for form in query.kept):
            return False
    wanted = query.rest or (() if named or query.phrases else query.literal)
    if not wanted:
        return bool(named or query.phrases)
    return holds_half(indexed.terms.split("\n")[index], wanted)


def holds_half(terms: str, asked: Sequence[str]) -> bool:
    """Whether a line of index terms holds at least half of the words that were asked for."""
    return len(held(terms, asked)) * 2 >= len(asked) > 0


def held(terms: str, asked: Iterable[str]) -> frozenset[str]:
    """The words that a line of index terms holds, in either number; a lone Han character also inside a word."""
    own = frozenset(map(singular, terms.split()))
    return frozenset([w for w in asked if singular(w) in own or (len(w) == 1 and w in terms and has_han(w))])
