"""What the library holds on what a group spoke of: the evidence lines of a recap. Data only."""

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
# Passages on a topic among which the one to open is picked.
_NEWEST = 40
# What a talk is about is said in one message of ten, or in a line that is quoted and now and then besides.
_MENTIONS, _SHARE, _SHORT_TALK = 2, 0.1, 30


@dataclass(frozen=True, slots=True)
class Known:
    """What the library holds on something the group spoke of: a topic, its reports, and the passage to open.

    `first` and `last` are days of publication, None where no report has one.
    """

    topic: Topic
    reports: int
    first: date | None
    last: date | None
    passage_id: str


class Evidence:
    """Ties talks to one library."""

    def __init__(self, library: Library, glossary: Glossary, segmenter: Segmenter) -> None:
        self._library = library
        self._glossary = glossary
        self._segmenter = segmenter

    def of(
        self,
        told: Sequence[tuple[ChatMessage, AbstractSet[int]]],
        quoted: Iterable[str],
        language: Language,
    ) -> list[Known]:
        """What the library holds on the subjects that are told, the most spoken of first, no topic twice.

        `told` are the messages of the talk with the subjects of each that the recap tells, `quoted` its lines.
        """
        mentions: Counter[str] = Counter()
        messages: Counter[int] = Counter()
        by_subject: Counter[tuple[int, str]] = Counter()
        for message, of in told:
            messages.update(of)
            if of and (topics := self._topics_in(message.text)):
                mentions.update(topics)
                by_subject.update((subject, topic) for subject in of for topic in topics)
        held = self._library.topic_reports()
        much = {t for (s, t), count in by_subject.items() if count >= max(_MENTIONS, _SHARE * messages[s])}
        often = _MENTIONS if len(told) > _SHORT_TALK else 1
        much |= {t for text in quoted for t in self._topics_in(text) if mentions[t] >= often}
        ordered = sorted(much & held.keys(), key=lambda topic: (-mentions[topic], topic))
        evidence = (self._evidence(topic, language) for topic in ordered[:_KNOWN])
        return [known for known in evidence if known is not None]

    def _topics_in(self, text: str) -> set[str]:
        folded = fold(text)
        return {
            mention.topic for mention in self._glossary.find(folded, lambda: self._segmenter.words(folded))
        }

    def _evidence(self, topic: str, language: Language) -> Known | None:
        passages = self._library.passages(self._library.mentioning([topic], _NEWEST)).values()
        if not passages:
            return None

        def opens(indexed: IndexedPassage) -> tuple[bool, float]:
            """The reader's language first, then the passage of which most sentences name the topic."""
            passage = indexed.passage
            named = indexed.mentions[topic] & ((1 << len(passage.sentences)) - 1)
            return passage.language == language, named.bit_count() / len(passage.sentences)

        reports = self._library.topic_days([topic])
        days = sorted(date.fromordinal(day) for _, day in reports if day is not None)
        first, last = (days[0], days[-1]) if days else (None, None)
        return Known(
            self._glossary.topics[topic], len(reports), first, last, max(passages, key=opens).passage.id
        )
