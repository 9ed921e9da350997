"""How far a reader of the code walks for one thing that the bot does: functions, modules, rooms, and returns.

python tests/bench/walk.py [--checkout DIR] [--show FLOW]

A running bot answers a request for a briefing, ingests a document, sends a digest, captures a group's message and makes a
recap. For each, the table counts the bot's functions called for it, in the order of their first call, without those that
other threads, tasks and jobs also call while the bot is idle, and without what runs when a module is imported. A room
is a package of `bot/`, or a module beside the packages; a return is a step into a room that was entered and left before. `--checkout` measures another checkout in the
same way and shows both in one table.
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
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

FLOWS = ("/trend", "ingest", "a digest", "a captured message", "/recap")
"""The flows, as the table names them."""

ADMIN, ANN, BO, GROUP = 501, 502, 503, -1_000_501
_IDLE_SECONDS = 16.0
"""Long enough for every job of the bot to run, except the daily ones."""
_FIRST_SECONDS = 3.0
"""Time for the jobs that run once after a start, which belong to no flow."""
# Time for what a flow writes after its reply has arrived: marks and the ends of deliveries.
_SETTLED_SECONDS = 0.7
# Replies come in one step or in two, so each flow is walked several times and the shortest walk counts.
_WALKS = 2
_DOCUMENT = """# Compute in Europe

The European Union will spend 20 billion euros on five AI gigafactories by 2027. Each of them is to hold about
100,000 accelerators. Power supply is the tightest limit, says the Commission. Operators expect electricity to make
up 40% of their cost. Training runs will move to regions with cheap energy.
"""


Function = tuple[str, str]
"""(module, function)."""
Call = tuple[int, Function, Function]
"""(id of an activation, its function, a function called in it)."""


def walked(functions: Iterable[Function]) -> tuple[int, int, int, int]:
    """Return the numbers of functions, modules, rooms and returns in a walk."""
    pairs = list(functions)
    rooms = [module.split(".")[0] for module, _ in pairs]
    steps = [room for place, room in enumerate(rooms) if not place or rooms[place - 1] != room]
    return len(pairs), len({module for module, _ in pairs}), len(set(rooms)), len(steps) - len(set(steps))


class Trace:
    """Records what the functions of `package` call between `start` and `stop`, by activation.

    An activation is one run of a function that no function of the package called: the body of a thread, a task or a job.
    Loops already running at `start` are not activations; the functions that they call are.
    """

    def __init__(self, package: Path) -> None:
        self._prefix = f"{package}{os.sep}"
        self._loops: frozenset[int] = frozenset()
        self._calls: dict[tuple[int, CodeType, CodeType], None] = {}
        self._on = False

    def install(self) -> None:
        """Install the profiler; call this before the threads to be watched are started."""
        threading.setprofile(self._called)
        sys.setprofile(self._called)

    def _called(self, frame: FrameType, event: str, _argument: object) -> None:
        if not self._on or event != "call" or not frame.f_code.co_filename.startswith(self._prefix):
            return
        root, caller = frame, frame.f_back
        while caller is not None and id(caller) not in self._loops:
            if caller.f_code.co_filename.startswith(self._prefix):
                if caller.f_code.co_name == "<module>":
                    return  # What an import runs, class bodies among it, is called for no flow.
                root = caller
            caller = caller.f_back
        self._calls.setdefault((id(root), root.f_code, frame.f_code))

    def start(self) -> None:
        """Discard earlier calls and start recording."""
        running: set[int] = set()
        for top in sys._current_frames().values():  # Its documented use.
            frame: FrameType | None = top
            while frame is not None:
                running.add(id(frame))
                frame = frame.f_back
        self._loops = frozenset(running)
        self._calls.clear()
        self._on = True

    def stop(self) -> list[Call]:
        """Stop recording; return each function's first call in each activation, in order."""
        self._on = False
        return [(root, self._name(first), self._name(code)) for root, first, code in list(self._calls)]

    def _name(self, code: CodeType) -> Function:
        """Return (module, function); lambdas and comprehensions belong to the function around them."""
        module = code.co_filename.removeprefix(self._prefix).removesuffix(".py").replace(os.sep, ".")
        return module, code.co_qualname.partition(".<locals>.<")[0]


def of_flow(calls: Iterable[Call], idle: Iterable[Call]) -> list[Function]:
    """Return the functions of a flow in the order of their first call, without activations that also occur when idle.

    Renewing a lease, or a job that finds nothing due, belongs to no flow, whenever it happens.
    """
    at_rest: dict[Function, set[Function]] = defaultdict(set)
    for _, first, function in idle:
        at_rest[first].add(function)
    activations: dict[tuple[int, Function], list[Function]] = defaultdict(list)
    calls = list(calls)
    for root, first, function in calls:
        activations[root, first].append(function)
    busy = {key for key, functions in activations.items() if not at_rest[key[1]].issuperset(functions)}
    functions = dict.fromkeys(function for root, first, function in calls if (root, first) in busy)
    return [function for function in functions if not function[1].startswith("<")]


