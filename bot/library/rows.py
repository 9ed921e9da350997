"""Conversion of library.db's rows to the project's models and back, and the base class of its readers.

As of a day, readers see views of the tables: nothing that was published later, or is undated.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, TypeVar

from bot.library.compressed import load_passage
from bot.models import Passage, Problem
from bot.sqlite.connection import Store
from bot.sqlite.result import Result

_UNTIL = (
    "CREATE TEMP VIEW report AS SELECT * FROM main.report WHERE published <= :day",
    "CREATE TEMP VIEW report_topic AS SELECT * FROM main.report_topic WHERE published <= :day",
    """CREATE TEMP VIEW edition AS SELECT e.* FROM main.edition e
       WHERE EXISTS (SELECT 1 FROM main.report r WHERE r.id = e.report_id AND r.published <= :day)""",
    """CREATE TEMP VIEW story AS SELECT s.* FROM main.story s
       WHERE EXISTS (SELECT 1 FROM main.report r WHERE r.id = s.report_id AND r.published <= :day)""",
    # A plus sign keeps SQLite from seeking by these bounds where a query has narrower ones of its own.
    "CREATE TEMP VIEW passage AS SELECT * FROM main.passage WHERE +rowid BETWEEN :first AND :last",
    "CREATE TEMP VIEW mention AS SELECT * FROM main.mention WHERE +passage BETWEEN :first AND :last",
    "CREATE TEMP VIEW figure AS SELECT * FROM main.figure WHERE +passage BETWEEN :first AND :last",
    """CREATE TEMP VIEW topic_count AS SELECT topic, count(*) AS passages FROM mention GROUP BY topic
       UNION ALL SELECT '', count(*) FROM passage""",
)


_T = TypeVar("_T")

# Older versions of SQLite take at most 999 parameters.
_PARAMETERS = 500

_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

DAY_SHIFT = 24
"""A passage's rowid is its report's ordinal day << 24 | a sequence number."""

_LAST_ROWID = (1 << 63) - 1


def views_until(day: int, first: int, last: int) -> tuple[str, ...]:
    """Return CREATE TEMP VIEW statements that show what was published until an ordinal day.

    `first` and `last` are the rowids of its first and last passage. Full-text indexes cannot be seen through a view:
    their queries limit the rowids themselves. SQLite takes no parameters in a view.
    """
    values = {":day": day, ":first": first, ":last": last}
    return tuple(re.sub(r":\w+", lambda name: str(values[name[0]]), view) for view in _UNTIL)


class Reader:
    """Base of library.db's readers: sees all of it, or only what was published until a day.

    `_rowids` are the first and the last rowid of a passage that it may see.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._rowids = (0, _LAST_ROWID)

    def see_until(self, last: date) -> None:
        """Hide what was published after `last`, and what is undated, from all later reads."""
        day = last.toordinal()
        self._rowids = (1 << DAY_SHIFT, ((day + 1) << DAY_SHIFT) - 1)
        self._store.shadow_tables(views_until(day, *self._rowids))

    def _select(self, sql: str, values: Sequence[object] = ()) -> Result:
        """Run a query and return its rows as plain tuples, which take half the time where there are many.

        Raises StorageError: at once if damage was met before, since an index with a hole gives wrong answers.
        """
        if self._store.damage:
            raise self._store.damage
        with self._store.storage_errors():
            cursor = self._store.read().cursor()
            cursor.row_factory = None
            return Result(self._noticed(cursor.execute(sql, values)), -1)

    def _noticed(self, rows: Iterable[_T]) -> Iterator[_T]:
        """Yield what is read from the file row by row; damage in it is remembered."""
        with self._store.storage_errors():
            yield from rows


def passage_of(row: Sequence[Any]) -> tuple[Passage, str]:
    """Return the passage of a row (rowid, id, report, language, position, start, end, content), and its index terms."""
    _, passage, report, language, position, start, end, content = row
    sentences, headings, terms = load_passage(content)
    return Passage(passage, report, language, position, start, end, sentences, headings), terms


def dump_problem(problem: Problem) -> str:
    """Return a problem as JSON: [name, [value…]], where a value may itself be a problem."""
    return _ENCODE(_listed(problem))


def _listed(value: object) -> object:
    if isinstance(value, Problem):
        return [value.name, [_listed(one) for one in value.values]]
    return value if isinstance(value, int | float) else str(value)


def problem_of(dumped: str) -> Problem:
    """Return the problem that dump_problem() wrote."""
    return _problem(json.loads(dumped))


def _problem(listed: list[Any]) -> Problem:
    name, values = listed
    return Problem(name, tuple(_problem(one) if isinstance(one, list) else one for one in values))


def day_of(ordinal: int | None) -> date | None:
    """Return the day with this ordinal, None for None."""
    return None if ordinal is None else date.fromordinal(ordinal)


def chunks(values: list[_T]) -> Iterator[list[_T]]:
    """Yield `values` in chunks small enough for the parameters of one statement."""
    for start in range(0, len(values), _PARAMETERS):
        yield values[start : start + _PARAMETERS]


def next_generation(db: sqlite3.Connection) -> None:
    """Invalidate the counts that any process holds in memory (Counts.remembered)."""
    db.execute(
        """INSERT INTO meta VALUES ('generation', '1')
           ON CONFLICT (key) DO UPDATE SET value = CAST(value AS INTEGER) + 1"""
    )
