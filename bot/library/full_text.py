"""The full-text indexes of library.db: ranked, or newest first. No answer depends on a clock."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence

from bot.library.rows import Reader, chunks
from bot.sqlite.errors import StorageError
from bot.text.segment import singular


class FullText(Reader):
    """Matches FTS5 expressions against passages and whole editions.

    `most_weighed` is how many passages one search weighs: more take longer and change hardly an answer, see
    `tests/bench/briefings.py`. A bound of time would give other answers under load.
    """

    most_weighed = 30_000

    def match_passages(self, terms: Iterable[str], limit: int) -> list[tuple[int, float]]:
        """(rowid, score) of the best passages with any of the terms, by BM25, higher is better.

        Where more than `most_weighed` have one, only the rarer terms count; where each is in more, the newest passages are
        given, unranked (scores of 0).
        """
        asked = self._rare_enough(list(dict.fromkeys(terms)))
        if not asked:
            return [(rowid, 0.0) for rowid in self.match_newest(any_of(terms), limit)]
        return self._ranked(any_of(asked), limit)

    def match_naming(self, names: str, terms: Iterable[str], limit: int) -> list[tuple[int, float]]:
        """(rowid, score) of the best passages that match `names`, an expression, and hold any of the terms, by BM25.

        None where more than `most_weighed` match `names`.
        """
        if self._count(names) > self.most_weighed:
            return []
        return self._ranked(f"({names}) AND ({any_of(terms)})", limit)

    def _ranked(self, expression: str, limit: int) -> list[tuple[int, float]]:
        rows = self._store.read().execute(
            """SELECT rowid, -rank FROM passage_index WHERE passage_index MATCH ? AND rowid BETWEEN ? AND ?
               ORDER BY rank LIMIT ?""",
            (expression, *self._rowids, limit),
        )
        return [(row[0], row[1]) for row in rows]

    def match_editions(self, terms: Iterable[str], limit: int) -> list[tuple[int, float]]:
        """(edition key, score) of the best whole editions by BM25, higher is better; words count in either number."""
        spelled = dict.fromkeys(form for term in terms for form in numbers_of(term))
        rows = self._store.read().execute(
            """SELECT rowid, -rank FROM edition_index WHERE edition_index MATCH ?
               AND EXISTS (SELECT 1 FROM edition e WHERE e.key = edition_index.rowid)
               ORDER BY rank LIMIT ?""",
            (any_of(spelled), limit),
        )
        return [(row[0], row[1]) for row in rows]

    def _rare_enough(self, terms: Sequence[str]) -> list[str]:
        """The rarest of the terms that are in so few passages, all together, that these can be weighed."""
        if self._count(any_of(terms)) <= self.most_weighed:
            return list(terms)
        counts = self.word_counts(terms)
        chosen: list[str] = []
        room = self.most_weighed
        for term in sorted(terms, key=lambda term: (counts[term], term)):
            room -= counts[term]
            if room < 0:
                break
            chosen.append(term)
        return chosen

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
        editions: dict[int, int] = {}
        for chunk in chunks(list(rowids)):
            marks = ",".join("?" * len(chunk))
            editions.update(
                self._store.read().execute(
                    f"SELECT rowid, edition FROM passage WHERE rowid IN ({marks})",  # noqa: S608  # question marks only
                    chunk,
                )
            )
        return editions

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
        return {word: self._count(quoted(word)) for word in words}

    def _count(self, expression: str) -> int:
        """How many passages match."""
        rows = self._store.read().execute(
            "SELECT count(*) FROM passage_index WHERE passage_index MATCH ? AND rowid BETWEEN ? AND ?",
            (expression, *self._rowids),
        )
        return int(rows.fetchone()[0])

    def first_passages(self, editions: Iterable[int]) -> dict[int, int]:
        """The rowid of the first passage of each edition."""
        firsts: dict[int, int] = {}
        for chunk in chunks(list(editions)):
            marks = ",".join("?" * len(chunk))
            firsts.update(
                self._store.read().execute(
                    f"SELECT edition, rowid FROM passage WHERE position = 0 AND edition IN ({marks})",  # noqa: S608  # question marks only
                    chunk,
                )
            )
        return firsts

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


def quoted(term: str) -> str:
    """`term` as an FTS5 string, whatever it holds (FTS5 documentation, section 3.1)."""
    clean = "".join(c for c in term if c != "\0").replace('"', '""')
    return f'"{clean}"'


def any_of(terms: Iterable[str]) -> str:
    """An FTS5 query for what has any of the terms."""
    return " OR ".join(map(quoted, terms))


def numbers_of(term: str) -> tuple[str, ...]:
    """A term, and an English word in both numbers: the index of whole editions is not stemmed."""
    one = singular(term)
    if not (one.isascii() and one.isalpha()):
        return (term,)
    many = f"{one[:-1]}ies" if one.endswith("y") and one[-2:-1] not in "aeiou" else f"{one}s"
    return tuple(dict.fromkeys((term, one, many)))
