"""What a digest can say: a statement, its story, and what of both a reader may have been told before.

Computed once for all readers; each question about what was delivered gets the reader's delivered sentences.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from msgspec import Struct

from bot.digests.repeats import Repeat
from bot.library.story_index import Story
from bot.models import Language, Report
from bot.trends.news_value import names_something
from bot.trends.ranking import Ranked
from bot.trends.statements import Statement, sentence_id


class Window(Struct, frozen=True):
    """The reports that are news, and the `later` ones, which do not count as having said it before.

    These came in after the window, which happens only when looking back, or within it although they are old.
    `days` is the length of the window, at least 1.
    """

    reports: frozenset[str]
    later: frozenset[str] = frozenset()
    days: int = 1


class Candidate(Struct, frozen=True, eq=False):
    """A statement that a digest can make, with the ids of the sentences it delivers and a headline, "" if none fits.

    `story` is the story of its report, None if that is alone; `story_sources` are the publishers that tell it.
    `compiled`: its report is a compilation. `tells_title` is false for an item of a compilation that is not
    about its title; such an item is in no story. `window` is the news that it belongs to, None in a backlog.
    """

    ranked: Ranked
    sentence_ids: tuple[str, ...]
    find_repeats: Callable[[Statement], Sequence[Repeat]]
    headline: str = ""
    story: Story | None = None
    story_sources: frozenset[str] = frozenset()
    compiled: bool = False
    tells_title: bool = True
    window: Window | None = None

    @property
    def source(self) -> str:
        """The publisher of its report, or the report's id where none is named."""
        return source_of(self.ranked.statement.report)

    def figures_stand_alone(self, language: Language) -> bool:
        """Return whether the clauses of its figures name what they are about."""
        figures = self.ranked.statement.wording_for(language).sentence.figures
        return all(names_something(figure.clause) for figure in figures)

    def repeats(self) -> frozenset[str]:
        """Return the ids of sentences elsewhere that say the same; searched for at the first call."""
        near = self.find_repeats(self.ranked.statement)
        return frozenset(repeat.sentence_id for repeat in near if repeat.says_the_same)

    def ids_told_earlier(self) -> frozenset[str]:
        """Return the ids under which the same matter or story was delivered before this window."""
        return self.said_earlier() | self._story_earlier()

    def is_update(self, delivered: Collection[str]) -> bool:
        """Return whether it continues a story, or a similar sentence, that was delivered before this window."""
        before = {one.sentence_id for one in self._before() if one.goes_before} | self._story_earlier()
        return not before.isdisjoint(delivered)

    def _story_earlier(self) -> frozenset[str]:
        news = self.window.reports if self.window else frozenset()
        others = self.story.reports if self.story else ()
        return frozenset(story_id(report) for report in others if report not in news)

    def said_earlier(self) -> frozenset[str]:
        """Return the ids of sentences on the same matter from before this window."""
        return frozenset(repeat.sentence_id for repeat in self._before())

    def adds_nothing(self, delivered: Collection[str]) -> bool:
        """Return whether all its names and numbers were already delivered on the same matter before this window."""
        if not delivered or self.window is None:
            return False
        before = [one.lacks for one in self._before() if one.goes_before and one.sentence_id in delivered]
        return bool(before) and not frozenset.intersection(*before)

    def _before(self) -> list[Repeat]:
        """Return the sentences on the same matter from before this window."""
        news = self.window.reports if self.window else frozenset()
        return [one for one in self.find_repeats(self.ranked.statement) if one.report_id not in news]

    def is_among(self, delivered: Collection[str]) -> bool:
        """Return whether the statement, or one that says the same in nearly the same words, is among these sentences."""
        if not delivered:
            return False
        return any(one in delivered for one in self.sentence_ids) or any(
            one in delivered for one in self.repeats()
        )


def source_of(report: Report) -> str:
    """Return the publisher of a report, or the report's id where none is named."""
    return next((edition.publisher for edition in report.editions if edition.publisher), report.id)


def story_id(report: str) -> str:
    """Return the id under which the delivery of a report's event is recorded."""
    return sentence_id(f"story {report}")
