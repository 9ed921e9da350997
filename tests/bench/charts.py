"""Time to draw a chart, what hostile titles do to it, and how fast a library answers /chart, /compare and /timeline.

    PYTHONPATH=. python tests/bench/charts.py [--titles 5000] [--seed 1] [--library DATA]

Titles mix everything that has ever broken a picture: markup, control characters, letters of every script, emoji, lone
surrogates, endless words. Each is drawn as the title and as every name in the legend; a letter that the font lacks must be
reported. DATA is a data folder, which is copied and asked; without it the packaged reports are asked.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import resource
import shutil
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

sys.path.insert(0, str(Path(__file__).parents[1]))

from library_kit import open_folder
from picture_kit import size_of

from bot.app import App
from bot.charts.drawing import draw
from bot.charts.letters import MISSING, width
from bot.charts.picture import picture_of
from bot.console.terminal import evening_of
from bot.dialogue.events import TextEvent
from bot.rendering.renderer import Renderer
from bot.settings import packaged
from bot.trends.charts import Chart, Mark, Series
from bot.trends.history import bins, start_of

_BLOCKS = (
    (0x20, 0x7E), (0xA0, 0x24F), (0x300, 0x36F), (0x370, 0x52F), (0x590, 0x6FF), (0x900, 0xDFF), (0xE00, 0xE7F),
    (0x1100, 0x11FF), (0x2000, 0x206F), (0x2190, 0x27BF), (0x3040, 0x30FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF),
    (0xAC00, 0xD7A3), (0xE000, 0xF8FF), (0xFE00, 0xFEFF), (0xFF00, 0xFFEF), (0x1F300, 0x1FAFF), (0x20000, 0x2A6DF),
    (0x00, 0x1F), (0xD800, 0xDFFF), (0xFFFE, 0xFFFF),
)  # fmt: skip
_PIECES = (
    "</text>", "<image href='file:///etc/passwd'/>", "&#x0;", "&amp;", "]]>", "<!--", "<?xml?>", '"', "'", "\\", "{{ 7*7 }}",
    "{% raw %}", "\u202e", "\u200d", "\ufe0f", "\x00", "a" * 300, "深" * 120, "👩‍👩‍👧‍👦", "e\u0301" * 40, "url(#x)",
)  # fmt: skip
_ASKED = {
    "/chart": ("DeepSeek", "OpenAI", "大模型", "AI agents", "Nvidia", "compute"),
    "/compare": (
        "DeepSeek vs Qwen",
        "OpenAI vs Anthropic",
        "算力 vs 芯片",
        "Llama vs Mistral",
        "Nvidia vs AMD",
    ),
    "/timeline": ("DeepSeek", "OpenAI", "大模型", "AI agents", "英伟达", "compute"),
}
_ROUNDS = 6


def hostile(chance: random.Random) -> str:
    """Return a title made to break a picture."""
    parts = []
    for _ in range(chance.randint(1, 8)):
        first, last = chance.choice(_BLOCKS)
        letters = "".join(chr(chance.randint(first, last)) for _ in range(chance.randint(1, 12)))
        parts.append(chance.choice((letters, chance.choice(_PIECES))))
    return "".join(parts)


def chart(chance: random.Random) -> Chart:
    """Return a chart of up to three years, with up to six series and five events."""
    count = chance.randint(1, 36)
    start = datetime(2022, 1, 1, tzinfo=UTC).date()
    starts = bins(start, start_of(start.replace(year=2024, month=12), "month"), "month")[:count]
    series = tuple(
        Series(str(n), tuple(chance.choices(range(60), k=count))) for n in range(chance.randint(1, 6))
    )
    return Chart("month", starts, series, tuple(Mark(chance.randrange(count), n) for n in range(1, 6)))


def titles(count: int, seed: int) -> None:
    """Draw every title; print the times and the faults."""
    chance, renderer = random.Random(seed), Renderer(packaged("templates"))  # noqa: S311  # The same titles each time.
    laid, wrote, drawn, worked, wrong, named = [], [], [], [], [], 0
    for number in range(count):
        title, shape = hostile(chance), chart(chance)
        began, cpu = time.perf_counter(), time.process_time()
        found = picture_of(
            renderer, shape, title, [title] * len(shape.series), [str(d) for d in shape.starts]
        )
        laid.append(time.perf_counter() - began)
        wrote.append(time.process_time() - cpu)
        try:
            root = ET.fromstring(found.image.svg)  # noqa: S314  # Our own document.
            began, cpu = time.perf_counter(), time.process_time()
            size = size_of(draw(found.image))
            drawn.append(time.perf_counter() - began)
            worked.append(time.process_time() - cpu)
        except Exception as error:  # noqa: BLE001  # Counted; the others are still drawn.
            wrong.append(f"{number}: {error!r}")
            continue
        shown = "".join(element.text or "" for element in root.iter() if element.tag.endswith("text"))
        undrawn = {c for c in shown if not width(c, 1)}
        tags = {element.tag.rpartition("}")[2] for element in root.iter()} - {"svg", "rect", "circle", "text"}
        if (
            size != (960, 800)
            or undrawn
            or tags
            or (MISSING in shown) > bool(found.missing or MISSING in title)
        ):
            wrong.append(f"{number}: {size} {undrawn} {tags} {found.missing}")
        named += bool(found.missing)
    print(
        f"{count} hostile titles: {len(wrong)} wrong, {named} with letters that the font lacks, each of them named"
    )
    print("\n".join(wrong[:10]))
    for what, seconds in (
        ("laid out and written", laid),
        ("the same, CPU", wrote),
        ("drawn", drawn),
        ("drawn, CPU", worked),
    ):
        print(f"  {what:22}{of(seconds)}")


async def lag() -> None:
    """Print how long the event loop stalls at most while a thread draws, which holds the GIL."""
    chance, renderer = random.Random(2), Renderer(packaged("templates"))  # noqa: S311  # Seeded for repeatable runs, no secret.
    images = [
        picture_of(renderer, c, "t", ["a"] * len(c.series), [""] * len(c.starts)).image
        for c in [chart(chance) for _ in range(20)]
    ]
    waits: list[float] = []

    async def tick() -> None:
        while True:
            began = time.perf_counter()
            await asyncio.sleep(0.001)
            waits.append(time.perf_counter() - began)

    ticking = asyncio.create_task(tick())
    for image in images:
        await asyncio.to_thread(draw, image)
    ticking.cancel()
    print(f"the event loop beside 20 drawings: longest wait {max(waits) * 1000:.0f} ms")


def of(seconds: list[float]) -> str:
    """Return the median and 95th percentile of these times, in milliseconds."""
    ordered = sorted(seconds)
    return f"p50 {statistics.median(ordered) * 1000:6.1f} ms   p95 {ordered[int(len(ordered) * 0.95)] * 1000:6.1f} ms"


def asked(app: App, now: datetime) -> None:
    """Print how long answers take once each question has been asked before."""
    router = app.router(None)

    def answer(text: str) -> None:
        router.answer(TextEvent(1, 1, text, private=True, chosen="en"), now)

    for command, questions in _ASKED.items():
        seconds = []
        for text in [f"{command} {question}" for question in questions]:
            answer(text)
            for _ in range(_ROUNDS):
                began = time.perf_counter()
                answer(text)
                seconds.append(time.perf_counter() - began)
        print(f"  {command:22}{of(seconds)}")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--titles", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--library", type=Path)
    arguments = parser.parse_args()
    titles(arguments.titles, arguments.seed)
    asyncio.run(lag())
    with tempfile.TemporaryDirectory() as folder:
        if arguments.library:
            shutil.copytree(
                arguments.library, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("sources")
            )
        app = open_folder(Path(folder))
        coverage = app.library.coverage()
        print(f"answers from {coverage.reports} reports until {coverage.last}")
        asked(app, evening_of(coverage.last, app.settings) if coverage.last else datetime.now(UTC))
        app.close()
    print(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB at most")


if __name__ == "__main__":
    main()
