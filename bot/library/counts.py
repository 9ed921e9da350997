"""Counts what the library holds, and on which days it was published, for verdicts, rankings and charts. Reads only library.db.

Several topics are one subject where a passage, with the headings above it, has all of them: a long report, such as a daily
of 200 items, has most topics somewhere, but that two of them meet is said only where one of its passages has both.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from bot.library.rows import Reader, chunks, day_of
from bot.library.terms import Term
from bot.models import Coverage
from bot.sqlite.connection import Store


def also_in_passage(others: Sequence[str]) -> str:
    """Return a condition on `mention m`, with a parameter for each of `others`: its passage has these topics too."""
    return " AND EXISTS (SELECT 1 FROM mention o WHERE o.topic = ? AND o.passage = m.passage)" * len(others)


def in_one_passage(
    topics: Sequence[str], passages: Callable[[], Mapping[str, int]]
) -> tuple[str, tuple[str, ...]]:
    """Return a condition on `report_topic t`, and its parameters: a passage of the report has all `topics`.

    The passages of the rarest topic are looked through, by the number of `passages` of each. The condition is empty for
    a single topic, which may also be found in the title or in text outside passages.
    """
    if len(topics) == 1:
        return "", ()
    counts = passages()
    rarest, *others = sorted(topics, key=lambda topic: counts.get(topic, 0))
    together = f"""SELECT e.report_id FROM mention m JOIN passage p ON p.rowid = m.passage
        JOIN edition e ON e.key = p.edition WHERE m.topic = ?{also_in_passage(others)}"""  # noqa: S608  # question marks only
    return f" AND t.report_id IN ({together})", (rarest, *others)


class Counts(Reader):
    """Reader that counts reports, origins and passages. Counts of the whole library are cached until it changes."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self._memory: tuple[str, dict[object, Any]] = ("", {})

    def see_until(self, last: date) -> None:
        """Hide later and undated reports, as in every reader, and discard the cached counts."""
        super().see_until(last)
        self._memory = ("", {})

    def coverage(self) -> Coverage:
        """Return the number of reports, the first and last known day, and the languages, the most frequent first."""
        known: Coverage = self.remembered("coverage", self._coverage)
        return known

    def _coverage(self) -> Coverage:
        row = self._select("SELECT count(*), min(published), max(published) FROM report").fetchone()
        languages = self._select(
            "SELECT language FROM edition GROUP BY language ORDER BY count(*) DESC, language"
        )
        return Coverage(row[0], day_of(row[1]), day_of(row[2]), tuple(r[0] for r in languages))

    def remembered(self, key: object, compute: Callable[[], Any]) -> Any:
        """Return the cached value of `key`; call `compute` for it if any process has changed the library since."""
        row = self._select("SELECT value FROM meta WHERE key = 'generation'").fetchone()
        generation = row[0] if row else ""
        if self._memory[0] != generation:
            self._memory = (generation, {})
        memory = self._memory[1]
        if key not in memory:
            memory[key] = compute()
        return memory[key]

    def topic_days(self, topics: Sequence[str]) -> list[tuple[str, int | None]]:
        """Return (origin, ordinal day or None) of each report on a topic, or with several topics in one passage."""
        together, values = in_one_passage(topics, self.topic_counts)
        rows = self._select(
            f"SELECT t.origin, t.published FROM report_topic t WHERE t.topic = ?{together}",  # noqa: S608  # question marks only
            (topics[0], *values),
        )
        return rows.fetchall()

    def term_days(self, term: Term) -> list[tuple[str, int | None]]:
        """Return (origin, ordinal day or None) of each report that contains `term` in any of its editions."""
        if len(term.runs) > 1:  # all of them must be in one passage
            source, seen = "passage_index i JOIN passage p ON p.rowid = i.rowid", "passage_index"
            key = "p.edition"
        else:
            source, seen, key = "edition_index i", "edition_index", "i.rowid"
        rows = self._select(
            f"""SELECT DISTINCT r.id, r.origin, r.published FROM {source} JOIN edition e ON e.key = {key}
                JOIN report r ON r.id = e.report_id WHERE {seen} MATCH ?""",  # noqa: S608  # names of this module
            (term.expression,),
        )
        return [(row[1], row[2]) for row in rows]

    def report_days(self, ids: Iterable[str]) -> list[tuple[str, int | None]]:
        """Return (origin, ordinal day or None) of each of these reports."""
        days: list[tuple[str, int | None]] = []
        for chunk in chunks(list(dict.fromkeys(ids))):
            marks = ",".join("?" * len(chunk))
            days.extend(
                (row[0], row[1])
                for row in self._select(
                    f"SELECT origin, published FROM report WHERE id IN ({marks})",  # noqa: S608  # question marks only
                    chunk,
                )
            )
        return days

    def reprints(self, report_id: str) -> list[str]:
        """Return the ids of the other reports of the same origin, the oldest first and undated ones last."""
        rows = self._select(
            """SELECT o.id FROM report r JOIN report o ON o.origin = r.origin AND o.id <> r.id
               WHERE r.id = ? ORDER BY o.published IS NULL, o.published, o.id""",
            (report_id,),
        )
        return [row[0] for row in rows]

    def published_since(self, first: date) -> list[tuple[date, str]]:
        """Return (day, id) of each report published on `first` or later, the oldest first."""
        rows = self._select(
            "SELECT published, id FROM report WHERE published >= ? ORDER BY published, id",
            (first.toordinal(),),
        )
        return [(date.fromordinal(row[0]), row[1]) for row in rows]

    def published_before(self, ids: Iterable[str], first: date) -> frozenset[str]:
        """Return those of these reports that are dated before `first`."""
        before: set[str] = set()
        for chunk in chunks(list(dict.fromkeys(ids))):
            marks = ",".join("?" * len(chunk))
            rows = self._select(
                f"SELECT id FROM report WHERE id IN ({marks}) AND published < ?",  # noqa: S608  # question marks only
                (*chunk, first.toordinal()),
            )
            before.update(row[0] for row in rows)
        return frozenset(before)

    def last_day(self, together: int, days: int) -> date | None:
        """Return the newest day such that the `days` days ending on it have at least `together` reports.

        A few stray later reports do not count. Without such a day, return the newest day of all; None without a dated
        report.
        """

        def find() -> date | None:
            rows = self._select(
                "SELECT published FROM report WHERE published IS NOT NULL ORDER BY published DESC", ()
            )
            dated = [row[0] for row in rows]
            ends = (
                end for end, first in zip(dated, dated[together - 1 :], strict=False) if end - first < days
            )
            return day_of(next(ends, dated[0] if dated else None))

        known: date | None = self.remembered(("last_day", together, days), find)
        return known

    def dated_origins(self) -> list[tuple[str, str, int]]:
        """Return (origin, publisher, ordinal day) of each dated origin, from its first report, the oldest first."""

        def read() -> list[tuple[str, str, int]]:
            rows = self._select(
                """SELECT r.origin, r.published,
                     (SELECT e.publisher FROM edition e WHERE e.report_id = r.id ORDER BY e.language LIMIT 1)
                   FROM report r WHERE r.published IS NOT NULL ORDER BY r.published, r.id""",
                (),
            )
            first: dict[str, tuple[str, str, int]] = {}
            for origin, day, publisher in rows:
                first.setdefault(origin, (origin, publisher or "", day))
            return list(first.values())

        known: list[tuple[str, str, int]] = self.remembered("dated_origins", read)
        return known

    def topic_counts(self) -> dict[str, int]:
        """Return the number of passages that mention each topic; the key "" counts all passages."""

        def count() -> dict[str, int]:
            rows = self._select("SELECT topic, passages FROM topic_count WHERE passages > 0")
            return {row[0]: row[1] for row in rows}

        known: dict[str, int] = self.remembered("topic_counts", count)
        return known

    def topic_reports(self) -> dict[str, int]:
        """Return the number of reports in which each topic is found."""

        def count() -> dict[str, int]:
            rows = self._select("SELECT topic, count(*) FROM report_topic GROUP BY topic")
            return {row[0]: row[1] for row in rows}

        known: dict[str, int] = self.remembered("topic_reports", count)
        return known


