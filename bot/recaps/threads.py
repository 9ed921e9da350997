"""Links each message of a talk to the one it answers, by reply links, names, time and shared words."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict, deque
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import chain

from bot.recaps.phrases import PhraseBook
from bot.talk import ChatMessage
from bot.text.normalise import fold

NEAR_SECONDS = 45 * 60
"""The longest gap in seconds after which a message joins an earlier one without a name or a shared word."""

_LOOK_BACK, _QUESTIONS = 40, 4
_FADING = 430.0
_THRESHOLD = 0.35
_SAME_AUTHOR = 0.5
_ANSWER = 0.15
_ADDRESSED = 2.0
_SHARED = 0.9
_LITTLE = 0.1
_NEWEST = 0.15
_QUIET, _FEW, _LATELY, _LAST = 0.3, 3, 600, 15
_ABSENT = 0.35
_TURNED, _CONTINUED = 0.5, 0.6
_NAMED = re.compile(r"\s*@?([^\s:,，：]{2,32})[:,，：]?(?:\s|$)")
_AT = re.compile(r"@(\w{2,32})")

OPENINGS = PhraseBook("thread_openings.tsv")
"""Beginnings of messages that turn to another subject, or that make sense only as a continuation."""

Parents = Sequence[int | None]
"""For each message the index of the earlier one that it continues, None if it begins a thread."""


def threads_of(parents: Parents) -> list[list[int]]:
    """Return the indices of the messages of each thread, in order; threads by their first message."""
    roots: list[int] = []
    threads: dict[int, list[int]] = defaultdict(list)
    for index, parent in enumerate(parents):
        roots.append(index if parent is None else roots[parent])
        threads[roots[index]].append(index)
    return list(threads.values())


def link(messages: Sequence[ChatMessage], terms: Sequence[AbstractSet[str]]) -> list[int | None]:
    """Return the parents of `messages`, which are in order of time; `terms` are the content words of each.

    A reply link decides. Else a message continues the one among the last 40 of its forum topic with the highest score,
    from the people it names, shared words (by inverse document frequency), author and time; or none, below a threshold.
    """
    words = _Words(terms)
    folded = {author: fold(author) for author in {message.author for message in messages}}
    names = {folded[message.author]: message.author_id for message in messages}
    called = _Called(names)
    places = {message.id: index for index, message in enumerate(messages)}
    rooms: dict[int, _Room] = defaultdict(_Room)
    parents: list[int | None] = []
    for index, message in enumerate(messages):
        room = rooms[message.thread_id]
        answered = places.get(message.reply_to) if message.reply_to is not None else None
        if answered is not None and answered < index:
            parents.append(answered)
        else:
            parents.append(room.parent(index, message, called.by(message.text), words))
        room.add(index, message, words.of[index])
    return parents


def turns_away(text: str) -> bool:
    """Return whether a message says by its beginning that it turns to another subject."""
    return _opens(text, "turns")


def _opens(text: str, kind: str) -> bool:
    opening = OPENINGS.opening(text.lstrip())
    return opening is not None and kind in opening.kinds


class _Words:
    """The content words of each message, with the weight of sharing one."""

    def __init__(self, terms: Sequence[AbstractSet[str]]) -> None:
        uses = Counter(chain.from_iterable(terms))
        self.of = terms
        self.rarity = {term: math.log((1 + len(terms)) / count) for term, count in uses.items()}
        self.weights = [math.sqrt(sum([self.rarity[term] for term in own])) or 1.0 for own in terms]


class _Called:
    """Finds the members whom a message names, at its start or after an @."""

    def __init__(self, names: Mapping[str, int]) -> None:
        self._names = names
        # A cache: many messages begin with the same words.
        self._known: dict[str, int | None] = {}

    def by(self, text: str) -> set[int]:
        """Return the ids of the members whom this text names."""
        written = _AT.findall(text) if "@" in text else []
        if start := _NAMED.match(text):
            written.append(start[1])
        for name in written:
            if name not in self._known:
                self._known[name] = self._names.get(fold(name))
        return {member for name in written if (member := self._known[name]) is not None}


class _Room:
    """The latest messages of one forum topic, or of a group without topics."""

    def __init__(self) -> None:
        self._last: deque[int] = deque(maxlen=_LOOK_BACK)
        self._messages: dict[int, tuple[int, int, bool]] = {}
        self._lately: deque[tuple[int, int]] = deque(maxlen=_LAST)
        self._by_author: dict[int, int] = {}
        self._asking: deque[int] = deque(maxlen=_QUESTIONS)
        self._users: dict[str, list[int]] = defaultdict(list)

    def parent(self, index: int, message: ChatMessage, named: set[int], words: _Words) -> int | None:
        """Return the index of the message that the one at `index` continues, None if no score is high enough."""
        if not self._last:
            return None
        shared = self._shared(index, words)
        newest = self._last[-1]
        best, best_score = None, _THRESHOLD
        turns = _TURNED if turns_away(message.text) else 0.0
        for other in sorted(self._candidates(message, named) | shared.keys()):
            score = shared.get(other, 0.0)
            said, author, asks = self._messages[other]
            # For most candidates only shared words count.
            if named or asks or author == message.author_id or other == newest:
                score += self._affinity(other, message, named)
            elif message.at - said > NEAR_SECONDS:
                score -= _ABSENT
            if other == newest:
                score -= turns
            if score >= best_score:
                best, best_score = other, score
        return best

    def add(self, index: int, message: ChatMessage, terms: AbstractSet[str]) -> None:
        """Add the message at `index`."""
        asks = message.text.rstrip()[-1:] in {"?", "？"}
        self._last.append(index)
        self._messages[index] = (message.at, message.author_id, asks)
        self._lately.append((message.at, message.author_id))
        self._by_author[message.author_id] = index
        if asks:
            self._asking.append(index)
        for term in terms:
            self._users[term].append(index)

    def _candidates(self, message: ChatMessage, named: set[int]) -> set[int]:
        """Return the messages that can score by more than shared words."""
        candidates = {self._by_author.get(author, -1) for author in (message.author_id, *named)}
        candidates.update(self._asking)
        candidates.add(self._last[-1])
        oldest = self._last[0]
        return {index for index in candidates if index >= oldest}

    def _shared(self, index: int, words: _Words) -> dict[int, float]:
        """Return the earlier messages that share words with the one at `index`, with their scores for it."""
        overlaps: dict[int, float] = defaultdict(float)
        oldest = self._last[0]
        for term in words.of[index]:
            users = self._users.get(term)
            if users is None or users[-1] < oldest:
                continue
            rarity = words.rarity[term]
            for other in reversed(users):
                if other < oldest:
                    break
                overlaps[other] += rarity
        weights = words.weights
        scale = _SHARED / weights[index]
        scores = {other: scale * common / weights[other] for other, common in overlaps.items()}
        return {other: score for other, score in scores.items() if score >= _LITTLE}

    def _affinity(self, other: int, message: ChatMessage, named: set[int]) -> float:
        """Return the score for `message` continuing the one at `other`, without shared words."""
        said, author, asks = self._messages[other]
        gap = message.at - said
        if gap > NEAR_SECONDS:
            return -_ABSENT
        recency = math.exp(-gap / _FADING)
        score = self._nearness(message) * recency if other == self._last[-1] else 0.0
        if named:
            return score + (_ADDRESSED * (0.5 + recency) if author in named else -_ABSENT)
        if author == message.author_id:
            return score + _SAME_AUTHOR * recency
        return score + _ANSWER * recency if asks else score

    def _nearness(self, message: ChatMessage) -> float:
        """Return the score for directly following a message: high if few people write, low if many do."""
        since = message.at - _LATELY
        lately = {author for said, author in self._lately if said > since}
        quiet = min(1.0, _FEW / max(1, len(lately)))
        return (
            _NEWEST + _QUIET * quiet**2 + (_CONTINUED * quiet if _opens(message.text, "continues") else 0.0)
        )
