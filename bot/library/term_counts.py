"""Counts of terms by edition and day: written with each edition, read to find what rises.

Counts are stored for every edition. Counting a report once, and reprints once, is left to trends.rising_terms.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping
from datetime import date

from msgspec import Struct

from bot.library.document_terms import TOPIC
from bot.library.rows import Reader

_ALL = ""
"""The term that counts all items of an edition."""


class DatedEdition(Struct, frozen=True):
    """An edition of a dated report. `source` is the report's publisher, `day` ordinal, `items` the number of its items."""

    key: int
    language: str
    report: str
    origin: str
    source: str
    day: int
    items: int


class TermTotal(Struct, frozen=True):
    """A term by its key, with the items and reports that contain it now, and the number of items expected."""

    key: int
    items: int
    reports: int
    expected: float


def put_term_counts(db: sqlite3.Connection, edition: int, counts: Iterable[tuple[str, int]]) -> None:
    """Store the number of items of an edition that contain each term.

    For the transaction of editions.put_editions().
    """
    rows = sorted(counts)
    db.executemany("INSERT INTO term (text) VALUES (?) ON CONFLICT DO NOTHING", ((text,) for text, _ in rows))
    db.executemany(
        "INSERT INTO term_count SELECT ?1, key, ?3 FROM term WHERE text = ?2",
        ((edition, text, items) for text, items in rows),
    )


def delete_term_counts(db: sqlite3.Connection, edition: int) -> None:
    """Delete the counts of an edition."""
    db.execute("DELETE FROM term_count WHERE edition = ?", (edition,))


def count_topic(db: sqlite3.Connection, topic: str) -> None:
    """Count a topic again in all editions, by the passages that mention it now.

    A count is at most the number of the edition's items.
    """
    term = f"{TOPIC}{topic}"
    db.execute("DELETE FROM term_count WHERE term = (SELECT key FROM term WHERE text = ?)", (term,))
    db.execute("INSERT INTO term (text) VALUES (?) ON CONFLICT DO NOTHING", (term,))
    db.execute(
        """INSERT INTO term_count SELECT a.edition, t.key, min(a.items, count(*))
           FROM mention m JOIN passage p ON p.rowid = m.passage JOIN term t ON t.text = ?
           JOIN term_count a ON a.edition = p.edition AND a.term = (SELECT key FROM term WHERE text = ?)
           WHERE m.topic = ? GROUP BY a.edition""",
        (term, _ALL, topic),
    )


class TermCounts(Reader):
    """Reader of the counts of terms."""

    def dated_editions(self, first: date, last: date) -> list[DatedEdition]:
        """Return the editions of the reports published from `first` to `last`, the oldest first."""
        rows = self._select(
            """SELECT e.key, e.language, r.id, r.origin,
                 (SELECT o.publisher FROM edition o WHERE o.report_id = r.id ORDER BY o.language LIMIT 1),
                 r.published, c.items
               FROM report r JOIN edition e ON e.report_id = r.id
               JOIN term_count c ON c.edition = e.key AND c.term = (SELECT key FROM term WHERE text = ?)
               WHERE r.published BETWEEN ? AND ? ORDER BY r.published, r.id, e.key""",
            (_ALL, first.toordinal(), last.toordinal()),
        )
        return [DatedEdition(*row) for row in rows]

    def frequent_terms(self, editions: Collection[int], least: int) -> dict[int, int]:
        """Return the number of items of these editions that contain a term, by key, if at least `least`."""
        rows = self._select(
            """SELECT term, sum(items) FROM term_count WHERE edition IN (SELECT value FROM json_each(?))
               GROUP BY term HAVING sum(items) >= ?""",
            (json.dumps([*editions]), least),
        )
        return dict(rows.fetchall())

    def term_texts(self, terms: Collection[int]) -> dict[int, str]:
        """Return the texts of the terms with these keys, without the one that counts all items."""
        rows = self._select(
            "SELECT key, text FROM term WHERE text <> ? AND key IN (SELECT value FROM json_each(?))",
            (_ALL, json.dumps([*terms])),
        )
        return dict(rows.fetchall())

    def totals(
        self, terms: Collection[int], now: Collection[int], paces: Mapping[int, float]
    ) -> list[TermTotal]:
        """Return the totals of these terms in the editions `now`, and the items expected by earlier ones.

        `paces` gives, for each earlier edition, how many items now to expect for each item of it.
        """
        weighed = [(key, 1, 0.0) for key in now] + [(key, 0, pace) for key, pace in paces.items()]
        # The plus before a column keeps SQLite from looking up each term in each edition.
        rows = self._select(
            """WITH weighed (edition, now, pace) AS MATERIALIZED
                 (SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?))
               SELECT c.term, sum(w.now * c.items), sum(w.now), sum(w.pace * c.items)
               FROM term_count c JOIN weighed w ON w.edition = +c.edition
               WHERE c.term IN (SELECT value FROM json_each(?)) GROUP BY c.term""",
            (json.dumps(weighed), json.dumps([*terms])),
        )
        return [TermTotal(*row) for row in rows]

    def occurrences(
        self, terms: Collection[int], editions: Collection[int]
    ) -> dict[int, list[tuple[int, int]]]:
        """Return (edition, items) of each of `editions` that contains a term, by the keys of the terms."""
        by_term: dict[int, list[tuple[int, int]]] = {}
        for term, edition, items in self._select(
            """SELECT term, edition, items FROM term_count
               WHERE term IN (SELECT value FROM json_each(?)) AND +edition IN (SELECT value FROM json_each(?))""",
            (json.dumps([*terms]), json.dumps([*editions])),
        ):
            by_term.setdefault(term, []).append((edition, items))
        return by_term
