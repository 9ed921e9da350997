"""Table of first-seen times: when each report first came in, which decides whether it is news."""

from __future__ import annotations

from bot.state.table import Table

# A report packaged with the bot has no original and is never news: it belongs to a reader's backlog.
_CAME_IN = "EXISTS (SELECT 1 FROM source WHERE source.report_id = first_seen.report_id)"


class Arrivals(Table):
    """The second at which each report first came in."""

    owns = ("first_seen",)

    def record(self, report_id: str, now: int, *, anew: bool = False) -> None:
        """Record that a report came in; a later call changes nothing, unless it says `anew`.

        `anew`: the report of an earlier call never reached the library, so this time counts.
        """
        self._write(
            f"""INSERT INTO first_seen (report_id, at) VALUES (?, ?)
                ON CONFLICT (report_id) DO {"UPDATE SET at = excluded.at" if anew else "NOTHING"}""",  # noqa: S608  # our own words
            report_id,
            now,
        )

    def after(self, second: int) -> list[tuple[int, str]]:
        """Return (second, report id) of the reports that first came in after `second`, oldest first."""
        rows = self._read(
            f"SELECT at, report_id FROM first_seen WHERE at > ? AND {_CAME_IN} ORDER BY at, report_id",  # noqa: S608  # our own clause
            second,
        )
        return [(row[0], row[1]) for row in rows]

    def between(self, second: int, until: int) -> list[tuple[int, str]]:
        """Return (second, report id) of reports that first came in after `second` and up to `until`, oldest first."""
        return [(moment, report) for moment, report in self.after(second) if moment <= until]

    def newest(self, until: int) -> int | None:
        """Return the second when the newest report up to `until` came in, None without one."""
        return self._extreme("max", until)

    def earliest(self, until: int) -> int | None:
        """Return the second when the first report came in, None if that was after `until`."""
        return self._extreme("min", until)

    def _extreme(self, which: str, until: int) -> int | None:
        row = self._read(f"SELECT {which}(at) FROM first_seen WHERE at <= ? AND {_CAME_IN}", until).fetchone()  # noqa: S608  # our own words
        second: int | None = row[0]
        return second
