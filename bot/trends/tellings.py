"""How widely the reports of a window mention a term: in which chapters, in which words. rising.py judges the counts.

A compilation covers one event in its summary, in its digest of each forum and in detail, while a chat among a
few people appears in one chapter only. An article is about one thing, so it counts as one chapter more than
such an event fills.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import chain
from typing import Final

from msgspec import Struct

from bot.library.glossary import Glossary
from bot.library.library import Library
from bot.library.salience import any_form
from bot.library.term_counts import DatedEdition
from bot.library.terms import term_of
from bot.trends.rising import Rise, Window
from bot.trends.spelling import is_written_as_name, topic_of

_CHAPTERS_OF_ONE_EVENT: Final = 3
"""Chapters of a compilation that one event can fill although no other report covers it."""
_MANY = 2
"""Multiple of the items a term needs that is too much for a single chat, in however few reports."""
_ENOUGH = 40
"""Passages read to see how a term is written and which other terms appear with it."""
_LARGEST_ARTICLE = 20
"""Items of the largest article; a report with more is a compilation."""


class Telling(Struct, frozen=True):
    """How reports mention a term: whether widely, and the rowids and sentences of the passages that were read."""

    is_wide: bool
    passages: frozenset[int]
    sentences: tuple[str, ...]

    def is_same(self, other: Telling) -> bool:
        """Return whether two terms share most of their passages, so that they name one thing."""
        return 2 * len(self.passages & other.passages) > max(len(self.passages), len(other.passages))


class Tellings:
    """Reads how terms are mentioned in the counted editions of a window."""

    def __init__(
        self, library: Library, glossary: Glossary, window: Window, editions: Mapping[int, DatedEdition]
    ) -> None:
        self._library = library
        self._glossary = glossary
        self._window = window
        self._known: dict[str, Telling] = {}
        self._editions = {key: e for key, e in editions.items() if e.day >= window.first.toordinal()}

    def are_news(self, rise: Rise) -> bool:
        """Return whether a rise is widely mentioned and written as a name, which "rate limits" is not."""
        telling = self.telling_of(rise)
        return telling.is_wide and is_written_as_name(rise.term, telling.sentences)

    def are_same(self, rise: Rise, other: Rise) -> bool:
        """Return whether two rises are mostly in the same passages."""
        return self.telling_of(rise).is_same(self.telling_of(other))

    def telling_of(self, rise: Rise) -> Telling:
        """Return how reports mention the term of a rise, a topic in all its forms; read once, and only as far as
        needed.
        """
        if rise.term not in self._known:
            self._known[rise.term] = self._read(rise)
        return self._known[rise.term]

    def _read(self, rise: Rise) -> Telling:
        topic = topic_of(rise.term, self._glossary)
        passages = self._library.passages_between(
            self._window.first,
            self._window.last,
            self._editions,
            topic.id if topic else None,
            any_form([term_of(rise.term)]),
        )
        chapters: set[tuple[int, str]] = set()
        sentences: dict[int, list[str]] = {}
        for rowid, edition, headings, own in passages:
            chapters.add((edition, headings.partition("\n")[0]))
            sentences[rowid] = own
            if len(sentences) >= _ENOUGH and self._is_wide(chapters, rise.count):
                break
        is_wide = self._is_wide(chapters, rise.count)
        return Telling(is_wide, frozenset(sentences), tuple(chain.from_iterable(sentences.values())))

    def _is_wide(self, chapters: Collection[tuple[int, str]], items: int) -> bool:
        """Return whether the chapters are too many for one event that only a few people discuss.

        `items` are those of the rise; enough of them make it wide in however few reports.
        """
        articles = {edition for edition, _ in chapters if self._editions[edition].items <= _LARGEST_ARTICLE}
        names = [name for edition, name in chapters if edition not in articles]
        whole = (_CHAPTERS_OF_ONE_EVENT + 1) * len(articles)
        if len({*names}) + whole <= _CHAPTERS_OF_ONE_EVENT:
            return False
        return (
            len(names) + whole > _CHAPTERS_OF_ONE_EVENT * self._window.least_reports
            or items >= _MANY * self._window.least
        )
