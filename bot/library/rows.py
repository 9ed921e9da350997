"""Rows of library.db as the words of the project, and back."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, TypeVar

from bot.library.compressed import load_passage
from bot.library.schema import views_until
from bot.models import Passage, Problem
from bot.sqlite.connection import Store

_T = TypeVar("_T")

# SQLite takes 999 parameters in its older versions.
_PARAMETERS = 500
_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


DAY_SHIFT = 24
"""A passage's rowid is its report's day << 24 | a sequence."""

_LAST_ROWID = (1 << 63) - 1


class Reader:
    """Reads library.db for its parts: all of it, or what was published until a day.

    `_rowids` are the first and the last rowid of a passage that may be seen.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._rowids = (0, _LAST_ROWID)

    def see_until(self, last: date) -> None:
        """Hides what was published after a day, and what is undated, from all that is read from now on."""
        day = last.toordinal()
        self._rowids = (1 << DAY_SHIFT, ((day + 1) << DAY_SHIFT) - 1)
        self._store.shadow_tables(views_until(day, *self._rowids))

    def _tuples(self, sql: str, values: Sequence[object]) -> sqlite3.Cursor:
        """The rows of a query as plain tuples, which take half the time where there are many."""
        cursor = self._store.read().cursor()
        cursor.row_factory = None
        return cursor.execute(sql, values)


def passage_of(row: Sequence[Any]) -> tuple[Passage, str]:
    """The passage of a row, and its index terms: rowid, id, report, language, position, start, end, content."""
    _, passage, report, language, position, start, end, content = row
    sentences, headings, terms = load_passage(content)
    return Passage(passage, report, language, position, start, end, sentences, headings), terms


def dump_problem(problem: Problem) -> str:
    """A problem as JSON: [name, [value…]], where a value may be a problem itself."""
    return _ENCODE(_listed(problem))


def _listed(value: object) -> object:
    if isinstance(value, Problem):
        return [value.name, [_listed(one) for one in value.values]]
    return value if isinstance(value, int | float) else str(value)


def problem_of(dumped: str) -> Problem:
    """The problem that dump_problem() wrote."""
    return _problem(json.loads(dumped))


def _problem(listed: list[Any]) -> Problem:
    name, values = listed
    return Problem(name, tuple(_problem(one) if isinstance(one, list) else one for one in values))


def day_of(ordinal: int | None) -> date | None:
    """The day with this ordinal, None for none."""
    return None if ordinal is None else date.fromordinal(ordinal)


def chunks(values: list[_T]) -> Iterator[list[_T]]:
    """`values` in pieces that one statement takes as parameters."""
    for start in range(0, len(values), _PARAMETERS):
        yield values[start : start + _PARAMETERS]


def next_generation(db: sqlite3.Connection) -> None:
    """Makes every count that is held in memory be counted again."""
    db.execute(
        """INSERT INTO meta VALUES ('generation', '1')
           ON CONFLICT (key) DO UPDATE SET value = CAST(value AS INTEGER) + 1"""
    )
