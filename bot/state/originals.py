"""The files that editions came from, and the ids that reports were given. A part of state.db.

An id is given once. Rules may later read another title or publisher out of the same bytes: the report stays the
same, and is known by the new key too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

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


class Originals(Table):
    """Which file is behind each edition, and by which keys each report is known. A packaged report has no file."""

    owns = ("source", "report_key")

    def put(self, original: Original) -> None:
        """Records the file behind an edition, in place of an earlier one."""
        o = original
        self._write(
            f"""INSERT INTO source ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)
               ON CONFLICT (report_id, language)
               DO UPDATE SET sha256 = excluded.sha256, name = excluded.name, position = excluded.position,
                 defaults = excluded.defaults""",  # noqa: S608  # our own columns
            *(o.report_id, o.language, o.sha256, o.name, o.position, o.defaults),
        )

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
        rows = self._read(f"SELECT {_COLUMNS} FROM source WHERE report_id = ? ORDER BY language", report_id)  # noqa: S608  # our own columns
        return [Original(*row) for row in rows]

    def remove(self, report_id: str) -> set[str]:
        """Forgets a report and its keys; returns the hashes of files that no other report stands in."""
        with self._store.write() as db:
            digests = {
                row[0] for row in db.execute("SELECT sha256 FROM source WHERE report_id = ?", (report_id,))
            }
            db.execute("DELETE FROM source WHERE report_id = ?", (report_id,))
            db.execute("DELETE FROM report_key WHERE report_id = ?", (report_id,))
            others = db.execute("SELECT DISTINCT sha256 FROM source").fetchall()
            return digests - {row[0] for row in others}

    def replace(self, keys: Mapping[str, str], originals: Iterable[Original]) -> None:
        """Puts what a rebuild has read in the place of all that was recorded: keys with their reports, and files."""
        with self._store.write() as db:
            db.execute("DELETE FROM report_key")
            db.executemany("INSERT INTO report_key (key, report_id) VALUES (?, ?)", keys.items())
            db.execute("DELETE FROM source")
            for original in originals:
                self.put(original)

    def put_key(self, key: str, report_id: str) -> None:
        """Makes a report known by one more key; a key that belongs to another report already stays there."""
        self._write(
            "INSERT INTO report_key (key, report_id) VALUES (?, ?) ON CONFLICT (key) DO NOTHING",
            key,
            report_id,
        )
