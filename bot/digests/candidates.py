"""Finds what a digest can say on a query, best first: the news of a window, or the rest of the library.

An event in many items comes before one in a single item. An item is what is under one heading of a report, or a report
without headings, so that a daily of two hundred items counts like two hundred short reports.
Computed once for all readers; nothing here knows what was delivered to any of them.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from msgspec.structs import replace

from bot.digests.candidate import Candidate, Window, source_of
from bot.digests.events import Headlines
from bot.digests.repeats import Repeat, Repeats, pieces_of
from bot.library.glossary import Glossary
from bot.library.library import Library
from bot.library.query import Query, understand
from bot.library.search import Search
from bot.library.stories import is_compilation
from bot.library.story_index import Story
from bot.models import IndexedPassage, Language
from bot.text.segment import Segmenter
from bot.text.stopwords import STOPWORDS
from bot.trends.evidence import EvidenceReader
from bot.trends.news_value import is_event, newsworthy
from bot.trends.ranking import ONE_EVENT, Ranked, choose, doubted_last, rank
from bot.trends.standalone import stands_alone, with_lead
from bot.trends.statements import Statement, cosine, sentence_id, statements

_SEVERAL: Final = 3
"""Items that make a matter news although none says that anything happened; a daily repeats much of its own content."""

_SHARED: Final = 2
_RARE, _FEW = 0.03, 20
"""Two sentences about one event share words that at most this share, or this number, of all sentences have."""


# Most statements of one window on one query.
_NEWS = 16

# Passages that count as one day's news; more of them are a library, of which the newest published count.
_DAY_PASSAGES = 3_000

# Passages that a backlog reads: the newest first, more once a reader has had those.
_DEPTHS = (80, 400, 2_000)

_BLOCK = 48


class Prominence:
    """Counts the items of a window about an event, in one language."""

    def __init__(self, passages: Iterable[IndexedPassage], language: Language) -> None:
        self._language = language
        self._said: list[tuple[tuple[str, str], frozenset[str]]] = []
        holding: defaultdict[str, list[int]] = defaultdict(list)
        for indexed in passages:
            passage = indexed.passage
            if passage.language != language:
                continue
            for line in indexed.terms.split("\n")[: len(passage.sentences)]:
                words = frozenset(line.partition("\t")[0].split()) - STOPWORDS
                for word in words:
                    holding[word].append(len(self._said))
                self._said.append(((passage.report_id, passage.headings), words))
        most = max(_FEW, _RARE * len(self._said))
        self._rare = {word: places for word, places in holding.items() if len(places) <= most}

    def items(self, one: Ranked) -> int:
        """Return the number of items about the event of a sentence, its own included."""
        words = one.statement.wording_for(self._language).terms - STOPWORDS
        shared = Counter(place for word in words & self._rare.keys() for place in self._rare[word])
        near = (self._said[place] for place, count in shared.items() if count >= _SHARED)
        return len({item for item, other in near if cosine(words, other) >= ONE_EVENT}) or 1

    def weighed(self, news: Sequence[Ranked], compiled: frozenset[str]) -> list[Ranked]:
        """Return the news weighed by the number of items about its event, best first.

        Leaves out what only one or two items describe in a compilation without saying that anything happened;
        `compiled` are the reports that are compilations.
        """
        counted = [(one, self.items(one)) for one in news]
        told = [
            replace(one, weight=one.weight * (1 + math.log2(count)))
            for one, count in counted
            if count >= _SEVERAL or one.statement.report.id not in compiled or self._tells_event(one)
        ]
        return sorted(told, key=lambda one: -one.weight)

    def _tells_event(self, one: Ranked) -> bool:
        return is_event(one.statement.wording_for(self._language).sentence.text)


def _has_half_of(ranked: Ranked, title: frozenset[str] | None) -> bool:
    """Return whether a sentence has at least half of a title's words."""
    return title is not None and 2 * len(title & ranked.terms) >= len(title) > 0


