"""The rows of a statement once they are read, so that no error of the database comes after it; for both engines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any


class Result:
    """Result of a statement: its rows, and how many rows it changed."""

    def __init__(self, rows: Iterable[Any], rowcount: int) -> None:
        self._rows = iter(rows)
        self.rowcount = rowcount

    def fetchone(self) -> Any:
        """Return the next row, None after the last."""
        return next(self._rows, None)

    def fetchall(self) -> list[Any]:
        """Return the remaining rows."""
        return list(self._rows)

    def __iter__(self) -> Iterator[Any]:
        return self._rows
