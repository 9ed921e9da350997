"""What two bots with one PostgreSQL lose when the active one fails: `python tests/bench/two_machines.py`.

Two real processes, each with a data folder of its own, as on two machines. The digests of 2,000 readers are due, and people
write all the time: a tenth choose a language, some ask, most talk in groups with capture. The bot that holds the lease is
killed (SIGKILL), the other takes over, and the dead one starts again; at last both run undisturbed. With --ends N it is
asked to stop instead (SIGTERM), with --stops it is paused (SIGSTOP, SIGCONT), with --restarts PostgreSQL restarts.
"""

from __future__ import annotations

import argparse
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parents[1]))

import psycopg
from bot_process import LISTENING, BotProcess, trendbot
from load_kit import CountingTelegram, Outcome, People, Readers, count, prepare_groups
from postgres_kit import Debian

_ENDS = {"kill": signal.SIGKILL, "end": signal.SIGTERM}
_STOPPED_SECONDS = 60.0
# Digests that wait at least, so that there is always one to send.
_FEWEST = 200
_WAITING = """SELECT (SELECT count(*) FROM outbox WHERE state NOT IN ('sent', 'dead') AND chat_id > 0)
    + (SELECT count(*) FROM inbox WHERE state = 'new')
    + (SELECT count(*) FROM subscription WHERE id NOT IN (SELECT subscription_id FROM slot))"""


@dataclass(frozen=True, slots=True)
class Load:
    """Digests due at first, updates per second, and seconds for which a paused bot is paused."""

    digests: int = 2_000
    rate: float = 50.0
    stopped: float = _STOPPED_SECONDS


@dataclass(frozen=True, slots=True)
class Figures:
    """The outcome, the updates per second, and the seconds without a message after each fault."""

    outcome: Outcome
    rate: float
    silences: tuple[float, ...]
    rest: float
    """Seconds after the last update until nothing waits."""


class Pair:
    """Two bots on one database, either of which may be active."""

    def __init__(self, url: str, folders: tuple[Path, Path], telegram: CountingTelegram) -> None:
        self.url = url
        self.telegram = telegram
        self.bots = {folder.name: BotProcess(folder, telegram, TRENDBOT_STATE=url) for folder in folders}

    @contextmanager
    def running(self) -> Iterator[None]:
        """Run both bots until the block ends, then kill them."""
        try:
            for bot in self.bots.values():
                bot.__enter__()
            for bot in self.bots.values():
                started(bot)
            yield
        finally:
            for bot in self.bots.values():
                if bot.running:
                    bot.end(signal.SIGKILL)

    def leader(self) -> str:
        """Wait until a bot holds the lease, and return the name of its data folder."""
        while True:
            with psycopg.connect(self.url) as db:
                row = db.execute(
                    "SELECT owner FROM lease WHERE expires > extract(epoch FROM clock_timestamp())"
                ).fetchone()
            if row:
                return Path(str(row[0])).name
            time.sleep(0.05)

    def waiting(self) -> int:
        """Return the number of messages, updates and digests that wait."""
        with psycopg.connect(self.url) as db:
            row = db.execute(_WAITING).fetchone()
        return int(row[0]) if row else 0

    def until_sent(self) -> float:
        """Wait for the next message and return the seconds that took."""
        before, began = self.telegram.taken, time.monotonic()
        self.telegram.wait(lambda: self.telegram.taken > before, "a message", 120)
        return time.monotonic() - began


def started(bot: BotProcess) -> None:
    """Wait until a bot is up, however busy the machine is."""
    bot.saying(LISTENING, 300)


