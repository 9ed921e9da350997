"""What of a group's talk counts for a recap: words people wrote to each other. Ranks nothing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from bot.analysis.talk_words import GREETING
from bot.models import ChatMessage
from bot.text.normalise import fold

REPEATED = 3
"""A text sent this often is spam, whoever sent it; one that is sent twice counts once."""

_COMMAND = re.compile(r"\s*[/!][A-Za-z_][A-Za-z0-9_]*(?:@\w+)?(?:\s|$)")
_ADDRESS = re.compile(r"https?://\S+|www\.\S+|@\w+", re.IGNORECASE)
_NO_LETTER = re.compile(r"[\W\d_]+")
_EDGES = re.compile(r"^[\W_]+|[\W_]+$")
_LETTERS = 2
_LONGEST = 4_096


def countable(messages: Sequence[ChatMessage]) -> list[ChatMessage]:
    """The messages that a recap may speak of, in order of time.

    Left out: bots, commands, courtesies, what holds no two letters (stickers, emoji, numbers) and no link, and what
    is sent again and again, whatever its digits and signs.
    """
    found: list[tuple[ChatMessage, str]] = []
    for message in sorted(messages, key=lambda m: (m.at, m.id)):
        text = message.text
        if message.bot or not text or _COMMAND.match(text):
            continue
        key = _key(text[:_LONGEST])
        if key:
            found.append((message, key))
    often = Counter(key for _, key in found)
    kept: list[ChatMessage] = []
    seen: set[str] = set()
    for message, key in found:
        if often[key] < REPEATED and key not in seen:
            seen.add(key)
            kept.append(message)
    return kept


def _key(text: str) -> str:
    """What makes a message the same as another: its letters and links; "" for one that says nothing."""
    folded = fold(text)
    links = " ".join(_ADDRESS.findall(folded)) if "http" in folded or "www." in folded else ""
    plain = _ADDRESS.sub(" ", folded)
    if GREETING.fullmatch(_EDGES.sub("", plain)):
        plain = ""
    letters = _NO_LETTER.sub("", plain)
    return f"{letters} {links}".strip() if len(letters) >= _LETTERS or links else ""
