"""Cost of an answer with no language model, and with one that is away: the same questions in turn, in one process.

    PYTHONPATH=. python tests/bench/model_off.py [--rounds 60] [DATA]

DATA is a data folder with a library; without it the seeds are asked. The model that is away refuses connections, as a
stopped server does. All answers come from the same thread in turn, so that a slow machine slows all alike. `off again`
repeats the first row, to show how far two measurements of the same thing differ.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from pathlib import Path

from msgspec.structs import replace

from bot.app import App, open_app
from bot.clock import utc_now
from bot.dialogue.events import TextEvent
from bot.rewriting.client import ModelClient
from bot.rewriting.rewriter import Rewriter
from bot.settings import Settings

QUESTIONS = ("compute", "算力", "AI agents", "智能体", "power", "电力", "chips", "芯片", "robots", "机器人")
_AWAY = "http://127.0.0.1:9/v1"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("data", nargs="?", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        app = open_app(Settings.from_env({"TRENDBOT_DATA": str(arguments.data or folder)}))
        _measure(app, arguments.rounds)
        app.close()


def _measure(app: App, rounds: int) -> None:
    client = ModelClient(_AWAY, "away", seconds=2.0)
    away = Rewriter(client, app.state.model_use, app.glossary, app.segmenter, utc_now)
    routers = {
        "off": app.router("trend_bot"),
        "away": replace(app, rewriter=away).router("trend_bot"),
        "off again": app.router("trend_bot"),
    }
    cpu: dict[str, list[float]] = {name: [] for name in routers}
    wall: dict[str, list[float]] = {name: [] for name in routers}
    names = list(routers)
    for turn in range(rounds + 1):
        for question in QUESTIONS:
            for name in names[turn % 3 :] + names[: turn % 3]:
                event = TextEvent(5, 5, f"/trend {question}", private=True)
                began, used = time.perf_counter(), time.process_time()
                reply = routers[name].answer(event, utc_now())
                if turn:  # The first round warms caches.
                    cpu[name].append(time.process_time() - used)
                    wall[name].append(time.perf_counter() - began)
                if name == "away" and reply and reply.retell and not turn:
                    assert asyncio.run(away.retell(reply.retell.material, 5)) is None
    print(f"{'model':10}{'answers':>9}  each: milliseconds, of those with no model")
    for name in names:
        cells = ""
        for label, times, cut in (("CPU median", cpu, 9), ("CPU p95", cpu, 18), ("wall p95", wall, 18)):
            own, off = (statistics.quantiles(times[one], n=20)[cut] for one in (name, "off"))
            cells += f"  {label} {own * 1000:6.2f} {own / off:6.1%}"
        print(f"{name:10}{len(cpu[name]):9}{cells}")


if __name__ == "__main__":
    main()
