"""Selects, among the terms whose counts rise or fall, those that name something worth showing to a reader.

barred    words for when or in what form something is said, and names of sources       never_rising.txt
no name   a version, two letters, or the rest of a name
a word    a topic or dictionary word that is not a name: shown only when it is very frequent
headed    in titles or headings, not only in passing
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from pathlib import Path

from bot.library.document_terms import TOPIC
from bot.library.glossary import Glossary
from bot.library.library import Library
from bot.library.terms import term_of
from bot.models import NAMED_IN_HEAD, NAMED_IN_TITLE
from bot.text.english_chinese import chinese_for, is_chinese_word
from bot.text.normalise import fold, has_han
from bot.text.rule_data import read_words
from bot.trends.rising import Rise
from bot.trends.spelling import topic_of

_NAMES_NOTHING = re.compile(r"[a-z]{1,2}|v?[0-9][0-9.]*[a-z]?|[a-z] .*")
"""A version, two letters, or a term beginning with one letter: VL, v2.5, "b moe" of 238B MoE. "o1" is a name."""
_LEAST_HEADED = 2
"""Reports whose title or headings must name a term; half of its reports are enough too."""
_LEAST_SHARE = 1 / 60
"""Share of a window's items that a word must be in."""
_LEAST_ITEMS = 10
"""Items that a word must be in, however few the window has: one essay repeats most of its words that often."""
_LEAST_RATIO = 3
"""Factor by which a word must exceed its expected count."""


class Newsworthy:
    """Judges terms by one library and its glossary."""

    def __init__(self, library: Library, glossary: Glossary) -> None:
        self._library = library
        self._glossary = glossary

    def named(self, terms: Mapping[int, str], sources: Iterable[str]) -> dict[int, str]:
        """Return the terms, by key, that are not barred and can be a name."""
        barred = never_rising() | {word for source in sources for word in fold(source).split()}
        return {
            key: term
            for key, term in terms.items()
            if barred.isdisjoint(term.split()) and not _NAMES_NOTHING.fullmatch(term)
        }

    def rises(self, rise: Rise, size: int) -> bool:
        """Return whether to show a rise in a window of `size` items."""
        much = rise.count >= max(_LEAST_SHARE * size, _LEAST_ITEMS, _LEAST_RATIO * rise.expected.mean)
        if not much and self._is_word(rise.term):
            return False
        return self.is_headed(rise.term, rise.reports)

    def falls(self, term: str, reports: Collection[str]) -> bool:
        """Return whether to show that a term falls, given the reports of the days before.

        A plain word is shown only if it is a topic.
        """
        return (term.startswith(TOPIC) or not self._is_word(term)) and self.is_headed(term, reports)

    def is_headed(self, term: str, reports: Collection[str]) -> bool:
        """Return whether the titles or headings of at least two of these reports, or of half of them, name the term."""
        topic = topic_of(term, self._glossary)
        topics, spelled = ([topic.id], None) if topic else ([], term_of(term))
        headed = self._library.naming(topics, spelled, NAMED_IN_HEAD | NAMED_IN_TITLE)
        named = len(headed.intersection(reports))
        return named >= _LEAST_HEADED or 0 < len(reports) <= 2 * named

    def words_of(self, term: str) -> frozenset[str]:
        """Return the words of a term, or of all forms of a topic."""
        topic = topic_of(term, self._glossary)
        forms = topic.written() if topic else (term,)
        return frozenset(word for form in forms for word in fold(form).replace("-", " ").split())

    def _is_word(self, term: str) -> bool:
        topic = topic_of(term, self._glossary)
        if topic:
            return not topic.proper
        return is_chinese_word(term) if has_han(term) else " " not in term and bool(chinese_for(term))


@cache
def never_rising() -> frozenset[str]:
    """Return the words for when or in what form something is said."""
    return read_words(Path(__file__).with_name("never_rising.txt"))
