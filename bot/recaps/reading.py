"""Selects the messages that a recap reads: the newest within its budget, without commands, noise and spam.

`/recap about …` and `/recap @name` read those on a subject or by a person.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from bot.cleaning.spam import find_spam, find_suspects
from bot.recaps.lines import cut_lines
from bot.recaps.speech_acts import children_of
from bot.recaps.threads import link
from bot.recaps.words import GREETING
from bot.talk import ChatMessage, by_time
from bot.text.normalise import fold
from bot.text.segment import Segmenter

REPEATED = 3
"""A text sent this often, by anybody, is spam; one sent twice counts once."""

ALIKE, HURRY_SECONDS = 5, 600
"""Texts that differ only in numbers are spam if one member sends three within ten minutes, or all together five within
an hour; slower ones may be a series ("price 100", "price 120")."""

_FLOOD_SECONDS = 3_600

_COMMAND = re.compile(r"\s*[/!][A-Za-z_][A-Za-z0-9_]*(?:@\w+)?(?:\s|$)")
_ADDRESS = re.compile(r"https?://\S+|www\.\S+|@\w+", re.IGNORECASE)
_NO_LETTER = re.compile(r"[\W\d_]+")
_DIGITS = re.compile(r"\d+")
_ADVERTS = {"adult-spam", "gambling-spam", "advert-spam"}
_LETTERS = 2
_LONGEST_COURTESY = 60


ENOUGH_MESSAGES = 5
"""The least number of messages for a recap: a shorter talk is quicker to read itself."""

_ENDS = re.compile(r"[。！？!?…\n]|\.(?=\s)")


class Budget(Struct, frozen=True):
    """The most characters that a recap reads: of the talk, and of one message."""

    talk: int
    message: int


LIVE = Budget(talk=200_000, message=1_000)
"""Two seconds of work. 2,000 usual messages have 80,000 characters; a few long ones displace no others."""

EXPORTED = Budget(talk=1_000_000, message=50_000)
"""Weeks of a busy group or a long meeting; only operators can have an exported chat read."""


class Reading(Struct, frozen=True):
    """The messages that count, in order of time, and how much of the talk was read.

    The newest `read` of `total` messages were read; `cut`: some of them only in part.
    `courtesies` are short messages that agree, thank or greet, or repeat others: not quoted, but possible answers.
    """

    messages: list[ChatMessage]
    courtesies: list[ChatMessage]
    read: int
    total: int
    cut: bool


def read_talk(messages: Sequence[ChatMessage], total: int, budget: Budget) -> Reading:
    """Return the messages that a recap may use: the newest within `budget`.

    `total` is the number of messages written, of which `messages` may be only the newest.
    """
    room, longest = budget.talk, budget.message
    taken: list[ChatMessage] = []
    for message in sorted(messages, key=by_time, reverse=True):
        room -= min(len(message.text), longest)
        if room < 0:
            break
        taken.append(message)
    cut = any(len(message.text) > longest for message in taken)
    texts = [replace(m, text=_beginning(m.text, longest)) if len(m.text) > longest else m for m in taken]
    kept = countable(texts)
    return Reading(kept, _courtesies(texts, kept), len(taken), max(total, len(messages)), cut)


def _beginning(text: str, longest: int) -> str:
    """Return a text's whole sentences within `longest` characters, or all these if that is less than half of them."""
    ends = [match.end() for match in _ENDS.finditer(text, 0, longest)]
    return text[: ends[-1] if ends and ends[-1] * 2 > longest else longest]


def countable(messages: Sequence[ChatMessage]) -> list[ChatMessage]:
    """Return the messages that a recap may use, in order of time.

    Leaves out bots, commands, courtesies, texts without two letters or a link (stickers, emoji, numbers), repetitions,
    and advertisements by their words and form.
    """
    alike: dict[str, list[ChatMessage]] = {}
    for message in sorted(messages, key=by_time):
        text = message.text
        if message.bot or not text or _COMMAND.match(text):
            continue
        key = _repetition_key(text)
        if key:
            alike.setdefault(key, []).append(message)
    kept = [
        message for same in alike.values() for message in (same if len(same) == 1 else _without_floods(same))
    ]
    return sorted(_without_adverts(kept), key=by_time)


