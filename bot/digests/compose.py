"""Composes one digest: the news on its queries, or what comes next in the library. Data only; templates word it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import islice

from msgspec import Struct
from msgspec.structs import replace

from bot.digests.came_due import came_due
from bot.digests.candidate import Candidate, Window
from bot.digests.candidates import CandidatePool, Candidates
from bot.digests.choosing import POINTS, next_news, next_points, next_undelivered, without_publishers
from bot.digests.digest import Digest, Kind, Section, StoryPoint
from bot.digests.events import FURTHER, ToldStory, gather_stories, is_one_event, stands_for
from bot.digests.movement import Movements
from bot.library.glossary import Glossary
from bot.library.library import Library
from bot.library.search import Search
from bot.models import Figure, Language, Topic
from bot.text.segment import Segmenter
from bot.trends.ledger import FigureLedgers, Group
from bot.trends.news_value import without_number
from bot.trends.quotes import Citations, figures_of
from bot.trends.ranking import Ranked

FIGURES = 4
# Statements per query from which further lines and the numbers of the day are taken.
_LOOKED_AT = 16
# Digests kept for the next reader with the same history, some 5 KB each.
_REMEMBERED = 2_000


class DigestRequest(Struct, frozen=True):
    """What a digest is composed from, equal for many readers. `backlog`: use the library when there is no news.

    Nothing from the publishers `without` is used, and at most `points` stories on each query. `ended` are the
    last days of the first and the last month that ended since the reader's last digest; forecasts due then are
    included.
    """

    queries: tuple[str, ...]
    language: Language
    window: Window
    backlog: bool
    without: frozenset[str] = frozenset()
    points: int = POINTS
    ended: tuple[date, date] | None = None


class Composed(Struct, frozen=True):
    """A digest (None: nothing to send) for readers to whom none of the sentences `decisive` was delivered.

    The other fields hold sentence ids: `sentence_ids` those that it delivers, `ahead` those that would come
    next and are worth looking up at the same time.
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

    def new_run(self) -> DigestRun:
        """Return a run that composes digests for many readers at one moment, in one thread."""
        pool = CandidatePool(self._library, self._glossary, self._segmenter, self._search)
        movements = Movements(self._library, self._glossary, self._segmenter)
        return DigestRun(pool, movements, self._library, self._glossary, self._search)


