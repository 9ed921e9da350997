"""Selects the messages of a talk on a subject or by a person, for /recap about … and /recap @name."""

from __future__ import annotations

from collections.abc import Sequence

from bot.recaps.lines import cut_lines
from bot.recaps.speech_acts import children_of
from bot.recaps.threads import link
from bot.talk import ChatMessage
from bot.text.normalise import fold
from bot.text.segment import Segmenter


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
