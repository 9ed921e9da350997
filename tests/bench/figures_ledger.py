"""Prints the CPU time of /figures on a library; tests/bench/conflicts.py prints the conflicts that it finds.

PYTHONPATH=. python tests/bench/figures_ledger.py DATA

DATA is a data folder with a built library. The percentiles are over every glossary topic that the library covers, in both
languages: its ledger and the first page of it.
"""

from __future__ import annotations

import argparse
import time
from datetime import date
from pathlib import Path

from bot.library.glossary import Glossary
from bot.library.library import Library
from bot.library.query import understand
from bot.library.search import Search
from bot.models import Language
from bot.settings import packaged
from bot.text.segment import Segmenter
from bot.trends.ledger import FigureLedgers

LANGUAGES: tuple[Language, ...] = ("en", "zh")
PAGE = 8


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    options = parser.parse_args()
    path = options.data / "library.db"
    glossary = Glossary.parse((packaged("seeds") / "topics.toml").read_text("utf-8"))
    library = Library(path, read_only=True)
    segmenter = Segmenter(glossary.forms.words)
    ledgers = FigureLedgers(library, Search(library, glossary, segmenter))
    today = library.coverage().last or date.min
    seconds = []
    for topic in [topic for topic, count in library.topic_counts().items() if topic and count]:
        for language in LANGUAGES:
            begun = time.process_time()
            names = glossary.topics[topic].names
            ledger = ledgers.ledger(understand(names[language], glossary, segmenter), language, today)
            ledgers.entries(ledger.rows[:PAGE])
            seconds.append(time.process_time() - begun)
    seconds.sort()
    print(
        f"\n{len(seconds)} ledgers, CPU: p50 {seconds[len(seconds) // 2] * 1000:.0f} ms, "
        f"p95 {seconds[len(seconds) * 95 // 100] * 1000:.0f} ms, slowest {seconds[-1] * 1000:.0f} ms"
    )
    library.close()


if __name__ == "__main__":
    main()