class DigestRun:
    """Composes each digest once, however many readers it is for."""

    def __init__(
        self,
        pool: CandidatePool,
        movements: Movements,
        library: Library,
        glossary: Glossary,
        search: Search,
    ) -> None:
        self.movements = movements
        """What rose and fell, judged once for all readers too."""
        self._pool = pool
        self._library = library
        self._glossary = glossary
        self._search = search
        self._composed: dict[tuple[DigestRequest, frozenset[str], int], Composed] = {}

    def compose(self, request: DigestRequest, delivered: frozenset[str], ahead: int) -> Composed:
        """Return the digest for readers who have had `delivered`, with the ids of `ahead` more candidates per query."""
        key = (request, delivered, ahead)
        if key not in self._composed:
            if len(self._composed) >= _REMEMBERED:
                self._composed.clear()
            with self._library.snapshot():
                self._composed[key] = self._compose(request, delivered, ahead)
        return self._composed[key]

    def _compose(self, request: DigestRequest, delivered: frozenset[str], ahead: int) -> Composed:
        news = (self._pool.news(text, request.window, request.language) for text in request.queries)
        candidates = [without_publishers(of_query, request.without) for of_query in news]
        chosen = next_news(candidates, delivered, request.points)
        if any(chosen):
            return self._with_news(request, candidates, chosen, delivered)
        if not request.backlog:
            return Composed(None, (), frozenset(), frozenset())
        backlog = (self._pool.backlog(text, request.language) for text in request.queries)
        candidates = [without_publishers(of_query, request.without) for of_query in backlog]
        chosen = next_points(candidates, delivered)
        picked = [candidate for points in chosen for candidate in points]
        left = [
            candidate
            for of_query in candidates
            for candidate in next_undelivered(of_query, delivered, picked, 1)
        ]
        delivered_now = delivered.union(_sentence_ids_of(picked))
        # The first id is enough: that of the wording that came in first is always recorded.
        looked = [
            candidate.sentence_ids[0]
            for of_query in candidates
            for candidate in islice((c for c in of_query if delivered_now.isdisjoint(c.sentence_ids)), ahead)
            if candidate.sentence_ids
        ]
        kind: Kind = "library" if picked else "end"
        digest = self._digest(
            kind,
            request,
            [[ToldStory(candidate) for candidate in points] for points in chosen],
            [],
            spent=not left,
            held=any(True for of_query in candidates for _ in islice(of_query, 1)),
        )
        return Composed(digest, _sentence_ids_of(picked), _decisive([*picked, *left]), frozenset(looked))

    def _with_news(
        self,
        request: DigestRequest,
        candidates: Sequence[Candidates],
        chosen: list[list[Candidate]],
        delivered: frozenset[str],
    ) -> Composed:
        picked = [candidate for points in chosen for candidate in points]
        delivered_now = delivered.union(_sentence_ids_of(picked))
        others = {
            candidate.ranked.statement.key: candidate
            for of_query in candidates
            for candidate in islice(of_query, _LOOKED_AT)
            if not candidate.is_among(delivered_now) and not candidate.adds_nothing(delivered)
        }
        stories = gather_stories(picked, list(others.values()), delivered, request.language)
        further = [one for story in stories for one in story.further]
        for one in further:
            del others[one.ranked.statement.key]
        said = [candidate.ranked for candidate in (*picked, *further)]
        with_names = [one for one in others.values() if one.figures_stand_alone(request.language)]
        numbers = _numbers(with_names, said, request.language, delivered)
        with_number = [others[ranked.statement.key] for ranked, _ in numbers]
        picked += [*further, *with_number]
        told = {story.first.ranked.statement.key: story for story in stories}
        digest = self._digest(
            "news",
            request,
            [[told[c.ranked.statement.key] for c in own] for own in chosen],
            numbers,
            due=self._due(request),
        )
        marks = (mark for story in stories for mark in story.marks)
        decisive = _decisive(picked).union(
            *(story.first.ids_told_earlier() for story in stories),
            *(s.marks for s in stories),
            *(one.said_earlier() for one in (*further, *with_number)),
        )
        return Composed(
            digest, tuple(dict.fromkeys((*_sentence_ids_of(picked), *marks))), decisive, frozenset()
        )

    def _digest(
        self,
        kind: Kind,
        request: DigestRequest,
        chosen: Sequence[Sequence[ToldStory]],
        numbers: Sequence[tuple[Ranked, Figure]],
        *,
        due: Sequence[Group] = (),
        spent: bool = False,
        held: bool = True,
    ) -> Digest:
        headings = [self._heading(text) for text in request.queries]
        cite = Citations(request.language)
        sections = []
        for text, heading, stories in zip(request.queries, headings, chosen, strict=True):
            sections.append(Section(text, heading, tuple(_point(cite, story) for story in stories)))
        figures = tuple(cite.figure(ranked.statement, figure) for ranked, figure in numbers)
        statements = [one.ranked.statement for own in chosen for story in own for one in story.candidates]
        statements += [ranked.statement for ranked, _ in numbers]
        reports = {statement.report.id: statement.report for statement in statements}
        for entry in (line.entries[0] for group in due for line in group.lines):
            reports[entry.report.id] = entry.report
            cite.cite(entry.passage_id, entry.report.id)
        return Digest(
            kind=kind,
            headings=tuple(headings),
            sections=tuple(section for section in sections if section.points),
            figures=figures,
            citations=tuple(cite.passages),
            sources=cite.sources(reports),
            spent=spent,
            held=held,
            due=tuple(due),
        )

    def _due(self, request: DigestRequest) -> tuple[Group, ...]:
        if request.ended is None:
            return ()
        queries = [self._pool.query(text) for text in request.queries]
        ledgers = FigureLedgers(self._library, self._search)
        return came_due(ledgers, queries, request.language, request.ended, request.without)

    def _heading(self, text: str) -> Topic | str:
        query = self._pool.query(text)
        if query.plain and len(query.topics) == 1:
            return self._glossary.topics[query.topics[0]]
        return query.text


def _point(cite: Citations, story: ToldStory) -> StoryPoint:
    """Return a story as lines of a digest.

    A headline that can stand for the story comes first, followed by its sentences; otherwise its sentence
    leads.
    """
    stands = bool(story.headline) and stands_for(story.headline)
    shown = story.candidates[:FURTHER] if stands else story.candidates
    point, *further = [
        replace(told, text=without_number(told.text))
        for told in (cite.point(one.ranked.statement) for one in shown)
    ]
    told = None
    if stands:
        told, further = point, [point, *further]
        point = replace(point, text=story.headline)
    return StoryPoint(
        point.text,
        point.citation,
        point.pages,
        point.foreign,
        point.language,
        headline="" if stands else story.headline,
        further=tuple(further),
        sources=story.sources,
        update=story.update,
        told=told,
    )


def _numbers(
    candidates: Sequence[Candidate], said: Sequence[Ranked], language: Language, delivered: frozenset[str]
) -> list[tuple[Ranked, Figure]]:
    """Return the numbers of the day, each of another event and none on a matter delivered on an earlier day.

    A story that continues is marked as an update, for which a number has no room.
    """
    by_key = {one.ranked.statement.key: one for one in candidates}
    numbers: list[tuple[Ranked, Figure]] = []
    chosen: list[Candidate] = []
    for ranked, figure in figures_of([one.ranked for one in candidates], said, language, _LOOKED_AT):
        one = by_key[ranked.statement.key]
        if not any(is_one_event(one, other) for other in chosen) and delivered.isdisjoint(one.said_earlier()):
            chosen.append(one)
            numbers.append((ranked, figure))
        if len(numbers) == FIGURES:
            break
    return numbers


def _sentence_ids_of(picked: Iterable[Candidate]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(sentence for candidate in picked for sentence in candidate.sentence_ids))


def _decisive(candidates: Iterable[Candidate]) -> frozenset[str]:
    return frozenset(
        sentence for candidate in candidates for sentence in (*candidate.sentence_ids, *candidate.repeats())
    )