def measure(
    kind: str, faults: int, url: str, folders: tuple[Path, Path], server: Debian, load: Load = Load()
) -> Figures:
    """Inject `faults` faults of a kind ("kill", "end", "stop" or "restart") into a pair of bots, and count."""
    silences: list[float] = []
    moments: list[float] = []
    with CountingTelegram() as telegram:
        pair = Pair(url, folders, telegram)
        people, readers = People(telegram, load.rate), Readers(url, telegram)
        with pair.running():
            prepare_groups(url, telegram)
            readers.subscribe(load.digests)
            with people.writing():
                for number in range(faults):
                    pair.until_sent()
                    if pair.waiting() < _FEWEST:
                        readers.subscribe(_FEWEST)
                    moment, silence = _fault(kind, pair, server, load)
                    moments.append(moment)
                    silences.append(silence)
                    if number % 5 == 4:
                        print(f"{number + 1} times {kind}, {pair.waiting()} wait", file=sys.stderr)
            rest = _settle(pair)
        outcome = count(url, telegram, people, readers, moments)
    return Figures(outcome, people.said / people.seconds, tuple(silences), rest)


def _fault(kind: str, pair: Pair, server: Debian, load: Load) -> tuple[float, float]:
    """Inject one fault; return its monotonic time, and the seconds until a bot sends again."""
    if kind == "restart":
        moment = time.monotonic()
        server.stop()
        server.start()
        return moment, pair.until_sent()
    bot = pair.bots[pair.leader()]  # Before the clock starts: on a busy machine this takes a while.
    moment = time.monotonic()
    if kind in _ENDS:
        bot.end(_ENDS[kind])
        seconds = pair.until_sent()
        bot.__enter__()
        started(bot)
        return moment, seconds
    bot.signal(signal.SIGSTOP)
    seconds = pair.until_sent()
    time.sleep(max(0.0, load.stopped - seconds))
    bot.signal(signal.SIGCONT)
    return moment, seconds


def _settle(pair: Pair) -> float:
    """Wait until everything is sent and answered, at most ten minutes; return the seconds that took."""
    began = time.monotonic()
    while time.monotonic() < began + 600 and (pair.waiting() or len(pair.telegram.updates)):
        time.sleep(0.2)
    return time.monotonic() - began


def report(kind: str, figures: Figures) -> str:
    """Return the figures in words."""
    found, silences = figures.outcome, figures.silences
    each = Counter(found.repeated.get(number, 0) for number in range(len(silences)))
    after = ", ".join(f"{times} after {each[times]}" for times in sorted(each))
    return (
        f"{len(silences)} times {kind}, {figures.rate:.1f} updates a second, the rest done {figures.rest:.1f} s later:\n"
        f"  updates {found.updates}, lost {found.lost or 0}; digests {found.slots}, slots missed {found.missed}; "
        f"double effects {found.double_effects}\n"
        f"  messages of digests {found.messages}, not sent {found.unsent}; all messages that came again: {after} faults, "
        f"{found.repeated.get(-1, 0)} without one\n"
        f"  at most {found.most_in_a_second} a second, {found.most_in_a_group} a minute in a group; "
        f"silence median {median(silences):.1f}, longest {max(silences):.1f} s"
    )


def main() -> None:
    """Measure and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    for kind in ("kill", "end", "stop", "restart"):
        parser.add_argument(f"--{kind}s", dest=kind, type=int, default=0)
    parser.add_argument("--rate", type=float, default=50.0, help="updates a second")
    parser.add_argument("--digests", type=int, default=2_000)
    arguments = parser.parse_args()
    wanted = {kind: getattr(arguments, kind) for kind in ("kill", "end", "stop", "restart")}
    if not any(wanted.values()):
        wanted = {"kill": 100, "end": 20, "stop": 5, "restart": 20}
    load = Load(arguments.digests, arguments.rate)
    folder = Path(tempfile.mkdtemp())
    try:
        trendbot(folder / "a", "search", "compute")
        shutil.copytree(folder / "a", folder / "b")
        for kind, faults in wanted.items():
            if faults:
                with Debian() as server:
                    figures = measure(kind, faults, server.url, (folder / "a", folder / "b"), server, load)
                print(report(kind, figures))
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
