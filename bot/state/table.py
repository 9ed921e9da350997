"""What every table of state.db has in common: how it is read and written, and when its rows move or go."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from bot.state.database import Database


class Table:
    """Tables that belong together, in the file of `store`. Every time is a UTC second.

    A subclass is the only writer of the tables that it names in `owns`; it may read any other.
    """

    owns: ClassVar[tuple[str, ...]] = ()
    rewritten: ClassVar[bool] = True
    """Whether the tables can hold what a person wants erased, so that no copy of a row may be left behind."""

    def __init__(self, store: Database) -> None:
        self._store = store
        self._read, self._write = store.select, store.change

    def migrate_chat(self, old: int, new: int) -> None:
        """Moves the rows of a group to its new id, where there are any; a second time changes nothing."""

    def forget(self, user_id: int) -> None:
        """Deletes what is kept of a person; their private chat has their id (Bot API, Chat)."""

    def expire(self, now: int) -> int:  # noqa: ARG002  # most tables keep their rows for as long as they are wanted
        """Deletes rows that are kept for a certain time only; returns how many."""
        return 0


def rewritten(tables: Iterable[Table]) -> list[str]:
    """The names of the tables that are written anew when something was erased."""
    return [name for table in tables if table.rewritten for name in table.owns]
