"""Reports that mention a topic or name, with day, publishers and languages, for charts. Reads only library.db."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from bot.library.counts import Counts
from bot.library.rows import chunks
from bot.library.terms import Term
from bot.library.together import in_one_passage


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