def _shares_name(ranked: Ranked, title: str, language: Language) -> bool:
    """Return whether a sentence has one of a title's Latin words or numbers, or the title has none."""
    names = pieces_of(title) - STOPWORDS
    return not names or not names.isdisjoint(pieces_of(ranked.statement.wording_for(language).sentence.text))


class Candidates:
    """Candidates of one query, computed lazily and kept for the next reader."""

    def __init__(self, candidates: Iterator[Candidate]) -> None:
        self._coming = candidates
        self._known: list[Candidate] = []

    def __iter__(self) -> Iterator[Candidate]:
        """Yield all candidates, best first."""
        index = 0
        while True:
            if index == len(self._known):
                following = next(self._coming, None)
                if following is None:
                    return
                self._known.append(following)
            yield self._known[index]
            index += 1


class CandidatePool:
    """The candidates of one run over many readers. Not thread-safe, and not to be kept after the run."""

    def __init__(self, library: Library, glossary: Glossary, segmenter: Segmenter, search: Search) -> None:
        self._library = library
        self._glossary = glossary
        self._segmenter = segmenter
        self._search = search
        self._repeats = Repeats(library)
        self._evidence = EvidenceReader(library, glossary, search)
        self._queries: dict[str, Query] = {}
        self._held: dict[Window, dict[int, IndexedPassage]] = {}
        self._prominences: dict[tuple[Window, Language], Prominence] = {}
        self._lists: dict[object, Candidates] = {}
        self._known_repeats: dict[tuple[str, int, int], tuple[Repeat, ...]] = {}

    def query(self, text: str) -> Query:
        """Return the query of a subscription; any one topic suffices if no passage of the library has all of them."""
        if text not in self._queries:
            query = understand(text, self._glossary, self._segmenter)
            if len(query.topics) > 1 and not query.phrases and not self._search.evidence(query):
                query = replace(query, loose=True)
            self._queries[text] = query
        return self._queries[text]

    def news(self, text: str, window: Window, language: Language) -> Candidates:
        """Return what the window's reports say on the query that no earlier report has said."""
        key = (text, window, language)
        if key not in self._lists:
            self._lists[key] = Candidates(self._news(self.query(text), window, language))
        return self._lists[key]

    def backlog(self, text: str, language: Language) -> Candidates:
        """Return what the library says on the query, each point once."""
        key = (text, language)
        if key not in self._lists:
            self._lists[key] = Candidates(self._backlog(self.query(text), language))
        return self._lists[key]

    def _news(self, query: Query, window: Window, language: Language) -> Iterator[Candidate]:
        query = self._with_narrower(query)
        direct = self._statements(query, self._search.among(query, self._window(window)), language)
        about = self._evidence.of_news(query, {s.report.id: s.report for s in direct}, language)
        stories = self._library.stories_of(s.report.id for s in direct)
        headlines = Headlines(self._library, self._search, language)
        compilations = self._compilations(window)
        told: set[str] = set()
        ranked_news = newsworthy(about.weighed(rank(direct)), language)
        weighed = self._prominence(window, language).weighed(ranked_news, compilations)
        for ranked in choose(doubted_last(weighed), _NEWS):
            repeats = [one for one in self._repeats_of(ranked.statement) if one.says_the_same]
            if all(
                repeat.report_id in window.reports or repeat.report_id in window.later for repeat in repeats
            ):
                report = ranked.statement.report.id
                tells_title = report not in compilations or _has_half_of(ranked, about.titles.get(report))
                story = stories.get(report) if tells_title else None
                headline = about.headline(ranked, language) if tells_title and report not in told else ""
                if tells_title:
                    told.add(report)
                headline = headlines.of_story(story, window.reports) if story else headline
                yield replace(
                    self._candidate(ranked),
                    headline=headline if _shares_name(ranked, headline, language) else "",
                    story=story,
                    story_sources=self._sources(story),
                    compiled=report in compilations,
                    tells_title=tells_title,
                    window=window,
                )

    def _with_narrower(self, query: Query) -> Query:
        """Return the query of one topic with the narrower ones, any of which will do; another query as it is."""
        if not (query.plain and len(query.topics) == 1):
            return query
        topics = self._glossary.with_narrower(query.topics[0])
        return replace(query, topics=topics, typed=(), loose=True) if len(topics) > 1 else query

    def _prominence(self, window: Window, language: Language) -> Prominence:
        if (window, language) not in self._prominences:
            self._prominences[window, language] = Prominence(self._window(window).values(), language)
        return self._prominences[window, language]

    def _compilations(self, window: Window) -> frozenset[str]:
        """Return the reports of a window that are about many things, more than their title says."""
        passages: Counter[tuple[str, str]] = Counter()
        items: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        for indexed in self._window(window).values():
            edition = indexed.passage.report_id, indexed.passage.language
            passages[edition] += 1
            items[edition].add(indexed.passage.headings)
        return frozenset(
            report
            for (report, language), count in passages.items()
            if is_compilation(count, len(items[report, language]))
        )

    def _sources(self, story: Story | None) -> frozenset[str]:
        reports = self._library.reports(story.reports).values() if story else ()
        return frozenset(map(source_of, reports))

    def _backlog(self, query: Query, language: Language) -> Iterator[Candidate]:
        seen: set[tuple[str, int, int]] = set()
        chosen: list[Ranked] = []
        held = -1
        for depth in _DEPTHS:
            passages = {} if query.empty else self._search.evidence(query, depth)
            if len(passages) == held:
                return
            held = len(passages)
            direct = self._statements(query, passages, language)
            new = doubted_last(rank([s for s in direct if s.key not in seen]))
            seen.update(s.key for s in direct)
            for start in range(0, len(new), _BLOCK):
                block = choose(new[start : start + _BLOCK], _BLOCK, chosen)
                chosen.extend(block)
                yield from map(self._candidate, block)

    def _statements(
        self, query: Query, passages: Mapping[int, IndexedPassage], language: Language
    ) -> Sequence[Statement]:
        """Return the sentences on the query itself; those in other languages only if none is in the reader's.

        Otherwise a report and an unmarked translation of it would both be quoted.
        """
        if not passages:
            return ()
        reports = self._library.reports(p.passage.report_id for p in passages.values())
        # If no sentence names all topics, one that names any of them is on the query.
        asked = [query, replace(query, loose=True)] if len(query.topics) > 1 else [query]
        direct: list[Statement] = []
        while asked and not direct:
            direct = [s for s in statements(passages.values(), reports, asked.pop(0), language) if s.direct]
        direct = [s for s in direct if language in s.wordings] or direct
        # A sentence that leans on another counts only if the library says nothing else on the query.
        return [s for s in direct if stands_alone(s.wording_for(language).sentence.text)] or direct

    def _window(self, window: Window) -> dict[int, IndexedPassage]:
        if window not in self._held:
            rowids = self._library.rowids_of(window.reports, _DAY_PASSAGES * window.days)
            self._held[window] = self._library.passages(rowids)
        return self._held[window]

    def _candidate(self, ranked: Ranked) -> Candidate:
        delivers = list(ranked.statement.sentence_ids)
        for wording in ranked.statement.wordings.values():
            delivers += [sentence_id(sentence.text) for sentence in with_lead(wording)[:-1]]
        return Candidate(ranked, tuple(dict.fromkeys(delivers)), self._repeats_of)

    def _repeats_of(self, statement: Statement) -> tuple[Repeat, ...]:
        if statement.key not in self._known_repeats:
            self._known_repeats[statement.key] = self._repeats.repeats_of(statement)
        return self._known_repeats[statement.key]
