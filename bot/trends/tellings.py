"""Where the reports of a window tell a term: in which of their chapters, in which words. Decides nothing about counts.

A compilation tells one event in its summary, in its digest of each forum and in detail; what only a few people talked about
stands in no other chapter. An article is on one thing, so that it counts as one chapter more than such a talk fills.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Final

from bot.library.glossary import Glossary
from bot.library.library import Library
from bot.library.salience import any_form
from bot.library.term_counts import DatedEdition
from bot.library.terms import term_of
from bot.trends.rising import Rise, Window
from bot.trends.spelling import is_written_as_name, topic_of

_RETOLD: Final = 3
"""The chapters of a compilation that one event fills although nobody else tells it."""
_MANY = 2
"""Of the least items that a term must have: so much of it is no single talk, in however few reports."""
_ENOUGH = 40
"""Passages that tell how a term is written, and whether another stands with it."""
_LARGEST_ARTICLE = 20
"""Items; a report of more is a compilation."""


@dataclass(frozen=True, slots=True)
class Telling:
    """How a term is told, by the passages that were read: whether widely, their rowids and their sentences."""

    is_wide: bool
    passages: frozenset[int]
    sentences: tuple[str, ...]

    def is_same(self, other: Telling) -> bool:
        """Whether the passages of two terms are mostly the same: they name one thing."""
        return 2 * len(self.passages & other.passages) > max(len(self.passages), len(other.passages))


class Tellings:
    """Reads where terms stand in the counted editions of a window."""

    def __init__(
        self, library: Library, glossary: Glossary, window: Window, editions: Mapping[int, DatedEdition]
    ) -> None:
        self._library = library
        self._glossary = glossary
        self._window = window
        self._known: dict[str, Telling] = {}
        self._editions = {key: e for key, e in editions.items() if e.day >= window.first.toordinal()}

    def are_news(self, rise: Rise) -> bool:
        """Whether a rise is told widely, and as a name: rate limits are none."""
        telling = self.of(rise)
        return telling.is_wide and is_written_as_name(rise.term, telling.sentences)

    def are_same(self, rise: Rise, other: Rise) -> bool:
        """Whether two rises are told by mostly the same passages."""
        return self.of(rise).is_same(self.of(other))

    def of(self, rise: Rise) -> Telling:
        """How the term of a rise is told; a topic by all of its forms. Read once, and no further than it takes to tell."""
        if rise.term not in self._known:
            self._known[rise.term] = self._read(rise)
        return self._known[rise.term]

    def _read(self, rise: Rise) -> Telling:
        topic = topic_of(rise.term, self._glossary)
        held = self._library.passages_between(
            self._window.first,
            self._window.last,
            self._editions,
            topic.id if topic else None,
            any_form([term_of(rise.term)]),
        )
        chapters: set[tuple[int, str]] = set()
        sentences: dict[int, list[str]] = {}
        for rowid, edition, headings, own in held:
            chapters.add((edition, headings.partition("\n")[0]))
            sentences[rowid] = own
            if len(sentences) >= _ENOUGH and self._is_wide(chapters, rise.count):
                break
        is_wide = self._is_wide(chapters, rise.count)
        return Telling(is_wide, frozenset(sentences), tuple(chain.from_iterable(sentences.values())))

    def _is_wide(self, chapters: Collection[tuple[int, str]], items: int) -> bool:
        """Whether these are the chapters of more than one talk, retold in as few reports as a rise may have."""
        articles = {edition for edition, _ in chapters if self._editions[edition].items <= _LARGEST_ARTICLE}
        names = [name for edition, name in chapters if edition not in articles]
        whole = (_RETOLD + 1) * len(articles)
        if len({*names}) + whole <= _RETOLD:
            return False
        return (
            len(names) + whole > _RETOLD * self._window.least_reports or items >= _MANY * self._window.least
        )
