"""How long /trend takes without a language model and with one that answers, is slow, away or over budget: p50 and p95.

Each way has a real bot and a local Telegram of its own; each question has a chat of its own. The ways take turns in a
changing order, so that a busy machine affects all alike. `off again` repeats the first way, to show how far two
measurements of the same thing differ. Smaller costs are measured better in CPU time (model_off.py).
    PYTHONPATH=. python tests/bench/model_latency.py [--questions 200]
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

from bot.app import open_app
from bot.playground.server import LocalTelegram
from bot.rewriting.rewriter import TOKENS_A_DAY
from bot.settings import Settings

AWAY = "http://127.0.0.1:9/v1"
WAYS = ("off", "off again", "honest", "slow", "away", "over budget")
QUESTIONS = ("/trend compute", "/trend 算力", "/trend AI agents", "/trend large models")


def main() -> None:
    """Print a line for each way."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--questions", type=int, default=200)
    arguments = parser.parse_args()
    took: dict[str, list[float]] = {way: [] for way in WAYS}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        trendbot(folder / "seeded", "ask", "compute")
        telegrams = {}
        for number, way in enumerate(WAYS):
            data = shutil.copytree(folder / "seeded", folder / f"data{number}")
            variables = {}
            if way == "over budget":
                _spend(data)
            if not way.startswith("off"):
                behaviour = way if way in {"honest", "slow"} else "honest"
                url = AWAY if way == "away" else stack.enter_context(ModelServer(behaviour)).url
                variables = {"TRENDBOT_LLM_URL": url, "TRENDBOT_LLM_MODEL": "stand-in"}
            telegrams[way] = stack.enter_context(LocalTelegram())
            bot = stack.enter_context(BotProcess(data, telegrams[way], **variables))
            bot.listening()
            stack.callback(bot.end, signal.SIGTERM)
        for number in range(arguments.questions):
            for way in (*WAYS[number % len(WAYS) :], *WAYS[: number % len(WAYS)]):
                telegram = telegrams[way]
                chat = 1_000 + number
                began = time.perf_counter()
                telegram.say(chat, chat, QUESTIONS[number % len(QUESTIONS)])
                telegram.reply(chat)
                took[way].append(time.perf_counter() - began)
    figures = {way: _figures(seconds[len(QUESTIONS) :]) for way, seconds in took.items()}
    for way, own in figures.items():
        cells = (
            f"  {name} {value * 1000:6.1f} ms {value / off:5.0%}"
            for name, value, off in zip(("p50", "p95"), own, figures["off"], strict=True)
        )
        print(f"{way:12}" + "".join(cells))


def _figures(seconds: list[float]) -> tuple[float, float]:
    cuts = statistics.quantiles(seconds, n=20)
    return statistics.median(seconds), cuts[18]


def _spend(data: Path) -> None:
    """Use up the token budget of all chats for today and tomorrow."""
    app = open_app(Settings.from_env({"TRENDBOT_DATA": str(data)}))
    day = int(time.time()) // 86_400
    for one in (day, day + 1):
        app.state.model_use.add(1, one, TOKENS_A_DAY)
    app.close()


if __name__ == "__main__":
    main()
