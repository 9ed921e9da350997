"""Queries of the full-text indexes of library.db, ranked or newest first. No answer depends on a clock."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import date
from itertools import accumulate

from bot.library.rows import DAY_SHIFT, Reader, chunks
from bot.sqlite.errors import Damaged, StorageError
from bot.text.segment import singular


class FullText(Reader):
    """Reader that matches FTS5 expressions against passages and whole editions.

    `most_weighed` is the maximum number of passages, and of editions, that one search ranks: more take longer and hardly
    change an answer, see `tests/bench/briefings.py`. A time limit would give other answers under load.
    """

    most_weighed = 24_000

    def match_passages(self, terms: Iterable[str], limit: int) -> list[tuple[int, float]]:
        """Return (rowid, score) of the best passages with any of the terms, by BM25; higher is better.

        If more than `most_weighed` passages match, only the rarer terms count. If each term alone is in more, return
        the newest passages, unranked (scores of 0).
        """
        terms = list(terms)
        asked = self._rare_enough(terms, self._count)
        if not asked:
            return [(rowid, 0.0) for rowid in self.match_newest(any_of(terms), limit)]
        return self._ranked(any_of(asked), limit)

    def match_naming(self, names: str, terms: Iterable[str], limit: int) -> list[tuple[int, float]]:
        """Return (rowid, score) of the best passages that match the expression `names` and contain any term, by BM25.

        Return nothing if more than `most_weighed` passages match `names`.
        """
        if self._count(names) > self.most_weighed:
            return []
        return self._ranked(f"({names}) AND ({any_of(terms)})", limit)

    def _ranked(self, expression: str, limit: int) -> list[tuple[int, float]]:
        rows = self._select(
            """SELECT rowid, -rank FROM passage_index WHERE passage_index MATCH ? AND rowid BETWEEN ? AND ?
               ORDER BY rank LIMIT ?""",
            (expression, *self._rowids, limit),
        )
        return [(row[0], row[1]) for row in rows]

    def match_editions(self, terms: Iterable[str], limit: int) -> list[tuple[int, float]]:
        """Return (edition key, score) of the best whole editions by BM25; higher is better.

        English words match in singular and plural. If more than `most_weighed` editions match, only the rarer forms
        count; return nothing if each alone is in more.
        """
        spelled = dict.fromkeys(form for term in terms for form in numbers_of(term))
        asked = self._rare_enough(spelled, self._count_editions)
        if not asked:
            return []
        rows = self._select(
            """SELECT rowid, -rank FROM edition_index WHERE edition_index MATCH ?
               AND EXISTS (SELECT 1 FROM edition e WHERE e.key = edition_index.rowid)
               ORDER BY rank LIMIT ?""",
            (any_of(asked), limit),
        )
        return [(row[0], row[1]) for row in rows]

    def _rare_enough(self, terms: Iterable[str], count: Callable[[str], int]) -> list[str]:
        """Return the rarest terms, as many as match at most `most_weighed` times in all, each counted by `count`."""
        counts = {term: count(quoted(term)) for term in terms}
        rarest = sorted(counts, key=lambda term: (counts[term], term))
        totals = accumulate(counts[term] for term in rarest)
        return [term for term, total in zip(rarest, totals, strict=True) if total <= self.most_weighed]

    def match_newest(self, expression: str, limit: int, days: tuple[date, date] | None = None) -> list[int]:
        """Return rowids of the passages that match, newest first, unranked: takes no longer in a larger library.

        `days` are the first and the last day of their reports.
        """
        first, last = self._rowids
        if days is not None:
            first = days[0].toordinal() << DAY_SHIFT
            last = min(last, ((days[1].toordinal() + 1) << DAY_SHIFT) - 1)
        rows = self._select(
            """SELECT rowid FROM passage_index WHERE passage_index MATCH ? AND rowid BETWEEN ? AND ?
               ORDER BY rowid DESC LIMIT ?""",
            (expression, first, last, limit),
        )
        return [row[0] for row in rows]

    def match_oldest(self, expression: str, limit: int) -> list[int]:
        """Return rowids of the dated passages that match, oldest first, unranked."""
        rows = self._select(
            """SELECT rowid FROM passage_index WHERE passage_index MATCH ? AND rowid BETWEEN ? AND ?
               ORDER BY rowid LIMIT ?""",
            (expression, 1 << DAY_SHIFT, self._rowids[1], limit),
        )
        return [row[0] for row in rows]

    def editions_of(self, rowids: Iterable[int]) -> dict[int, int]:
        """Return the edition key of each passage."""
        editions: dict[int, int] = {}
        for chunk in chunks(list(rowids)):
            marks = ",".join("?" * len(chunk))
            editions.update(
                self._select(
                    f"SELECT rowid, edition FROM passage WHERE rowid IN ({marks})",  # noqa: S608  # question marks only
                    chunk,
                )
            )
        return editions

    def reports_of(self, rowids: Iterable[int]) -> dict[int, str]:
        """Return the report id of each passage."""
        owners: dict[int, str] = {}
        for chunk in chunks(list(rowids)):
            marks = ",".join("?" * len(chunk))
            owners.update(
                self._select(
                    f"""SELECT p.rowid, e.report_id FROM passage p JOIN edition e ON e.key = p.edition
                        WHERE p.rowid IN ({marks})""",  # noqa: S608  # question marks only
                    chunk,
                )
            )
        return owners

    def around(self, rowids: Iterable[int], near: int) -> list[int]:
        """Return the rowids of these passages and of those up to `near` positions before and after in their editions."""
        places: dict[int, None] = {}
        for chunk in chunks(list(rowids)):
            marks = ",".join("?" * len(chunk))
            rows = self._select(
                f"""SELECT q.rowid FROM passage p JOIN passage q ON q.edition = p.edition
                    AND q.position BETWEEN p.position - ? AND p.position + ?
                    WHERE p.rowid IN ({marks}) ORDER BY p.rowid DESC, q.position""",  # noqa: S608  # question marks only
                (near, near, *chunk),
            )
            places.update((row[0], None) for row in rows)
        return list(places)

    def word_counts(self, words: Iterable[str]) -> dict[str, int]:
        """Return the number of passages that contain each word, folded as in the index."""
        return {word: self._count(quoted(word)) for word in words}

    def _count(self, expression: str) -> int:
        """Return the number of passages that match."""
        rows = self._select(
            "SELECT count(*) FROM passage_index WHERE passage_index MATCH ? AND rowid BETWEEN ? AND ?",
            (expression, *self._rowids),
        )
        return int(rows.fetchone()[0])

    def _count_editions(self, expression: str) -> int:
        """Return the number of editions that match, later ones included."""
        rows = self._select("SELECT count(*) FROM edition_index WHERE edition_index MATCH ?", (expression,))
        return int(rows.fetchone()[0])

    def first_passages(self, editions: Iterable[int]) -> dict[int, int]:
        """Return the rowid of the first passage of each edition."""
        firsts: dict[int, int] = {}
        for chunk in chunks(list(editions)):
            marks = ",".join("?" * len(chunk))
            firsts.update(
                self._select(
                    f"SELECT edition, rowid FROM passage WHERE position = 0 AND edition IN ({marks})",  # noqa: S608  # question marks only
                    chunk,
                )
            )
        return firsts

    def rowids_of(self, reports: Iterable[str], limit: int) -> list[int]:
        """Return the rowids of the passages of these reports in all editions, newest first, at most `limit`."""
        rows = self._select(
            """SELECT p.rowid FROM passage p JOIN edition e ON e.key = p.edition
               WHERE e.report_id IN (SELECT value FROM json_each(?)) ORDER BY p.rowid DESC LIMIT ?""",
            (json.dumps(list(reports)), limit),
        )
        return [row[0] for row in rows]

    def check(self) -> list[str]:
        """Return the faults that SQLite and FTS5 find in the file; empty if it is sound."""
        try:
            rows = self._select("PRAGMA quick_check(5)").fetchall()
        except Damaged as error:
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
    """Return `term` as an FTS5 string, whatever characters it has (FTS5 documentation, section 3.1)."""
    clean = "".join(c for c in term if c != "\0").replace('"', '""')
    return f'"{clean}"'


def any_of(terms: Iterable[str]) -> str:
    """Return an FTS5 query that matches any of the terms."""
    return " OR ".join(map(quoted, terms))


def numbers_of(term: str) -> tuple[str, ...]:
    """Return a term, and for an English word its singular and plural: the index of whole editions is not stemmed."""
    one = singular(term)
    if not (one.isascii() and one.isalpha()):
        return (term,)
    many = f"{one[:-1]}ies" if one.endswith("y") and one[-2:-1] not in "aeiou" else f"{one}s"
    return tuple(dict.fromkeys((term, one, many)))
