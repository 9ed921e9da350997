"""What the tables of the state ask of the database below them: a file of SQLite, or PostgreSQL.

A statement is plain SQL that both take, with question marks for values: ON CONFLICT, no row ids, no functions of one alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

from sqlite_utils import Migrations


class Row(Protocol):
    """A row, by position and by name."""

    def keys(self) -> Iterable[str]:
        """The names of its columns."""
        ...

    def __getitem__(self, key: Any, /) -> Any: ...

    def __iter__(self) -> Iterator[Any]: ...


class Result(Protocol):
    """What a statement gave. `rowcount` is how many rows it changed."""

    @property
    def rowcount(self) -> int: ...

    def fetchone(self) -> Any:
        """The next row, None after the last."""
        ...

    def fetchall(self) -> list[Any]:
        """The rows that are left."""
        ...

    def __iter__(self) -> Iterator[Any]: ...


class Reader(Protocol):
    """Runs statements that read."""

    def execute(self, sql: str, values: Sequence[Any] = (), /) -> Result:
        """Runs one statement."""
        ...


class Writer(Reader, Protocol):
    """Runs statements within a transaction. `total_changes` is how many rows it has changed so far."""

    @property
    def total_changes(self) -> int: ...

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]], /) -> Any:
        """Runs one statement for each of the rows."""
        ...


class Database(Protocol):
    """See sqlite.connection.Store, which says what each method does. `shared`: several machines may have it open."""

    shared: bool

    def read(self) -> Reader: ...

    def select(self, sql: str, *values: object) -> Result: ...

    def change(self, sql: str, *values: object) -> int: ...

    def change_alone(self, sql: str, *values: object) -> int: ...

    def snapshot(self) -> AbstractContextManager[Reader]: ...

    def write(self) -> AbstractContextManager[Writer]: ...

    def now(self, clock: int) -> int: ...

    def checkpoint(self, patience: float = 0.0) -> bool: ...

    def rewrite(self, tables: Sequence[str], patience: float = 0.0) -> bool: ...

    def close(self) -> None: ...


def open_database(place: Path | str, migrations: Migrations) -> Database:
    """The database at a path, or at a PostgreSQL URL, with its tables as they are now. Raises StorageError."""
    if isinstance(place, str):
        # Not installed where nobody uses it, and not loaded.
        from bot.postgres.connection import PostgresStore

        return PostgresStore(place, migrations)
    from bot.sqlite.connection import Store

    return Store(place, migrations, durable=True)
