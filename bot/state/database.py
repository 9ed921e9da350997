"""The interface that the state's tables need from a database, and the choice between SQLite and PostgreSQL.

Statements are plain SQL that both accept, with question marks for values: ON CONFLICT, no row ids, no function that
only one has.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

from sqlite_utils import Migrations

from bot.sqlite.errors import StorageError


class Row(Protocol):
    """One result row, read by position or by column name."""

    def keys(self) -> Iterable[str]:
        """Return the names of its columns."""
        ...

    def __getitem__(self, key: Any, /) -> Any: ...

    def __iter__(self) -> Iterator[Any]: ...


class Result(Protocol):
    """Result of a statement. `rowcount` is the number of rows it changed."""

    @property
    def rowcount(self) -> int: ...

    def fetchone(self) -> Any:
        """Return the next row, None after the last."""
        ...

    def fetchall(self) -> list[Any]:
        """Return the remaining rows."""
        ...

    def __iter__(self) -> Iterator[Any]: ...


class Reader(Protocol):
    """Runs read-only statements."""

    def execute(self, sql: str, values: Sequence[Any] = (), /) -> Result:
        """Run one statement."""
        ...


class Writer(Reader, Protocol):
    """Runs statements within a transaction. `total_changes` counts the rows it has changed so far."""

    @property
    def total_changes(self) -> int: ...

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]], /) -> Any:
        """Run one statement for each of the rows."""
        ...


class Database(Protocol):
    """Interface of a database; sqlite.connection.Store documents it. `shared`: several machines can have it open."""

    shared: bool

    def read(self) -> Reader: ...

    def select(self, sql: str, *values: object) -> Result: ...

    def change(self, sql: str, *values: object) -> int: ...

    def change_concurrently(self, sql: str, *values: object) -> int: ...

    def snapshot(self) -> AbstractContextManager[Reader]: ...

    def write(self) -> AbstractContextManager[Writer]: ...

    def now(self, clock: int) -> int: ...

    def checkpoint(self, patience: float = 0.0) -> bool: ...

    def rewrite(self, tables: Sequence[str], patience: float = 0.0) -> bool: ...

    def close(self) -> None: ...


def open_database(place: Path | str, migrations: Migrations) -> Database:
    """Open the database at a path or at a PostgreSQL URL (a str) and migrate its tables. Raises StorageError."""
    if isinstance(place, str):
        try:
            # An optional dependency: imported only where it is used.
            from bot.postgres.connection import PostgresStore
        except ModuleNotFoundError as error:
            raise StorageError(
                'TRENDBOT_STATE needs two more packages: pip install "trendbot[postgres]".'
            ) from error
        return PostgresStore(place, migrations)
    from bot.sqlite.connection import Store

    return Store(place, migrations, durable=True)
