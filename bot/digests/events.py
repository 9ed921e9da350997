"""Which news of a window are about one event, and the lines, headline and number of sources of each.

The headline is the title closest to the titles of all reports of the event, in the reader's language.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct

from bot.digests.candidate import Candidate, story_id
from bot.digests.repeats import details_of, names_all, pieces_of
from bot.library.library import Library
from bot.library.search import Search
from bot.library.story_index import Story
from bot.models import Language
from bot.text.normalise import has_han
from bot.text.stopwords import STOPWORDS
from bot.trends.news_value import is_event
from bot.trends.ranking import near_duplicates, tell_of_one_event
from bot.trends.statements import cosine, sentence_id

FURTHER: Final = 2
"""Further lines on an event at most."""


_LONGEST: Final = 120

_FEWEST_WORDS: Final = 3


class ToldStory(Struct, frozen=True):
    """What a digest says about an event. `headline` is "" when its first sentence leads.

    `sources` is the number of publishers that report it; `update`: an earlier digest told the reader about it.
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
        """The ids under which the delivery of the story and its headline is recorded."""
        if self.first.tells_title:
            yield story_id(self.first.ranked.statement.report.id)
        if self.headline:
            yield sentence_id(self.headline)


def is_one_event(one: Candidate, other: Candidate) -> bool:
    """Return whether two statements are about one event: by a story of two reports, or by their names or words."""
    reports = one.ranked.statement.report.id, other.ranked.statement.report.id
    if one.story and other.story and one.story.id == other.story.id and reports[0] != reports[1]:
        return True
    return tell_of_one_event(one.ranked, other.ranked) or _have_same_names(one, other)


def _have_same_names(one: Candidate, other: Candidate) -> bool:
    """Return whether one of two statements has all names and numbers of the other, in a language of both."""
    wordings = one.ranked.statement.wordings
    others = other.ranked.statement.wordings
    texts = [
        (wordings[language].sentence.text, others[language].sentence.text)
        for language in wordings
        if language in others
    ]
    return any(names_all(text, own) or names_all(own, text) for text, own in texts)


def is_repeated(one: Candidate, other: Candidate) -> bool:
    """Return whether two statements say the same in nearly the same words."""
    return near_duplicates(one.ranked, other.ranked)


def adds_detail(one: Candidate, told: Sequence[Candidate], language: Language) -> bool:
    """Return whether a statement has a name or number that none of the statements told has.

    One without any, as most sentences wholly in Chinese characters are, adds something if half of its words are new.
    """
    details = details_of(_sentence_of(one, language))
    if details:
        return not details <= frozenset[str]().union(
            *(pieces_of(_sentence_of(other, language)) for other in told)
        )
    words = one.ranked.terms - STOPWORDS
    return 2 * len(words.difference(*(other.ranked.terms for other in told))) >= len(words)


def gather_stories(
    picked: Sequence[Candidate], others: Sequence[Candidate], delivered: frozenset[str], language: Language
) -> list[ToldStory]:
    """Return each picked statement as a story, with those of the others on the same event that add a detail to it."""
    left = list(others)
    stories: list[ToldStory] = []
    titles: set[str] = set()
    for first in picked:
        same = [one for one in left if is_one_event(one, first)]
        left = [one for one in left if one not in same]
        further: list[Candidate] = []
        for one in same:
            if len(further) < FURTHER and adds_detail(one, (first, *further), language):
                further.append(one)
        used = first.headline in titles or sentence_id(first.headline) in delivered
        headline = "" if used else first.headline
        titles.add(headline)
        sources = {one.source for one in (first, *same)} | first.story_sources
        update = first.is_update(delivered)
        stories.append(ToldStory(first, tuple(further), headline, len(sources), update))
    return stories


def _sentence_of(candidate: Candidate, language: Language) -> str:
    return candidate.ranked.statement.wording_for(language).sentence.text


class Headlines:
    """Finds headlines for readers of one language."""

    def __init__(self, library: Library, search: Search, language: Language) -> None:
        self._library = library
        self._search = search
        self._language = language

    def of_story(self, story: Story, news: frozenset[str]) -> str:
        """Return the most central title of a story, the first among equals; "" if none can be a headline.

        Only reports that are news can give it, since the titles of the others were shown before.
        """
        reports = self._library.reports(story.reports)
        editions = {name: reports[name].edition(self._language) for name in story.reports}
        own = {
            name: edition.title
            for name, edition in editions.items()
            if edition.language == self._language and len(edition.title) <= _LONGEST
        }
        words = {title: self._words(title) for title in own.values()}
        central = {
            title: sum(cosine(words[title], words[other]) for other in own.values())
            for name, title in own.items()
            if name in news and len(words[title]) >= _FEWEST_WORDS
        }
        return max(central, key=lambda title: central[title], default="")

    def _words(self, title: str) -> frozenset[str]:
        return frozenset(word for word in self._search.words_of(title) if word not in STOPWORDS)


def stands_for(title: str) -> bool:
    """Return whether a title says what happened, so that it can stand for its story; a name or a label cannot."""
    words = [word for word in title.split() if word[:1].isalpha()]
    small = sum(word[0].islower() for word in words)
    return is_event(title) and (has_han(title) or small >= min(2, len(words)))
