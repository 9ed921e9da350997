"""Digests to a Telegram that answers many with 429: `python tests/bench/flood.py [--digests N] [--share S] [--blocked N]`.

The bot is a real process and time is not scaled, so 5,000 digests take some minutes. Meanwhile a person asks
/trend every two seconds. Two groups get 25 more digests each, above Telegram's 20 messages a minute. --share is the share
of messages answered with 429 (0.3 by default); of the readers, --blocked have blocked the bot.
"""

from __future__ import annotations

import argparse
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parents[1]))

from bot_process import BotProcess, trendbot
from outbox_kit import FIRST_CHAT, arrived, fill, repeated, welcome

from bot.messages import Message, Place
from bot.outbox.payload import dump
from bot.playground.faults import Fault, flood_fault
from bot.playground.record import Call
from bot.playground.server import LocalTelegram
from bot.state.state import State

PERSON = 5
GROUPS, IN_A_GROUP = (-1_001, -1_002), 25
RETRY_AFTER = 3


class Flooded(LocalTelegram):
    """Local Telegram that answers a share of all messages with 429, except those to PERSON."""

    def __init__(self, share: float) -> None:
        super().__init__()
        self._share, self._chance = share, random.Random(1)  # noqa: S311 - repeatable, not a secret

    def _note(self, call: Call) -> Fault | None:
        fault = super()._note(call)
        if fault is None and call.method == "sendMessage" and int(call.parameters["chat_id"]) != PERSON:
            return flood_fault(RETRY_AFTER) if self._chance.random() < self._share else None
        return fault


@dataclass(frozen=True, slots=True)
class Figures:
    """The result of a measurement: counts, and times in seconds."""

    digests: int
    lost: int
    repeated: int
    refused: int
    too_early: int
    in_a_second: int
    in_a_minute: int
    answers: int
    slowest_answer: float
    blocked_tries: int
    seconds: float


def measure(data: Path, digests: int, share: float, blocked: int = 0) -> Figures:
    """Send digests with the bot of the data folder `data`, which must have a library, and count."""
    started, answers = time.monotonic(), list[float]()
    with Flooded(share) as telegram:
        welcome(telegram, range(digests))
        for number in range(blocked):
            telegram.world.chat(FIRST_CHAT + number).blocked = True
        fill(data, range(digests), int(time.time()))
        _fill_groups(data, telegram)
        with BotProcess(data, telegram) as bot:
            bot.listening()
            while bot.rows("SELECT 1 FROM outbox WHERE state NOT IN ('sent', 'dead') LIMIT 1"):
                asked = time.monotonic()
                before = len(telegram.sent(PERSON))
                telegram.say(PERSON, PERSON, "/trend compute")
                telegram.reply(PERSON, before + 1)
                answers.append(time.monotonic() - asked)
                time.sleep(2)
            assert bot.end(signal.SIGTERM) == 0, bot.err
        calls = [call for call in list(telegram.calls) if call.method == "sendMessage"]
        return Figures(
            digests=digests,
            lost=len(set(range(blocked, digests)) - {number for number, _ in arrived(telegram)})
            + sum(IN_A_GROUP - len(telegram.sent(group)) for group in GROUPS),
            repeated=repeated(telegram),
            refused=sum(call.status == 429 for call in calls),
            too_early=_too_early(calls),
            in_a_second=_most((call.at for call in calls), 1.0),
            in_a_minute=max(_most((c.at for c in calls if _chat(c) == group), 60.0) for group in GROUPS),
            answers=len(answers),
            # The first answer does not count: the bot is still loading its dictionaries.
            slowest_answer=max(answers[1:], default=0.0),
            blocked_tries=sum(
                FIRST_CHAT <= _chat(c) < FIRST_CHAT + blocked and c.status == 403 for c in calls
            ),
            seconds=time.monotonic() - started,
        )


def _fill_groups(data: Path, telegram: LocalTelegram) -> None:
    state = State(data / "state.db")
    for group in GROUPS:
        telegram.world.chat(group)
        for number in range(IN_A_GROUP):
            text = dump(Message(f"To the group: {number}"))
            state.outbox.put(f"group{group}-{number}", Place(group), [text], int(time.time()), silent=True)
    state.close()


def _chat(call: Any) -> int:
    return int(call.parameters["chat_id"])


def _too_early(calls: list[Any]) -> int:
    """Return the number of messages sent to a chat within the seconds that a 429 told the bot to wait."""
    by_chat = defaultdict(list)
    for call in calls:
        by_chat[_chat(call)].append(call)
    return sum(
        first.status == 429 and second.at - first.at < RETRY_AFTER
        for found in by_chat.values()
        for first, second in pairwise(found)
    )


def _most(times: Iterable[float], seconds: float) -> int:
    """Return the largest number of `times` within any window of `seconds`."""
    found, most, first = sorted(times), 0, 0
    for last, moment in enumerate(found):
        while found[first] <= moment - seconds:
            first += 1
        most = max(most, last - first + 1)
    return most


def main() -> None:
    """Measure and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--digests", type=int, default=5_000)
    parser.add_argument("--share", type=float, default=0.3)
    parser.add_argument("--blocked", type=int, default=0)
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp())
    try:
        trendbot(folder / "data", "search", "compute")
        f = measure(folder / "data", arguments.digests, arguments.share, arguments.blocked)
    finally:
        shutil.rmtree(folder)
    print(
        f"{f.digests} digests and {len(GROUPS) * IN_A_GROUP} in groups; {f.refused} times 429; {f.seconds:.0f} s"
    )
    print(f"lost {f.lost}, repeated {f.repeated}, sent within a retry_after {f.too_early}")
    print(f"at most {f.in_a_second} in a second, {f.in_a_minute} in a minute in a group")
    print(f"{f.answers} answers to a person meanwhile, the slowest after {f.slowest_answer:.2f} s")
    print(f"{arguments.blocked} chats had blocked the bot: {f.blocked_tries} tries")


if __name__ == "__main__":
    main()
