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

_LOOK_BACK = 40
_FADING = 430.0
_THRESHOLD = 0.35
_SAME_AUTHOR = 0.5
_ANSWER = 0.15
_ADDRESSED = 2.0
_SHARED = 0.9
_NEWEST = 0.15
_QUIET, _FEW, _LATELY = 0.3, 3, 600
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
    uses = Counter(term for own in terms for term in own)
    rarity = {term: math.log((1 + len(terms)) / count) for term, count in uses.items()}
    weights = [math.sqrt(sum(rarity[term] for term in own)) or 1.0 for own in terms]
    names = {fold(message.author): message.author_id for message in messages}
    places = {message.id: at for at, message in enumerate(messages)}
    recent: dict[int, deque[int]] = defaultdict(lambda: deque(maxlen=_LOOK_BACK))
    parents: list[int | None] = []
    for at, message in enumerate(messages):
        before = recent[message.thread_id]
        answered = places.get(message.reply_to) if message.reply_to is not None else None
        if answered is not None and answered < at:
            parents.append(answered)
        else:
            named = _addressees(message.text, names)
            best, best_score = None, _THRESHOLD
            next_to = _nearness(messages, before, message)
            for other in before:
                near = next_to if other == before[-1] else 0.0
                score = _affinity(messages[other], message, named, near)
                shared = terms[other] & terms[at]
                if shared:
                    common = sum(rarity[term] for term in shared)
                    score += _SHARED * common / (weights[other] * weights[at])
                if score >= best_score:
                    best, best_score = other, score
            parents.append(best)
        before.append(at)
    return parents


def _addressees(text: str, names: dict[str, int]) -> set[int]:
    """The members whom a message names, at its start or behind an @."""
    found = {names[name] for name in map(fold, _AT.findall(text)) if name in names} if "@" in text else set()
    start = _NAMED.match(text)
    if start and (name := fold(start[1])) in names:
        found.add(names[name])
    return found


def _nearness(messages: Sequence[ChatMessage], before: Sequence[int], message: ChatMessage) -> float:
    """What standing next to each other speaks for: much where few people write, little where many do."""
    lately = {messages[at].author_id for at in before if message.at - messages[at].at < _LATELY}
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
    if earlier.text.rstrip()[-1:] in {"?", "？"}:
        score += _ANSWER * recency
    return score
