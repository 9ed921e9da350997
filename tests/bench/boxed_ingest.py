"""Cost of ingesting text, in the box and outside it: `boxed_ingest.py [PASSAGES [boxed]]`; "boxed" leaves out the second.

The text is CMRC's Chinese passages as JSON lines (TRENDBOT_SHARED), repeated with changes until there are about PASSAGES
passages (default 5,000). CPU seconds include those of the box's workers.
"""

from __future__ import annotations

import gzip
import json
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

from bot.intake.box.box import Box
from bot.intake.ingest import Ingest
from bot.intake.readers import IN_PROCESS, Parser
from bot.library.glossary import Glossary
from bot.library.library import Library
from bot.settings import packaged
from bot.state.state import State
from bot.text.segment import Segmenter


def lines(count: int) -> bytes:
    """Return JSON lines that make about `count` passages."""
    raw = gzip.decompress(
        (Path(os.environ["TRENDBOT_SHARED"]) / "data/retrieval/cmrc2018_dev.json.gz").read_bytes()
    )
    texts = [p["context"] for article in json.loads(raw)["data"] for p in article["paragraphs"]]
    documents = []
    for number in range(max(1, count // 5)):
        text = texts[number % len(texts)]
        if number >= len(texts):  # Changed and reversed, so that it is no reprint.
            sentences = text.split("。")
            text = "。".join(f"{sentence}{number}号" for sentence in reversed(sentences) if sentence)
        documents.append(
            json.dumps({"title": f"第{number}篇", "text": text, "date": "2025-01-09"}, ensure_ascii=False)
        )
    return "\n".join(documents).encode()


def cpu() -> float:
    return sum(
        used.ru_utime + used.ru_stime
        for used in (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    )


def run(parser: Parser, raw: bytes) -> tuple[int, float, float]:
    """Return the number of passages, CPU seconds of all processes, and wall seconds."""
    with tempfile.TemporaryDirectory() as folder:
        glossary = Glossary.parse((packaged("seeds") / "topics.toml").read_text("utf-8"))
        segmenter = Segmenter(glossary.forms.words, cache=Path(folder))
        segmenter.load()
        library, state = Library(Path(folder) / "library.db"), State(Path(folder) / "state.db")
        ingest = Ingest(library, state, glossary, segmenter, Path(folder) / "sources", parser)
        began, wall = cpu(), time.perf_counter()
        passages = sum(
            one.passages for one in ingest.content("a.jsonl", raw, 1_736_000_000, lambda _name: None)
        )
        if isinstance(parser, Box):
            parser.close()  # A child's CPU time counts once it has ended.
        spent = cpu() - began, time.perf_counter() - wall
        library.close()
        state.close()
    return passages, *spent


def main() -> None:
    raw = lines(int(sys.argv[1]) if len(sys.argv) > 1 else 5_000)
    parsers: dict[str, Parser] = (
        {"boxed": Box()} if "boxed" in sys.argv else {"boxed": Box(), "here": IN_PROCESS}
    )
    for name, parser in parsers.items():
        passages, seconds, wall = run(parser, raw)
        peaks = [
            resource.getrusage(who).ru_maxrss >> 10
            for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        ]
        print(
            f"{name}: {passages:,} passages, {passages / seconds:,.0f} per CPU second, {passages / wall:,.0f} per second"
        )
        print(f"  at most {peaks[0]} MiB of memory, and {peaks[1]} MiB in a child")


if __name__ == "__main__":
    main()
