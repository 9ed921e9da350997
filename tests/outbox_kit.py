"""Messages in an outbox, for tests and benchmarks: each has a number, by which it is found at Telegram."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from bot.messages import Message
from bot.outbox.payload import dump
from bot.playground.server import LocalTelegram
from bot.state.state import State

FIRST_CHAT = 10_000
_NUMBER = re.compile(r"digest (\d+) part (\d+)")


def fill(place: Path | str, numbers: Iterable[int], at: int, parts: int = 1) -> None:
    """Queues digests, each for a private chat of its own, in a data folder or at a database's address."""
    state = State(place / "state.db" if isinstance(place, Path) else place)
    with state.transaction():
        for number in numbers:
            payloads = [dump(Message(f"<b>digest {number} part {part}</b>")) for part in range(parts)]
            state.outbox.put(f"digest-{number}", (FIRST_CHAT + number, 0), payloads, at, silent=True)
    state.close()


def welcome(telegram: LocalTelegram, numbers: Iterable[int]) -> None:
    """The chats are there, and the bot may write to them."""
    for number in numbers:
        telegram.world.chat(FIRST_CHAT + number)


def arrived(telegram: LocalTelegram) -> list[tuple[int, int]]:
    """(digest, part) of every message that Telegram has, in the order of its arrival in its chat."""
    found = []
    for (chat, _), message in telegram.messages.copy().items():  # a list of them is made step by step
        if message["from"]["is_bot"] and (match := _NUMBER.fullmatch(message["text"])):
            assert int(match[1]) == chat - FIRST_CHAT, "a message is in the wrong chat"
            found.append((int(match[1]), int(match[2])))
    return found


def repeated(telegram: LocalTelegram) -> int:
    """How many messages came more often than once, each time counted."""
    return sum(times - 1 for times in Counter(arrived(telegram)).values())
