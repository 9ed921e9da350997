"""What forged requests and kills cost a bot with a webhook: `python tests/bench/webhook.py [--requests N] [--kills N]`.

First requests that Telegram would not send: prints how many updates they brought in, and the longest time to an answer.
Then thirty updates from thirty people before each kill (SIGKILL): prints how many were lost, and how many messages came
twice, as one may after each kill.
"""

from __future__ import annotations

import argparse
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parents[1]))

from bot_process import BotProcess, ForkedBot
from test_webhook import all_answered, forged, free_port, post, variables

from bot.inbound.webhook import secret_of
from bot.playground.server import TOKEN, LocalTelegram

_AT_ONCE = 30
_LONGEST_SECONDS = 120.0


def measure_forged(folder: Path, requests: int) -> None:
    """Send forged and malformed requests, and print what came of them."""
    port, chance = free_port(), random.Random(7)  # noqa: S311  # the same requests each time
    statuses: Counter[int] = Counter()
    longest = 0.0
    with LocalTelegram() as telegram:
        telegram.pass_webhooks_to(f"http://127.0.0.1:{port}")
        with BotProcess(folder / "forged", telegram, **variables(port)) as bot:
            bot.listening()
            for _ in range(requests):
                began = time.monotonic()
                statuses[post(port, *forged(chance, secret_of(TOKEN)))] += 1
                longest = max(longest, time.monotonic() - began)
            updates = len(bot.outcomes())
    answered = ", ".join(f"{status}: {count}" for status, count in sorted(statuses.items()))
    print(f"{requests} forged or malformed requests: {updates} updates, longest {longest:.2f} s ({answered})")


def measure_kills(folder: Path, kills: int) -> None:
    """Kill a bot again and again while people write to it, and print what was lost or repeated."""
    port, chance = free_port(), random.Random(3)  # noqa: S311  # the same kills each time
    people = range(1_000, 1_000 + kills * _AT_ONCE)
    with LocalTelegram() as telegram:
        telegram.pass_webhooks_to(f"http://127.0.0.1:{port}")
        for first in range(0, len(people), _AT_ONCE):
            with ForkedBot(folder / "killed", telegram, **variables(port)) as bot:
                bot.listening()
                for person in people[first : first + _AT_ONCE]:
                    telegram.say(person, person, "/about")
                few = people[first : first + chance.randrange(1, _AT_ONCE)]
                telegram.wait(partial(all_answered, few, telegram), "some answers")
                bot.end(signal.SIGKILL)
        with BotProcess(folder / "killed", telegram, **variables(port)) as bot:
            deadline = time.monotonic() + _LONGEST_SECONDS
            while telegram.world.waiting() or "new" in bot.outcomes().values():
                if time.monotonic() > deadline:
                    break  # What is left counts as lost.
                time.sleep(0.1)
            bot.end(signal.SIGTERM)
        answers = [len(telegram.sent(person)) for person in people]
    repeated = sum(max(0, count - 1) for count in answers)
    print(f"{len(people)} updates, {kills} kills: {answers.count(0)} lost, {repeated} messages repeated")


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--requests", type=int, default=1_000)
    arguments.add_argument("--kills", type=int, default=20)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measure_forged(Path(folder), given.requests)
        measure_kills(Path(folder), given.kills)


if __name__ == "__main__":
    main()
