"""The full-text indexes of library.db: ranked within a deadline, or newest first. Never sees what a user typed."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterable

from bot.library.rows import Reader, chunks
from bot.sqlite.errors import StorageError

_PROGRESS_STEPS = 4_000


class DeadlineExceeded(Exception):
    """A ranked search took longer than it may."""


class FullText(Reader):
    """Matches FTS5 expressions against passages and whole editions."""

    def match_passages(self, expression: str, limit: int, seconds: float) -> list[tuple[int, float]]:
        """(rowid, score) of the best passages by BM25, higher is better.

        Raises DeadlineExceeded when ranking takes longer than `seconds`.
        """
        first, last = self._rowids
        return self._ranked(
            "passage_index", f"AND rowid BETWEEN {first:d} AND {last:d}", expression, limit, seconds
        )

    def match_editions(self, expression: str, limit: int, seconds: float) -> list[tuple[int, float]]:
        """(edition key, score) of the best whole editions by BM25; as match_passages."""
        seen = "AND EXISTS (SELECT 1 FROM edition e WHERE e.key = edition_index.rowid)"
        return self._ranked("edition_index", seen, expression, limit, seconds)

    def match_newest(self, expression: str, limit: int) -> list[int]:
        """Rowids of passages that match, newest first, unranked: takes no longer for a larger library."""
        rows = self._store.read().execute(
            """SELECT rowid FROM passage_index WHERE passage_index MATCH ? AND rowid BETWEEN ? AND ?
               ORDER BY rowid DESC LIMIT ?""",
            (expression, *self._rowids, limit),
        )
        return [row[0] for row in rows]

    def editions_of(self, rowids: Iterable[int]) -> dict[int, int]:
        """The edition key of each passage."""
        found: dict[int, int] = {}
        for chunk in chunks(list(rowids)):
            marks = ",".join("?" * len(chunk))
            found.update(
                self._store.read().execute(
                    f"SELECT rowid, edition FROM passage WHERE rowid IN ({marks})",  # noqa: S608  # question marks only
                    chunk,
                )
            )
        return found

    def reports_of(self, rowids: Iterable[int]) -> dict[int, str]:
        """The report of each passage."""
        owners: dict[int, str] = {}
        for chunk in chunks(list(rowids)):
            marks = ",".join("?" * len(chunk))
            owners.update(
                self._store.read().execute(
                    f"""SELECT p.rowid, e.report_id FROM passage p JOIN edition e ON e.key = p.edition
                        WHERE p.rowid IN ({marks})""",  # noqa: S608  # question marks only
                    chunk,
                )
            )
        return owners

    def around(self, rowids: Iterable[int], near: int) -> list[int]:
        """Rowids of these passages and of those up to `near` places before and after them in their editions."""
        places: dict[int, None] = {}
        for chunk in chunks(list(rowids)):
            marks = ",".join("?" * len(chunk))
            rows = self._store.read().execute(
                f"""SELECT q.rowid FROM passage p JOIN passage q ON q.edition = p.edition
                    AND q.position BETWEEN p.position - ? AND p.position + ?
                    WHERE p.rowid IN ({marks}) ORDER BY p.rowid DESC, q.position""",  # noqa: S608  # question marks only
                (near, near, *chunk),
            )
            places.update((row[0], None) for row in rows)
        return list(places)

    def word_counts(self, words: Iterable[str]) -> dict[str, int]:
        """How many passages hold each word, as the index folds it."""
        sql = "SELECT count(*) FROM passage_index WHERE passage_index MATCH ? AND rowid BETWEEN ? AND ?"
        reader = self._store.read()
        return {word: int(reader.execute(sql, (quoted(word), *self._rowids)).fetchone()[0]) for word in words}

    def first_passages(self, editions: Iterable[int]) -> dict[int, int]:
        """The rowid of the first passage of each edition."""
        found: dict[int, int] = {}
        for chunk in chunks(list(editions)):
            marks = ",".join("?" * len(chunk))
            found.update(
                self._store.read().execute(
                    f"SELECT edition, rowid FROM passage WHERE position = 0 AND edition IN ({marks})",  # noqa: S608  # question marks only
                    chunk,
                )
            )
        return found

    def rowids_of(self, reports: Iterable[str], limit: int) -> list[int]:
        """The passages of these reports in all their editions, newest published first, at most `limit`."""
        rows = self._store.read().execute(
            """SELECT p.rowid FROM passage p JOIN edition e ON e.key = p.edition
               WHERE e.report_id IN (SELECT value FROM json_each(?)) ORDER BY p.rowid DESC LIMIT ?""",
            (json.dumps(list(reports)), limit),
        )
        return [row[0] for row in rows]

    def check(self) -> list[str]:
        """What SQLite and FTS5 find wrong with the file; empty when it is sound."""
        try:
            rows = self._store.read().execute("PRAGMA quick_check(5)").fetchall()
        except sqlite3.DatabaseError as error:
            return [str(error)]
        problems = [row[0] for row in rows if row[0] != "ok"]
        for index in ("passage_index", "edition_index"):
            try:
                with self._store.write() as db:
                    db.execute(f"INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', 1)")  # noqa: S608  # names of this module
            except StorageError as error:
                problems.append(f"{index}: {error.__cause__ or error}")
        return problems

    def _ranked(
        self, index: str, seen: str, expression: str, limit: int, seconds: float
    ) -> list[tuple[int, float]]:
        reader = self._store.read()
        until = time.monotonic() + seconds
        reader.set_progress_handler(lambda: time.monotonic() > until, _PROGRESS_STEPS)
        try:
            rows = reader.execute(
                f"SELECT rowid, -rank FROM {index} WHERE {index} MATCH ? {seen} ORDER BY rank LIMIT ?",  # noqa: S608  # names of this module
                (expression, limit),
            ).fetchall()
        except sqlite3.OperationalError as error:
            if "interrupted" in str(error):
                raise DeadlineExceeded from None
            raise
        finally:
            reader.set_progress_handler(None, 0)
        return [(row[0], row[1]) for row in rows]


def quoted(term: str) -> str:
    """`term` as an FTS5 string, whatever it holds (FTS5 documentation, section 3.1)."""
    clean = "".join(c for c in term if c != "\0").replace('"', '""')
    return f'"{clean}"'
