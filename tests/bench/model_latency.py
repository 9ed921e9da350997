"""How long /trend takes without a language model and with one that answers, is slow, or is away: p50 and p95.

A real bot against the local Telegram; every question in a chat of its own, the ways in turns, so that a busy machine
weighs on all alike.
    python tests/bench/model_latency.py [--questions 40]
"""

from __future__ import annotations

import argparse
import shutil
import signal
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bot_process import BotProcess, trendbot
from model_kit import ModelServer

from bot.playground.server import LocalTelegram

AWAY = "http://127.0.0.1:9/v1"
WAYS = ("off", "off again", "honest", "slow", "away")
QUESTIONS = ("/trend compute", "/trend 算力", "/trend AI agents", "/trend large models")


def main() -> None:
    """Prints a line for each way."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--questions", type=int, default=40)
    arguments = parser.parse_args()
    took: dict[str, list[float]] = {way: [] for way in WAYS}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        trendbot(folder / "seeded", "ask", "compute")
        telegrams = {}
        for number, way in enumerate(WAYS):
            data = shutil.copytree(folder / "seeded", folder / f"data{number}")
            variables = {}
            if not way.startswith("off"):
                url = AWAY if way == "away" else stack.enter_context(ModelServer(way)).url
                variables = {"TRENDBOT_LLM_URL": url, "TRENDBOT_LLM_MODEL": "stand-in"}
            telegrams[way] = stack.enter_context(LocalTelegram())
            bot = stack.enter_context(BotProcess(data, telegrams[way], **variables))
            bot.listening()
            stack.callback(bot.end, signal.SIGTERM)
        for number in range(arguments.questions):
            for way, telegram in telegrams.items():
                chat = 1_000 + number
                began = time.perf_counter()
                telegram.say(chat, chat, QUESTIONS[number % len(QUESTIONS)])
                telegram.reply(chat)
                took[way].append(time.perf_counter() - began)
    for way, seconds in took.items():
        ordered = sorted(seconds[len(QUESTIONS) :])
        p95 = ordered[int(len(ordered) * 0.95)]
        print(f"{way:10} p50 {statistics.median(ordered) * 1000:6.1f} ms   p95 {p95 * 1000:6.1f} ms")


if __name__ == "__main__":
    main()