def _courtesies(messages: Sequence[ChatMessage], kept: Sequence[ChatMessage]) -> list[ChatMessage]:
    """Return people's short messages that are not quoted: +1, 好的, a thumb, or the same words as others."""
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
    # Other rules mark neighbours of spam and lines that end in a pipe; in a talk these are messages like others.
    return [message for index, message in enumerate(messages) if rules.get(index) not in _ADVERTS]


def _without_floods(same: Sequence[ChatMessage]) -> list[ChatMessage]:
    """Return those of messages with equal letters and links that count, each text once; none if they are a flood."""
    by_author: dict[int, list[ChatMessage]] = {}
    for message in same:
        by_author.setdefault(message.author_id, []).append(message)
    hurried = any(_is_burst(own, REPEATED, HURRY_SECONDS) for own in by_author.values())
    if hurried or _is_burst(same, ALIKE, _FLOOD_SECONDS):
        return []
    by_numbers: dict[str, list[ChatMessage]] = {}
    for message in same:
        by_numbers.setdefault(" ".join(_DIGITS.findall(fold(message.text))), []).append(message)
    return [own[0] for own in by_numbers.values() if len(own) < REPEATED]


def _is_burst(messages: Sequence[ChatMessage], count: int, seconds: int) -> bool:
    """Return whether `count` of the messages, which are in order of time, came within `seconds`."""
    return any(b.at - a.at <= seconds for a, b in zip(messages, messages[count - 1 :], strict=False))


def _repetition_key(text: str) -> str:
    """Return the key of equal messages: the letters and links of a text, "" if it says nothing."""
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
    """Return `text` from its first to its last letter or digit."""
    start, end = 0, len(text)
    while start < end and not text[start].isalnum():
        start += 1
    while start < end and not text[end - 1].isalnum():
        end -= 1
    return text[start:end]


def by_person(messages: Sequence[ChatMessage], name: str) -> list[ChatMessage]:
    """Return the messages of people with this name, first name, or name without spaces; forwarded ones left out."""
    wanted = fold(name).lstrip("@")
    squeezed = wanted.replace(" ", "").replace("_", "")
    return [
        message
        for message in messages
        if not message.forwarded_from
        and (own := fold(message.author))
        and (wanted in {own, own.split(" ")[0]} or squeezed == own.replace(" ", "").replace("_", ""))
    ]


def about(messages: Sequence[ChatMessage], names: Sequence[str], segmenter: Segmenter) -> list[ChatMessage]:
    """Return the messages that contain one of `names`, each with the message it answers and its answers, in order.

    `names` are all written forms of the subject, in any language.
    """
    ordered = sorted(messages, key=lambda message: (message.at, message.id))
    wanted = [folded for name in names if (folded := fold(name).strip())]
    terms: list[set[str]] = [set() for _ in ordered]
    for line in cut_lines(ordered, segmenter):
        terms[line.message] |= line.terms
    kept: set[int] = set()
    parents = link(ordered, terms)
    children = children_of(parents)
    for index, message in enumerate(ordered):
        if _contains_name(fold(message.text), wanted):
            parent = parents[index]
            kept.update((index, *children[index], index if parent is None else parent))
    return [ordered[index] for index in sorted(kept)]


def _contains_name(folded: str, wanted: Sequence[str]) -> bool:
    """Return whether a folded text contains one of the names, a Latin one at the beginning of a word."""
    for name in wanted:
        index = folded.find(name)
        while index >= 0:
            before = folded[index - 1 : index]
            if not (name[0].isascii() and before.isascii() and before.isalnum()):
                return True
            index = folded.find(name, index + 1)
    return False
