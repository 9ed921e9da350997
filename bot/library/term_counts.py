"""How often the terms of documents come up, day by day: written with each edition, read by what tells what rises.

A report counts once whatever its editions, and so does what has several reprints: in as many items as the one that has
it in most of them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from bot.library.document_terms import TOPIC
from bot.library.rows import Reader, chunks

_ALL = ""
"""The term that counts all items of an edition."""


@dataclass(frozen=True, slots=True)
class DatedEdition:
    """An edition of a dated report, with the number of its items; `source` is who publishes it."""

    key: int
    language: str
    report: str
    origin: str
    source: str
    day: int
    items: int


def put_term_counts(db: sqlite3.Connection, edition: int, counts: Iterable[tuple[str, int]]) -> None:
    """Stores in how many items of an edition each term stands. For the transaction of editions.put_editions()."""
    rows = sorted(counts)
    db.executemany("INSERT INTO term (text) VALUES (?) ON CONFLICT DO NOTHING", ((text,) for text, _ in rows))
    db.executemany(
        "INSERT INTO term_count SELECT ?1, key, ?3 FROM term WHERE text = ?2",
        ((edition, text, items) for text, items in rows),
    )


def delete_term_counts(db: sqlite3.Connection, edition: int) -> None:
    """Takes an edition out of the counts."""
    db.execute("DELETE FROM term_count WHERE edition = ?", (edition,))


def count_topic(db: sqlite3.Connection, topic: str) -> None:
    """Counts a topic anew in all editions, by the passages that mention it now, at most as many as an edition has items."""
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
    """Reads the counts of terms."""

    def dated_editions(self, first: date, last: date) -> list[DatedEdition]:
        """The editions of the reports that were published from `first` to `last`."""
        rows = self._tuples(
            """SELECT e.key, e.language, r.id, r.origin,
                 (SELECT o.publisher FROM edition o WHERE o.report_id = r.id ORDER BY o.language LIMIT 1),
                 r.published, c.items
               FROM report r JOIN edition e ON e.report_id = r.id
               JOIN term_count c ON c.edition = e.key AND c.term = (SELECT key FROM term WHERE text = ?)
               WHERE r.published BETWEEN ? AND ? ORDER BY r.published, r.id, e.key""",
            (_ALL, first.toordinal(), last.toordinal()),
        )
        return [DatedEdition(*row) for row in rows]

    def frequent_terms(self, editions: Collection[int], least: int) -> list[int]:
        """The keys of the terms that stand in at least so many items of some editions, translations counted too."""
        totals: dict[int, int] = {}
        for chunk in chunks(sorted(editions)):
            marks = ",".join("?" * len(chunk))
            for term, items in self._tuples(
                f"SELECT term, sum(items) FROM term_count WHERE edition IN ({marks}) GROUP BY term",  # noqa: S608  # question marks only
                chunk,
            ):
                totals[term] = totals.get(term, 0) + items
        return [term for term, items in totals.items() if items >= least]

    def occurrences(self, terms: Collection[int]) -> dict[str, list[tuple[int, int]]]:
        """(edition, items) of each edition that holds a term, for each of the terms with these keys."""
        found: dict[int, list[tuple[int, int]]] = {}
        names: dict[int, str] = {}
        for chunk in chunks(sorted(terms)):
            marks = ",".join("?" * len(chunk))
            names.update(self._tuples(f"SELECT key, text FROM term WHERE key IN ({marks})", chunk))  # noqa: S608  # question marks only
            for term, edition, items in self._tuples(
                f"SELECT term, edition, items FROM term_count WHERE term IN ({marks})",  # noqa: S608  # question marks only
                chunk,
            ):
                found.setdefault(term, []).append((edition, items))
        return {text: found[key] for key, text in names.items() if text != _ALL and key in found}
