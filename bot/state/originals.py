"""The files that editions came from, and the ids that reports were given. A part of state.db.

An id is given once. Rules may later read another title or publisher out of the same bytes: the report stays the
same, and is known by the new key too. Every change of a report's originals gives it a version, higher than all before:
by it other machines learn what their libraries lack.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass
from typing import NamedTuple

from bot.state.database import Reader, Writer
from bot.state.table import Table

_COLUMNS = "report_id, language, sha256, name, position, defaults"


@dataclass(frozen=True, slots=True)
class Original:
    """Where an edition came from: the hash of a file's bytes, its name, and which of its documents it is.

    `position` counts from 0; it is None where an older version has not recorded it. `defaults` is what the operator
    said of it, as the intake writes it.
    """

    report_id: str
    language: str
    sha256: str
    name: str
    position: int | None
    defaults: str = ""


def _of_report(db: Reader, report_id: str) -> list[Original]:
    rows = db.execute(f"SELECT {_COLUMNS} FROM source WHERE report_id = ? ORDER BY language", (report_id,))  # noqa: S608  # our own columns
    return [Original(*row) for row in rows]


class Step(NamedTuple):
    """A change of a report's originals: its version before (0 for a new report) and after."""

    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Change:
    """The last change of a report: its version then, and the hashes of files that went when it was taken out."""

    report_id: str
    version: int
    gone: tuple[str, ...]


