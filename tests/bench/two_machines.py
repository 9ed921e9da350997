"""What two bots with one PostgreSQL lose when the one that works is killed: `python tests/bench/two_machines.py`.

Two real processes, each with a data folder of its own, as on two machines. Digests wait in the outbox and people write
all the time. The one that holds the lease is killed (SIGKILL), the other takes over, the dead one starts again; at last both
are left in peace. With --ends it is asked to end instead (SIGTERM), with --stops it is stopped for a while (SIGSTOP,
SIGCONT), with --restarts PostgreSQL ends.
"""

from __future__ import annotations

import argparse
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parents[1]))

import psycopg
from bot_process import LISTENING, BotProcess, trendbot
from outbox_kit import arrived, fill, repeated, welcome
from postgres_kit import Debian

from bot.messages import Message
from bot.outbox.payload import dump
from bot.playground.server import LocalTelegram
from bot.state.state import State

PERSONS = 500_000
_ENDS = {"kill": signal.SIGKILL, "end": signal.SIGTERM}
_PARTS = 2
_STOPPED_SECONDS = 20.0
_AT_ONCE = 200
_GROUPS, _GROUP_PARTS = (-1_001, -1_002), 200
# Each group is asked six times a minute, beside the fifteen messages of its digests.
_GROUP_EVERY = 25


@dataclass(slots=True)
class Figures:
    """The result: what was lost, what came twice, and how long nobody sent after each fault, in seconds."""

    faults: int
    updates: int = 0
    lost_updates: int = 0
    twice_handled: int = 0
    parts: int = 0
    lost_parts: int = 0
    repeated: int = 0
    most_in_a_second: int = 0
    most_in_a_group: int = 0
    silences: list[float] = field(default_factory=list)


