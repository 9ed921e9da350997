"""Prints what the ledger of a library takes for the same quantity told differently, to be read, and the CPU time of /figures.

PYTHONPATH=. python tests/bench/figures_ledger.py DATA [--conflicts N] [--seed N]

DATA is a data folder with a built library. Conflicts are drawn at random from all of them. p95 is over the ledgers of
every topic of the glossary that the library holds, each in both languages, with the page that is shown first.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from bot.library.glossary import Glossary
from bot.library.library import Library
from bot.library.query import understand
from bot.library.search import Search
from bot.models import Language
from bot.settings import packaged
from bot.text.segment import Segmenter
from bot.trends.conflicts import Conflict, conflicts
from bot.trends.ledger import FigureLedgers

LANGUAGES: tuple[Language, ...] = ("en", "zh")
PAGE = 8


def quantities(path: Path) -> list[str]:
    """Every quantity that is told with more than one value."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
        rows = db.execute(
            "SELECT quantity FROM figure WHERE quantity <> '' GROUP BY quantity HAVING min(value) < max(value)"
        )
        return [row[0] for row in rows]


def show(number: int, conflict: Conflict) -> None:
    print(f"\n{number}. {conflict.quantity}")
    for entry in conflict.told:
        edition = entry.report.edition(entry.language)
        print(
            f"   {entry.figure.text} | {entry.report.published} {edition.publisher} | {entry.figure.clause}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--conflicts", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    path = options.data / "library.db"
    glossary = Glossary.parse((packaged("seeds") / "topics.toml").read_text("utf-8"))
    library = Library(path, read_only=True)
    segmenter = Segmenter(glossary.words)
    ledgers = FigureLedgers(library, Search(library, glossary, segmenter))
    told = quantities(path)
    found = conflicts(ledgers.entries(library.figures_of(told)))
    print(f"{len(found)} conflicts of {len(told)} quantities with several values")
    for number, conflict in enumerate(
        random.Random(options.seed).sample(found, min(options.conflicts, len(found))),  # noqa: S311  # a sample to read
        1,
    ):
        show(number, conflict)
    seconds = []
    for topic in [topic for topic, count in library.topic_counts().items() if topic and count]:
        for language in LANGUAGES:
            begun = time.process_time()
            names = glossary.topics[topic].names
            ledger = ledgers.ledger(
                understand(names[language], glossary, segmenter), language, library.coverage().last
            )
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
