"""What one digest says: the news on its queries, or what comes next in the library. Data only, no words of its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Literal

from bot.digests.candidates import Candidate, CandidatePool, Candidates, Window
from bot.digests.movement import Movements
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
    """What a digest is made from, equal for many readers. `backlog`: the library is told where there is no news.

    Nothing of the publishers `without` is told.
    """

    queries: tuple[str, ...]
    language: Language
    window: Window
    backlog: bool
    without: frozenset[str] = frozenset()


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
    """A digest (None: nothing to send) for readers to whom none of `decisive` was delivered.

    All are ids of sentences: `sentence_ids` those that it delivers, `ahead` those that would come next, worth looking
    up at the same time.
    """

    digest: Digest | None
    sentence_ids: tuple[str, ...]
    decisive: frozenset[str]
    ahead: frozenset[str]


class DigestBriefer:
    """Makes digests from one library."""

    def __init__(self, library: Library, glossary: Glossary, segmenter: Segmenter, search: Search) -> None:
        self._library = library
        self._glossary = glossary
        self._segmenter = segmenter
        self._search = search

    def movements(self) -> Movements:
        """What rose and fell, for many readers at one moment."""
        return Movements(self._library, self._glossary, self._segmenter, self._search)

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

    def compose(self, wanted: Wanted, delivered: frozenset[str], ahead: int) -> Composed:
        """The digest for readers who have had the sentences `delivered`, with `ahead` candidates a query looked at."""
        key = (wanted, delivered, ahead)
        if key not in self._composed:
            if len(self._composed) >= _REMEMBERED:
                self._composed.clear()
            with self._library.snapshot():
                self._composed[key] = self._compose(wanted, delivered, ahead)
        return self._composed[key]

    def _compose(self, wanted: Wanted, delivered: frozenset[str], ahead: int) -> Composed:
        news = (self._pool.news(text, wanted.window, wanted.language) for text in wanted.queries)
        candidates = [_of_others(of_query, wanted.without) for of_query in news]
        chosen = _news(candidates, delivered)
        if any(chosen):
            return self._with_news(wanted, candidates, chosen, delivered)
        if not wanted.backlog:
            return Composed(None, (), frozenset(), frozenset())
        backlog = (self._pool.backlog(text, wanted.language) for text in wanted.queries)
        candidates = [_of_others(of_query, wanted.without) for of_query in backlog]
        chosen = _next(candidates, delivered)
        picked = [candidate for points in chosen for candidate in points]
        left = [
            candidate for of_query in candidates for candidate in _undelivered(of_query, delivered, picked, 1)
        ]
        delivered_now = delivered.union(_delivers(picked))
        looked = [
            sentence
            for of_query in candidates
            for candidate in islice((c for c in of_query if delivered_now.isdisjoint(c.sentence_ids)), ahead)
            for sentence in candidate.sentence_ids[
                :1
            ]  # that of the wording which came in first is always kept
        ]
        kind: Kind = "library" if picked else "end"
        digest = self._digest(
            kind,
            wanted,
            chosen,
            [],
            spent=not left,
            held=any(True for of_query in candidates for _ in islice(of_query, 1)),
        )
        return Composed(digest, _delivers(picked), _decisive([*picked, *left]), frozenset(looked))

    def _with_news(
        self,
        wanted: Wanted,
        candidates: Sequence[Candidates],
        chosen: list[list[Candidate]],
        delivered: frozenset[str],
    ) -> Composed:
        picked = [candidate for points in chosen for candidate in points]
        delivered_now = delivered.union(_delivers(picked))
        others = {
            candidate.ranked.statement.key: candidate
            for of_query in candidates
            for candidate in islice(of_query, _WITH_FIGURES)
            if not candidate.is_among(delivered_now)
        }
        points = [candidate.ranked for candidate in picked]
        numbers = figures_of([c.ranked for c in others.values()], points, wanted.language, FIGURES)
        picked += [others[ranked.statement.key] for ranked, _ in numbers]
        digest = self._digest("news", wanted, chosen, numbers)
        return Composed(digest, _delivers(picked), _decisive(picked), frozenset())

    def _digest(
        self,
        kind: Kind,
        wanted: Wanted,
        chosen: Sequence[Sequence[Candidate]],
        numbers: Sequence[tuple[Ranked, Figure]],
        *,
        spent: bool = False,
        held: bool = True,
    ) -> Digest:
        headings = [self._heading(text) for text in wanted.queries]
        cite = Citations(wanted.language)
        sections = []
        for text, heading, candidates in zip(wanted.queries, headings, chosen, strict=True):
            points = tuple(
                replace(cite.point(candidate.ranked.statement), headline=candidate.headline)
                for candidate in candidates
            )
            sections.append(Section(text, heading, points))
        figures = tuple(cite.figure(ranked.statement, figure) for ranked, figure in numbers)
        statements = [c.ranked.statement for points in chosen for c in points]
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


def _of_others(candidates: Candidates, without: frozenset[str]) -> Candidates:
    """The candidates that come from none of these publishers."""
    if not without:
        return candidates
    return Candidates(
        candidate
        for candidate in candidates
        if without.isdisjoint(edition.publisher for edition in candidate.ranked.statement.report.editions)
    )


def _news(candidates: Sequence[Candidates], delivered: frozenset[str]) -> list[list[Candidate]]:
    """The news on each query in turn, nothing twice; fewer on each where there are many queries."""
    most = max(1, min(POINTS, _MOST_POINTS // max(1, len(candidates))))
    picked: list[Candidate] = []
    chosen = []
    for of_query in candidates:
        points = _undelivered(of_query, delivered, picked, most)
        picked += points
        chosen.append(points)
    return chosen


def _next(candidates: Sequence[Candidates], delivered: frozenset[str]) -> list[list[Candidate]]:
    """The next points of the library: one on each query in turn, until they are three or none is left."""
    chosen: list[list[Candidate]] = [[] for _ in candidates]
    picked: list[Candidate] = []
    before = -1
    while before < len(picked) < POINTS:
        before = len(picked)
        for points, of_query in zip(chosen, candidates, strict=True):
            following = _undelivered(of_query, delivered, picked, 1) if len(picked) < POINTS else []
            points.extend(following)
            picked.extend(following)
    return chosen


def _undelivered(
    candidates: Candidates, delivered: frozenset[str], picked: Sequence[Candidate], count: int
) -> list[Candidate]:
    """The first `count` that the reader has not had and that say nothing of what is `picked`."""
    result: list[Candidate] = []
    said = {sentence for candidate in picked for sentence in candidate.sentence_ids}
    for candidate in candidates:
        if len(result) == count:
            break
        if candidate.is_among(delivered) or candidate.is_among(said):
            continue
        if not any(alike(candidate.ranked, other.ranked) for other in picked):
            result.append(candidate)
            said.update(candidate.sentence_ids)
    return result


def _delivers(picked: Iterable[Candidate]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(sentence for candidate in picked for sentence in candidate.sentence_ids))


def _decisive(candidates: Iterable[Candidate]) -> frozenset[str]:
    return frozenset(
        sentence for candidate in candidates for sentence in (*candidate.sentence_ids, *candidate.repeats())
    )
