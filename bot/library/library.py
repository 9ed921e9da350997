"""The library on disk: reports, editions, passages and their indexes. All of it can be built again from originals."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from bot.library.compressed import decompress
from bot.library.counts import Counts, Histories
from bot.library.editions import put_editions, remove_report
from bot.library.full_text import FullText
from bot.library.ledger import Ledger
from bot.library.own_topics import OwnTopics, put_in_doubt
from bot.library.rebuild import (
    Built,
    Missing,
    Versions,
    built,
    empty,
    keep_citations,
    record_built,
    step_versions,
)
from bot.library.rows import DAY_SHIFT, chunks, day_of, dump_problem, passage_of, problem_of
from bot.library.salience import Salience
from bot.library.schema import MIGRATIONS
from bot.library.story_index import Stories
from bot.library.term_counts import TermCounts
from bot.models import (
    CutLine,
    Edition,
    IndexedEdition,
    IndexedPassage,
    Passage,
    Problem,
    Report,
    Topic,
)
from bot.provenance import Provenance
from bot.sqlite.connection import Store
from bot.sqlite.errors import Damaged

_PASSAGE = """SELECT p.rowid, p.id, e.report_id, e.language, p.position, p.start, p.end, p.content
    FROM passage p JOIN edition e ON e.key = p.edition"""


class Library(Salience, Histories, Counts, FullText, OwnTopics, TermCounts, Stories, Ledger, Versions):
    """Reader and writer of library.db. A rowid is an address inside one file, never an identity."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        """Open or create the file; with `read_only` it must exist. Raises StorageError."""
        store = Store(path, MIGRATIONS, durable=False, read_only=read_only)
        super().__init__(store)
        self.snapshot: Callable[[], AbstractContextManager[object]] = store.snapshot
        """Open a context in which all reads see one state of the library."""
        self.close = store.close

    @property
    def damage(self) -> Damaged | None:
        """The damage that a read or write has met in the file."""
        return self._store.damage

    def replace(self, file: Path) -> None:
        """Put a closed library in the place of this one, whatever has become of it."""
        self._store.replace(file)
        self._memory = ("", {})

    # -- writing ---------------------------------------------------------------------------------------

    def built(self) -> Built | None:
        """Return what the library was built with, and when; None if it is new or an older version built it."""
        with self._store.storage_errors():
            return built(self._store.read())

    @contextmanager
    def rebuilding(self, parts: dict[str, str], now: int) -> Iterator[None]:
        """Empty the library for what is put inside the context; readers see the old one until it ends.

        `parts` is the new fingerprint, `now` a UTC second. Passages that were cited can still be opened.
        """
        with self._store.write() as db:
            empty(db)
            yield
            keep_citations(self._store.read(), db)
            record_built(db, parts, now)

    def put_missing(self, report_id: str, language: str, name: str, problem: Problem) -> None:
        """Record why an edition could not be taken in again. Putting the edition deletes the record."""
        with self._store.write() as db:
            db.execute(
                "INSERT INTO missing VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                (report_id, language, name, dump_problem(problem)),
            )

    def content_hash(self, report_id: str, language: str) -> str | None:
        """Return the hash of everything stored of an edition, None if there is no such edition."""
        row = self._edition_row("content_hash", report_id, language)
        return row[0] if row else None

    def put(self, edition: IndexedEdition) -> None:
        """Store an edition in one transaction, replacing the one with the same report and language."""
        self.put_all([edition])

    def put_all(
        self,
        editions: Sequence[IndexedEdition],
        own_topics: Iterable[Topic] = (),
        steps: Mapping[str, tuple[int, int]] | None = None,
    ) -> None:
        """Store editions, all or none, each replacing the one with the same report and language.

        `own_topics` are the operators' topics that they were indexed by, `steps` the versions of reports before and
        after (state.originals.Step).
        """
        with self._store.write() as db:
            if editions:
                put_editions(db, editions)
                put_in_doubt(db, own_topics)
            step_versions(db, steps or {})

    def remove(self, report_id: str) -> None:
        """Delete a report with all its editions; an unknown id changes nothing."""
        with self._store.write() as db:
            remove_report(db, report_id)

    # -- reading ---------------------------------------------------------------------------------------

    def reports(self, ids: Iterable[str]) -> dict[str, Report]:
        """Return the reports with these ids, each with its editions in the order they came in; omit unknown ids."""
        reports: dict[str, Report] = {}
        for chunk in chunks(list(dict.fromkeys(ids))):
            marks = ",".join("?" * len(chunk))
            editions: dict[str, list[Edition]] = {}
            for row in self._select(
                f"""SELECT report_id, language, title, publisher, brief, passages, note, provenance, name
                    FROM edition
                    WHERE report_id IN ({marks}) ORDER BY key""",  # noqa: S608  # question marks only
                chunk,
            ):
                editions.setdefault(row[0], []).append(
                    Edition(
                        row[0],
                        row[1],
                        row[2],
                        row[3],
                        bool(row[4]),
                        row[5],
                        row[6],
                        Provenance(**json.loads(row[7])),
                        row[8],
                    )
                )
            for row in self._select(
                f"SELECT id, published, inferred, url FROM report WHERE id IN ({marks})",  # noqa: S608  # question marks only
                chunk,
            ):
                if row[0] in editions:
                    own = tuple(editions[row[0]])
                    reports[row[0]] = Report(row[0], day_of(row[1]), bool(row[2]), row[3], own)
        return reports

    def reprint_of(self, report_id: str) -> Report | None:
        """Return the oldest other report of the same origin; None if there is none or it was published later."""
        oldest = self.reprints(report_id)[:1]
        reports = self.reports([report_id, *oldest])
        if not oldest or report_id not in reports:
            return None
        own, other = reports[report_id], reports[oldest[0]]
        return None if own.published and other.published and own.published < other.published else other

    def report_ids(self, prefix: str = "", limit: int = -1, offset: int = 0) -> list[str]:
        """Return ids that begin with `prefix`, newest report first, undated ones last; all of them if `limit` is -1."""
        rows = self._select(
            "SELECT id FROM report WHERE substr(id, 1, ?) = ? ORDER BY published DESC, id LIMIT ? OFFSET ?",
            (len(prefix), prefix, limit, offset),
        )
        return [row[0] for row in rows]

    def report_at(self, url: str) -> Report | None:
        """Return the report that was published at an address, None if there is none."""
        row = self._select("SELECT id FROM report WHERE url = ? AND url <> ''", (url,)).fetchone()
        return self.reports([row[0]]).get(row[0]) if row else None

    def missing(self) -> list[Missing]:
        """Return the editions that the last rebuild could not take in."""
        rows = self._select("SELECT report_id, language, name, problem FROM missing ORDER BY name")
        return [Missing(row[0], row[1], row[2], problem_of(row[3])) for row in rows]

    def text(self, report_id: str, language: str) -> str | None:
        """Return the cleaned text of an edition, None if there is no such edition."""
        row = self._edition_row("text", report_id, language)
        with self._store.storage_errors():
            return decompress(row[0]) if row else None

    def editions_lacking(self, language: str, day: date) -> list[tuple[str, str, str, str]]:
        """Return (report, language, text, URL) of each edition of a day's reports that have no edition in `language`."""
        rows = self._select(
            """SELECT r.id, e.language, e.text, r.url FROM report r JOIN edition e ON e.report_id = r.id
               WHERE r.published = ? AND NOT EXISTS
                 (SELECT 1 FROM edition o WHERE o.report_id = r.id AND o.language = ?)""",
            (day.toordinal(), language),
        )
        with self._store.storage_errors():
            return [(report, other, decompress(text), url) for report, other, text, url in rows]

    def cut_lines(self, report_id: str, language: str) -> list[CutLine]:
        """Return the lines that cleaning removed from an edition, in the document's order."""
        rows = self._select(
            """SELECT c.number, c.text, c.rule FROM cut_line c JOIN edition e ON e.key = c.edition
               WHERE e.report_id = ? AND e.language = ? ORDER BY c.rowid""",
            (report_id, language),
        )
        return [CutLine(*row) for row in rows]

    def passage(self, passage_id: str) -> Passage | None:
        """Return the passage with this id, or the one that replaced it in a rebuild; None if there is neither."""
        row = self._select(
            f"""{_PASSAGE} WHERE p.id = coalesce((SELECT passage FROM former_passage WHERE id = ?1), ?1)
                    LIMIT 1""",  # noqa: S608  # names of this module
            (passage_id,),
        ).fetchone()
        with self._store.storage_errors():
            return passage_of(row)[0] if row else None

    def translation(self, passage: Passage, language: str) -> Passage | None:
        """Return the passage at the same position in `language`, None unless both editions have equally many passages."""
        editions = {
            e.language: e.passages for e in self.reports([passage.report_id])[passage.report_id].editions
        }
        if editions.get(language) != editions.get(passage.language):
            return None
        return next(iter(self.passages_at(passage.report_id, language, [passage.position])), None)

    def passages_at(self, report_id: str, language: str, positions: Sequence[int]) -> list[Passage]:
        """Return the passages of an edition at `positions`, in order; positions it lacks are left out."""
        if not positions:
            return []
        rows = self._select(
            f"""{_PASSAGE} WHERE e.report_id = ? AND e.language = ? AND p.position BETWEEN ? AND ?
                ORDER BY p.position""",
            (report_id, language, min(positions), max(positions)),
        )
        wanted = set(positions)
        with self._store.storage_errors():
            return [passage_of(row)[0] for row in rows if row[4] in wanted]

    def passages(self, rowids: Iterable[int]) -> dict[int, IndexedPassage]:
        """Return passages with their terms and mentions by rowid, in the order asked for; omit unknown rowids."""
        passages: dict[int, IndexedPassage] = {}
        order = list(dict.fromkeys(rowids))
        for chunk in chunks(order):
            marks = ",".join("?" * len(chunk))
            mentions: dict[int, dict[str, int]] = {}
            for topic, rowid, mask in self._select(
                f"SELECT topic, passage, sentences FROM mention WHERE passage IN ({marks})",  # noqa: S608  # question marks only
                chunk,
            ):
                mentions.setdefault(rowid, {})[topic] = mask
            with self._store.storage_errors():
                for row in self._select(f"{_PASSAGE} WHERE p.rowid IN ({marks})", chunk):
                    rowid = row[0]
                    passages[rowid] = IndexedPassage(*passage_of(row), mentions.get(rowid, {}))
        return {rowid: passages[rowid] for rowid in order if rowid in passages}

    def mentioning(self, topics: Sequence[str], limit: int) -> list[int]:
        """Return rowids of passages that mention every one of `topics`, newest first, at most `limit`.

        A quarter of the places is kept for undated passages, which would otherwise never be among the newest.
        """
        newest = self._mentioning(topics, 1 << DAY_SHIFT, self._rowids[1], limit)
        undated = self._mentioning(topics, 0, (1 << DAY_SHIFT) - 1, max(limit // 4, limit - len(newest)))
        return [*newest[: limit - min(len(undated), limit // 4)], *undated]

    def _mentioning(self, topics: Sequence[str], first: int, last: int, limit: int) -> list[int]:
        topic, *others = topics
        also = "".join(
            " AND EXISTS (SELECT 1 FROM mention o WHERE o.topic = ? AND o.passage = m.passage)"
            for _ in others
        )
        rows = self._select(
            f"""SELECT m.passage FROM mention m WHERE m.topic = ? AND m.passage BETWEEN ? AND ?{also}
                ORDER BY m.passage DESC LIMIT ?""",  # noqa: S608  # question marks only
            (topic, first, last, *others, limit),
        )
        return [row[0] for row in rows]

    def counterparts(self, rowids: Iterable[int]) -> list[int]:
        """Return rowids of the passages at the same position in the other editions of the same reports.

        Only where both editions have equally many passages: otherwise the same position is about something else.
        """
        others: list[int] = []
        for chunk in chunks(list(rowids)):
            marks = ",".join("?" * len(chunk))
            rows = self._select(
                f"""SELECT q.rowid FROM passage p JOIN edition e ON e.key = p.edition
                    JOIN edition f ON f.report_id = e.report_id AND f.key <> e.key AND f.passages = e.passages
                    JOIN passage q ON q.edition = f.key AND q.position = p.position
                    WHERE p.rowid IN ({marks})""",  # noqa: S608  # question marks only
                chunk,
            )
            others.extend(row[0] for row in rows)
        return others

    def _edition_row(self, column: str, report_id: str, language: str) -> tuple[Any, ...] | None:
        row: tuple[Any, ...] | None = self._select(
            f"SELECT {column} FROM edition WHERE report_id = ? AND language = ?",  # noqa: S608  # names of this module
            (report_id, language),
        ).fetchone()
        return row
