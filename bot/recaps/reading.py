"""What of a group's talk a recap reads: as much as its budget allows, of that what people wrote to each other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.cleaning.spam import find_spam, find_suspects
from bot.recaps.words import GREETING
from bot.talk import ChatMessage
from bot.text.normalise import fold

REPEATED = 3
"""A text sent this often is spam, whoever sent it; one that is sent twice counts once."""

ALIKE, HURRY_SECONDS = 5, 600
"""Texts that differ in their numbers are spam where one member sends three within ten minutes, or all send five within
an hour; slower ones may be a series that somebody keeps ("price 100", "price 120")."""

_FLOOD_SECONDS = 3_600

_COMMAND = re.compile(r"\s*[/!][A-Za-z_][A-Za-z0-9_]*(?:@\w+)?(?:\s|$)")
_ADDRESS = re.compile(r"https?://\S+|www\.\S+|@\w+", re.IGNORECASE)
_NO_LETTER = re.compile(r"[\W\d_]+")
_DIGITS = re.compile(r"\d+")
_ADVERTS = {"adult-spam", "gambling-spam", "advert-spam"}
_LETTERS = 2
_LONGEST_COURTESY = 60


@dataclass(frozen=True, slots=True)
class Budget:
    """How many characters a recap reads at most: of the talk, and of one message."""

    talk: int
    message: int


LIVE = Budget(talk=200_000, message=1_000)
"""Two seconds of work. 2,000 messages of usual length have 80,000 characters; a few pages push out no others."""

EXPORTED = Budget(talk=1_000_000, message=50_000)
"""Weeks of a busy group or a long meeting; only operators have an exported chat read."""

ENOUGH_MESSAGES = 5
"""A talk of fewer messages is read sooner than its recap."""

_ENDS = re.compile(r"[。！？!?…\n]|\.(?=\s)")


@dataclass(frozen=True, slots=True)
class Reading:
    """The messages that count, in order of time, and how much of the talk they are taken from.

    `read` of `total` messages were looked at, the newest; `cut` says that of some only the beginning was.
    `courtesies` are short ones that only agree, thank or greet, or say what many say: nothing to quote, but an answer.
    """

    messages: list[ChatMessage]
    courtesies: list[ChatMessage]
    read: int
    total: int
    cut: bool


def read_talk(messages: Sequence[ChatMessage], total: int, budget: Budget) -> Reading:
    """Return what a recap may speak of: the newest messages that `budget` holds.

    `total` is how many messages were written, of which `messages` may be the newest.
    """
    room, longest = budget.talk, budget.message
    taken: list[ChatMessage] = []
    for message in sorted(messages, key=_order, reverse=True):
        room -= min(len(message.text), longest)
        if room < 0:
            break
        taken.append(message)
    cut = any(len(message.text) > longest for message in taken)
    texts = [replace(m, text=_beginning(m.text, longest)) if len(m.text) > longest else m for m in taken]
    kept = countable(texts)
    return Reading(kept, _courtesies(texts, kept), len(taken), max(total, len(messages)), cut)


def _beginning(text: str, longest: int) -> str:
    """The sentences of a long text that a recap reads, or what was begun where they do not end."""
    ends = [match.end() for match in _ENDS.finditer(text, 0, longest)]
    return text[: ends[-1] if ends and ends[-1] * 2 > longest else longest]


def countable(messages: Sequence[ChatMessage]) -> list[ChatMessage]:
    """The messages that a recap may speak of, in order of time.

    Left out: bots, commands, courtesies, what holds no two letters (stickers, emoji, numbers) and no link, and what
    is sent again and again or is an advertisement by its words and form.
    """
    alike: dict[str, list[ChatMessage]] = {}
    for message in sorted(messages, key=_order):
        text = message.text
        if message.bot or not text or _COMMAND.match(text):
            continue
        key = _key(text)
        if key:
            alike.setdefault(key, []).append(message)
    kept = [message for same in alike.values() for message in (same if len(same) == 1 else _told(same))]
    return sorted(_without_adverts(kept), key=_order)


def _courtesies(messages: Sequence[ChatMessage], kept: Sequence[ChatMessage]) -> list[ChatMessage]:
    """The short messages of people that are not quoted: +1, 好的, a thumb, or what many say in the same words."""
    quoted = {message.id for message in kept}
    return [
        message
        for message in messages
        if message.id not in quoted
        and not message.bot
        and 0 < len(message.text) <= _LONGEST_COURTESY
        and not _COMMAND.match(message.text)
    ]


def _without_adverts(messages: Sequence[ChatMessage]) -> list[ChatMessage]:
    texts = [" ".join(message.text.split()) for message in messages]
    rules = find_spam(texts, find_suspects(texts))
    # What only stands beside spam, or ends in a pipe, is talk here.
    return [message for index, message in enumerate(messages) if rules.get(index) not in _ADVERTS]


def _order(message: ChatMessage) -> tuple[int, int]:
    return message.at, message.id


def _told(same: Sequence[ChatMessage]) -> list[ChatMessage]:
    """Those of messages with the same letters and links that count, each text once."""
    by_author: dict[int, list[ChatMessage]] = {}
    for message in same:
        by_author.setdefault(message.author_id, []).append(message)
    hurried = any(_burst(own, REPEATED, HURRY_SECONDS) for own in by_author.values())
    if hurried or _burst(same, ALIKE, _FLOOD_SECONDS):
        return []
    by_numbers: dict[str, list[ChatMessage]] = {}
    for message in same:
        by_numbers.setdefault(" ".join(_DIGITS.findall(fold(message.text))), []).append(message)
    return [own[0] for own in by_numbers.values() if len(own) < REPEATED]


def _burst(messages: Sequence[ChatMessage], count: int, seconds: int) -> bool:
    """Whether so many of the messages, which are in order of time, came within so many seconds."""
    return any(b.at - a.at <= seconds for a, b in zip(messages, messages[count - 1 :], strict=False))


def _key(text: str) -> str:
    """What makes a message like another: its letters and links; "" for one that says nothing."""
    folded = fold(text)
    links, plain = "", folded
    if "http" in folded or "www." in folded or "@" in folded:
        links = " ".join(_ADDRESS.findall(folded)) if "http" in folded or "www." in folded else ""
        plain = _ADDRESS.sub(" ", folded)
    if GREETING.fullmatch(_without_signs(plain)):
        plain = ""
    letters = _NO_LETTER.sub("", plain)
    return f"{letters} {links}".strip() if len(letters) >= _LETTERS or links else ""


def _without_signs(text: str) -> str:
    """`text` between its first and last letter or digit."""
    start, end = 0, len(text)
    while start < end and not text[start].isalnum():
        start += 1
    while start < end and not text[end - 1].isalnum():
        end -= 1
    return text[start:end]
