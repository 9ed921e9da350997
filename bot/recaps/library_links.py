"""Finds what the library adds to a talk: topics the talk is about, each with a passage on the same thing. Data only.

A passage is on the same thing if it names the topic beside a rare word that the group said beside it (Qdrant, G1, 回款), or
beside another topic of theirs if one of the two is a name; on a rare topic (liquid cooling) every passage is. A wide
topic is not linked: that many reports mention costs says nothing about theirs.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from itertools import islice

from msgspec import Struct

from bot.library.full_text import quoted
from bot.library.glossary import Glossary
from bot.library.library import Library
from bot.models import Language, Topic
from bot.talk import ChatMessage
from bot.text.normalise import fold, has_han
from bot.text.segment import Segmenter
from bot.text.stopwords import STOPWORDS

_KNOWN, _CONSIDERED = 4, 8
# The newest passages that contain a word, or a pair of topics, among which the one to open is picked.
_NEWEST = 40
# A word in more than one passage in a thousand is not rare; a topic in more than one in a hundred, and in many, is wide.
_RARE, _RARE_TOPIC, _FEW = 1_000, 5_000, 10
_WIDE, _MANY = 100, 50
_NAME = re.compile(
    r"(?<![.!?:…] )(?<!^)(?<![\w])[A-Z][\w-]+|(?<![\w])(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]+", re.ASCII
)
_LATIN = re.compile(r"[A-Za-z][\w-]+", re.ASCII)
# A talk is about a topic if one message in ten names it, or a quoted line and now and then another message; of a short talk,
# a quoted line is enough for a name or a rare topic.
_MENTIONS, _SHARE, _SHORT_TALK = 2, 0.1, 30


class KnownTopic(Struct, frozen=True):
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
        lines: Iterable[str],
        language: Language,
    ) -> list[KnownTopic]:
        """Return what the library has on the subjects of a recap: at most four topics, the most mentioned first.

        `told` holds each message of the talk with those of its subjects that the recap has; `lines` are those that it quotes.
        """
        mentions: Counter[str] = Counter()
        messages: Counter[int] = Counter()
        by_subject: Counter[tuple[int, str]] = Counter()
        naming: list[tuple[str, set[str]]] = []
        for message, of in told:
            messages.update(of)
            if of and (topics := self._topics_in(message.text)):
                naming.append((message.text, topics))
                mentions.update(topics)
                by_subject.update((subject, topic) for subject in of for topic in topics)
        reports = self._library.topic_reports()
        much = {t for (s, t), count in by_subject.items() if count >= max(_MENTIONS, _SHARE * messages[s])}
        once = {t for t in mentions if len(told) <= _SHORT_TALK and self._tells_by_itself(t)}
        much |= {t for text in lines for t in self._topics_in(text) if t in once or mentions[t] >= _MENTIONS}
        ordered = sorted(
            filter(self._is_narrow, much & reports.keys()), key=lambda topic: (-mentions[topic], topic)
        )
        people = {word for message, _ in told for word in fold(message.author).split()}
        evidence = (self._evidence(topic, naming, people, language) for topic in ordered[:_CONSIDERED])
        return list(islice((known for known in evidence if known is not None), _KNOWN))

    def _topics_in(self, text: str) -> set[str]:
        folded = fold(text)
        return {
            mention.topic
            for mention in self._glossary.forms.find(folded, lambda: self._segmenter.words(folded))
        }

    def _evidence(
        self, topic: str, naming: Sequence[tuple[str, set[str]]], people: AbstractSet[str], language: Language
    ) -> KnownTopic | None:
        """Return the evidence on a topic, given the messages of the talk with the topics that each names."""
        own = [(text, topics) for text, topics in naming if topic in topics]
        words = self._rare_words([text for text, _ in own], topic) - people
        others = {other for _, topics in own for other in topics if self._makes_a_pair(topic, other)}
        rowids = {r for word in words for r in self._library.match_newest(quoted(word), _NEWEST)}
        rowids.update(r for other in others for r in self._library.mentioning([topic, other], _NEWEST))
        said = words | others
        if self._is_rare(topic):
            rowids.update(self._library.mentioning([topic], _NEWEST))
        passages = self._library.passages(rowids)
        shared = {
            rowid: len(said & {*indexed.terms.split(), *indexed.mentions})
            for rowid, indexed in passages.items()
            if indexed.mentions.get(topic, 0) & ((1 << len(indexed.passage.sentences)) - 1)
        }
        if not shared:
            return None

        def opens(rowid: int) -> tuple[bool, int, float]:
            """Rank a passage: the reader's language, how much of the talk it has, how much of it names the topic."""
            passage = passages[rowid].passage
            named = passages[rowid].mentions[topic] & ((1 << len(passage.sentences)) - 1)
            return passage.language == language, shared[rowid], named.bit_count() / len(passage.sentences)

        opened = passages[max(shared, key=opens)].passage.id
        reports = self._library.topic_days([topic])
        days = sorted(date.fromordinal(day) for _, day in reports if day is not None)
        first, last = (days[0], days[-1]) if days else (None, None)
        return KnownTopic(self._glossary.topics[topic], len(reports), first, last, opened)

    def _rare_words(self, texts: Iterable[str], topic: str) -> set[str]:
        """Return the names, and Chinese words, of some messages that few passages have, without those of the topic."""
        said: set[str] = set()
        for text in texts:
            folded = fold(text)
            names = (_LATIN if has_han(text) else _NAME).findall(text)
            said.update(fold(name) for name in names)
            said.update(
                word for word, _, _ in self._segmenter.words(folded) if len(word) > 1 and has_han(word)
            )
        forms = {
            part
            for form in self._glossary.topics[topic].written()
            for part in (fold(form), *fold(form).split())
        }
        counts = self._library.word_counts(said - forms - STOPWORDS)
        most = max(_FEW, self._library.topic_counts().get("", 0) // _RARE)
        return {word for word, count in counts.items() if 0 < count <= most}

    def _makes_a_pair(self, topic: str, other: str) -> bool:
        """Return whether two topics in one passage are on one thing: one is a name, and the other not wide."""
        names = (self._glossary.topics[one].proper for one in (topic, other))
        return topic != other and any(names) and self._is_narrow(other)

    def _is_narrow(self, topic: str) -> bool:
        """Return whether a topic is a name, or in so few passages that one of them says something."""
        passages = self._library.topic_counts()
        most = max(_MANY, passages.get("", 0) // _WIDE)
        return self._glossary.topics[topic].proper or passages.get(topic, 0) <= most

    def _tells_by_itself(self, topic: str) -> bool:
        return self._glossary.topics[topic].proper or self._is_rare(topic)

    def _is_rare(self, topic: str) -> bool:
        passages = self._library.topic_counts()
        return passages.get(topic, 0) <= max(_FEW, passages.get("", 0) // _RARE_TOPIC)
