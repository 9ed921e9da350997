"""The library on disk: reports, editions, passages and their index. All of it can be built again."""

from __future__ import annotations

import json
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from bot.models import (
    Coverage,
    CutLine,
    Edition,
    Figure,
    IndexedEdition,
    IndexedPassage,
    Passage,
    Report,
    Sentence,
)
from bot.storage.connection import Store
from bot.storage.library_schema import MIGRATIONS

_T = TypeVar("_T")

_DAY_SHIFT = 24
_LAST_ROWID = (1 << 63) - 1
_PARAMETERS = 500
_PROGRESS_STEPS = 4_000

_PASSAGE = """SELECT p.rowid, p.id, e.report_id, e.language, p.position, p.start, p.end, p.sentences
    FROM passage p JOIN edition e ON e.key = p.edition"""


class DeadlineExceeded(Exception):
    """A ranked search took longer than it may."""


class Library:
    """Reads and writes library.db. A rowid is an address inside one file, never an identity."""

    def __init__(self, path: Path) -> None:
        """Opens or creates the file. Raises StorageError."""
        self._store = Store(path, MIGRATIONS, durable=False)
        self._memory: tuple[str, dict[object, Any]] = ("", {})

    def close(self) -> None:
        """Closes the file."""
        self._store.close()

    # -- writing ---------------------------------------------------------------------------------------

    def fingerprint(self) -> str:
        """What the library was built with, "" for a new one."""
        row = self._store.read().execute("SELECT value FROM meta WHERE key = 'fingerprint'").fetchone()
        return row[0] if row else ""

    @contextmanager
    def rebuilding(self, fingerprint: str) -> Iterator[None]:
        """Empties the library for what is put inside; readers see the old one until all of it is in."""
        tables = ("cut_line", "mention", "topic_count", "report_topic", "passage", "edition", "report")
        with self._store.write() as db:
            for table in ("passage_index", "edition_index", *tables):
                db.execute(f"DELETE FROM {table}")  # noqa: S608  # names of this module
            yield
            db.execute(
                "INSERT INTO meta VALUES ('fingerprint', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                (fingerprint,),
            )

    def content_hash(self, report_id: str, language: str) -> str | None:
        """The hash of the stored text of an edition, None where there is none."""
        row = self._edition_row("content_hash", report_id, language)
        return row[0] if row else None

    def put(self, edition: IndexedEdition) -> None:
        """Stores an edition in one transaction, in place of what stood under its report and language."""
        document = edition.document
        with self._store.write() as db:
            self._delete_edition(db, edition.report_id, document.language)
            day = self._put_report(db, edition)
            key = db.execute(
                """INSERT INTO edition
                   (report_id, language, title, publisher, brief, text, passages, content_hash)
                   VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
                (
                    edition.report_id,
                    document.language,
                    document.title,
                    document.publisher,
                    document.brief,
                    document.text,
                    len(edition.passages),
                    edition.content_hash,
                ),
            ).lastrowid
            assert key is not None  # noqa: S101  # sqlite3 gives one after each INSERT
            db.execute("INSERT INTO edition_index (rowid, terms) VALUES (?, ?)", (key, edition.terms))
            self._put_passages(db, key, day, edition.passages)
            db.executemany(
                "INSERT INTO cut_line VALUES (?, ?, ?, ?)",
                [(key, line.number, line.text, line.rule) for line in document.cut],
            )
            self._put_topics(db, edition.report_id)
            db.execute(
                """INSERT INTO meta VALUES ('generation', '1')
                   ON CONFLICT (key) DO UPDATE SET value = CAST(value AS INTEGER) + 1"""
            )

    def _put_report(self, db: sqlite3.Connection, edition: IndexedEdition) -> int:
        """Stores what is known of the report as a whole, in place of it all if it has no other edition.

        Returns its day, 0 where unknown.
        """
        document = edition.document
        alone = "NOT EXISTS (SELECT 1 FROM edition WHERE edition.report_id = ?1)"
        db.execute(f"DELETE FROM report_topic WHERE report_id = ?1 AND {alone}", (edition.report_id,))  # noqa: S608  # as above
        db.execute(f"DELETE FROM report WHERE id = ?1 AND {alone}", (edition.report_id,))  # noqa: S608  # as above
        published = document.published.toordinal() if document.published else None
        # A translation adds what its original left out. The origin is that of the edition whose language sorts
        # first, so that it does not depend on which edition came in first.
        db.execute(
            """INSERT INTO report VALUES (?1, ?2, ?3, ?4, ?5)
               ON CONFLICT (id) DO UPDATE SET
                 origin = iif(?6 < (SELECT min(language) FROM edition WHERE report_id = ?1), ?5, origin),
                 published = coalesce(excluded.published, published),
                 inferred = CASE WHEN excluded.published IS NULL THEN inferred ELSE excluded.inferred END,
                 url = CASE WHEN excluded.url = '' THEN url ELSE excluded.url END""",
            (
                edition.report_id,
                published,
                document.inferred,
                document.url,
                edition.origin,
                document.language,
            ),
        )
        known = db.execute("SELECT published FROM report WHERE id = ?", (edition.report_id,)).fetchone()[0]
        self._move_passages(db, edition.report_id, known or 0)
        return known or 0

    def _move_passages(self, db: sqlite3.Connection, report_id: str, day: int) -> None:
        """Puts the passages of a report's other editions where those of `day` are."""
        elsewhere = db.execute(
            """SELECT p.rowid FROM passage p JOIN edition e ON e.key = p.edition
               WHERE e.report_id = ? AND p.rowid >> ? <> ? ORDER BY p.rowid""",
            (report_id, _DAY_SHIFT, day),
        ).fetchall()
        moves = [(new, row[0]) for new, row in enumerate(elsewhere, _next_rowid(db, day))]
        for table, column in (("passage", "rowid"), ("passage_index", "rowid"), ("mention", "passage")):
            db.executemany(f"UPDATE {table} SET {column} = ? WHERE {column} = ?", moves)  # noqa: S608  # names of this module

    def _put_passages(
        self, db: sqlite3.Connection, key: int, day: int, passages: Iterable[IndexedPassage]
    ) -> None:
        rows: list[tuple[object, ...]] = []
        terms: list[tuple[int, str]] = []
        mentions: list[tuple[str, int, int]] = []
        for rowid, indexed in enumerate(passages, _next_rowid(db, day)):
            p = indexed.passage
            rows.append((rowid, p.id, key, p.position, p.start, p.end, _dump(p.sentences)))
            terms.append((rowid, indexed.terms))
            mentions.extend((topic, rowid, mask) for topic, mask in indexed.mentions.items())
        db.executemany("INSERT INTO passage VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
        db.executemany("INSERT INTO passage_index (rowid, terms) VALUES (?, ?)", terms)
        db.executemany("INSERT INTO mention VALUES (?, ?, ?)", mentions)
        counts = Counter(topic for topic, _, _ in mentions)
        counts[""] = len(rows)
        db.executemany(
            """INSERT INTO topic_count VALUES (?, ?)
               ON CONFLICT (topic) DO UPDATE SET passages = passages + excluded.passages""",
            counts.items(),
        )

    def _delete_edition(self, db: sqlite3.Connection, report_id: str, language: str) -> None:
        row = db.execute(
            "SELECT key FROM edition WHERE report_id = ? AND language = ?", (report_id, language)
        ).fetchone()
        if row is None:
            return
        key = (row[0],)
        db.execute(
            """UPDATE topic_count SET passages = passages - gone.n
               FROM (SELECT m.topic AS topic, count(*) AS n FROM passage p JOIN mention m ON m.passage = p.rowid
                     WHERE p.edition = ?1 GROUP BY m.topic
                     UNION ALL SELECT '', count(*) FROM passage WHERE edition = ?1) AS gone
               WHERE topic_count.topic = gone.topic""",
            key,
        )
        for table, column in (("passage_index", "rowid"), ("mention", "passage")):
            db.execute(
                f"DELETE FROM {table} WHERE {column} IN (SELECT rowid FROM passage WHERE edition = ?)",  # noqa: S608  # names of this module
                key,
            )
        db.execute("DELETE FROM passage WHERE edition = ?", key)
        db.execute("DELETE FROM cut_line WHERE edition = ?", key)
        db.execute("DELETE FROM edition_index WHERE rowid = ?", key)
        db.execute("DELETE FROM edition WHERE key = ?", key)

    def _put_topics(self, db: sqlite3.Connection, report_id: str) -> None:
        """Which topics a report has, from all of its editions."""
        db.execute("DELETE FROM report_topic WHERE report_id = ?", (report_id,))
        db.execute(
            """INSERT INTO report_topic SELECT DISTINCT m.topic, r.id, r.published, r.origin
               FROM report r JOIN edition e ON e.report_id = r.id JOIN passage p ON p.edition = e.key
               JOIN mention m ON m.passage = p.rowid WHERE r.id = ?""",
            (report_id,),
        )

    # -- reading ---------------------------------------------------------------------------------------

    def coverage(self) -> Coverage:
        """Counts, days and languages of everything held."""
        known: Coverage = self._remembered("coverage", self._coverage)
        return known

    def _coverage(self) -> Coverage:
        reader = self._store.read()
        row = reader.execute("SELECT count(*), min(published), max(published) FROM report").fetchone()
        languages = reader.execute(
            "SELECT language FROM edition GROUP BY language ORDER BY count(*) DESC, language"
        )
        return Coverage(row[0], _day(row[1]), _day(row[2]), tuple(r[0] for r in languages))

    def _remembered(self, key: object, compute: Callable[[], Any]) -> Any:
        """What `compute` gave since the last change of the library, by whichever process."""
        row = self._store.read().execute("SELECT value FROM meta WHERE key = 'generation'").fetchone()
        generation = row[0] if row else ""
        if self._memory[0] != generation:
            self._memory = (generation, {})
        memory = self._memory[1]
        if key not in memory:
            memory[key] = compute()
        return memory[key]

    def reports(self, ids: Iterable[str]) -> dict[str, Report]:
        """The reports with these ids, with their editions (in the order they came in)."""
        found: dict[str, Report] = {}
        for chunk in _chunks(list(dict.fromkeys(ids))):
            marks = ",".join("?" * len(chunk))
            editions: dict[str, list[Edition]] = {}
            for row in self._store.read().execute(
                f"""SELECT report_id, language, title, publisher, brief, passages FROM edition
                    WHERE report_id IN ({marks}) ORDER BY key""",  # noqa: S608  # question marks only
                chunk,
            ):
                editions.setdefault(row[0], []).append(
                    Edition(row[0], row[1], row[2], row[3], bool(row[4]), row[5])
                )
            for row in self._store.read().execute(
                f"SELECT id, published, inferred, url FROM report WHERE id IN ({marks})",  # noqa: S608  # question marks only
                chunk,
            ):
                if row[0] in editions:
                    own = tuple(editions[row[0]])
                    found[row[0]] = Report(row[0], _day(row[1]), bool(row[2]), row[3], own)
        return found

    def report_ids(self, prefix: str = "", limit: int = -1, offset: int = 0) -> list[str]:
        """Ids that begin with `prefix`, newest report first, undated ones last; all of them if `limit` is -1."""
        rows = self._store.read().execute(
            "SELECT id FROM report WHERE substr(id, 1, ?) = ? ORDER BY published DESC, id LIMIT ? OFFSET ?",
            (len(prefix), prefix, limit, offset),
        )
        return [row[0] for row in rows]

    def text(self, report_id: str, language: str) -> str | None:
        """The cleaned text of an edition."""
        row = self._edition_row("text", report_id, language)
        return row[0] if row else None

    def cut_lines(self, report_id: str, language: str) -> list[CutLine]:
        """What cleaning removed from an edition, in the document's order."""
        rows = self._store.read().execute(
            """SELECT c.number, c.text, c.rule FROM cut_line c JOIN edition e ON e.key = c.edition
               WHERE e.report_id = ? AND e.language = ? ORDER BY c.rowid""",
            (report_id, language),
        )
        return [CutLine(*row) for row in rows]

    def passage(self, passage_id: str) -> Passage | None:
        """The passage with this id."""
        row = self._store.read().execute(f"{_PASSAGE} WHERE p.id = ? LIMIT 1", (passage_id,)).fetchone()
        return _passage(row) if row else None

    def translation(self, passage: Passage, language: str) -> Passage | None:
        """The same place in the edition in `language`, None where the editions do not lie side by side."""
        editions = {
            e.language: e.passages for e in self.reports([passage.report_id])[passage.report_id].editions
        }
        if editions.get(language) != editions.get(passage.language):
            return None
        return next(iter(self.passages_at(passage.report_id, language, [passage.position])), None)

    def passages_at(self, report_id: str, language: str, positions: Sequence[int]) -> list[Passage]:
        """The passages of an edition that stand at `positions`, in order; positions it lacks are left out."""
        if not positions:
            return []
        rows = self._store.read().execute(
            f"""{_PASSAGE} WHERE e.report_id = ? AND e.language = ? AND p.position BETWEEN ? AND ?
                ORDER BY p.position""",
            (report_id, language, min(positions), max(positions)),
        )
        wanted = set(positions)
        return [_passage(row) for row in rows if row["position"] in wanted]

    def passages(self, rowids: Iterable[int]) -> dict[int, IndexedPassage]:
        """Passages with their terms and mentions, by rowid, in the order asked for."""
        found: dict[int, IndexedPassage] = {}
        order = list(dict.fromkeys(rowids))
        for chunk in _chunks(order):
            marks = ",".join("?" * len(chunk))
            reader = self._store.read()
            mentions: dict[int, dict[str, int]] = {}
            for topic, rowid, mask in reader.execute(
                f"SELECT topic, passage, sentences FROM mention WHERE passage IN ({marks})",  # noqa: S608  # question marks only
                chunk,
            ):
                mentions.setdefault(rowid, {})[topic] = mask
            terms = dict(
                reader.execute(f"SELECT rowid, terms FROM passage_index WHERE rowid IN ({marks})", chunk)  # noqa: S608  # question marks only
            )
            for row in reader.execute(f"{_PASSAGE} WHERE p.rowid IN ({marks})", chunk):
                rowid = row["rowid"]
                found[rowid] = IndexedPassage(_passage(row), terms.get(rowid, ""), mentions.get(rowid, {}))
        return {rowid: found[rowid] for rowid in order if rowid in found}

    def mentioning(self, topics: Sequence[str], limit: int) -> list[int]:
        """Rowids of passages that mention every one of `topics`, newest first.

        A quarter of the places is kept for undated passages, which would else never be among the newest.
        """
        newest = self._mentioning(topics, 1 << _DAY_SHIFT, _LAST_ROWID, limit)
        undated = self._mentioning(topics, 0, (1 << _DAY_SHIFT) - 1, max(limit // 4, limit - len(newest)))
        return [*newest[: limit - min(len(undated), limit // 4)], *undated]

    def _mentioning(self, topics: Sequence[str], first: int, last: int, limit: int) -> list[int]:
        topic, *others = topics
        also = "".join(
            " AND EXISTS (SELECT 1 FROM mention o WHERE o.topic = ? AND o.passage = m.passage)"
            for _ in others
        )
        rows = self._store.read().execute(
            f"""SELECT m.passage FROM mention m WHERE m.topic = ? AND m.passage BETWEEN ? AND ?{also}
                ORDER BY m.passage DESC LIMIT ?""",  # noqa: S608  # question marks only
            (topic, first, last, *others, limit),
        )
        return [row[0] for row in rows]

    def topic_days(self, topics: Sequence[str]) -> list[tuple[str, int | None]]:
        """(origin, day or None) of each report that has every one of `topics`."""
        first, *others = topics
        also = "".join(
            " AND EXISTS (SELECT 1 FROM report_topic o WHERE o.topic = ? AND o.report_id = t.report_id)"
            for _ in others
        )
        rows = self._store.read().execute(
            f"SELECT t.origin, t.published FROM report_topic t WHERE t.topic = ?{also}",  # noqa: S608  # question marks only
            (first, *others),
        )
        return [(row[0], row[1]) for row in rows]

    def report_days(self, ids: Iterable[str]) -> list[tuple[str, int | None]]:
        """(origin, day or None) of each of these reports."""
        days: list[tuple[str, int | None]] = []
        for chunk in _chunks(list(dict.fromkeys(ids))):
            marks = ",".join("?" * len(chunk))
            days.extend(
                (row[0], row[1])
                for row in self._store.read().execute(
                    f"SELECT origin, published FROM report WHERE id IN ({marks})",  # noqa: S608  # question marks only
                    chunk,
                )
            )
        return days

    def origins_between(self, first: int, last: int) -> int:
        """How many dated origins the library holds from day `first` to day `last`, both included."""

        def count() -> int:
            row = self._store.read().execute(
                "SELECT count(DISTINCT origin) FROM report WHERE published BETWEEN ? AND ?", (first, last)
            )
            return int(row.fetchone()[0])

        known: int = self._remembered((first, last), count)
        return known

    def topic_counts(self) -> dict[str, int]:
        """How many passages mention each topic; the key "" counts all passages."""
        rows = self._store.read().execute("SELECT topic, passages FROM topic_count WHERE passages > 0")
        return {row[0]: row[1] for row in rows}

    def topic_reports(self) -> dict[str, int]:
        """In how many reports each topic is found."""

        def count() -> dict[str, int]:
            rows = self._store.read().execute("SELECT topic, count(*) FROM report_topic GROUP BY topic")
            return {row[0]: row[1] for row in rows}

        known: dict[str, int] = self._remembered("topic_reports", count)
        return known

    def counterparts(self, rowids: Iterable[int]) -> list[int]:
        """Rowids of the passages at the same place in the other editions of the same reports.

        Only where both have equally many passages: else the same place is about something else.
        """
        found: list[int] = []
        for chunk in _chunks(list(rowids)):
            marks = ",".join("?" * len(chunk))
            rows = self._store.read().execute(
                f"""SELECT q.rowid FROM passage p JOIN edition e ON e.key = p.edition
                    JOIN edition f ON f.report_id = e.report_id AND f.key <> e.key AND f.passages = e.passages
                    JOIN passage q ON q.edition = f.key AND q.position = p.position
                    WHERE p.rowid IN ({marks})""",  # noqa: S608  # question marks only
                chunk,
            )
            found.extend(row[0] for row in rows)
        return found

    def match_passages(self, expression: str, limit: int, seconds: float) -> list[tuple[int, float]]:
        """(rowid, score) of the best passages by BM25, higher is better.

        Raises DeadlineExceeded when ranking takes longer than `seconds`.
        """
        return self._ranked("passage_index", expression, limit, seconds)

    def match_editions(self, expression: str, limit: int, seconds: float) -> list[tuple[int, float]]:
        """(edition key, score) of the best whole editions by BM25; as match_passages."""
        return self._ranked("edition_index", expression, limit, seconds)

    def match_newest(self, expression: str, limit: int) -> list[int]:
        """Rowids of passages that match, newest first, unranked: takes no longer for a larger library."""
        rows = self._store.read().execute(
            "SELECT rowid FROM passage_index WHERE passage_index MATCH ? ORDER BY rowid DESC LIMIT ?",
            (expression, limit),
        )
        return [row[0] for row in rows]

    def editions_of(self, rowids: Iterable[int]) -> dict[int, int]:
        """The edition key of each passage."""
        found: dict[int, int] = {}
        for chunk in _chunks(list(rowids)):
            marks = ",".join("?" * len(chunk))
            found.update(
                self._store.read().execute(
                    f"SELECT rowid, edition FROM passage WHERE rowid IN ({marks})",  # noqa: S608  # question marks only
                    chunk,
                )
            )
        return found

    def first_passages(self, editions: Iterable[int]) -> dict[int, int]:
        """The rowid of the first passage of each edition."""
        found: dict[int, int] = {}
        for chunk in _chunks(list(editions)):
            marks = ",".join("?" * len(chunk))
            found.update(
                self._store.read().execute(
                    f"SELECT edition, rowid FROM passage WHERE position = 0 AND edition IN ({marks})",  # noqa: S608  # question marks only
                    chunk,
                )
            )
        return found

    def check(self) -> list[str]:
        """What SQLite and FTS5 find wrong with the file; empty when it is sound."""
        problems = [row[0] for row in self._store.read().execute("PRAGMA quick_check(5)") if row[0] != "ok"]
        for index in ("passage_index", "edition_index"):
            try:
                with self._store.write() as db:
                    db.execute(f"INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', 1)")  # noqa: S608  # names of this module
            except sqlite3.DatabaseError as error:
                problems.append(f"{index}: {error}")
        return problems

    def _ranked(self, index: str, expression: str, limit: int, seconds: float) -> list[tuple[int, float]]:
        reader = self._store.read()
        until = time.monotonic() + seconds
        reader.set_progress_handler(lambda: time.monotonic() > until, _PROGRESS_STEPS)
        try:
            rows = reader.execute(
                f"SELECT rowid, -rank FROM {index} WHERE {index} MATCH ? ORDER BY rank LIMIT ?",  # noqa: S608  # names of this module
                (expression, limit),
            ).fetchall()
        except sqlite3.OperationalError as error:
            if "interrupted" in str(error):
                raise DeadlineExceeded from None
            raise
        finally:
            reader.set_progress_handler(None, 0)
        return [(row[0], row[1]) for row in rows]

    def _edition_row(self, column: str, report_id: str, language: str) -> sqlite3.Row | None:
        row: sqlite3.Row | None = (
            self._store.read()
            .execute(
                f"SELECT {column} FROM edition WHERE report_id = ? AND language = ?",  # noqa: S608  # names of this module
                (report_id, language),
            )
            .fetchone()
        )
        return row


def _next_rowid(db: sqlite3.Connection, day: int) -> int:
    first, last = day << _DAY_SHIFT, ((day + 1) << _DAY_SHIFT) - 1
    top = db.execute("SELECT max(rowid) FROM passage WHERE rowid BETWEEN ? AND ?", (first, last)).fetchone()[
        0
    ]
    return first + 1 if top is None else int(top) + 1


def _dump(sentences: Iterable[Sentence]) -> str:
    rows = [[s.text, list(s.pages), [_figure(figure) for figure in s.figures]] for s in sentences]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


def _figure(f: Figure) -> tuple[object, ...]:
    return f.value, f.unit, f.text, f.clause, f.period, f.subject, f.modality


def _passage(row: sqlite3.Row) -> Passage:
    sentences = tuple(
        Sentence(text, tuple(pages), tuple(Figure(*figure) for figure in figures))
        for text, pages, figures in json.loads(row["sentences"])
    )
    return Passage(
        row["id"], row["report_id"], row["language"], row["position"], row["start"], row["end"], sentences
    )


def _day(ordinal: int | None) -> date | None:
    return None if ordinal is None else date.fromordinal(ordinal)


def _chunks(values: list[_T]) -> Iterator[list[_T]]:
    for start in range(0, len(values), _PARAMETERS):
        yield values[start : start + _PARAMETERS]
