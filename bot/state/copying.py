"""Copies a whole state into another database, from a file to PostgreSQL or back: all of it or nothing.

The files of originals are copied before the rows that name them: into PostgreSQL for the machines that will share it,
or back into the data folder. A killed attempt leaves some behind; the next one uses them.
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
"""Values per statement; SQLite accepts at most 32,766."""


class CannotCopy(Exception):
    """Nothing was copied; the text says why and what to do about it."""


def copy_state(source: State, target: State) -> Mapping[str, int]:
    """Copy every row and return the number of rows per table. Ignores writes to the source meanwhile.

    Uses one transaction: if the process is killed, the target stays empty. Files of originals are not copied here.
    Raises CannotCopy if the target is not empty or a table ends up with other rows, and StorageError.
    """
    with source.database.snapshot() as reader, target.database.write() as writer:
        _refuse_unless_empty(writer, source.tables)
        counts = {table: _copy(reader, writer, table) for table in _copied(source.tables)}
        # A holder of a lease in the source holds none in the target.
        writer.execute("UPDATE lease SET expires = 0")
        for table, count in counts.items():
            if _count(writer, table) != count:
                raise CannotCopy(f"The table {table} has other rows than it should; nothing was copied.")
    return counts


def refuse_unless_empty(target: State) -> None:
    """Raise CannotCopy if a state has a row that a copy would have to replace. Raises StorageError."""
    with target.database.snapshot() as reader:
        _refuse_unless_empty(reader, target.tables)


def share_files(state: State, folder: Path, files: Iterable[str]) -> None:
    """Store files of a data folder, given by hash, in a shared state; skips missing ones. Raises StorageError."""
    for digest in files:
        try:
            with (folder / digest).open("rb") as file:
                state.files.put(digest, file)
        except FileNotFoundError:
            continue  # doctor names what is missing
        except OSError as error:
            raise StorageError(f"{folder / digest} cannot be read ({error.strerror}).") from error


def bring_files(state: State, folder: Path) -> None:
    """Write the files of a shared state's originals into a data folder that lacks them. Raises StorageError."""
    for digest in state.originals.files():
        if not (folder / digest).is_file():
            state.files.fetch(digest, folder / digest)


def _copied(tables: Iterable[str]) -> list[str]:
    return [table for table in tables if table not in StoredFiles.owns]


def _refuse_unless_empty(target: Reader, tables: Iterable[str]) -> None:
    held = [table for table in _copied(tables) if _count(target, table)]
    if held:
        raise CannotCopy(
            f"The target is not empty (it holds rows of {', '.join(held)}); give it an empty one."
        )


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
