"""Base class of the state's tables: how they are read and written, and the events on which rows move or are deleted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from bot.state.database import Database


class Table:
    """Tables that belong together, in the database `store`. All times are UTC seconds.

    A subclass is the only writer of the tables named in `owns`; it may read any other.
    """

    owns: ClassVar[tuple[str, ...]] = ()
    rewritten: ClassVar[bool] = True
    """Whether the tables can hold personal data: an erasure rewrites them, so that no copy of a row is left."""

    def __init__(self, store: Database) -> None:
        self._store = store
        self._read, self._write = store.select, store.change

    def migrate_chat(self, old: int, new: int) -> None:
        """Move a group's rows, if any, to its new id. A second call changes nothing."""

    def forget(self, user_id: int) -> None:
        """Delete a person's data, including that of their private chat, whose id is the user's (Bot API, Chat)."""

    def expire(self, now: int) -> int:  # noqa: ARG002  # most tables have no retention time
        """Delete rows past their retention time and return how many."""
        return 0


def rewritten(tables: Iterable[Table]) -> list[str]:
    """Return the names of the tables to rewrite after an erasure."""
    return [name for table in tables if table.rewritten for name in table.owns]
