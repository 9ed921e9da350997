"""The headline of a story: the title closest to the titles of all its reports, in the reader's language."""

from __future__ import annotations

from typing import Final

from bot.library.library import Library
from bot.library.search import Search
from bot.library.story_index import Story
from bot.models import Language
from bot.text.normalise import has_han
from bot.text.stopwords import STOPWORDS
from bot.trends.news_value import is_event
from bot.trends.statements import cosine

_LONGEST: Final = 120
_FEWEST_WORDS: Final = 3


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
