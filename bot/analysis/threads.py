"""Threads of a talk: which message answers which, by reply links, names, time and shared words. Quotes nothing."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict, deque
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from bot.models import ChatMessage
from bot.text.normalise import fold

NEAR_SECONDS = 45 * 60
"""A message that names nobody and shares no word joins what was said this shortly before, at most."""

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
_NAMED = re.compile(r"\s*@?([^\s:,，：]{2,32})[:,，：]?(?:\s|$)")
_AT = re.compile(r"@(\w{2,32})")


Parents = Sequence[int | None]
"""For each message the place of the earlier one it goes on from, None for one that begins a thread."""


def threads_of(parents: Parents) -> list[list[int]]:
    """The places of the messages by thread, oldest first."""
    roots: list[int] = []
    threads: dict[int, list[int]] = defaultdict(list)
    for at, parent in enumerate(parents):
        roots.append(at if parent is None else roots[parent])
        threads[roots[at]].append(at)
    return list(threads.values())


def link(messages: Sequence[ChatMessage], terms: Sequence[AbstractSet[str]]) -> list[int | None]:
    """The parents of `messages`, which are in order of time; `terms` are each one's content words.

    A reply link decides. Else a message joins the one of the last 40 in its forum topic that speaks most for it:
    whom it names, what words they share (by inverse document frequency), who wrote it and how long ago.
    """
    words = _Words(terms)
    names = {fold(message.author): message.author_id for message in messages}
    places = {message.id: at for at, message in enumerate(messages)}
    rooms: dict[int, _Room] = defaultdict(_Room)
    parents: list[int | None] = []
    for at, message in enumerate(messages):
        room = rooms[message.thread_id]
        answered = places.get(message.reply_to) if message.reply_to is not None else None
        if answered is not None and answered < at:
            parents.append(answered)
        else:
            named = _addressees(message.text, names)
            shared = room.shared(at, words)
            near = _nearness(messages, room.last, message)
            best, best_score = None, _THRESHOLD
            for other in sorted(room.candidates(message, named) | shared.keys()):
                score = shared.get(other, 0.0)
                score += _affinity(messages[other], message, named, near if other == room.newest else 0.0)
                if score >= best_score:
                    best, best_score = other, score
            parents.append(best)
        room.add(at, message, words.of[at])
    return parents


class _Words:
    """The content words of each message, with what sharing one says."""

    def __init__(self, terms: Sequence[AbstractSet[str]]) -> None:
        uses = Counter(term for own in terms for term in own)
        self.of = terms
        self.rarity = {term: math.log((1 + len(terms)) / count) for term, count in uses.items()}
        self.weights = [math.sqrt(sum([self.rarity[term] for term in own])) or 1.0 for own in terms]


class _Room:
    """What was said last in one forum topic, or in a group that has none."""

    def __init__(self) -> None:
        self.last: deque[int] = deque(maxlen=_LOOK_BACK)
        self._by_author: dict[int, int] = {}
        self._asking: deque[int] = deque(maxlen=_QUESTIONS)
        self._users: dict[str, deque[int]] = defaultdict(lambda: deque(maxlen=_LOOK_BACK))

    @property
    def newest(self) -> int | None:
        """The place of the last message, None before the first."""
        return self.last[-1] if self.last else None

    def candidates(self, message: ChatMessage, named: set[int]) -> set[int]:
        """The messages that something but shared words can speak for."""
        authors = {message.author_id, *named}
        found = {self._by_author[author] for author in authors if author in self._by_author}
        return {at for at in found.union(self._asking, list(self.last)[-1:]) if at >= self.last[0]}

    def shared(self, at: int, words: _Words) -> dict[int, float]:
        """The earlier messages that share words with the one at `at`, with what that says."""
        found: dict[int, float] = defaultdict(float)
        for term in words.of[at]:
            for other in reversed(self._users[term]):
                if other < self.last[0]:
                    break
                found[other] += words.rarity[term]
        own = words.weights[at]
        said = {other: _SHARED * common / (words.weights[other] * own) for other, common in found.items()}
        return {other: score for other, score in said.items() if score >= _LITTLE}

    def add(self, at: int, message: ChatMessage, terms: AbstractSet[str]) -> None:
        """Takes in the message at `at`."""
        self.last.append(at)
        self._by_author[message.author_id] = at
        if _asks(message):
            self._asking.append(at)
        for term in terms:
            self._users[term].append(at)


def _addressees(text: str, names: dict[str, int]) -> set[int]:
    """The members whom a message names, at its start or behind an @."""
    found = {names[name] for name in map(fold, _AT.findall(text)) if name in names} if "@" in text else set()
    start = _NAMED.match(text)
    if start and (name := fold(start[1])) in names:
        found.add(names[name])
    return found


def _nearness(messages: Sequence[ChatMessage], before: Sequence[int], message: ChatMessage) -> float:
    """What standing next to each other speaks for: much where few people write, little where many do."""
    last = list(before)[-_LAST:]
    lately = {messages[at].author_id for at in last if message.at - messages[at].at < _LATELY}
    return _NEWEST + _QUIET * min(1.0, _FEW / max(1, len(lately))) ** 2


def _affinity(earlier: ChatMessage, message: ChatMessage, named: set[int], near: float) -> float:
    """What speaks for `message` going on from `earlier`, but for their words."""
    gap = message.at - earlier.at
    if gap > NEAR_SECONDS:
        return -_ABSENT
    recency = math.exp(-gap / _FADING)
    score = near * recency
    if named:
        return score + (_ADDRESSED * (0.5 + recency) if earlier.author_id in named else -_ABSENT)
    if earlier.author_id == message.author_id:
        return score + _SAME_AUTHOR * recency
    return score + _ANSWER * recency if _asks(earlier) else score


def _asks(message: ChatMessage) -> bool:
    return message.text.rstrip()[-1:] in {"?", "？"}
