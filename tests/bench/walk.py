"""How far a reader of the code walks for one thing that the bot does: functions, modules, rooms, and returns.

python tests/bench/walk.py [--checkout DIR]

A running bot is asked for a briefing, takes in a document, sends a digest, keeps a message of a group and makes a
recap. For each, the functions of the bot that were called, in the order of their first call. A room is a package of
`bot/`, or a module that stands beside them; a return is a step into a room that was entered and left before.
`--checkout` walks another checkout, so that two versions can be compared in one run.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from talk_kit import MIXED

FLOWS = ("/trend", "ingest", "a digest", "a captured message", "/recap")
"""What is walked, as the table names it."""

ADMIN, ANN, BO, GROUP = 501, 502, 503, -1_000_501
# What belongs to a flow but is written after its reply has arrived: marks and the ends of deliveries.
_SETTLED_SECONDS = 0.7
# A tick may fall into a flow, so each is walked several times and the shortest walk counts.
_WALKS = 3
_DOCUMENT = """# Compute in Europe

The European Union will spend 20 billion euros on five AI gigafactories by 2027. Each of them is to hold about
100,000 accelerators. Power supply is the tightest limit, says the Commission. Operators expect electricity to make
up 40% of their cost. Training runs will move to regions with cheap energy.
"""


def walked(functions: Iterable[tuple[str, str]]) -> tuple[int, int, int, int]:
    """Counts functions, modules, rooms and returns of (module, function) pairs in the order of their first call."""
    pairs = list(functions)
    rooms = [module.split(".")[0] for module, _ in pairs]
    steps = [room for place, room in enumerate(rooms) if not place or rooms[place - 1] != room]
    return len(pairs), len({module for module, _ in pairs}), len(set(rooms)), len(steps) - len(set(steps))


class Trace:
    """The functions of `package` that every thread of this process calls between `start` and `stop`."""

    def __init__(self, package: Path) -> None:
        self._prefix = f"{package}{os.sep}"
        self._codes: dict[CodeType, None] = {}
        self._on = False

    def install(self) -> None:
        """Must be called before the threads that are to be watched are started."""
        threading.setprofile(self._called)
        sys.setprofile(self._called)

    def _called(self, frame: FrameType, event: str, _argument: object) -> None:
        if self._on and event == "call" and frame.f_code.co_filename.startswith(self._prefix):
            self._codes.setdefault(frame.f_code)

    def start(self) -> None:
        """Forgets what was called before."""
        self._codes.clear()
        self._on = True

    def stop(self) -> list[tuple[str, str]]:
        """The module and the name of each function. Lambdas and comprehensions belong to the function around them."""
        self._on = False
        names: dict[tuple[str, str], None] = {}
        for code in list(self._codes):
            module = code.co_filename.removeprefix(self._prefix).removesuffix(".py").replace(os.sep, ".")
            function = code.co_qualname.partition(".<locals>.<")[0]
            if not function.startswith("<"):
                names.setdefault((module, function))
        return list(names)


def serve(data: Path, url: str) -> None:
    """Runs the bot of this interpreter's path under a trace; commands come by standard input, a line each."""
    import bot

    trace = Trace(Path(bot.__file__).parent)
    trace.install()
    from bot.app import open_app
    from bot.playground.server import TOKEN
    from bot.service import run
    from bot.settings import Settings

    environment = {"TRENDBOT_DATA": str(data), "TRENDBOT_TOKEN": TOKEN, "TRENDBOT_API_URL": url}
    app = open_app(Settings.from_env(environment))
    offset = timedelta()

    def clock() -> datetime:
        return datetime.now(UTC) + offset

    def obey() -> None:
        nonlocal offset
        for line in sys.stdin:
            command, _, value = line.strip().partition(" ")
            answer: object = None
            if command == "start":
                trace.start()
            elif command == "stop":
                answer = trace.stop()
            elif command == "ahead":
                offset += timedelta(seconds=float(value))
            elif command == "ingest":
                trace.start()
                for _ in app.ingest.paths([Path(value)], int(clock().timestamp())):
                    pass
                answer = trace.stop()
            print(json.dumps(answer), flush=True)

    run(
        app,
        clock,
        lambda _name: threading.Thread(target=obey, daemon=True).start() or print("up", flush=True),
    )


