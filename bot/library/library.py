"""The library on disk: reports, editions, passages and their index. All of it can be built again."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from bot.library.editions import DAY_SHIFT, put_editions
from bot.library.full_text import FullText
from bot.library.rows import chunks, day_of, passage_of
from bot.library.schema import MIGRATIONS
from bot.models import (
    Coverage,
    CutLine,
    Edition,
    IndexedEdition,
    IndexedPassage,
    Passage,
    Report,
)
from bot.sqlite.connection import Store

_LAST_ROWID = (1 << 63) - 1

_PASSAGE = """SELECT p.rowid, p.id, e.report_id, e.language, p.position, p.start, p.end, p.sentences
    FROM passage p JOIN edition e ON e.key = p.edition"""


class Library(FullText):
    """Reads and writes library.db. A rowid is an address inside one file, never an identity."""

    def __init__(self, path: Path) -> None:
        """Opens or creates the file. Raises StorageError."""
        super().__init__(Store(path, MIGRATIONS, durable=False))
        self._memory: tuple[str, dict[object, Any]] = ("", {})

    def snapshot(self) -> AbstractContextManager[None]:
        """Shows one state of the library while it is read in several steps."""
        return self._store.snapshot()

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
        self.put_all([edition])

    def put_all(self, editions: Iterable[IndexedEdition]) -> None:
        """Stores editions, all of them or none, each in place of what stood under its report and language."""
        with self._store.write() as db:
            put_editions(db, editions)

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
        return Coverage(row[0], day_of(row[1]), day_of(row[2]), tuple(r[0] for r in languages))

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
        for chunk in chunks(list(dict.fromkeys(ids))):
            marks = ",".join("?" * len(chunk))
            editions: dict[str, list[Edition]] = {}
            for row in self._tuples(
                f"""SELECT report_id, language, title, publisher, brief, passages FROM edition
                    WHERE report_id IN ({marks}) ORDER BY key""",  # noqa: S608  # question marks only
                chunk,
            ):
                editions.setdefault(row[0], []).append(
                    Edition(row[0], row[1], row[2], row[3], bool(row[4]), row[5])
                )
            for row in self._tuples(
                f"SELECT id, published, inferred, url FROM report WHERE id IN ({marks})",  # noqa: S608  # question marks only
                chunk,
            ):
                if row[0] in editions:
                    own = tuple(editions[row[0]])
                    found[row[0]] = Report(row[0], day_of(row[1]), bool(row[2]), row[3], own)
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
        return passage_of(row) if row else None

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
        return [passage_of(row) for row in rows if row["position"] in wanted]

    def passages(self, rowids: Iterable[int]) -> dict[int, IndexedPassage]:
        """Passages with their terms and mentions, by rowid, in the order asked for."""
        found: dict[int, IndexedPassage] = {}
        order = list(dict.fromkeys(rowids))
        for chunk in chunks(order):
            marks = ",".join("?" * len(chunk))
            mentions: dict[int, dict[str, int]] = {}
            for topic, rowid, mask in self._tuples(
                f"SELECT topic, passage, sentences FROM mention WHERE passage IN ({marks})",  # noqa: S608  # question marks only
                chunk,
            ):
                mentions.setdefault(rowid, {})[topic] = mask
            terms: dict[int, str] = dict(
                self._tuples(f"SELECT rowid, terms FROM passage_index WHERE rowid IN ({marks})", chunk)  # noqa: S608  # question marks only
            )
            for row in self._tuples(f"{_PASSAGE} WHERE p.rowid IN ({marks})", chunk):
                rowid = row[0]
                found[rowid] = IndexedPassage(passage_of(row), terms.get(rowid, ""), mentions.get(rowid, {}))
        return {rowid: found[rowid] for rowid in order if rowid in found}

    def mentioning(self, topics: Sequence[str], limit: int) -> list[int]:
        """Rowids of passages that mention every one of `topics`, newest first.

        A quarter of the places is kept for undated passages, which would else never be among the newest.
        """
        newest = self._mentioning(topics, 1 << DAY_SHIFT, _LAST_ROWID, limit)
        undated = self._mentioning(topics, 0, (1 << DAY_SHIFT) - 1, max(limit // 4, limit - len(newest)))
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
        rows = self._tuples(
            f"SELECT t.origin, t.published FROM report_topic t WHERE t.topic = ?{also}",  # noqa: S608  # question marks only
            (first, *others),
        )
        return rows.fetchall()

    def report_days(self, ids: Iterable[str]) -> list[tuple[str, int | None]]:
        """(origin, day or None) of each of these reports."""
        days: list[tuple[str, int | None]] = []
        for chunk in chunks(list(dict.fromkeys(ids))):
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

        def count() -> dict[str, int]:
            rows = self._store.read().execute("SELECT topic, passages FROM topic_count WHERE passages > 0")
            return {row[0]: row[1] for row in rows}

        known: dict[str, int] = self._remembered("topic_counts", count)
        return known

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
        for chunk in chunks(list(rowids)):
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

    def _tuples(self, sql: str, values: Sequence[object]) -> sqlite3.Cursor:
        """The rows of a query as plain tuples, which take half the time where there are many."""
        cursor = self._store.read().cursor()
        cursor.row_factory = None
        return cursor.execute(sql, values)

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
