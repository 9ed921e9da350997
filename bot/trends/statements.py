"""Statements, the evidence for a query: what a report says in one sentence, with its translations in other editions.

Also measures how much two statements share. Ranks nothing and reads nothing.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, reduce
from operator import and_, or_

from msgspec import Struct

from bot.languages import is_written_in_han
from bot.library.query import Query
from bot.library.search import holds_half
from bot.models import IndexedPassage, Language, Passage, Report, Sentence
from bot.text.normalise import fold, fold_script

SAME = 0.55
"""Cosine of two sets of terms from which two sentences say the same."""

_NO_LETTER = re.compile(r"[\W_]+")
_SHARED_SIGNS = 3
_SHARED_PART = 0.7
# Cosine from which a neighbour of a sentence on the topic continues it.
_GOES_ON = 0.25


class Wording(Struct, frozen=True, dict=True):
    """A statement's sentence in one language: its passage and index, its line of index terms, and that of its headings."""

    passage: Passage
    index: int
    line: str
    heading: str = ""

    @cached_property
    def terms(self) -> frozenset[str]:
        """Its words, without terms that only help to find it.

        Computed on demand, since most statements are never weighed.
        """
        return frozenset(self.line.partition("\t")[0].split())

    @cached_property
    def spellings(self) -> frozenset[str]:
        """Other spellings of the names in it, such as gpt4o for GPT-4o."""
        return frozenset(term for term in self.line.partition("\t")[2].split() if term.isascii())

    @property
    def sentence(self) -> Sentence:
        """The sentence itself."""
        return self.passage.sentences[self.index]


class Statement(Struct, frozen=True):
    """What a report says in one sentence, in each language in which it says it.

    `direct`: the sentence itself, not only its passage, is on the query. `topics` are those that it names,
    `above` those that a heading above it names.
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
        """Its place in the library: report id, position of the passage, index of the sentence."""
        return self.report.id, self.position, self.index

    @property
    def sentence_ids(self) -> tuple[str, ...]:
        """The ids under which its delivery is recorded, one per wording; no rule of search changes them."""
        return tuple(sentence_id(wording.sentence.text) for wording in self.wordings.values())

    def wording_for(self, language: Language) -> Wording:
        """Return the wording in the reader's language, else that of the original."""
        return self.wordings.get(language) or next(iter(self.wordings.values()))


