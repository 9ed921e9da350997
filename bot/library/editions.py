"""Writes editions into library.db. Every function runs inside the transaction that its caller has opened."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache

from msgspec.structs import asdict

from bot.library.compressed import compress, decompress, dump_passage, load_terms
from bot.library.edition_index import EditionTerms, delete_edition_terms, edition_terms
from bot.library.ledger import figure_rows
from bot.library.reprints import delete_runs, find_origin, kept_runs, put_runs
from bot.library.rows import DAY_SHIFT, day_of, next_generation
from bot.library.story_index import delete_story_features, put_story
from bot.library.term_counts import delete_term_counts, put_term_counts
from bot.models import NAMED_IN_HEAD, NAMED_IN_TITLE, IndexedEdition, IndexedPassage
from bot.provenance import Provenance


class _Terms:
    """Rows that wait to be written to the full-text indexes together.

    FTS5 flushes what it holds in memory whenever a rowid is not above the one before it, so the rows of many editions
    are written in order, which takes half the time and leaves fewer segments to merge.
    """

    def __init__(self) -> None:
        self.passages: list[tuple[int, str]] = []
        self.editions: list[tuple[int, EditionTerms]] = []
        self.reports: set[str] = set()

    def write(self, db: sqlite3.Connection) -> None:
        """Write the rows and forget them."""
        # A bound str keeps a UTF-8 copy of itself while it lives, which doubles the memory of a book; bytes do not.
        passages = ((rowid, terms.encode()) for rowid, terms in sorted(self.passages))
        db.executemany("INSERT INTO passage_index (rowid, terms) VALUES (?, CAST(? AS TEXT))", passages)
        editions = ((key, *(column.encode() for column in terms)) for key, terms in sorted(self.editions))
        db.executemany(
            """INSERT INTO edition_index (rowid, title, head, body)
               VALUES (?, CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT))""",
            editions,
        )
        self.passages.clear()
        self.editions.clear()
        self.reports.clear()


def put_editions(db: sqlite3.Connection, editions: Iterable[IndexedEdition]) -> None:
    """Store editions, each replacing the one with the same report and language."""
    terms = _Terms()
    for edition in editions:
        if edition.report_id in terms.reports:  # its passages may have to be moved or deleted
            terms.write(db)
        _put_edition(db, edition, terms)
    terms.write(db)
    next_generation(db)


def remove_report(db: sqlite3.Connection, report_id: str) -> None:
    """Delete a report and everything stored for it."""
    languages = db.execute("SELECT language FROM edition WHERE report_id = ?", (report_id,)).fetchall()
    for row in languages:
        _delete_edition(db, report_id, row[0])
    for table in ("report_topic", "report_version", "missing"):
        db.execute(f"DELETE FROM {table} WHERE report_id = ?", (report_id,))  # noqa: S608  # names of this module
    db.execute("DELETE FROM report WHERE id = ?", (report_id,))
    db.execute("DELETE FROM story WHERE report_id = ?", (report_id,))
    next_generation(db)


def _put_edition(db: sqlite3.Connection, edition: IndexedEdition, terms: _Terms) -> None:
    document = edition.document
    _delete_edition(db, edition.report_id, document.language)
    runs = kept_runs(document.text)
    day = _put_report(db, edition, find_origin(db, edition, runs) or edition.origin)
    key = db.execute(
        """INSERT INTO edition
           (report_id, language, title, publisher, brief, text, passages, content_hash, note, title_terms,
            rest_terms, provenance, name)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        (
            edition.report_id,
            document.language,
            document.title,
            document.publisher,
            document.brief,
            compress(document.text),
            len(edition.passages),
            edition.content_hash,
            document.note,
            edition.title_terms,
            compress(edition.rest_terms),
            _dumped(document.provenance),
            document.name,
        ),
    ).lastrowid
    assert key is not None  # noqa: S101  # sqlite3 gives one after each INSERT
    put_runs(db, key, runs)
    put_story(db, key, edition, day)
    put_term_counts(db, key, edition.term_counts)
    terms.reports.add(edition.report_id)
    starts = ((p.passage.start, p.terms) for p in edition.passages)
    terms.editions.append((key, edition_terms(edition.title_terms, edition.rest_terms, starts)))
    terms.passages.extend(_put_passages(db, key, day, edition.passages))
    db.executemany(
        "INSERT INTO cut_line VALUES (?, ?, ?, ?)",
        [(key, line.number, line.text, line.rule) for line in document.cut],
    )
    put_edition_topics(db, ((key, topic, named) for topic, named in edition.topics.items()))
    db.execute("DELETE FROM report_topic WHERE report_id = ?", (edition.report_id,))
    put_report_topics(db, "r.id = ?", edition.report_id)
    db.execute(
        "DELETE FROM missing WHERE report_id = ? AND language = ?", (edition.report_id, document.language)
    )


