"""Composed /subscribe phrases against their known meaning: saved right, asked back, saved differently (must be 0).

Run: PYTHONPATH=.:tests python tests/bench/schedules.py [--count N] [--seed N]
"""

from __future__ import annotations

import argparse
import random
import sys
import time

from schedule_kit import compose, reading

from bot.dialogue.schedule_text import ScheduleParser
from bot.library.glossary import Glossary
from bot.library.query import understand
from bot.settings import packaged
from bot.text.segment import Segmenter


def main() -> int:
    """Print the counts, and the phrases that were saved differently; return 1 if there are any."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    glossary = Glossary.parse((packaged("seeds") / "topics.toml").read_text("utf-8"))
    segmenter = Segmenter(glossary.forms.words)
    schedule_parser = ScheduleParser(glossary, segmenter, lambda text: understand(text, glossary, segmenter))
    chance = random.Random(options.seed)  # noqa: S311 -- a bench, repeatable
    phrases = [compose(chance) for _ in range(options.count)]
    started = time.process_time()
    readings = [(phrase, reading(schedule_parser.parse(phrase.text))) for phrase in phrases]
    spent = time.process_time() - started
    supported = sum(phrase.supported for phrase, _ in readings)
    right = sum(saved == phrase for phrase, saved in readings)
    asked = sum(saved is None for _, saved in readings)
    different = [(phrase, saved) for phrase, saved in readings if saved is not None and saved != phrase]
    print(
        f"{len(phrases):,} phrases, {len({phrase.text for phrase in phrases}):,} different, seed {options.seed}"
    )
    print(f"saved right {right:,} of {supported:,} supported ({right / supported:.1%})")
    print(f"asked back {asked:,}, of these {asked - len(phrases) + supported:,} supported")
    print(f"saved differently {len(different):,}")
    print(f"{spent / len(phrases) * 1e6:,.0f} µs of CPU for each")
    for phrase, saved in different[:20]:
        print("!", phrase, saved)
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
