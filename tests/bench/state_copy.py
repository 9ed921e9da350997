"""Copies a state with many rows in every table to PostgreSQL and back: `python tests/bench/state_copy.py [--rows 100000]`.

Each way begins with copies that are killed. Prints how many rows they left behind, how long the whole copy takes, and how
many tables are equal row by row.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parents[1]))

from postgres_kit import Debian
from test_copying import fill, tables

from bot.state.copying import copy_state
from bot.state.state import State

_KILLS = (1.0, 5.0, 15.0)


def copied(source: Path | str, target: Path | str) -> None:
    """Copy one state into another."""
    with closing(State(source)) as there, closing(State(target)) as here:
        copy_state(there, here)


def killed(source: Path | str, target: Path | str) -> int:
    """Start copies and kill each after some seconds; return the number of rows that they left in the target."""
    for seconds in _KILLS:
        process = multiprocessing.get_context("spawn").Process(target=copied, args=(source, target))
        process.start()
        process.join(seconds)
        process.kill()
        process.join()
    with closing(State(target)) as state:
        return sum(count(state, table) for table in tables(state))


def count(state: State, table: str) -> int:
    """Return the number of rows in a table."""
    return int(state.database.select(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608  # Our own tables.


def equal(first: State, second: State, table: str) -> bool:
    """Return whether a table has the same rows in both states, except when leases expire: they are copied as ended."""
    columns = "name, owner, term" if table == "lease" else "*"
    rows = [
        sorted((tuple(row) for row in state.database.select(f"SELECT {columns} FROM {table}")), key=repr)  # noqa: S608
        for state in (first, second)
    ]
    return rows[0] == rows[1]


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rows", type=int, default=100_000)
    wanted = arguments.parse_args().rows
    with tempfile.TemporaryDirectory() as folder, Debian() as server:
        first, back = Path(folder) / "first.db", Path(folder) / "back.db"
        with closing(State(first)) as state:
            fill(state, wanted)
            total = sum(count(state, table) for table in tables(state))
        for name, source, target in (("to PostgreSQL", first, server.url), ("back", server.url, back)):
            left = killed(source, target)
            began = time.monotonic()
            copied(source, target)
            seconds = time.monotonic() - began
            with closing(State(first)) as expected, closing(State(target)) as state:
                same = sum(equal(expected, state, table) for table in tables(state))
                print(
                    f"{name}: {total} rows, {left} left by {len(_KILLS)} killed copies, copied in {seconds:.0f} s;"
                    f" {same} of {len(tables(state))} tables equal"
                )


if __name__ == "__main__":
    main()