class Originals(Table):
    """Which file is behind each edition, and by which keys each report is known. A packaged report has no file."""

    owns = ("source", "report_key", "report_version")

    def put(self, original: Original) -> Step:
        """Records the file behind an edition, in place of an earlier one; the same one again changes nothing."""
        with self._store.write() as db:
            if original in _of_report(db, original.report_id):
                version = self._version(db, original.report_id)
                return Step(version, version)
            db.execute(
                f"""INSERT INTO source ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)
                   ON CONFLICT (report_id, language)
                   DO UPDATE SET sha256 = excluded.sha256, name = excluded.name, position = excluded.position,
                     defaults = excluded.defaults""",  # noqa: S608  # our own columns
                astuple(original),
            )
            return self._changed(db, original.report_id)

    def versions(self) -> dict[str, int]:
        """The version of every report that came in and was not taken out."""
        rows = self._read(
            """SELECT report_id, version FROM report_version v
               WHERE EXISTS (SELECT 1 FROM source s WHERE s.report_id = v.report_id)"""
        )
        return {row[0]: row[1] for row in rows}

    def newest_version(self) -> int:
        """The version of the last change of all, 0 before the first."""
        return int(self._read("SELECT coalesce(max(version), 0) FROM report_version").fetchone()[0])

    def changes(self, after: int, until: int, limit: int) -> list[Change]:
        """The reports whose last change has a version above `after` and up to `until`, the oldest change first."""
        rows = self._read(
            """SELECT report_id, version, gone FROM report_version WHERE version > ? AND version <= ?
               ORDER BY version LIMIT ?""",
            *(after, until, limit),
        )
        return [Change(row[0], row[1], tuple(row[2].split())) for row in rows]

    def lacking_files(self) -> list[str]:
        """The hashes of files that are named here and that no other machine can have."""
        rows = self._read(
            """SELECT DISTINCT sha256 FROM source s
               WHERE NOT EXISTS (SELECT 1 FROM stored_file f WHERE f.sha256 = s.sha256 AND f.last = 1)"""
        )
        return [row[0] for row in rows]

    def files(self) -> list[str]:
        """The hashes of all files."""
        return [row[0] for row in self._read("SELECT DISTINCT sha256 FROM source ORDER BY sha256")]

    def announce(self, digest: str) -> None:
        """Makes the reports in a file changed ones, so that machines that lacked the file look at them again."""
        with self._store.write() as db:
            for row in db.execute(
                "SELECT DISTINCT report_id FROM source WHERE sha256 = ?", (digest,)
            ).fetchall():
                self._changed(db, row[0])

    def all(self) -> list[Original]:
        """Every recorded file, by report."""
        rows = self._read(f"SELECT {_COLUMNS} FROM source ORDER BY report_id, language")  # noqa: S608  # our own columns
        return [Original(*row) for row in rows]

    def report_id(self, key: str) -> str | None:
        """The report that is known by a key, None for an unknown one."""
        row = self._read("SELECT report_id FROM report_key WHERE key = ?", key).fetchone()
        return row[0] if row else None

    def has_key(self, report_id: str) -> bool:
        """Whether a report is known by any key."""
        return self._read("SELECT 1 FROM report_key WHERE report_id = ?", report_id).fetchone() is not None

    def has_file(self, sha256: str) -> bool:
        """Whether an edition came from the bytes with this hash."""
        return self._read("SELECT 1 FROM source WHERE sha256 = ?", sha256).fetchone() is not None

    def has_issue(self, report_id: str, key: str) -> bool:
        """Whether a report is known by `key` with a day behind it, as Document.issue_key has it."""
        prefix = f"{key} · "
        row = self._read(
            "SELECT 1 FROM report_key WHERE report_id = ? AND substr(key, 1, ?) = ?",
            report_id,
            len(prefix),
            prefix,
        ).fetchone()
        return row is not None

    def of_report(self, report_id: str) -> list[Original]:
        """The files behind the editions of a report; none for a packaged one."""
        return _of_report(self._store.read(), report_id)

    def digest(self, name: str) -> str | None:
        """The hash of the file with a name, None where there is none."""
        row = self._read("SELECT sha256 FROM source WHERE name = ?", name).fetchone()
        return row[0] if row else None

    def keys(self) -> dict[str, str]:
        """Every key with the report that is known by it."""
        return {row[0]: row[1] for row in self._read("SELECT key, report_id FROM report_key")}

    def remove(self, report_id: str) -> set[str]:
        """Forgets a report and its keys; returns the hashes of files that no other report stands in."""
        with self._store.write() as db:
            rows = db.execute("SELECT sha256 FROM source WHERE report_id = ?", (report_id,)).fetchall()
            digests = {row[0] for row in rows}
            db.execute("DELETE FROM source WHERE report_id = ?", (report_id,))
            db.execute("DELETE FROM report_key WHERE report_id = ?", (report_id,))
            others = db.execute("SELECT DISTINCT sha256 FROM source").fetchall()
            gone = digests - {row[0] for row in others}
            if digests:
                self._changed(db, report_id, gone)
            return gone

    def replace(
        self, known: Mapping[str, str], keys: Mapping[str, str], originals: Mapping[Original, Original]
    ) -> None:
        """Puts what a rebuild has read in the place of what it began with: `known` keys, and the keys of the originals.

        What came in or went meanwhile, on this machine or another, stays as it is; so do the keys of reports that were
        not read. No report gets another version: its documents are the same.
        """
        read = set(keys.values())
        changed = {before: now for before, now in originals.items() if before != now}
        with self._store.write() as db:
            for key, report in known.items():
                if keys.get(key, report) != report or (key not in keys and report in read):
                    db.execute("DELETE FROM report_key WHERE key = ? AND report_id = ?", (key, report))
            for key, report in keys.items():
                if known.get(key) != report:
                    self.put_key(key, report)
            # First all go, since two editions of a report may have changed their languages.
            moved = [now for before, now in changed.items() if self._deleted(db, before)]
            for original in moved:
                db.execute(
                    f"INSERT INTO source ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",  # noqa: S608  # our own columns
                    astuple(original),
                )

    def _deleted(self, db: Writer, original: Original) -> bool:
        """Whether an original stood there unchanged, and is gone now."""
        sql = "DELETE FROM source WHERE report_id = ? AND language = ? AND sha256 = ? AND name = ?"
        return db.execute(sql, astuple(original)[:4]).rowcount == 1

    def _changed(self, db: Writer, report_id: str, gone: Iterable[str] = ()) -> Step:
        """Gives a report the next version. Writers take turns, so versions become visible in their order."""
        before = self._version(db, report_id)
        after = int(db.execute("SELECT coalesce(max(version), 0) + 1 FROM report_version").fetchone()[0])
        db.execute(
            """INSERT INTO report_version (report_id, version, gone) VALUES (?, ?, ?)
               ON CONFLICT (report_id) DO UPDATE SET version = excluded.version, gone = excluded.gone""",
            (report_id, after, " ".join(sorted(gone))),
        )
        return Step(before, after)

    def _version(self, db: Writer, report_id: str) -> int:
        row = db.execute("SELECT version FROM report_version WHERE report_id = ?", (report_id,)).fetchone()
        return int(row[0]) if row else 0

    def put_key(self, key: str, report_id: str) -> None:
        """Makes a report known by one more key; a key that belongs to another report already stays there."""
        self._write(
            "INSERT INTO report_key (key, report_id) VALUES (?, ?) ON CONFLICT (key) DO NOTHING",
            key,
            report_id,
        )