def serve(data: Path, url: str) -> None:
    """Run the bot on this interpreter's path under a trace; read commands from standard input, one per line."""
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

    def ready(_name: str) -> None:
        threading.Thread(target=obey, daemon=True).start()
        print("up", flush=True)

    run(app, clock, ready)


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
        """Send a command and return its answer."""
        assert self._process.stdin
        print(command, file=self._process.stdin, flush=True)
        return json.loads(self._read())

    def calls(self, command: str) -> list[Call]:
        """Send a command that answers with calls, and return them."""
        return [(root, tuple(first), tuple(function)) for root, first, function in self.tell(command)]

    def traced(self, action: Callable[[], object]) -> list[Call]:
        """Return what the bot calls during `action` and until it has settled, waiting first for earlier work to settle."""
        time.sleep(_SETTLED_SECONDS)
        self.tell("start")
        action()
        time.sleep(_SETTLED_SECONDS)
        return self.calls("stop")

    def end(self) -> None:
        """End the process."""
        self._process.terminate()
        self._process.wait(30)


def measure(checkout: Path, folder: Path) -> dict[str, list[Function]]:
    """Return the functions of each of FLOWS, in the order of their first call."""
    from bot.playground.server import LocalTelegram

    document = folder / "compute-in-europe.md"
    document.write_text(_DOCUMENT, "utf-8")
    with LocalTelegram() as telegram:
        bot = Bot(checkout, folder / "data", telegram.url)
        try:
            return _flows(bot, telegram, document)
        finally:
            bot.end()


def _flows(bot: Bot, telegram: Any, document: Path) -> dict[str, list[Function]]:
    from talk_kit import MIXED  # Here, since the traced process may run another checkout.

    def asked(chat: int, user: int, text: str) -> None:
        before = len(telegram.sent(chat))
        telegram.say(chat, user, text)
        telegram.reply(chat, before + 1)

    def a_day_ahead() -> None:
        bot.tell("ahead 86400")
        time.sleep(_FIRST_SECONDS)

    asked(ANN, ANN, "/trend ai agents")
    time.sleep(_FIRST_SECONDS)
    flows = {"/trend": bot.traced(lambda: asked(ANN, ANN, "/trend compute"))}
    flows["ingest"] = bot.calls(f"ingest {document}")
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
    # The jobs of every second and of every day while the bot is idle.
    idle = bot.traced(lambda: time.sleep(_IDLE_SECONDS))
    idle += bot.traced(a_day_ahead)
    asked(ANN, ANN, "/subscribe 08:00 compute UTC")
    # The clock may move only after the subscription is stored: a slot before that would count as passed.
    time.sleep(_SETTLED_SECONDS)
    now = datetime.now(UTC)
    due = now.replace(hour=8, minute=0, second=5, microsecond=0)
    due += timedelta(days=1) if due <= now else timedelta()

    def ahead() -> None:
        before = len(telegram.sent(ANN))
        bot.tell(f"ahead {(due - now).total_seconds()}")
        telegram.reply(ANN, before + 1)

    flows["a digest"] = bot.traced(ahead)
    return {name: of_flow(calls, idle) for name, calls in flows.items()}


def walks_of(checkout: Path) -> dict[str, list[Function]]:
    """Return the shortest walk of each of FLOWS through a checkout."""
    walks = []
    for _ in range(_WALKS):
        with tempfile.TemporaryDirectory() as folder:
            walks.append(measure(checkout.resolve(), Path(folder)))
    return {name: min((walk[name] for walk in walks), key=len) for name in FLOWS}


def main() -> None:
    """Print the table."""
    here = Path(__file__).parents[2]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkout", type=Path, help="another one to compare this one with")
    parser.add_argument("--show", choices=FLOWS, help="list the functions of one flow")
    parser.add_argument("--serve", help=argparse.SUPPRESS)
    parser.add_argument("--data", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve(options.data, options.serve)
        return
    if options.show:
        for module, function in walks_of(options.checkout or here)[options.show]:
            print(module, function)
        return
    checkouts = [options.checkout, here] if options.checkout else [here]
    flows = [walks_of(checkout) for checkout in checkouts]
    print(f"{'':20}" + f"{'functions':>10}{'modules':>10}{'rooms':>10}{'returns':>10}" * len(flows))
    for name in FLOWS:
        counts = [count for walks in flows for count in walked(walks[name])]
        print(f"{name:20}" + "".join(f"{count:>10}" for count in counts))


if __name__ == "__main__":
    main()
