"""Versions of the reports that the library holds, by which a machine finds what other machines took in."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping

from bot.library.rows import Reader, chunks


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
