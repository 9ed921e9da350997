"""Cost of bombs, documents that would exhaust a parser: `python tests/bench/bombs.py [COUNT]`, 50 by default.

Ingests them one after another while /help is asked all the time; prints their outcomes, the longest times, and the memory,
files and processes left behind.
"""

from __future__ import annotations

import gc
import os
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from library_kit import NOW, open_folder
from process_kit import children
from test_document_bombs import BOXED, MEBIBYTE

from bot.dialogue.events import TextEvent
from bot.intake.ingest import Ingest, no_siblings

PAUSE = 0.05
"""Seconds between two questions."""


def resident() -> int:
    """Return the resident memory of this process in bytes."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def write(folder: Path) -> list[Path]:
    """Write each bomb to a file once, since making one costs more than refusing it; return the paths."""
    for name, bomb in BOXED.items():
        (folder / name).write_bytes(bomb())
    return sorted(folder.iterdir())


def files_in(folder: Path) -> set[Path]:
    """Return the files of a data folder, except the databases and the files that SQLite keeps beside them."""
    return {path for path in folder.rglob("*") if path.is_file() and ".db" not in path.name}


def take_in(
    ingest: Ingest, bombs: list[Path], count: int, outcomes: Counter[str], longest: list[float]
) -> None:
    """Ingest `count` bombs; count their outcomes, and keep the longest time in seconds in `longest`."""
    for number in range(count):
        path = bombs[number % len(bombs)]
        raw, began = path.read_bytes(), time.monotonic()
        for one in ingest.content(path.name, raw, int(NOW.timestamp()), no_siblings):
            outcomes[one.error.name if one.error else one.status] += 1
        longest[0] = max(longest[0], time.monotonic() - began)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    before = children(os.getpid())
    outcomes: Counter[str] = Counter()
    longest, waits = [0.0], [0.0]
    with tempfile.TemporaryDirectory() as made, tempfile.TemporaryDirectory() as folder:
        bombs = write(Path(made))
        app = open_folder(Path(folder))
        router = app.router(None)
        list(
            app.ingest.content("first.txt", b"Compute is scarce in 2026, the operator said.", 0, no_siblings)
        )
        router.answer(TextEvent(1, 1, "/help", private=True), NOW)
        gc.collect()
        files, held = files_in(Path(folder)), resident()
        work = threading.Thread(target=take_in, args=(app.ingest, bombs, count, outcomes, longest))
        work.start()
        while work.is_alive():
            began = time.monotonic()
            router.answer(TextEvent(1, 1, "/help", private=True), NOW)
            waits.append(time.monotonic() - began)
            time.sleep(PAUSE)
        gc.collect()
        grown = (resident() - held) / MEBIBYTE
        kept = {original.sha256 for original in app.state.originals.all()}
        left = [path.name for path in files_in(Path(folder)) - files if path.name not in kept]
        app.close()
    print(f"{count} bombs: {dict(outcomes)}")
    print(f"the longest took {longest[0]:.1f} s; /help at most {max(waits):.2f} s of {len(waits)} times")
    print(
        f"the parent grew by {grown:.0f} MiB; {left} files and {len(set(children(os.getpid())) - set(before))} processes left behind"
    )


if __name__ == "__main__":
    main()
