"""Reads thousands of generated documents and counts the outcomes.

    PYTHONPATH=.:tests python tests/bench/documents_fuzz.py [documents of each kind and format [the first number]]

Prints for each kind the number of documents read, the refusals by name, and every other exception: there must be none.
"""

from __future__ import annotations

import sys
import time
import traceback
from collections import Counter, defaultdict
from random import Random

from document_kit import hostile

from bot.intake.readers import read_documents
from bot.text.unreadable import Unreadable


def main(count: int, first: int = 0) -> int:
    """Read the documents and print the counts; return exit code 1 if a reader raised anything but a refusal."""
    outcomes: defaultdict[str, Counter[str]] = defaultdict(Counter)
    faults: Counter[str] = Counter()
    slowest = (0.0, "", b"")
    for number in range(first, first + count):
        for name, raw in hostile(Random(number)):  # noqa: S311 -- makes repeatable documents, no secret
            began = time.perf_counter()
            documents = read_documents(name, raw)
            while True:
                try:
                    next(documents)
                    outcomes[name]["documents"] += 1
                except StopIteration:
                    break
                except Unreadable as error:
                    inner = error.problem.values[-1] if error.problem.name == "line" else error.problem
                    outcomes[name][getattr(inner, "name", str(inner))] += 1
                except Exception:  # noqa: BLE001 -- any other exception is a fault
                    faults[traceback.format_exc(limit=-1)] += 1
                    print(f"{number} {name}: {raw[:200]!r}")
                    break
            slowest = max(slowest, (time.perf_counter() - began, f"{number} {name}", raw[:80]))
    for name, counts in outcomes.items():
        print(f"{name:18}", ", ".join(f"{what} {n}" for what, n in counts.most_common()))
    print(f"slowest {slowest[0]:.2f} s: {slowest[1]} {slowest[2]!r}")
    for fault, n in faults.most_common():
        print(f"{n} times:\n{fault}")
    print(f"{sum(faults.values())} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:] or ["5000"])))
