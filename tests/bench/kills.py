"""What kill -9 costs while updates are handled: `python tests/bench/kills.py --kills N --updates M`.

Updates wait at Telegram, the bot is killed at random times, and a last run finishes undisturbed. An update is lost if it
is not marked done, or if its effect or reply is missing. A reply is repeated if the kill came after Telegram took it and
before it was marked: no more than were in flight, which the last figure counts.
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
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parents[1]))

from bot_process import BotProcess, ForkedBot, trendbot

from bot.playground.server import LocalTelegram

GROUPS = 24
QUESTIONS = ("compute", "算力", "large models", "智算中心")


@dataclass(frozen=True, slots=True)
class Figures:
    """The result of a measurement; `busy_kills` counts the kills that left work undone."""

    updates: int
    busy_kills: int
    lost: int
    double_effects: int
    replies: int
    repeated: int
    under_way: int
    seconds: float


@dataclass(slots=True)
class Load:
    """The updates sent to the bot, each from a person of its own, by whom its traces are found."""

    people: dict[int, int] = field(default_factory=dict)
    askers: set[int] = field(default_factory=set)
    choosers: set[int] = field(default_factory=set)

    def queue(self, telegram: LocalTelegram, number: int) -> None:
        """Queue one update of five kinds in turn: two private questions, one in a group, a choice of language, group talk."""
        user, group, kind = 10_000 + number, -1_000 - number % GROUPS, number % 5
        chat, text = user, f"/trend {QUESTIONS[number % len(QUESTIONS)]}"
        if kind >= 3:
            text = "/lang zh" if kind == 3 else "We talk about compute."
        if kind in {2, 4}:
            chat = group
        (self.askers if kind < 3 else self.choosers if kind == 3 else set()).add(user)
        telegram.say(chat, user, text)
        self.people[telegram.last_update] = user


def measure(data: Path, kills: int, updates: int, seed: int) -> Figures:
    """Kill the bot of the data folder `data`, which must have a library, `kills` times, and count."""
    chance, load, started = random.Random(seed), Load(), time.monotonic()  # noqa: S311 - repeatable, not a secret
    # People whose updates each run left undone. A run is numbered by the calls of getMe, which a slow start repeats.
    undone: dict[int, set[int]] = {}
    busy = begun = 0
    with LocalTelegram() as telegram:
        for number in range(updates):
            load.queue(telegram, number)
        for _ in range(kills):
            with ForkedBot(data, telegram) as bot:
                # Mostly while it works, sometimes while it starts.
                if chance.random() < 0.8:
                    bot.listening()
                time.sleep(chance.uniform(0, 0.8))
                bot.end(signal.SIGKILL)
                done = {number for number, state in bot.outcomes().items() if state == "done"}
            unfinished = {load.people[number] for number in load.people.keys() - done}
            busy += bool(unfinished)
            ended = len(telegram.called("getMe"))
            undone |= dict.fromkeys(range(begun + 1, ended + 1), unfinished)
            begun = ended
        with BotProcess(data, telegram) as bot:
            bot.listening()
            while (states := Counter(bot.outcomes().values()))["new"] or states.total() < updates:
                time.sleep(0.05)
            assert bot.end(signal.SIGTERM) == 0, bot.err
            under_way = sum(person in undone.get(run, ()) for run, person in answered(telegram))
            return count(load, bot, telegram, busy, under_way, time.monotonic() - started)


def answered(telegram: LocalTelegram) -> Iterator[tuple[int, int]]:
    """Yield (run, person answered) for each message, in the order of sending."""
    run = 0
    for call in telegram.calls:
        run += call.method == "getMe"
        if call.method == "sendMessage":
            chat, quoted = int(call.parameters["chat_id"]), call.parameters.get("reply_parameters")
            yield run, telegram.messages[chat, quoted["message_id"]]["from"]["id"] if quoted else chat


def count(
    load: Load, bot: BotProcess, telegram: LocalTelegram, busy: int, under_way: int, seconds: float
) -> Figures:
    """Count from the tables and from the messages sent to Telegram."""
    done = {number for number, state in bot.outcomes().items() if state == "done"}
    views = Counter(user for (user,) in bot.rows("SELECT user_id FROM view"))
    chosen = {chat for (chat,) in bot.rows("SELECT chat_id FROM chat WHERE language = 'zh'")}
    replies = Counter(person for _, person in answered(telegram))
    expected = load.askers | load.choosers
    missing = {load.people[number] for number in load.people.keys() - done}
    missing |= (load.askers - views.keys()) | (load.choosers - chosen) | (expected - replies.keys())
    uncalled = (views.keys() - load.askers) | (chosen - load.choosers)
    return Figures(
        updates=len(load.people),
        busy_kills=busy,
        lost=len(missing),
        double_effects=views.total() - len(views) + len(uncalled),
        replies=replies.total(),
        repeated=replies.total() - len(replies) + len(replies.keys() - expected),
        under_way=under_way,
        seconds=seconds,
    )


def main() -> None:
    """Measure once and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--updates", type=int, default=600)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp())
    try:
        trendbot(folder / "data", "search", "compute")
        figures = measure(folder / "data", arguments.kills, arguments.updates, arguments.seed)
    finally:
        shutil.rmtree(folder)
    print(f"{arguments.kills} kills, of which {figures.busy_kills} with work left; {figures.updates} updates")
    print(f"lost {figures.lost}, double effects {figures.double_effects}")
    print(f"{figures.replies} replies, of which repeated {figures.repeated} (under way {figures.under_way})")
    print(f"{figures.seconds:.0f} s")


if __name__ == "__main__":
    main()