@lru_cache(maxsize=1 << 8)
def _dumped(provenance: Provenance) -> str:
    return json.dumps(asdict(provenance))


def _put_report(db: sqlite3.Connection, edition: IndexedEdition, origin: str) -> int:
    """Store the report of an edition; one without another edition is replaced completely.

    Return its ordinal day, 0 if unknown.
    """
    document = edition.document
    alone = "NOT EXISTS (SELECT 1 FROM edition WHERE edition.report_id = ?1)"
    for table, column in (("report_topic", "report_id"), ("report", "id")):
        db.execute(f"DELETE FROM {table} WHERE {column} = ?1 AND {alone}", (edition.report_id,))  # noqa: S608  # names of this module
    published = document.published.toordinal() if document.published else None
    # A translation fills in what its original lacks. Origin and address come from the edition whose language sorts
    # first, so that they do not depend on which edition came in first.
    db.execute(
        """INSERT INTO report VALUES (?1, ?2, ?3, ?4, ?5)
           ON CONFLICT (id) DO UPDATE SET
             origin = iif(?6 < (SELECT min(language) FROM edition WHERE report_id = ?1), ?5, origin),
             published = coalesce(excluded.published, published),
             inferred = CASE WHEN excluded.published IS NULL THEN inferred ELSE excluded.inferred END,
             url = CASE WHEN excluded.url = '' OR (url <> '' AND
               ?6 > (SELECT min(language) FROM edition WHERE report_id = ?1)) THEN url ELSE excluded.url END""",
        (
            edition.report_id,
            published,
            document.inferred,
            document.url,
            origin,
            document.language,
        ),
    )
    known = db.execute("SELECT published FROM report WHERE id = ?", (edition.report_id,)).fetchone()[0]
    _move_passages(db, edition.report_id, known or 0)
    return known or 0


def _move_passages(db: sqlite3.Connection, report_id: str, day: int) -> None:
    """Move the passages of the report's other editions to rowids of `day` if they have another day's."""
    elsewhere = db.execute(
        """SELECT p.rowid, p.content FROM passage p JOIN edition e ON e.key = p.edition
           WHERE e.report_id = ? AND p.rowid >> ? <> ? ORDER BY p.rowid""",
        (report_id, DAY_SHIFT, day),
    ).fetchall()
    moves = [(new, row[0]) for new, row in enumerate(elsewhere, _next_rowid(db, day))]
    _delete_passage_terms(
        db, [(old, content) for (_, old), (_, content) in zip(moves, elsewhere, strict=True)]
    )
    db.executemany(
        "INSERT INTO passage_index (rowid, terms) VALUES (?, ?)",
        [(new, load_terms(content)) for (new, _), (_, content) in zip(moves, elsewhere, strict=True)],
    )
    for table, column in (("passage", "rowid"), ("mention", "passage"), ("figure", "passage")):
        db.executemany(f"UPDATE {table} SET {column} = ? WHERE {column} = ?", moves)  # noqa: S608  # names of this module


