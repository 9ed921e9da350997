"""Tables of originals: the file behind each edition, the keys that identify a report, and versions of changes.

A report keeps its id. If later rules read another title or publisher from the same bytes, the new key identifies the
same report too. Every change of a report's originals gives it a new version, higher than all before, by which other
machines find what their libraries lack.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import astuple

from bot.state.database import Reader, Writer
from bot.state.table import Table

_COLUMNS = "report_id, language, sha256, name, position, defaults"


class Original(Struct, frozen=True):
    """The origin of an edition's text: a file's SHA-256, its name, and the document's index in it.

    `position` counts from 0; None if an older version did not record it. `defaults` holds the publisher and language
    that the operator gave, in the intake's format.
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
    """The versions of a report before a change of its originals (0 for a new report) and after it."""

    before: int
    after: int


class Change(Struct, frozen=True):
    """A report's last change: its version, and, if the report was removed, the hashes of the files no longer used."""

    report_id: str
    version: int
    gone: tuple[str, ...]


class Originals(Table):
    """The file behind each edition and the keys of each report. A packaged report has no file."""

    owns = ("source", "report_key", "report_version")

    def put(self, original: Original) -> Step:
        """Store the original of an edition, replacing an earlier one; storing the same again changes nothing."""
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
            return self._give_version(db, original.report_id)

    def versions(self) -> dict[str, int]:
        """Return the version of every report that has an original, by report id."""
        rows = self._read(
            """SELECT report_id, version FROM report_version v
               WHERE EXISTS (SELECT 1 FROM source s WHERE s.report_id = v.report_id)"""
        )
        return {row[0]: row[1] for row in rows}

    def newest_version(self) -> int:
        """Return the highest version given so far, 0 before the first change."""
        return int(self._read("SELECT coalesce(max(version), 0) FROM report_version").fetchone()[0])

    def changes(self, after: int, until: int, limit: int) -> list[Change]:
        """Return up to `limit` changes with a version above `after` and up to `until`, oldest first."""
        rows = self._read(
            """SELECT report_id, version, gone FROM report_version WHERE version > ? AND version <= ?
               ORDER BY version LIMIT ?""",
            *(after, until, limit),
        )
        return [Change(row[0], row[1], tuple(row[2].split())) for row in rows]

    def unshared_files(self) -> list[str]:
        """Return the hashes of files that originals name but the database does not store for other machines."""
        rows = self._read(
            """SELECT DISTINCT sha256 FROM source s
               WHERE NOT EXISTS (SELECT 1 FROM stored_file f WHERE f.sha256 = s.sha256 AND f.last = 1)"""
        )
        return [row[0] for row in rows]

    def files(self) -> list[str]:
        """Return the hashes of all files."""
        return [row[0] for row in self._read("SELECT DISTINCT sha256 FROM source ORDER BY sha256")]

    def renew_versions(self, digest: str) -> None:
        """Give the reports of a file a new version, so that machines that lacked the file look at them again."""
        with self._store.write() as db:
            for row in db.execute(
                "SELECT DISTINCT report_id FROM source WHERE sha256 = ?", (digest,)
            ).fetchall():
                self._give_version(db, row[0])

    def all(self) -> list[Original]:
        """Return every original, by report and language."""
        rows = self._read(f"SELECT {_COLUMNS} FROM source ORDER BY report_id, language")  # noqa: S608  # our own columns
        return [Original(*row) for row in rows]

    def report_id(self, key: str) -> str | None:
        """Return the id of the report that a key identifies, None if it identifies none."""
        row = self._read("SELECT report_id FROM report_key WHERE key = ?", key).fetchone()
        return row[0] if row else None

    def has_key(self, report_id: str) -> bool:
        """Return whether any key identifies a report."""
        return self._read("SELECT 1 FROM report_key WHERE report_id = ?", report_id).fetchone() is not None

    def has_file(self, sha256: str) -> bool:
        """Return whether any edition came from the file with this hash."""
        return self._read("SELECT 1 FROM source WHERE sha256 = ?", sha256).fetchone() is not None

    def has_issue(self, report_id: str, key: str) -> bool:
        """Return whether a report has a key made of `key` and a day, as Document.issue_key writes it."""
        prefix = f"{key} · "
        row = self._read(
            "SELECT 1 FROM report_key WHERE report_id = ? AND substr(key, 1, ?) = ?",
            report_id,
            len(prefix),
            prefix,
        ).fetchone()
        return row is not None

    def of_report(self, report_id: str) -> list[Original]:
        """Return the originals of a report's editions, by language; empty for a packaged report."""
        return _of_report(self._store.read(), report_id)

    def digest(self, name: str) -> str | None:
        """Return the hash of the file with this name, None if there is none."""
        row = self._read("SELECT sha256 FROM source WHERE name = ?", name).fetchone()
        return row[0] if row else None

    def keys(self) -> dict[str, str]:
        """Return every key with the id of the report that it identifies."""
        return {row[0]: row[1] for row in self._read("SELECT key, report_id FROM report_key")}

    def remove(self, report_id: str) -> set[str]:
        """Delete a report's originals and keys; return the hashes of files that no other report uses."""
        with self._store.write() as db:
            rows = db.execute("SELECT sha256 FROM source WHERE report_id = ?", (report_id,)).fetchall()
            digests = {row[0] for row in rows}
            db.execute("DELETE FROM source WHERE report_id = ?", (report_id,))
            db.execute("DELETE FROM report_key WHERE report_id = ?", (report_id,))
            others = db.execute("SELECT DISTINCT sha256 FROM source").fetchall()
            gone = digests - {row[0] for row in others}
            if digests:
                self._give_version(db, report_id, gone)
            return gone

    def replace(
        self, known: Mapping[str, str], keys: Mapping[str, str], originals: Mapping[Original, Original]
    ) -> None:
        """Replace the `known` keys and originals that a rebuild began with by the `keys` and originals it has read.

        `originals` maps each original to what it is now. Changes made meanwhile, on this machine or another, are kept,
        and so are the keys of reports that were not read. Versions stay, since the documents are the same.
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
            # All are deleted first, since two editions of a report may have swapped their languages.
            moved = [now for before, now in changed.items() if self._delete(db, before)]
            for original in moved:
                db.execute(
                    f"INSERT INTO source ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",  # noqa: S608  # our own columns
                    astuple(original),
                )

    def _delete(self, db: Writer, original: Original) -> bool:
        """Delete an original and return whether it was still there unchanged."""
        sql = "DELETE FROM source WHERE report_id = ? AND language = ? AND sha256 = ? AND name = ?"
        return db.execute(sql, astuple(original)[:4]).rowcount == 1

    def _give_version(self, db: Writer, report_id: str, gone: Iterable[str] = ()) -> Step:
        """Give a report the next version. Writers take turns, so versions become visible in order."""
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
        """Add a key to a report; a key that already identifies another report stays there."""
        self._write(
            "INSERT INTO report_key (key, report_id) VALUES (?, ?) ON CONFLICT (key) DO NOTHING",
            key,
            report_id,
        )
