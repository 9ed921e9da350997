"""Finds the library's topics that a group spoke of, for the evidence lines of a recap. Data only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date

from bot.library.glossary import Glossary
from bot.library.library import Library
from bot.models import IndexedPassage, Language, Topic
from bot.talk import ChatMessage
from bot.text.normalise import fold
from bot.text.segment import Segmenter

_KNOWN = 4
# The newest passages on a topic, among which the one to open is picked.
_NEWEST = 40
# A talk is about a topic if one message in ten names it, or a quoted line and now and then another message.
_MENTIONS, _SHARE, _SHORT_TALK = 2, 0.1, 30


@dataclass(frozen=True, slots=True)
class KnownTopic:
    """A topic that the group spoke of, with the number of its reports and the passage to open.

    `first` and `last` are the days of the earliest and latest publication, None if no report is dated.
    """

    topic: Topic
    reports: int
    first: date | None
    last: date | None
    passage_id: str


class EvidenceFinder:
    """Finds evidence for talks in one library."""

    def __init__(self, library: Library, glossary: Glossary, segmenter: Segmenter) -> None:
        self._library = library
        self._glossary = glossary
        self._segmenter = segmenter

    def of(
        self,
        told: Sequence[tuple[ChatMessage, AbstractSet[int]]],
        quoted: Iterable[str],
        language: Language,
    ) -> list[KnownTopic]:
        """Return what the library has on the subjects of a recap: at most four topics, the most mentioned first.

        `told` holds each message of the talk with those of its subjects that the recap has; `quoted` are its lines.
        """
        mentions: Counter[str] = Counter()
        messages: Counter[int] = Counter()
        by_subject: Counter[tuple[int, str]] = Counter()
        for message, of in told:
            messages.update(of)
            if of and (topics := self._topics_in(message.text)):
                mentions.update(topics)
                by_subject.update((subject, topic) for subject in of for topic in topics)
        reports = self._library.topic_reports()
        much = {t for (s, t), count in by_subject.items() if count >= max(_MENTIONS, _SHARE * messages[s])}
        often = _MENTIONS if len(told) > _SHORT_TALK else 1
        much |= {t for text in quoted for t in self._topics_in(text) if mentions[t] >= often}
        ordered = sorted(much & reports.keys(), key=lambda topic: (-mentions[topic], topic))
        evidence = (self._evidence(topic, language) for topic in ordered[:_KNOWN])
        return [known for known in evidence if known is not None]

    def _topics_in(self, text: str) -> set[str]:
        folded = fold(text)
        return {
            mention.topic
            for mention in self._glossary.forms.find(folded, lambda: self._segmenter.words(folded))
        }

    def _evidence(self, topic: str, language: Language) -> KnownTopic | None:
        passages = self._library.passages(self._library.mentioning([topic], _NEWEST)).values()
        if not passages:
            return None

        def opens(indexed: IndexedPassage) -> tuple[bool, float]:
            """Rank a passage: the reader's language first, then the share of sentences that name the topic."""
            passage = indexed.passage
            named = indexed.mentions[topic] & ((1 << len(passage.sentences)) - 1)
            return passage.language == language, named.bit_count() / len(passage.sentences)

        reports = self._library.topic_days([topic])
        days = sorted(date.fromordinal(day) for _, day in reports if day is not None)
        first, last = (days[0], days[-1]) if days else (None, None)
        return KnownTopic(
            self._glossary.topics[topic], len(reports), first, last, max(passages, key=opens).passage.id
        )