def sentence_id(text: str) -> str:
    """Return a hash of a sentence that ignores spaces, punctuation, case and script: 16 hexadecimal digits."""
    folded = fold_script(text)
    letters = _NO_LETTER.sub("", folded) or folded
    return hashlib.sha256(letters.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def statements(
    passages: Iterable[IndexedPassage], reports: Mapping[str, Report], query: Query, language: Language
) -> list[Statement]:
    """Return every whole sentence of the passages as a statement, newest report first, then in reading order.

    Two editions are aligned when they have equally many passages, and two of their passages when they have
    equally many sentences; otherwise the edition in the reader's language, or the first one, speaks for the
    report.
    """
    by_report: dict[str, dict[int, dict[str, IndexedPassage]]] = defaultdict(lambda: defaultdict(dict))
    for indexed in passages:
        passage = indexed.passage
        by_report[passage.report_id][passage.position][passage.language] = indexed
    result: list[Statement] = []
    known = [reports[name] for name in by_report if name in reports]
    # Undated reports come last, as if they were of the year 0.
    for report in sorted(known, key=lambda r: (-(r.published.toordinal() if r.published else 0), r.id)):
        places = dict(sorted(by_report[report.id].items()))
        for position, editions in _aligned_editions(report, places, language):
            result.extend(_statements(report, position, editions, query))
    return result


def statements_on_topic(
    passages: Collection[IndexedPassage],
    reports: Mapping[str, Report],
    query: Query,
    language: Language,
    enough: int,
) -> list[Statement]:
    """Return the statements on the topic itself, and more around them when they are fewer than `enough`.

    Those are neighbours that continue them, and statements of the same passages under a heading on the topic. A
    heading is often on several topics, so statements that only have such a heading are returned only when
    nothing else is on it.
    """
    told = statements(passages, reports, query, language)
    direct = [statement for statement in told if statement.direct]
    headed = [s for s in told if s.above.issuperset(query.topics)]
    if len(direct) >= enough or not direct:
        return direct or headed
    beside = {
        (one.report.id, one.position, one.index + step): terms_of(one) for one in direct for step in (-1, 1)
    }
    places = {one.key[:2] for one in direct}
    near = {s.key for s in told if s.key in beside and cosine(beside[s.key], terms_of(s)) >= _GOES_ON}
    near |= {s.key for s in headed if s.key[:2] in places}
    return [s for s in told if s.direct or s.key in near]


def holding(told: Sequence[Statement], words: Sequence[str], least: int) -> list[Statement]:
    """Return the statements that hold half of `words` in one of their languages; none if they are fewer than `least`."""
    kept = [s for s in told if any(holds_half(w.line, words) for w in s.wordings.values())]
    return kept if len(kept) >= least else []


def _aligned_editions(
    report: Report, places: Mapping[int, Mapping[str, IndexedPassage]], language: Language
) -> Iterator[tuple[int, Mapping[str, IndexedPassage]]]:
    """Yield the position of each passage of a report with the editions that speak there, by language."""
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
        direct |= _direct_mask(one, query)
    count = len(next(iter(group.values())).passage.sentences)
    masks = [pair for one in group.values() for pair in one.mentions.items()]
    above = frozenset([topic for topic, mask in masks if not mask or mask >> count & 1])
    for index in range(count):
        if not all(one.passage.sentences[index].whole for one in group.values()):
            continue
        wordings = {
            lang: Wording(one.passage, index, lines[lang][index], lines[lang][-1])
            for lang, one in group.items()
        }
        topics = frozenset(
            [topic for one in group.values() for topic, bits in one.mentions.items() if bits >> index & 1]
        )
        yield Statement(report, position, index, bool(direct >> index & 1), wordings, topics, above)


def _direct_mask(indexed: IndexedPassage, query: Query) -> int:
    """Return the sentences of a passage that are themselves on the query, as a bit mask by index."""
    if query.is_name and query.name:
        lines = indexed.terms.split("\n")[:-1]
        return sum(query.name.stands_in(line) << index for index, line in enumerate(lines))
    if query.topics:
        bits = [indexed.mentions.get(topic, 0) for topic in query.topics]
        named = reduce(or_ if query.loose else and_, bits)
        if not named and not query.loose:
            return 0
        if not (query.phrases or query.kept or query.rest):
            return named
    return sum(_is_direct(indexed, index, query) << index for index in range(len(indexed.passage.sentences)))


def _is_direct(indexed: IndexedPassage, index: int, query: Query) -> bool:
    """Return whether a sentence holds the topics, the phrases and half of the plain words; if loose, any of them."""
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


# -- how much two statements share --------------------------------------------------------------------------


def terms_of(statement: Statement) -> frozenset[str]:
    """Return the words of a statement in all its languages."""
    return frozenset().union(*(w.terms for w in statement.wordings.values()))


def cosine(one: frozenset[str], other: frozenset[str]) -> float:
    """Return how much two sets of words share, 0 to 1: the cosine of their indicator vectors."""
    shared = len(one & other)
    return shared / math.sqrt(len(one) * len(other)) if shared else 0.0


def repeats(one: frozenset[str], other: frozenset[str]) -> bool:
    """Return whether two sentences of one language, by their terms, say the same in nearly the same words."""
    return cosine(one, other) >= SAME


def translates(one: Statement, other: Statement) -> bool:
    """Return whether a Chinese statement and one in another language name the same things, in reports of the same day.

    Names and numbers in Latin script appear in both, and topics are known by both names. Of those in the
    Chinese statement, most and at least three, one of them a name or a number, must be in the other.
    """
    if one.report.published != other.report.published or one.wordings.keys() & other.wordings.keys():
        return False
    if not _in_han(one):
        one, other = other, one
    written = {term for wording in _in_han(one) for term in wording.terms if _is_name_or_number(term)}
    terms = frozenset().union(*(wording.terms for wording in other.wordings.values()))
    named, topics = len(written & terms), len(one.topics & other.topics)
    shared, signs = named + topics, len(written) + len(one.topics)
    return named > 0 and shared >= _SHARED_SIGNS and shared >= _SHARED_PART * signs


def _in_han(statement: Statement) -> list[Wording]:
    return [wording for language, wording in statement.wordings.items() if is_written_in_han(language)]


def _is_name_or_number(term: str) -> bool:
    """Return whether a term is a number, or a Latin word of more than two letters (which excludes AI)."""
    return term.isascii() and (len(term) > 2 or any(map(str.isdigit, term)))
