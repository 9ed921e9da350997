"""Runs statements in PostgreSQL that are written as SQLite takes them, and returns rows as sqlite3 does.

A statement has question marks for values; a row is read by position and by name. Knows no pool, lock or table.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, ClassVar, cast

import psycopg
from psycopg import ClientCursor

from bot.sqlite.result import Result

_ROWS_TOGETHER = 2_000
_STATEMENTS_TOGETHER = 200

Connection = psycopg.Connection[Any]


class Row(tuple[Any, ...]):
    """A row, by position and by name, as sqlite3.Row is. A subclass for each statement knows the columns."""

    __slots__ = ()
    names: ClassVar[tuple[str, ...]] = ()

    def keys(self) -> tuple[str, ...]:
        """Return the names of its columns."""
        return self.names

    def __getitem__(self, key: Any) -> Any:
        return super().__getitem__(self.names.index(key) if isinstance(key, str) else key)


def rows(cursor: psycopg.Cursor[Any]) -> Any:
    """Return the row class of a statement's result: psycopg's row factory."""
    if cursor.description is None:
        return tuple
    return _row_class(tuple(column.name for column in cursor.description))


@lru_cache(maxsize=512)
def _row_class(names: tuple[str, ...]) -> type[Row]:
    return type("Row", (Row,), {"__slots__": (), "names": names})


class Session:
    """Runs statements in one transaction, or each on its own."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.total_changes = 0
        """Number of rows inserted, changed or deleted so far."""

    def execute(self, sql: str, values: Sequence[object] = ()) -> Result:
        """Run one statement."""
        cursor = self._connection.execute(cast("Any", translated(sql)), tuple(values))
        if cursor.description is not None:
            return Result(cursor.fetchall(), cursor.rowcount)
        self.total_changes += max(0, cursor.rowcount)
        return Result([], cursor.rowcount)

    def executemany(self, sql: str, rows: Any) -> None:
        """Run one statement for each of the rows, many in one round trip."""
        cursor = ClientCursor(self._connection)
        statements = [cursor.mogrify(translated(sql), tuple(values)) for values in rows]
        for first in range(0, len(statements), _STATEMENTS_TOGETHER):
            cursor.execute(cast("Any", "; ".join(statements[first : first + _STATEMENTS_TOGETHER])))
            self.total_changes += cursor.rowcount
            while cursor.nextset():
                self.total_changes += cursor.rowcount


class Snapshot:
    """Reads all tables as of one moment, fetching rows only as they are consumed. A new statement closes the one before."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._cursor: psycopg.ServerCursor[Any] | None = None

    def execute(self, sql: str, values: Sequence[object] = ()) -> Result:
        """Run one statement that reads."""
        self.close()
        cursor = self._cursor = self._connection.cursor(name="rows", row_factory=rows)
        cursor.itersize = _ROWS_TOGETHER
        cursor.execute(cast("Any", translated(sql)), tuple(values))
        return Result(cursor, -1)

    def close(self) -> None:
        """Close the statement that was last run."""
        if self._cursor is not None:
            self._cursor.close()
            self._cursor = None


@lru_cache(maxsize=512)
def translated(sql: str) -> str:
    """Return a statement with PostgreSQL's placeholders. No statement of ours has a question mark in quotes."""
    return sql.replace("%", "%%").replace("?", "%s")