class Pair:
    """Two bots on one database, whoever of them works."""

    def __init__(self, url: str, folders: tuple[Path, Path], telegram: LocalTelegram) -> None:
        self.url = url
        self.telegram = telegram
        self.bots = {folder.name: BotProcess(folder, telegram, TRENDBOT_STATE=url) for folder in folders}
        self.digests = 0
        self.persons = 0
        self.told: list[int] = []
        self._quiet = threading.Event()

    @contextmanager
    def running(self) -> Iterator[None]:
        """Both run, and people write, five a second; some of them in groups."""
        talking = threading.Thread(target=self._talk)
        try:
            for bot in self.bots.values():
                bot.__enter__()
            for bot in self.bots.values():
                started(bot)
            talking.start()
            yield
        finally:
            self._quiet.set()
            if talking.ident:
                talking.join()
            for bot in self.bots.values():
                if bot.running:
                    bot.end(signal.SIGKILL)

    def _talk(self) -> None:
        while not self._quiet.wait(0.2):
            person = PERSONS + self.persons
            self.telegram.say(person, person, "/lang zh")
            self.persons += 1
            if self.persons % _GROUP_EVERY == 0:
                self.telegram.say(_GROUPS[self.persons // _GROUP_EVERY % len(_GROUPS)], person, "/help")

    def quiet(self) -> None:
        """Nobody writes any more."""
        self._quiet.set()

    def feed_groups(self) -> None:
        """Long digests wait for groups, which take twenty messages a minute."""
        state = State(self.url)
        for group in _GROUPS:
            self.telegram.world.chat(group)
            parts = [dump(Message(f"for a group, {part}")) for part in range(_GROUP_PARTS)]
            state.outbox.put(f"group{group}", (group, 0), parts, int(time.time()), silent=True)
        state.close()

    def feed(self) -> None:
        """So many digests wait that there is always one to send."""
        wanted = len({number for number, _ in arrived(self.telegram)}) + _AT_ONCE
        welcome(self.telegram, range(self.digests, wanted))
        fill(self.url, range(self.digests, wanted), int(time.time()), _PARTS)
        self.digests = max(self.digests, wanted)

    def leader(self) -> str:
        """The name of the folder whose bot holds the lease; waits until one does."""
        while True:
            with psycopg.connect(self.url) as db:
                row = db.execute(
                    "SELECT owner FROM lease WHERE expires > extract(epoch FROM clock_timestamp())"
                ).fetchone()
            if row:
                return Path(str(row[0])).name
            time.sleep(0.05)

    def sent(self) -> int:
        """How many messages Telegram has had."""
        return len(self.telegram.called("sendMessage"))

    def until_sent(self) -> float:
        """Waits for the next message; the seconds that took."""
        before, began = self.sent(), time.monotonic()
        self.telegram.wait(lambda: self.sent() > before, "a message", 120)
        return time.monotonic() - began


def started(bot: BotProcess) -> None:
    """Waits until a bot is up, however busy the machine is."""
    bot.saying(LISTENING, 300)


def measure(kind: str, faults: int, url: str, folders: tuple[Path, Path], server: Debian) -> Figures:
    """Lets so many faults of a kind ("kill", "end", "stop" or "restart") happen to a pair of bots, and counts."""
    figures = Figures(faults)
    with LocalTelegram() as telegram:
        pair = Pair(url, folders, telegram)
        pair.feed()
        pair.feed_groups()
        with pair.running():
            for number in range(faults):
                pair.feed()
                pair.until_sent()
                figures.silences.append(_fault(kind, pair, server))
                if number % 10 == 9:
                    print(f"{number + 1} times {kind}, {repeated(telegram)} repeated", file=sys.stderr)
            pair.quiet()
            _settle(pair)
        counts = Counter(
            chat
            for (chat, _), message in telegram.messages.copy().items()
            if message["from"]["is_bot"] and chat >= PERSONS
        )
        figures.updates = pair.persons
        figures.lost_updates = sum(PERSONS + number not in counts for number in range(pair.persons))
        figures.twice_handled = sum(times - 1 for times in counts.values())
        wanted = {(number, part) for number in range(pair.digests) for part in range(_PARTS)}
        figures.parts, figures.lost_parts = len(wanted), len(wanted - set(arrived(telegram)))
        figures.repeated = repeated(telegram)
        calls = [call for call in telegram.called("sendMessage") if call.status == HTTPStatus.OK]
        figures.most_in_a_second = most(1.0, [call.at for call in calls])
        figures.most_in_a_group = max(
            most(60.0, [call.at for call in calls if int(call.parameters["chat_id"]) == group])
            for group in _GROUPS
        )
    return figures


def most(seconds: float, times: list[float]) -> int:
    """How many of these times lie within any window of so many seconds, at most."""
    times.sort()
    first = counted = 0
    for last, at in enumerate(times):
        while at - times[first] >= seconds:
            first += 1
        counted = max(counted, last - first + 1)
    return counted


def _fault(kind: str, pair: Pair, server: Debian) -> float:
    """One fault; the seconds until somebody sends again."""
    if kind == "restart":
        server.stop()
        server.start()
        return pair.until_sent()
    name = pair.leader()
    bot = pair.bots[name]
    if kind in _ENDS:
        bot.end(_ENDS[kind])
        seconds = pair.until_sent()
        bot.__enter__()
        started(bot)
        return seconds
    bot.signal(signal.SIGSTOP)
    seconds = pair.until_sent()
    time.sleep(max(0.0, _STOPPED_SECONDS - seconds))
    bot.signal(signal.SIGCONT)
    return seconds


def _settle(pair: Pair) -> None:
    """Waits until all is sent and answered."""
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline:
        with psycopg.connect(pair.url) as db:
            left = db.execute(
                "SELECT (SELECT count(*) FROM outbox WHERE state NOT IN ('sent', 'dead') AND chat_id > 0)"
                " + (SELECT count(*) FROM inbox WHERE state = 'new')"
            ).fetchone()
        if left and not left[0] and not len(pair.telegram.updates):
            return
        time.sleep(0.2)


def main() -> None:
    """Measures and prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--ends", type=int, default=0)
    parser.add_argument("--stops", type=int, default=0)
    parser.add_argument("--restarts", type=int, default=0)
    arguments = parser.parse_args()
    wanted = {
        "kill": arguments.kills,
        "end": arguments.ends,
        "stop": arguments.stops,
        "restart": arguments.restarts,
    }
    if not any(wanted.values()):
        wanted = {"kill": 100, "end": 20, "stop": 5, "restart": 20}
    folder = Path(tempfile.mkdtemp())
    try:
        trendbot(folder / "a", "search", "compute")
        shutil.copytree(folder / "a", folder / "b")
        for kind, faults in wanted.items():
            if not faults:
                continue
            with Debian() as server:
                f = measure(kind, faults, server.url, (folder / "a", folder / "b"), server)
            print(
                f"{faults} times {kind}: updates {f.updates}, lost {f.lost_updates}, answered again {f.twice_handled};"
                f" messages {f.parts}, lost {f.lost_parts}, repeated {f.repeated};"
                f" at most {f.most_in_a_second} a second, {f.most_in_a_group} a minute in a group;"
                f" silence median {median(f.silences):.1f}, longest {max(f.silences):.1f} s"
            )
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
