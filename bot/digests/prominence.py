"""How prominent the events of a window are: one in many items comes before one in a single item. Pure.

An item is what is under one heading of a report, or a report without headings, so that a daily of two hundred
items counts like two hundred short reports.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from msgspec.structs import replace

from bot.models import IndexedPassage, Language
from bot.text.stopwords import STOPWORDS
from bot.trends.news_value import is_event
from bot.trends.ranking import ONE_EVENT, Ranked
from bot.trends.statements import cosine

_SEVERAL: Final = 3
"""Items that make a matter news although none says that anything happened; a daily repeats much of its own content."""

_SHARED: Final = 2
_RARE, _FEW = 0.03, 20
"""Two sentences about one event share words that at most this share, or this number, of all sentences have."""


class Prominence:
    """Counts the items of a window about an event, in one language."""

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
        """Return the number of items about the event of a sentence, its own included."""
        words = one.statement.wording_for(self._language).terms - STOPWORDS
        shared = Counter(place for word in words & self._rare.keys() for place in self._rare[word])
        near = (self._said[place] for place, count in shared.items() if count >= _SHARED)
        return len({item for item, other in near if cosine(words, other) >= ONE_EVENT}) or 1

    def weighed(self, news: Sequence[Ranked], compiled: frozenset[str]) -> list[Ranked]:
        """Return the news weighed by the number of items about its event, best first.

        Leaves out what only one or two items describe in a compilation without saying that anything happened;
        `compiled` are the reports that are compilations.
        """
        counted = [(one, self.items(one)) for one in news]
        told = [
            replace(one, weight=one.weight * (1 + math.log2(count)))
            for one, count in counted
            if count >= _SEVERAL or one.statement.report.id not in compiled or self._tells_event(one)
        ]
        return sorted(told, key=lambda one: -one.weight)

    def _tells_event(self, one: Ranked) -> bool:
        return is_event(one.statement.wording_for(self._language).sentence.text)
