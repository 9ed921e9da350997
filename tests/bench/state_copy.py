"""Copies a state with many rows in every table to PostgreSQL and back: `python tests/bench/state_copy.py [--rows 100000]`.

Each way begins with copies that are killed (SIGKILL) near the beginning, half-way and near the end. Prints how many rows
they left behind, how long the whole copy takes, and how many tables are equal row by row.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import signal
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parents[1]))

from postgres_kit import Debian
from test_copying import fill, tables

from bot.state import copying
from bot.state.copying import copy_state
from bot.state.database import Row, Writer
from bot.state.state import State

_KILLED_AT = (0.05, 0.5, 0.95)
"""Shares of the rows after which a copy is killed."""


def copied(source: Path | str, target: Path | str) -> None:
    """Copy one state into another."""
    with closing(State(source)) as there, closing(State(target)) as here:
        copy_state(there, here)


def copied_until_killed(source: Path | str, target: Path | str, limit: int) -> None:
    """Copy one state into another, and kill this process once `limit` rows are in the transaction."""
    insert, written = copying._insert, 0

    def insert_until(writer: Writer, table: str, names: tuple[str, ...], rows: list[Row]) -> None:
        nonlocal written
        insert(writer, table, names, rows)
        written += len(rows)
        if written >= limit:
            os.kill(os.getpid(), signal.SIGKILL)

    copying._insert = insert_until
    copied(source, target)


def killed(source: Path | str, target: Path | str, total: int) -> int:
    """Start copies of `total` rows that are killed midway; return the number of rows that they left in the target."""
    for share in _KILLED_AT:
        process = multiprocessing.get_context("spawn").Process(
            target=copied_until_killed, args=(source, target, int(share * total))
        )
        process.start()
        process.join()
        if process.exitcode != -signal.SIGKILL:
            raise RuntimeError(f"A copy ended with {process.exitcode} before it was killed.")
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
            left = killed(source, target, total)
            began = time.monotonic()
            copied(source, target)
            seconds = time.monotonic() - began
            with closing(State(first)) as expected, closing(State(target)) as state:
                same = sum(equal(expected, state, table) for table in tables(state))
                print(
                    f"{name}: {total} rows, {left} left by {len(_KILLED_AT)} killed copies, copied in {seconds:.0f} s;"
                    f" {same} of {len(tables(state))} tables equal"
                )


if __name__ == "__main__":
    main()
