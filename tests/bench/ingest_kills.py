"""What kill -9 costs while a folder is ingested: `python tests/bench/ingest_kills.py --kills N [--files N]`.

A process ingests the folder, each time from its first file, and is killed at random times. After every twenty kills, or
when a run finishes first, a last run is left undisturbed, its library is compared with one that ingested the folder once,
and a new library begins.
"""

from __future__ import annotations

import argparse
import contextlib
import multiprocessing
import os
import random
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parents[1]))

from library_kit import NOW, open_folder
from test_ingest import corpus, held

from bot.intake.reading import files_in
from bot.library.library import Library

LONGEST = 1.0
"""Latest time of a kill, in seconds after the process starts or stores its first batch."""
KILLS = 20
"""Kills per library."""


@dataclass(slots=True)
class Figures:
    """The result of a measurement."""

    kills: int = 0
    while_storing: int = 0
    libraries: int = 0
    different: int = 0
    unsound: int = 0
    left_behind: int = 0


def take_in(data: Path, folder: Path, progress: Path) -> None:
    """Ingest the folder, write a byte to `progress` for each document, and touch "done" beside it at the end."""
    app = open_folder(data)
    with progress.open("ab", buffering=0) as file:
        for _ in app.ingest.paths(files_in(folder), int(NOW.timestamp())):
            file.write(b".")
    app.close()
    progress.with_name("done").touch()


def unfinished(data: Path) -> int:
    """Return the number of unfinished copies of files in a data folder."""
    return len(list((data / "sources").glob("*.part")))


def compare(data: Path, expected: object, figures: Figures) -> None:
    """Count the faults of a library whose last ingest was left to finish."""
    figures.libraries += 1
    figures.different += held(data) != expected
    figures.left_behind += unfinished(data)
    library = Library(data / "library.db")
    figures.unsound += bool(library.check())
    library.close()


def measure(kills: int, files: int, seed: int) -> Figures:
    """Kill the ingest `kills` times and return the figures."""
    chance, figures = random.Random(seed), Figures()  # noqa: S311  # Seeded for repeatable runs, no secret.
    forkserver = multiprocessing.get_context("forkserver")
    forkserver.set_forkserver_preload(["bot.app", "bot.intake.readers", "bot.intake.box.pool", "test_ingest"])
    root = Path(tempfile.mkdtemp())
    try:
        folder, progress, done = corpus(root / "in", files), root / "progress", root / "done"

        def start(data: Path) -> multiprocessing.process.BaseProcess:
            process = forkserver.Process(target=take_in, args=(data, folder, progress))
            process.start()
            return process

        open_folder(root / "seeds").close()
        shutil.copytree(root / "seeds", root / "once")
        start(root / "once").join()
        expected = held(root / "once")
        data = root / "data"
        while figures.kills < kills:
            if not data.exists():
                shutil.copytree(root / "seeds", data)
            done.unlink(missing_ok=True)
            progress.write_bytes(b"")
            process, deadline = start(data), time.monotonic() + chance.choice((0, 60))
            while not progress.stat().st_size and process.is_alive() and time.monotonic() < deadline:
                time.sleep(0.005)
            time.sleep(chance.uniform(0, LONGEST))
            with contextlib.suppress(ProcessLookupError):
                os.kill(process.pid or 0, 9)
            process.join()
            figures.kills += not done.exists()
            figures.while_storing += not done.exists() and progress.stat().st_size > 0
            if done.exists() or figures.kills % KILLS == 0 or figures.kills == kills:
                start(data).join()
                compare(data, expected, figures)
                shutil.rmtree(data)
    finally:
        shutil.rmtree(root)
    return figures


def main() -> None:
    """Measure once and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--files", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    began = time.monotonic()
    figures = measure(arguments.kills, arguments.files, arguments.seed)
    print(f"{figures.kills} kills, of which {figures.while_storing} after a document was taken in")
    print(
        f"{figures.libraries} libraries; different {figures.different}, unsound {figures.unsound},"
        f" files left behind {figures.left_behind}"
    )
    print(f"{time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
