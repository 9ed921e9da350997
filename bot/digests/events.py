"""Which news of a day tell of one event, and what is told of each: a first line, further lines, sources. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bot.digests.candidates import Candidate, story_id
from bot.digests.prominence import tell_of_one_event
from bot.trends.ranking import alike
from bot.trends.statements import sentence_id

FURTHER: Final = 2
"""Further lines on an event."""


@dataclass(frozen=True, slots=True)
class ToldStory:
    """What a digest tells of an event. `headline` is "" where its first sentence leads.

    `sources` is how many publishers tell of it, `update` whether the reader was told of it in an earlier digest.
    """

    first: Candidate
    further: tuple[Candidate, ...] = ()
    headline: str = ""
    sources: int = 1
    update: bool = False

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """All of its sentences."""
        return (self.first, *self.further)

    @property
    def marks(self) -> Iterator[str]:
        """The ids under which the story and its headline are recorded as told."""
        if self.first.tells_title:
            yield story_id(self.first.ranked.statement.report.id)
        if self.headline:
            yield sentence_id(self.headline)


def is_one_event(one: Candidate, other: Candidate) -> bool:
    """Whether two statements tell of one event."""
    reports = one.ranked.statement.report.id, other.ranked.statement.report.id
    if one.story and other.story and one.story.id == other.story.id and reports[0] != reports[1]:
        return True
    return tell_of_one_event(one.ranked, other.ranked)


def is_repeated(one: Candidate, other: Candidate) -> bool:
    """Whether two statements say the same in nearly the same words."""
    return alike(one.ranked, other.ranked)


def gathered(
    picked: Sequence[Candidate], others: Sequence[Candidate], delivered: frozenset[str]
) -> list[ToldStory]:
    """Each of the statements picked as a story, with those of the others that tell of the same event."""
    left = list(others)
    stories: list[ToldStory] = []
    titles: set[str] = set()
    for first in picked:
        same = [one for one in left if is_one_event(one, first)]
        left = [one for one in left if one not in same]
        further: list[Candidate] = []
        for one in same:
            if len(further) < FURTHER and not any(is_repeated(one, told) for told in (first, *further)):
                further.append(one)
        used = first.headline in titles or sentence_id(first.headline) in delivered
        headline = "" if used else first.headline
        titles.add(headline)
        sources = {one.source for one in (first, *same)} | first.story_sources
        update = first.is_update(delivered)
        stories.append(ToldStory(first, tuple(further), headline, len(sources), update))
    return stories
