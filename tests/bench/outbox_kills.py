"""What a kill costs while digests are sent: `python tests/bench/outbox_kills.py [--kills N] [--terms N]`.

The bot is a real process. Digests of three parts wait in its outbox; it is killed at random times (SIGKILL, so that nothing
is cleaned up) and started again, and a last run finishes undisturbed. A part is lost if it never arrives. With --terms it
is asked to stop instead (SIGTERM), while it also answers questions.
"""

from __future__ import annotations

import argparse
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from outbox_kit import sent_more_than

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parents[1]))

from bot_process import BotProcess, ForkedBot, trendbot
from outbox_kit import arrived, fill, repeated, welcome

from bot.playground.server import LocalTelegram

PARTS = 3
# A run sends a few dozen: the limiter allows 27 a second.
PER_RUN = 16


@dataclass(frozen=True, slots=True)
class Figures:
    """The result of a measurement. `worst` is the largest number of repetitions after one kill."""

    runs: int
    busy: int
    parts: int
    lost: int
    repeated: int
    worst: int
    disordered: int
    slowest: float
    codes: tuple[int, ...]


def measure(data: Path, runs: int, seed: int, how: signal.Signals) -> Figures:
    """End the bot of the data folder `data`, which must have a library, with signal `how` `runs` times, and count."""
    chance, busy, slowest = random.Random(seed), 0, 0.0  # noqa: S311 - repeatable, not a secret
    codes: set[int] = set()
    digests = 0
    came: list[Counter[tuple[int, int]]] = []
    with LocalTelegram() as telegram:
        for _ in range(runs):
            # As many new digests as have been sent, so that there is always work.
            want = PER_RUN + len({number for number, _ in arrived(telegram)})
            welcome(telegram, range(digests, want))
            fill(data, range(digests, want), int(time.time()), PARTS)
            digests = max(digests, want)
            with ForkedBot(data, telegram) as bot:
                if how is signal.SIGTERM:
                    telegram.say(5, 5, "/trend compute")
                if how is signal.SIGTERM or chance.random() < 0.95:
                    # Mostly while it sends, sometimes while it starts.
                    sent = len(telegram.called("sendMessage"))
                    telegram.wait(partial(sent_more_than, sent, telegram), "a message")
                time.sleep(chance.uniform(0, 0.3))
                busy += bool(bot.rows("SELECT 1 FROM outbox WHERE state = 'sending'"))
                started = time.monotonic()
                codes.add(bot.end(how))
                slowest = max(slowest, time.monotonic() - started)
            came.append(Counter(arrived(telegram)))
        with BotProcess(data, telegram) as bot:
            bot.listening()
            while bot.rows("SELECT 1 FROM outbox WHERE state NOT IN ('sent', 'dead') LIMIT 1"):
                time.sleep(0.1)
            assert bot.end(signal.SIGTERM) == 0, bot.err
        came.append(Counter(arrived(telegram)))
        wanted = {(number, part) for number in range(digests) for part in range(PARTS)}
        return Figures(
            runs=runs,
            busy=busy,
            parts=len(wanted),
            lost=len(wanted - set(arrived(telegram))),
            repeated=repeated(telegram),
            worst=_worst(came),
            disordered=_disordered(telegram),
            slowest=slowest,
            codes=tuple(sorted(codes)),
        )


def _worst(came: list[Counter[tuple[int, int]]]) -> int:
    """Return the largest number of messages of one run that were sent again. `came` holds all arrivals after each run."""
    last, again, before = came[-1], [0] * len(came), Counter[tuple[int, int]]()
    for run, now in enumerate(came):
        for message, times in (now - before).items():
            # Of a message that arrived several times, only the last arrival was recorded.
            again[run] += times - (now[message] == last[message])
        before = now
    return max(again)


def _disordered(telegram: LocalTelegram) -> int:
    """Return the number of parts that arrived after a later part of their digest."""
    last: dict[int, int] = {}
    wrong = 0
    for number, part in arrived(telegram):
        wrong += part < last.get(number, 0)
        last[number] = part
    return wrong


def main() -> None:
    """Measure and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=1_000)
    parser.add_argument("--terms", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    how = signal.SIGTERM if arguments.terms else signal.SIGKILL
    folder = Path(tempfile.mkdtemp())
    started = time.monotonic()
    try:
        trendbot(folder / "data", "search", "compute")
        f = measure(folder / "data", arguments.terms or arguments.kills, arguments.seed, how)
    finally:
        shutil.rmtree(folder)
    print(f"{f.runs} times {how.name}, {f.busy} of them with a request under way; {f.parts} messages")
    print(
        f"lost {f.lost}, repeated {f.repeated}, at most {f.worst} after one end, out of order {f.disordered}"
    )
    print(f"exit codes {f.codes}, slowest end {f.slowest:.1f} s; {time.monotonic() - started:.0f} s in all")


if __name__ == "__main__":
    main()
