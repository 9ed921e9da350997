"""What one digest says: the news on its queries, or what comes next in the library. Data only, no words of its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from bot.digests.candidates import Candidate, CandidatePool, Candidates, Window
from bot.library.glossary import Glossary
from bot.library.library import Library
from bot.library.search import Search
from bot.models import Figure, Language, Topic
from bot.text.segment import Segmenter
from bot.trends.quotes import Citations, Cited, FigurePoint, Point, figures_of
from bot.trends.ranking import Ranked, alike

POINTS = 3
"""Points on a query of a digest with news, and points of the whole digest without."""
FIGURES = 4
_MOST_POINTS = 12
# Statements of each query that the numbers of the day are taken from.
_WITH_FIGURES = 10
# Digests that are kept for the next reader who has had the same, some 5 KB each.
_REMEMBERED = 2_000

Kind = Literal["news", "library", "end"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a digest is made from, equal for many readers. `backlog`: the library is told where there is no news."""

    queries: tuple[str, ...]
    language: Language
    window: Window
    backlog: bool


@dataclass(frozen=True, slots=True)
class Section:
    """The points on one query. `heading` is its topic where it is nothing but one, else as it was typed."""

    query: str
    heading: Topic | str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Digest:
    """What is told. `kind` is "end" where nothing is left but to say so.

    `headings` are those of all its queries, `sections` those with points. `spent` says that the library holds no
    more on them, and `held` that it holds anything at all. `citations` are passage ids, the first one cited as [1].
    """

    kind: Kind
    headings: tuple[Topic | str, ...]
    sections: tuple[Section, ...]
    figures: tuple[FigurePoint, ...]
    citations: tuple[str, ...]
    sources: tuple[Cited, ...]
    spent: bool
    held: bool


@dataclass(frozen=True, slots=True)
class Composed:
    """A digest (None: nothing to send) for readers who have had none of `decisive`.

    `marks` is what it tells. `ahead` is what would be told next, worth looking up at the same time.
    """

    digest: Digest | None
    marks: tuple[str, ...]
    decisive: frozenset[str]
    ahead: frozenset[str]


class DigestBriefer:
    """Makes digests from one library."""

    def __init__(self, library: Library, glossary: Glossary, segmenter: Segmenter, search: Search) -> None:
        self._library = library
        self._glossary = glossary
        self._segmenter = segmenter
        self._search = search

    def run(self) -> DigestRun:
        """Digests for many readers at one moment, in one thread."""
        pool = CandidatePool(self._library, self._glossary, self._segmenter, self._search)
        return DigestRun(pool, self._library, self._glossary)


