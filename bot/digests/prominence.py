"""How prominent the events of a window are: what many of its items tell of goes before what a single one has. Pure.

An item is what stands under one heading of a report, or a report without headings: a daily of two hundred items is as
good as two hundred short reports.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from bot.digests.news_value import is_event
from bot.models import IndexedPassage, Language
from bot.text.stopwords import STOPWORDS
from bot.trends.ranking import Ranked
from bot.trends.statements import cosine, translates

_ONE_EVENT: Final = 0.34
"""The cosine of the telling words of two sentences of a window from which they tell of one event."""

_SEVERAL: Final = 3
"""Items that make a matter news although none says that anything happened; a daily tells much of itself twice."""

_SHARED: Final = 2
_RARE, _FEW = 0.03, 20
"""Two sentences on one event share so many words that at most this part of all sentences has, or so few of them."""


def tell_of_one_event(one: Ranked, other: Ranked) -> bool:
    """Whether two sentences of a window tell of one event."""
    if translates(one.statement, other.statement):
        return True
    return cosine(one.terms - STOPWORDS, other.terms - STOPWORDS) >= _ONE_EVENT


class Prominence:
    """Counts the items of a window that tell of an event, in one language."""

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
        """How many items tell of the event of a sentence, its own among them."""
        words = one.statement.told(self._language).terms - STOPWORDS
        shared = Counter(place for word in words & self._rare.keys() for place in self._rare[word])
        near = (self._said[place] for place, count in shared.items() if count >= _SHARED)
        return len({item for item, other in near if cosine(words, other) >= _ONE_EVENT}) or 1

    def weighed(self, news: Sequence[Ranked], compiled: frozenset[str]) -> list[Ranked]:
        """News weighed by the items that tell of its event, best first.

        What one or two items of a compilation describe without saying that anything happened is left out; `compiled` has
        the compilations among the reports.
        """
        counted = [(one, self.items(one)) for one in news]
        told = [
            replace(one, weight=one.weight * (1 + math.log2(count)))
            for one, count in counted
            if count >= _SEVERAL or one.statement.report.id not in compiled or self._tells_event(one)
        ]
        return sorted(told, key=lambda one: -one.weight)

    def _tells_event(self, one: Ranked) -> bool:
        return is_event(one.statement.told(self._language).sentence.text)
