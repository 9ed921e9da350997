"""CPU time of an ingest, of all its processes: `ingest_cpu.py FOLDER [--checkout DIR] [--runs N] [--modules]`.

Each run ingests FOLDER into an empty data folder with `trendbot ingest`. What starting costs (imports, dictionary, seeds,
sandbox) is measured by one short document and told apart. `--checkout` measures another checkout in turn with this one,
since a loaded machine's figures swing. `--modules` ingests once more in this process, interrupts it every four
milliseconds of CPU time, and prints the modules of the bot in which it was, with the libraries that they call.
"""

from __future__ import annotations

import argparse
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from contextlib import closing
from pathlib import Path
from statistics import median
from types import FrameType
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
_SECONDS_BETWEEN_SAMPLES = 0.004
_MODULES = 40
_SHORT = "# Compute\n\nCompute grew by 18% in 2025, the report of 9 January 2025 says.\n"


class Run(NamedTuple):
    """CPU seconds of one ingest, and the passages in the library after it."""

    seconds: float
    passages: int


def run(checkout: Path, source: Path) -> Run:
    """Ingest `source` with the code of a checkout. Raises CalledProcessError if the command cannot be run at all."""
    with tempfile.TemporaryDirectory() as data:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(
            [sys.executable, "-m", "bot", "ingest", str(source)],
            cwd=checkout,
            # Without bytecode each process would compile the checkout's modules, which an installed bot does not.
            env={
                **os.environ,
                "PYTHONPATH": str(checkout),
                "TRENDBOT_DATA": data,
                "PYTHONDONTWRITEBYTECODE": "",
            },
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,  # 1 if a document was refused
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        with closing(sqlite3.connect(Path(data) / "library.db")) as db:
            passages = db.execute("SELECT count(*) FROM passage").fetchone()[0]
    return Run(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, passages)


def compare(checkouts: list[Path], folder: Path, runs: int) -> None:
    """Print start-up, CPU per megabyte and passages per CPU second of each checkout, and the ratio to the last one."""
    megabytes = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6
    with tempfile.TemporaryDirectory() as place:
        short = Path(place) / "short.md"
        short.write_text(_SHORT, "utf-8")
        starts: dict[Path, list[Run]] = {checkout: [] for checkout in checkouts}
        whole: dict[Path, list[Run]] = {checkout: [] for checkout in checkouts}
        for checkout in checkouts:
            run(checkout, short)  # writes the bytecode
        for _ in range(runs):
            for checkout in checkouts:
                starts[checkout].append(run(checkout, short))
                whole[checkout].append(run(checkout, folder))
    seconds = {checkout: median(one.seconds for one in whole[checkout]) for checkout in checkouts}
    for checkout in checkouts:
        start = median(one.seconds for one in starts[checkout])
        passages = whole[checkout][0].passages - starts[checkout][0].passages
        work = seconds[checkout] - start
        print(
            f"{checkout}: {seconds[checkout]:.2f} s, of which start {start:.2f} s; then {work / megabytes:.2f} s per MB,"
            f" {passages:,} passages, {passages / work:,.0f} per CPU second;"
            f" {seconds[checkout] / seconds[checkouts[-1]]:.2f} times the last"
        )


def print_modules(folder: Path) -> None:
    """Ingest `folder` in this process and print in which modules of the bot its CPU time is spent."""
    sys.path.insert(0, str(ROOT))
    from bot.intake.ingest import Ingest
    from bot.intake.readers import IN_PROCESS
    from bot.intake.reading import files_in
    from bot.library.glossary import Glossary
    from bot.library.library import Library
    from bot.settings import packaged
    from bot.state.state import State
    from bot.text.segment import Segmenter

    samples: Counter[str] = Counter()
    package = str(ROOT / "bot") + os.sep

    def sample(_signal: int, frame: FrameType | None) -> None:
        while frame is not None and not frame.f_code.co_filename.startswith(package):
            frame = frame.f_back
        samples[frame.f_code.co_filename.removeprefix(package) if frame else "outside the bot"] += 1

    with tempfile.TemporaryDirectory() as name:
        data = Path(name)
        glossary = Glossary.parse((packaged("seeds") / "topics.toml").read_text("utf-8"))
        segmenter = Segmenter(glossary.forms.words, cache=data)
        segmenter.load()
        with (
            closing(Library(data / "library.db")) as library,
            closing(State(data / "state.db")) as state,
        ):
            ingest = Ingest(library, state, glossary, segmenter, data / "sources", IN_PROCESS)
            signal.signal(signal.SIGPROF, sample)
            signal.setitimer(signal.ITIMER_PROF, _SECONDS_BETWEEN_SAMPLES, _SECONDS_BETWEEN_SAMPLES)
            for _ in ingest.paths(files_in(folder), 1_736_000_000):
                pass
            signal.setitimer(signal.ITIMER_PROF, 0)
    for module, count in samples.most_common(_MODULES):
        print(f"{100 * count / samples.total():5.1f} %  {module}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--checkout", type=Path)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--modules", action="store_true")
    arguments = parser.parse_args()
    checkouts = [ROOT, *([arguments.checkout.resolve()] if arguments.checkout else [])]
    compare(checkouts, arguments.folder.resolve(), arguments.runs)
    if arguments.modules:
        print_modules(arguments.folder)


if __name__ == "__main__":
    main()
