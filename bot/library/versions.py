"""Which change of each report's originals the library holds, so that a machine finds what others took in."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping

from bot.library.rows import Reader, chunks


class Versions(Reader):
    """The version, as the state counts them (state.originals), of every report that came in."""

    def versions(self) -> dict[str, int]:
        """The version of each report."""
        return dict(self._tuples("SELECT report_id, version FROM report_version", ()))

    def versions_of(self, reports: Iterable[str]) -> dict[str, int]:
        """The versions of these reports, without those that the library holds no version of."""
        held: dict[str, int] = {}
        for chunk in chunks(list(reports)):
            marks = ",".join("?" * len(chunk))
            sql = f"SELECT report_id, version FROM report_version WHERE report_id IN ({marks})"  # noqa: S608  # question marks only
            held.update(self._tuples(sql, chunk))
        return held

    def put_versions(self, versions: Mapping[str, int]) -> None:
        """Records that the library holds these versions, whole."""
        with self._store.write() as db:
            db.executemany(
                """INSERT INTO report_version VALUES (?, ?)
                   ON CONFLICT (report_id) DO UPDATE SET version = excluded.version""",
                versions.items(),
            )


def step_versions(db: sqlite3.Connection, steps: Mapping[str, tuple[int, int]]) -> None:
    """Records that reports went from one version to another.

    One of which the library holds neither the first nor any stays behind: another machine has changed it meanwhile.
    """
    for report, (before, after) in steps.items():
        if before:
            db.execute(
                "UPDATE report_version SET version = ? WHERE report_id = ? AND version = ?",
                (after, report, before),
            )
        else:
            db.execute("INSERT INTO report_version VALUES (?, ?) ON CONFLICT DO NOTHING", (report, after))