class DigestRun:
    """Makes each digest once, however many readers it is for."""

    def __init__(self, pool: CandidatePool, library: Library, glossary: Glossary) -> None:
        self._pool = pool
        self._library = library
        self._glossary = glossary
        self._composed: dict[tuple[Wanted, frozenset[str], int], Composed] = {}

    def compose(self, wanted: Wanted, had: frozenset[str], ahead: int) -> Composed:
        """The digest for readers who have had what is marked `had`, with `ahead` candidates a query looked at."""
        key = (wanted, had, ahead)
        if key not in self._composed:
            if len(self._composed) >= _REMEMBERED:
                self._composed.clear()
            with self._library.snapshot():
                self._composed[key] = self._compose(wanted, had, ahead)
        return self._composed[key]

    def _compose(self, wanted: Wanted, had: frozenset[str], ahead: int) -> Composed:
        found = [self._pool.news(text, wanted.window, wanted.language) for text in wanted.queries]
        told = _news(found, had)
        if any(told):
            return self._with_news(wanted, found, told, had)
        if not wanted.backlog:
            return Composed(None, (), frozenset(), frozenset())
        found = [self._pool.backlog(text, wanted.language) for text in wanted.queries]
        told = _next(found, had)
        taken = [candidate for points in told for candidate in points]
        left = [candidate for one in found for candidate in _unheard(one, had, taken, 1)]
        told_now = had.union(_marks(taken))
        looked = [
            mark
            for one in found
            for candidate in islice((c for c in one if told_now.isdisjoint(c.marks)), ahead)
            for mark in candidate.marks[:1]  # that of the wording which came in first is always kept
        ]
        kind: Kind = "library" if taken else "end"
        digest = self._digest(
            kind, wanted, told, [], spent=not left, held=any(True for one in found for _ in islice(one, 1))
        )
        return Composed(digest, _marks(taken), _decisive([*taken, *left]), frozenset(looked))

    def _with_news(
        self, wanted: Wanted, found: Sequence[Candidates], told: list[list[Candidate]], had: frozenset[str]
    ) -> Composed:
        taken = [candidate for points in told for candidate in points]
        told_now = had.union(_marks(taken))
        others = {
            candidate.ranked.statement.key: candidate
            for one in found
            for candidate in islice(one, _WITH_FIGURES)
            if not candidate.had_by(told_now)
        }
        points = [candidate.ranked for candidate in taken]
        numbers = figures_of([c.ranked for c in others.values()], points, wanted.language, FIGURES)
        taken += [others[ranked.statement.key] for ranked, _ in numbers]
        digest = self._digest("news", wanted, told, numbers)
        return Composed(digest, _marks(taken), _decisive(taken), frozenset())

    def _digest(
        self,
        kind: Kind,
        wanted: Wanted,
        told: Sequence[Sequence[Candidate]],
        numbers: Sequence[tuple[Ranked, Figure]],
        *,
        spent: bool = False,
        held: bool = True,
    ) -> Digest:
        headings = [self._heading(text) for text in wanted.queries]
        cite = Citations(wanted.language)
        sections = []
        for text, heading, candidates in zip(wanted.queries, headings, told, strict=True):
            points = tuple(cite.point(candidate.ranked.statement) for candidate in candidates)
            sections.append(Section(text, heading, points))
        figures = tuple(cite.figure(ranked.statement, figure) for ranked, figure in numbers)
        statements = [c.ranked.statement for points in told for c in points]
        statements += [ranked.statement for ranked, _ in numbers]
        return Digest(
            kind=kind,
            headings=tuple(headings),
            sections=tuple(section for section in sections if section.points),
            figures=figures,
            citations=tuple(cite.passages),
            sources=cite.sources({statement.report.id: statement.report for statement in statements}),
            spent=spent,
            held=held,
        )

    def _heading(self, text: str) -> Topic | str:
        query = self._pool.query(text)
        if query.plain and len(query.topics) == 1:
            return self._glossary.topics[query.topics[0]]
        return query.text


def _news(found: Sequence[Candidates], had: frozenset[str]) -> list[list[Candidate]]:
    """The news on each query in turn, nothing twice; fewer on each where there are many queries."""
    most = max(1, min(POINTS, _MOST_POINTS // max(1, len(found))))
    taken: list[Candidate] = []
    told = []
    for one in found:
        points = _unheard(one, had, taken, most)
        taken += points
        told.append(points)
    return told


def _next(found: Sequence[Candidates], had: frozenset[str]) -> list[list[Candidate]]:
    """The next points of the library: one on each query in turn, until they are three or none is left."""
    told: list[list[Candidate]] = [[] for _ in found]
    taken: list[Candidate] = []
    before = -1
    while before < len(taken) < POINTS:
        before = len(taken)
        for points, one in zip(told, found, strict=True):
            following = _unheard(one, had, taken, 1) if len(taken) < POINTS else []
            points.extend(following)
            taken.extend(following)
    return told


def _unheard(
    found: Candidates, had: frozenset[str], taken: Sequence[Candidate], count: int
) -> list[Candidate]:
    """The first `count` that the reader has not had and that say nothing of what is `taken`."""
    result: list[Candidate] = []
    told = {mark for candidate in taken for mark in candidate.marks}
    for candidate in found:
        if len(result) == count:
            break
        if candidate.had_by(had) or candidate.had_by(told):
            continue
        if not any(alike(candidate.ranked, other.ranked) for other in taken):
            result.append(candidate)
            told.update(candidate.marks)
    return result


def _marks(taken: Iterable[Candidate]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(mark for candidate in taken for mark in candidate.marks))


def _decisive(candidates: Iterable[Candidate]) -> frozenset[str]:
    return frozenset(mark for candidate in candidates for mark in (*candidate.marks, *candidate.same()))
