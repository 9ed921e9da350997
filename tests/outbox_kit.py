"""Test kit for the outbox: queues numbered digests and finds them among Telegram's messages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from bot.messages import Message, Place
from bot.outbox.payload import dump
from bot.playground.server import LocalTelegram
from bot.state.state import State

FIRST_CHAT = 10_000
_NUMBER = re.compile(r"digest (\d+) part (\d+)")


def fill(place: Path | str, numbers: Iterable[int], at: int, parts: int = 1) -> None:
    """Queue a digest per number, each for a private chat of its own, in a data folder or a database URL."""
    state = State(place / "state.db" if isinstance(place, Path) else place)
    with state.transaction():
        for number in numbers:
            payloads = [dump(Message(f"<b>digest {number} part {part}</b>")) for part in range(parts)]
            state.outbox.put(f"digest-{number}", Place(FIRST_CHAT + number), payloads, at, silent=True)
    state.close()


def welcome(telegram: LocalTelegram, numbers: Iterable[int]) -> None:
    """Create the chats of these digests, so that the bot may write to them."""
    for number in numbers:
        telegram.world.chat(FIRST_CHAT + number)


def sent_more_than(count: int, telegram: LocalTelegram) -> bool:
    """Return whether the bot has tried to send more than `count` messages."""
    return len(telegram.called("sendMessage")) > count


def arrived(telegram: LocalTelegram) -> list[tuple[int, int]]:
    """Return the (digest, part) of every message at Telegram, in order of arrival within its chat."""
    found = []
    for (chat, _), message in telegram.messages.copy().items():  # Copied, since messages arrive meanwhile.
        if message["from"]["is_bot"] and (match := _NUMBER.fullmatch(message["text"])):
            assert int(match[1]) == chat - FIRST_CHAT, "a message is in the wrong chat"
            found.append((int(match[1]), int(match[2])))
    return found


def repeated(telegram: LocalTelegram) -> int:
    """Return the number of duplicate messages, counting every repetition."""
    return sum(times - 1 for times in Counter(arrived(telegram)).values())
