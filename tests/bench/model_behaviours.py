"""What is shown of a language model in each behaviour of the stand-in server: one row each, half a minute in all.

    PYTHONPATH=. python tests/bench/model_behaviours.py [--seconds 1]

Real answers from the seeds in both languages are retold over HTTP. The honest model quotes its evidence word for word, so
the others can be judged without the rules that must catch them: a sentence shown as the model's own is `unverified` if no
evidence that it cites contains these words. `--seconds` is the time limit of an answer here; the product's is 20.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import sys
import tempfile
import time
from pathlib import Path

from msgspec.structs import replace

sys.path.insert(0, str(Path(__file__).parents[1]))

from model_kit import OTHERWISE, SPEAKING, ModelServer

from bot.app import App, open_app
from bot.clock import utc_now
from bot.dialogue.events import TextEvent
from bot.rewriting.client import ModelClient
from bot.rewriting.material import Material, Retelling
from bot.rewriting.rewriter import Rewriter
from bot.settings import Settings

QUESTIONS = ("compute", "AI agents", "power", "chips", "robots", "算力", "智能体", "电力", "芯片", "机器人")
_SILENT = 2
"""Requests to a model that gives no answer: each takes the whole time limit."""
_HEADS = ("asked", "retold", "sentences", "own words", "sources'", "unverified", "ms each")


def main() -> int:
    """Print the table; return 1 if an unverified sentence would be shown."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=1.0)
    seconds = parser.parse_args().seconds
    print(f"{'a model that':18}" + "".join(f"{head:>11}" for head in _HEADS))
    with tempfile.TemporaryDirectory() as folder:
        app = open_app(Settings.from_env({"TRENDBOT_DATA": folder}))
        materials = _materials(app)
        unverified = sum(_row(app, way, materials, seconds) for way in (*SPEAKING, *OTHERWISE))
        app.close()
    return 1 if unverified else 0


def _rewriter(app: App, url: str, seconds: float) -> Rewriter:
    # The clock jumps a minute at each reading, since a model that failed is not asked again for half a minute.
    clock = itertools.count(0.0, 60.0)
    client = ModelClient(url, "stand-in", seconds=seconds)
    return Rewriter(client, app.state.model_use, app.glossary, app.segmenter, utc_now, lambda: next(clock))


def _materials(app: App) -> list[Material]:
    """Return what a model would be given to retell each question's answer."""
    router = replace(app, rewriter=_rewriter(app, "http://127.0.0.1:9/v1", 1.0)).router("trend_bot")
    replies = [
        router.answer(TextEvent(chat, chat, f"/trend {question}", private=True), utc_now())
        for chat, question in enumerate(QUESTIONS, 1)
    ]
    return [reply.retell.material for reply in replies if reply and reply.retell]


def _row(app: App, way: str, materials: list[Material], seconds: float) -> int:
    """Print the row of one behaviour; return the number of unverified sentences that would be shown."""
    asked = materials[:_SILENT] if way in OTHERWISE else materials
    with ModelServer(way) as model:
        rewriter = _rewriter(app, model.url, seconds)
        began = time.perf_counter()
        told = [asyncio.run(rewriter.retell(one, chat)) for chat, one in enumerate(asked, 1)]
        took = (time.perf_counter() - began) * 1000 / len(asked)
    pairs = [(one, retelling) for one, retelling in zip(asked, told, strict=True) if retelling]
    own = sum(retelling.verified for _, retelling in pairs)
    shown = sum(len(retelling.sentences) for _, retelling in pairs)
    unverified = sum(_unverified(*pair) for pair in pairs)
    written = sum(retelling.total for _, retelling in pairs)
    cells = (len(asked), len(pairs), written, own, shown - own, unverified)
    print(f"{way:18}" + "".join(f"{cell:11}" for cell in cells) + f"{took:11.0f}", flush=True)
    return unverified


def _unverified(material: Material, retelling: Retelling) -> int:
    """Return how many sentences shown as the model's own are not, word for word, the evidence that they cite."""
    texts = {one.number: " ".join(one.text.split()) for one in material.evidence}
    return sum(
        sentence.verified and sentence.text not in {texts.get(number) for number in sentence.numbers}
        for sentence in retelling.sentences
    )


if __name__ == "__main__":
    sys.exit(main())
