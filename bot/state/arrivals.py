"""When reports first came in, which decides what is news. A part of state.db."""

from __future__ import annotations

from bot.state.table import Table

# A packaged report has no original and never counts: it is where a reader's backlog begins.
_CAME_IN = "EXISTS (SELECT 1 FROM source WHERE source.report_id = first_seen.report_id)"


class Arrivals(Table):
    """The second at which each report first came in."""

    owns = ("first_seen",)

    def record(self, report_id: str, now: int, *, anew: bool = False) -> None:
        """Records that a report came in; a later call changes nothing.

        `anew`: what an earlier call announced never got into the library, so this one counts.
        """
        self._write(
            f"""INSERT INTO first_seen (report_id, at) VALUES (?, ?)
                ON CONFLICT (report_id) DO {"UPDATE SET at = excluded.at" if anew else "NOTHING"}""",  # noqa: S608  # our own words
            report_id,
            now,
        )

    def after(self, second: int) -> list[tuple[int, str]]:
        """(second, report) of the reports that first came in after a second, oldest first."""
        rows = self._read(
            f"SELECT at, report_id FROM first_seen WHERE at > ? AND {_CAME_IN} ORDER BY at, report_id",  # noqa: S608  # our own clause
            second,
        )
        return [(row[0], row[1]) for row in rows]

    def between(self, second: int, until: int) -> list[tuple[int, str]]:
        """(second, report) of the reports that first came in after a second and not after another, oldest first."""
        return [(moment, report) for moment, report in self.after(second) if moment <= until]

    def newest(self, until: int) -> int | None:
        """When the newest report up to `until` came in, None where there is none."""
        return self._one("max", until)

    def earliest(self, until: int) -> int | None:
        """When the first report came in, None where that was after `until`."""
        return self._one("min", until)

    def _one(self, which: str, until: int) -> int | None:
        row = self._read(f"SELECT {which}(at) FROM first_seen WHERE at <= ? AND {_CAME_IN}", until).fetchone()  # noqa: S608  # our own words
        second: int | None = row[0]
        return second