class MentioningReport(NamedTuple):
    """A report with its origin, its ordinal day (None if unknown), and the publishers of its editions by language."""

    report: str
    origin: str
    day: int | None
    publishers: dict[str, str]


class Histories(Counts):
    """Reader of the reports behind a history."""

    def reports_mentioning(self, topics: Sequence[str], term: Term | None) -> list[MentioningReport]:
        """Return the reports with all of `topics` in one passage, or without topics with `term`; reprints included."""
        if topics:
            return _grouped(self._on_topics(topics))
        return _grouped(self._holding(term)) if term else []

    def is_mentioned(self, topics: Sequence[str], term: Term | None) -> bool:
        """Return whether reports_mentioning() would return any report."""
        rows = self._on_topics(topics) if topics else self._holding(term) if term else ()
        return next(iter(rows), None) is not None

    def topics_of(self, reports: Iterable[str]) -> Counter[str]:
        """Return the number of these reports in which each topic is found."""
        counts: Counter[str] = Counter()
        for chunk in chunks(list(reports)):
            marks = ",".join("?" * len(chunk))
            rows = self._select(
                f"SELECT topic, count(*) FROM report_topic WHERE report_id IN ({marks}) GROUP BY topic",  # noqa: S608  # question marks only
                chunk,
            )
            for topic, count in rows:
                counts[topic] += count
        return counts

    def _on_topics(self, topics: Sequence[str]) -> Iterable[tuple[str, str, int | None, str, str]]:
        together, values = in_one_passage(topics, self.topic_counts)
        return self._select(
            f"""SELECT t.report_id, t.origin, t.published, e.language, e.publisher
                FROM report_topic t JOIN edition e ON e.report_id = t.report_id
                WHERE t.topic = ?{together} ORDER BY t.report_id, e.key""",  # noqa: S608  # question marks only
            (topics[0], *values),
        )

    def _holding(self, term: Term) -> Iterable[tuple[str, str, int | None, str, str]]:
        # All runs of a term must be in one passage, as in Counts.term_days().
        holding = (
            "passage_index i JOIN passage p ON p.rowid = i.rowid JOIN edition h ON h.key = p.edition"
            if len(term.runs) > 1
            else "edition_index i JOIN edition h ON h.key = i.rowid"
        )
        index = holding.partition(" ")[0]
        return self._select(
            f"""SELECT r.id, r.origin, r.published, e.language, e.publisher
                FROM report r JOIN edition e ON e.report_id = r.id
                WHERE r.id IN (SELECT h.report_id FROM {holding} WHERE {index} MATCH ?)
                ORDER BY r.id, e.key""",  # noqa: S608  # names of this module
            (term.expression,),
        )


def _grouped(rows: Iterable[tuple[str, str, int | None, str, str]]) -> list[MentioningReport]:
    reports: dict[str, MentioningReport] = {}
    for report, origin, day, language, publisher in rows:
        own = reports.setdefault(report, MentioningReport(report, origin, day, {}))
        own.publishers[language] = publisher
    return list(reports.values())
