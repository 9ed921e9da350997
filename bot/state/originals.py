"""The files that editions came from. A part of state.db."""

from __future__ import annotations

from dataclasses import dataclass

from bot.state.table import Table


@dataclass(frozen=True, slots=True)
class Original:
    """The file that an edition came from: the hash of its bytes, and its name."""

    report_id: str
    language: str
    sha256: str
    name: str


class Originals(Table):
    """Which file is behind each edition. A packaged report has none."""

    owns = ("source",)

    def put(self, original: Original) -> None:
        """Records the file behind an edition, in place of an earlier one."""
        self._write(
            """INSERT INTO source (report_id, language, sha256, name) VALUES (?, ?, ?, ?)
               ON CONFLICT (report_id, language)
               DO UPDATE SET sha256 = excluded.sha256, name = excluded.name""",
            original.report_id,
            original.language,
            original.sha256,
            original.name,
        )

    def all(self) -> list[Original]:
        """Every recorded file, by report."""
        rows = self._read("SELECT report_id, language, sha256, name FROM source ORDER BY report_id, language")
        return [Original(*row) for row in rows]