def _put_passages(
    db: sqlite3.Connection, key: int, day: int, passages: Iterable[IndexedPassage]
) -> list[tuple[int, str]]:
    """Store passages with their mentions and figures; return (rowid, terms) of each for the index."""
    terms: list[tuple[int, str]] = []
    mentions: list[tuple[str, int, int]] = []
    figures: list[tuple[object, ...]] = []

    def rows(first: int) -> Iterator[tuple[object, ...]]:
        for rowid, indexed in enumerate(passages, first):
            p = indexed.passage
            terms.append((rowid, indexed.terms))
            mentions.extend((topic, rowid, mask) for topic, mask in indexed.mentions.items())
            figures.extend(figure_rows(rowid, p, day_of(day or None)))
            yield rowid, p.id, key, p.position, p.start, p.end, dump_passage(indexed)

    db.executemany("INSERT INTO passage VALUES (?, ?, ?, ?, ?, ?, ?)", rows(_next_rowid(db, day)))
    db.executemany("INSERT INTO mention VALUES (?, ?, ?)", mentions)
    db.executemany("INSERT INTO figure VALUES (?, ?, ?, ?, ?, ?, ?)", figures)
    counts = Counter(topic for topic, _, mask in mentions if mask)  # mentions by a heading do not count
    counts[""] = len(terms)
    db.executemany(
        """INSERT INTO topic_count VALUES (?, ?)
           ON CONFLICT (topic) DO UPDATE SET passages = passages + excluded.passages""",
        counts.items(),
    )
    return terms


def _delete_edition(db: sqlite3.Connection, report_id: str, language: str) -> None:
    """Delete an edition with its rows in every table and index. Do nothing if there is none."""
    row = db.execute(
        "SELECT key, text FROM edition WHERE report_id = ? AND language = ?", (report_id, language)
    ).fetchone()
    if row is None:
        return
    key = (row[0],)
    delete_runs(db, row[0], decompress(row[1]))
    delete_story_features(db, row[0])
    delete_term_counts(db, row[0])
    db.execute(
        """UPDATE topic_count SET passages = passages - gone.n
           FROM (SELECT m.topic AS topic, count(*) AS n FROM passage p JOIN mention m ON m.passage = p.rowid
                 WHERE p.edition = ?1 AND m.sentences <> 0 GROUP BY m.topic
                 UNION ALL SELECT '', count(*) FROM passage WHERE edition = ?1) AS gone
           WHERE topic_count.topic = gone.topic""",
        key,
    )
    delete_edition_terms(db, row[0])
    _delete_passage_terms(
        db, db.execute("SELECT rowid, content FROM passage WHERE edition = ?", key).fetchall()
    )
    for table in ("mention", "figure"):
        db.execute(
            f"DELETE FROM {table} WHERE passage IN (SELECT rowid FROM passage WHERE edition = ?)",  # noqa: S608  # names of this module
            key,
        )
    db.execute("DELETE FROM passage WHERE edition = ?", key)
    db.execute("DELETE FROM cut_line WHERE edition = ?", key)
    db.execute("DELETE FROM edition_topic WHERE edition = ?", key)
    db.execute("DELETE FROM edition WHERE key = ?", key)


def _delete_passage_terms(db: sqlite3.Connection, passages: Iterable[tuple[int, bytes]]) -> None:
    """Delete passages, given as (rowid, content), from the index, which stores no copy of its rows."""
    db.executemany(
        "INSERT INTO passage_index (passage_index, rowid, terms) VALUES ('delete', ?, ?)",
        ((rowid, load_terms(content)) for rowid, content in passages),
    )


def put_edition_topics(db: sqlite3.Connection, rows: Iterable[tuple[int, str, int]]) -> None:
    """Store (edition, topic, where it is named) for the topics of editions."""
    db.executemany("INSERT INTO edition_topic VALUES (?, ?, ?)", rows)


def put_report_topics(db: sqlite3.Connection, condition: str, value: str) -> None:
    """Store the topics of reports, collected from all their editions, where `condition` holds on `r` or `t`."""
    db.execute(
        f"""INSERT INTO report_topic
            SELECT t.topic, r.id, r.published, r.origin,
              max(t.named_in & {NAMED_IN_HEAD}) | max(t.named_in & {NAMED_IN_TITLE})
            FROM report r JOIN edition e ON e.report_id = r.id JOIN edition_topic t ON t.edition = e.key
            WHERE {condition} GROUP BY t.topic, r.id""",  # noqa: S608  # numbers, and words of this package
        (value,),
    )


def _next_rowid(db: sqlite3.Connection, day: int) -> int:
    first, last = day << DAY_SHIFT, ((day + 1) << DAY_SHIFT) - 1
    row = db.execute("SELECT max(rowid) FROM passage WHERE rowid BETWEEN ? AND ?", (first, last)).fetchone()
    return first + 1 if row[0] is None else int(row[0]) + 1
