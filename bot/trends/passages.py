"""Passages for the reader: the best of each report as results of `/search`, and one opened from its citation."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from bot.library.library import Library
from bot.library.query import Query
from bot.library.search import Search
from bot.models import Edition, Language, Passage, Report

RESULTS = 5
PAGES = 10
_SHOWN = 480


class Result(Struct, frozen=True):
    """A report's best passage."""

    passage_id: str
    text: str
    title: str
    publisher: str
    brief: bool
    report: Report


class Results(Struct, frozen=True):
    """One page of results; `more` means that another page follows."""

    hits: tuple[Result, ...]
    more: bool


def search_results(search: Search, library: Library, query: Query, page: int, language: Language) -> Results:
    """Return page `page` of the results (from 0; at most 10 pages of 5 reports), in the reader's language if possible.

    Empty for an empty query or a page out of range.
    """
    if query.empty or not 0 <= page < PAGES:
        return Results((), more=False)
    with library.snapshot():
        return _results(search, library, query, page, language)


def _results(search: Search, library: Library, query: Query, page: int, language: Language) -> Results:
    best = search.by_report(query, (page + 1) * RESULTS + 1)
    shown = best[page * RESULTS : (page + 1) * RESULTS]
    reports = library.reports(passage.report_id for passage, _ in shown)
    hits = []
    for hit, _ in shown:
        report = reports.get(hit.report_id)
        if report is None:
            continue
        passage = hit if hit.language == language else library.translation(hit, language) or hit
        edition = report.edition(passage.language)
        hits.append(
            Result(
                passage.id, _beginning(passage), edition.shown_title, edition.publisher, edition.brief, report
            )
        )
    return Results(tuple(hits), more=len(best) > (page + 1) * RESULTS and page + 1 < PAGES)


def _beginning(passage: Passage) -> str:
    """Return the first sentences of a passage, short enough for five results in a message; a button opens the whole."""
    shown = passage.sentences[:1]
    for sentence in passage.sentences[1:]:
        if sum(len(s.text) for s in (*shown, sentence)) > _SHOWN:
            break
        shown = (*shown, sentence)
    return replace(passage, sentences=shown).text


class CitedPassage(Struct, frozen=True):
    """A passage between its neighbours, which are None at the ends of an edition.

    `reprints` are the publishers of the other reports of the same text, "" for an unknown one.
    """

    report: Report
    edition: Edition
    passage: Passage
    before: Passage | None
    after: Passage | None
    reprints: tuple[str, ...] = ()

    @property
    def pages(self) -> tuple[int, ...]:
        """The pages of the original that the passage is marked with."""
        return tuple(sorted({page for sentence in self.passage.sentences for page in sentence.pages}))


def cited_passage(library: Library, passage_id: str) -> CitedPassage | None:
    """Return the passage with this id in its context; None when the library no longer has it."""
    with library.snapshot():
        passage = library.passage(passage_id)
        if passage is None:
            return None
        report = library.reports([passage.report_id])[passage.report_id]
        around = [passage.position - 1, passage.position + 1]
        beside = {p.position: p for p in library.passages_at(passage.report_id, passage.language, around)}
        others = library.reports(library.reprints(passage.report_id))
    edition = report.edition(passage.language)
    reprints = tuple(other.edition(passage.language).publisher for other in others.values())
    return CitedPassage(report, edition, passage, beside.get(around[0]), beside.get(around[1]), reprints)
