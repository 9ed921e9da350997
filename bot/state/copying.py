"""Moves a whole state into another database, from a file to PostgreSQL or back, all of it or nothing.

The bytes of originals go before the rows that name them: into PostgreSQL for the machines that will share it, back into
the data folder. Those that a kill leaves behind are used by the next try.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from pathlib import Path

from bot.sqlite.errors import StorageError
from bot.state.database import Reader, Row, Writer
from bot.state.state import State
from bot.state.stored_files import StoredFiles

_VALUES = 20_000
"""Values of one statement; SQLite takes 32,766."""


class CannotCopy(Exception):
    """Nothing was copied; the text says why and what to do."""


def copy_state(source: State, target: State) -> Mapping[str, int]:
    """Copies every row; returns how many each table has. What is written to the source meanwhile is not copied.

    One transaction: killed at any moment, the target is as empty as before, and the next try begins anew.
    Raises CannotCopy for a target that holds anything, and StorageError.
    """
    with source.database.snapshot() as reader, target.database.write() as writer:
        tables = [table for table in source.tables if table not in StoredFiles.owns]
        held = [table for table in tables if _count(writer, table)]
        if held:
            raise CannotCopy(
                f"The target is not empty (it holds rows of {', '.join(held)}); give it an empty one."
            )
        counts = {table: _copy(reader, writer, table) for table in tables}
        # Whoever held a job there holds none here.
        writer.execute("UPDATE lease SET expires = 0")
        for table, count in counts.items():
            if _count(writer, table) != count:
                raise CannotCopy(f"The table {table} has other rows than it should; nothing was copied.")
    return counts


def share_files(state: State, folder: Path, files: Iterable[str]) -> None:
    """Gives the machines that share a state the files of a data folder, by their hashes. Raises StorageError."""
    for digest in files:
        try:
            with (folder / digest).open("rb") as file:
                state.files.put(digest, file)
        except FileNotFoundError:
            continue  # doctor names what is missing
        except OSError as error:
            raise StorageError(f"{folder / digest} cannot be read ({error.strerror}).") from error


def bring_files(state: State, folder: Path) -> None:
    """Writes the files that a shared state names into a data folder that lacks them. Raises StorageError."""
    for digest in state.originals.files():
        if not (folder / digest).is_file():
            state.files.fetch(digest, folder / digest)


def _copy(reader: Reader, writer: Writer, table: str) -> int:
    rows = iter(reader.execute(f"SELECT * FROM {table}"))  # noqa: S608  # our own tables
    count = 0
    first = next(rows, None)
    if first is None:
        return 0
    names = tuple(first.keys())
    together = max(1, _VALUES // len(names))
    batch = [first, *islice(rows, together - 1)]
    while batch:
        _insert(writer, table, names, batch)
        count += len(batch)
        batch = list(islice(rows, together))
    return count


def _insert(writer: Writer, table: str, names: tuple[str, ...], rows: list[Row]) -> None:
    row = f"({', '.join('?' * len(names))})"
    writer.execute(
        f"INSERT INTO {table} ({', '.join(names)}) VALUES {', '.join([row] * len(rows))}",  # noqa: S608  # our own tables
        [row[name] for row in rows for name in names],
    )


def _count(reader: Reader, table: str) -> int:
    return int(reader.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608  # our own tables