class Bot:
    """The traced process of one checkout."""

    def __init__(self, checkout: Path, data: Path, url: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, __file__, "--serve", url, "--data", str(data)],
            env=os.environ | {"PYTHONPATH": str(checkout), "PTB_TIMEDELTA": "1"},
            cwd=checkout,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._read() == "up\n", "The bot did not start."

    def _read(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline()

    def tell(self, command: str) -> Any:
        """Sends a command and gives its answer."""
        assert self._process.stdin
        print(command, file=self._process.stdin, flush=True)
        return json.loads(self._read())

    def traced(self, action: Callable[[], object]) -> list[tuple[str, str]]:
        """What the bot calls while `action` is done and until it has settled, after what came before has."""
        time.sleep(_SETTLED_SECONDS)
        self.tell("start")
        action()
        time.sleep(_SETTLED_SECONDS)
        return [(module, name) for module, name in self.tell("stop")]

    def end(self) -> None:
        """Ends the process."""
        self._process.terminate()
        self._process.wait(30)


def measure(checkout: Path, folder: Path) -> dict[str, list[tuple[str, str]]]:
    """The functions of each of FLOWS, in the order of their first call."""
    from bot.playground.server import LocalTelegram

    document = folder / "compute-in-europe.md"
    document.write_text(_DOCUMENT, "utf-8")
    with LocalTelegram() as telegram:
        bot = Bot(checkout, folder / "data", telegram.url)
        try:
            return _flows(bot, telegram, document)
        finally:
            bot.end()


def _flows(bot: Bot, telegram: Any, document: Path) -> dict[str, list[tuple[str, str]]]:
    def asked(chat: int, user: int, text: str) -> None:
        before = len(telegram.sent(chat))
        telegram.say(chat, user, text)
        telegram.reply(chat, before + 1)

    asked(ANN, ANN, "/trend ai agents")
    flows = {"/trend": bot.traced(lambda: asked(ANN, ANN, "/trend compute"))}
    flows["ingest"] = [(module, name) for module, name in bot.tell(f"ingest {document}")]
    telegram.create_group(GROUP, "Compute Club", ADMIN, kind="supergroup", members=[ANN, BO])
    telegram.add_bot(GROUP, ADMIN, admin=True)
    telegram.reply(GROUP, 1)
    asked(GROUP, ADMIN, "/capture on")
    time.sleep(_SETTLED_SECONDS)
    flows["a captured message"] = bot.traced(
        lambda: telegram.say(GROUP, ANN, "Compute is short again this year.")
    )
    for number, (_, words) in enumerate(line.split(": ", 1) for line in MIXED.split("\n")):
        telegram.say(GROUP, (ANN, BO)[number % 2], words)
    time.sleep(_SETTLED_SECONDS)
    flows["/recap"] = bot.traced(lambda: asked(GROUP, ADMIN, "/recap 100"))
    asked(ANN, ANN, "/subscribe 08:00 compute UTC")
    # The clock moves only when the subscription is written: a slot before it would count as passed.
    time.sleep(_SETTLED_SECONDS)
    now = datetime.now(UTC)
    due = now.replace(hour=8, minute=0, second=5, microsecond=0)
    due += timedelta(days=1) if due <= now else timedelta()

    def ahead() -> None:
        before = len(telegram.sent(ANN))
        bot.tell(f"ahead {(due - now).total_seconds()}")
        telegram.reply(ANN, before + 1)

    flows["a digest"] = bot.traced(ahead)
    return flows


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkout", type=Path, default=Path(__file__).parents[2])
    parser.add_argument("--show", choices=FLOWS, help="list the functions of one flow")
    parser.add_argument("--serve", help=argparse.SUPPRESS)
    parser.add_argument("--data", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve(options.data, options.serve)
        return
    walks = []
    for _ in range(_WALKS):
        with tempfile.TemporaryDirectory() as folder:
            walks.append(measure(options.checkout.resolve(), Path(folder)))
    flows = {name: min((walk[name] for walk in walks), key=len) for name in FLOWS}
    if options.show:
        for module, function in flows[options.show]:
            print(module, function)
        return
    print(f"{'':20}{'functions':>10}{'modules':>10}{'rooms':>10}{'returns':>10}")
    for name in FLOWS:
        print(f"{name:20}" + "".join(f"{count:>10}" for count in walked(flows[name])))


if __name__ == "__main__":
    main()
