"""A cited passage with what stands before and after it in its edition."""

from __future__ import annotations

from dataclasses import dataclass

from bot.library.library import Library
from bot.models import Edition, Passage, Report


@dataclass(frozen=True, slots=True)
class CitedPassage:
    """The passage between its neighbours, which are None at an edition's ends."""

    report: Report
    edition: Edition
    passage: Passage
    before: Passage | None
    after: Passage | None

    @property
    def pages(self) -> tuple[int, ...]:
        """Every page of the original that the passage is marked with."""
        return tuple(sorted({page for sentence in self.passage.sentences for page in sentence.pages}))


def cited_passage(library: Library, passage_id: str) -> CitedPassage | None:
    """The passage with this id in its context, None when the library no longer has it."""
    with library.snapshot():
        return _cited(library, passage_id)


def _cited(library: Library, passage_id: str) -> CitedPassage | None:
    passage = library.passage(passage_id)
    if passage is None:
        return None
    report = library.reports([passage.report_id])[passage.report_id]
    around = [passage.position - 1, passage.position + 1]
    near = {p.position: p for p in library.passages_at(passage.report_id, passage.language, around)}
    return CitedPassage(
        report, report.edition(passage.language), passage, near.get(around[0]), near.get(around[1])
    )
