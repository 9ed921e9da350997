"""Fills library.db anew inside one transaction, and keeps citations of the old one working. Reads no document itself.

empty every table                       # readers see the old library until the end
(the caller puts every edition)
for each edition of the old library:    # on a read connection, which still sees the state before the transaction
    map the id of each passage that is gone to the passage that replaces it
record what it was built with, when, and what has changed

The versions of the reports that it holds tell a machine what other machines took in.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from bot.library.compressed import load_texts
from bot.library.rows import Reader, chunks
from bot.models import Problem

_TABLES = (
    "run_hash",
    "story_feature",
    "story_edition",
    "story",
    "term_count",
    "term",
    "cut_line",
    "edition_topic",
    "mention",
    "figure",
    "topic_count",
    "report_topic",
    "passage",
    "edition",
    "report",
    "report_version",
    "missing",
)


class Built(Struct, frozen=True):
    """Fingerprint of a build part by part, when it was (a UTC second), and which parts had changed by then.

    `changed` is empty for the first build, and ("version",) after a build that did not record its parts.
    """

    parts: dict[str, str]
    at: int
    changed: tuple[str, ...]


class Missing(Struct, frozen=True):
    """An edition that the library lacks although its original came in once, with the original's name and the reason."""

    report_id: str
    language: str
    name: str
    problem: Problem


def built(db: sqlite3.Connection) -> Built | None:
    """Return how the library was last built, None if it is new or an older version built it."""
    values = dict(db.execute("SELECT key, value FROM meta WHERE key IN ('fingerprint', 'built')").fetchall())
    if "built" not in values:
        return None
    record = json.loads(values["built"])
    return Built(json.loads(values["fingerprint"]), record["at"], tuple(record["changed"]))


def record_built(db: sqlite3.Connection, parts: dict[str, str], now: int) -> None:
    """Record what the library is built with, and which parts differ from the last build; `now` is a UTC second."""
    row = db.execute("SELECT value FROM meta WHERE key = 'fingerprint'").fetchone()
    before = built(db)
    if before is not None:
        changed = sorted(name for name in parts if parts[name] != before.parts.get(name))
    else:
        changed = ["version"] if row else []
    for key, value in (("fingerprint", parts), ("built", {"at": now, "changed": changed})):
        db.execute(
            "INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            (key, json.dumps(value, sort_keys=True)),
        )


def empty(db: sqlite3.Connection) -> None:
    """Delete everything that came from editions."""
    for table in _TABLES:
        db.execute(f"DELETE FROM {table}")  # noqa: S608  # names of this module
    for index in ("passage_index", "edition_index"):
        db.execute(f"INSERT INTO {index} ({index}) VALUES ('delete-all')")  # noqa: S608  # names of this module


def keep_citations(old: sqlite3.Connection, new: sqlite3.Connection) -> None:
    """Map the ids of passages that are gone to the passages that say the same now.

    `old` sees the library as before the transaction that is open in `new`. A passage is replaced by one that shares a
    sentence, else by the one at the same relative place of its edition. Earlier mappings are kept and updated.
    """
    moved: dict[str, str] = {}
    for report, language, key in old.execute("SELECT report_id, language, key FROM edition ORDER BY key"):
        before = old.execute("SELECT id FROM passage WHERE edition = ? ORDER BY position", (key,)).fetchall()
        now = _passages(new, *_edition(new, report, language))
        ids = {passage for passage, _ in now}
        if not now or all(row[0] in ids for row in before):
            continue
        moved.update(_replacements(_passages(old, key), now))
    for former, passage in old.execute("SELECT id, passage FROM former_passage").fetchall():
        moved.setdefault(former, moved.get(passage, passage))
    new.execute("DELETE FROM former_passage")
    new.executemany("INSERT INTO former_passage VALUES (?, ?)", moved.items())


def _edition(db: sqlite3.Connection, report: str, language: str) -> tuple[int, ...]:
    """Return the key of an edition; if its language is now another by the rules, of the report's first; () if none."""
    row = db.execute(
        "SELECT key FROM edition WHERE report_id = ? ORDER BY language <> ?, key LIMIT 1", (report, language)
    ).fetchone()
    return (row[0],) if row else ()


def _passages(db: sqlite3.Connection, *key: int) -> list[tuple[str, list[str]]]:
    """Return the id and sentences of each passage of an edition, in order; nothing without a key."""
    if not key:
        return []
    rows = db.execute("SELECT id, content FROM passage WHERE edition = ? ORDER BY position", key)
    return [(row[0], load_texts(row[1])) for row in rows]


def _replacements(
    before: list[tuple[str, list[str]]], now: list[tuple[str, list[str]]]
) -> Iterator[tuple[str, str]]:
    """Yield the id of each passage that is gone, with the id of its replacement."""
    ids = {passage for passage, _ in now}
    saying = {sentence: passage for passage, sentences in reversed(now) for sentence in sentences}
    for place, (passage, sentences) in enumerate(before):
        if passage not in ids:
            same = next((saying[sentence] for sentence in sentences if sentence in saying), None)
            yield passage, same or now[place * len(now) // len(before)][0]


class Versions(Reader):
    """Reader and writer of the version of every report that came in, as the state counts them (state.originals)."""

    def versions(self) -> dict[str, int]:
        """Return the version of each report."""
        return dict(self._select("SELECT report_id, version FROM report_version", ()))

    def versions_of(self, reports: Iterable[str]) -> dict[str, int]:
        """Return the versions of these reports, without those that the library holds no version of."""
        versions: dict[str, int] = {}
        for chunk in chunks(list(reports)):
            marks = ",".join("?" * len(chunk))
            sql = f"SELECT report_id, version FROM report_version WHERE report_id IN ({marks})"  # noqa: S608  # question marks only
            versions.update(self._select(sql, chunk))
        return versions

    def put_versions(self, versions: Mapping[str, int]) -> None:
        """Record that the library holds these versions completely."""
        with self._store.write() as db:
            db.executemany(
                """INSERT INTO report_version VALUES (?, ?)
                   ON CONFLICT (report_id) DO UPDATE SET version = excluded.version""",
                versions.items(),
            )


def step_versions(db: sqlite3.Connection, steps: Mapping[str, tuple[int, int]]) -> None:
    """Record that reports went from one version to another; 0 before is a new report.

    A report whose recorded version is not the one before stays as it is: another machine has changed it meanwhile.
    """
    for report, (before, after) in steps.items():
        if before:
            db.execute(
                "UPDATE report_version SET version = ? WHERE report_id = ? AND version = ?",
                (after, report, before),
            )
        else:
            db.execute("INSERT INTO report_version VALUES (?, ?) ON CONFLICT DO NOTHING", (report, after))
