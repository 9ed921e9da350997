"""Finds the reports on a topic or name, those mainly about it, and their passages on it. Reads only library.db."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date

from bot.library.compressed import load_headed
from bot.library.counts import Counts, also_in_passage, in_one_passage
from bot.library.rows import DAY_SHIFT
from bot.library.terms import Term
from bot.models import NAMED_IN_HEAD, NAMED_IN_TITLE

_COLUMNS = {NAMED_IN_TITLE: "title", NAMED_IN_HEAD: "head"}


class Salience(Counts):
    """Reader of reports by what they are about."""

    def reports_on(
        self, topics: Sequence[str], term: Term | None, language: str
    ) -> list[tuple[str, int | None, bool]]:
        """Return (report, ordinal day or None, whether it has an edition in `language`) of each report on a subject.

        The subject is `term` if given: the report contains it. Otherwise it has every one of `topics`, in one passage.
        """
        spoken = "EXISTS (SELECT 1 FROM edition o WHERE o.report_id = r.id AND o.language = ?)"
        if term is not None:
            # All runs of a term must be in one passage, as in Counts.term_days().
            seen, editions = "edition_index", "edition_index i JOIN edition e ON e.key = i.rowid"
            if len(term.runs) > 1:
                seen = "passage_index"
                editions = (
                    "passage_index i JOIN passage p ON p.rowid = i.rowid JOIN edition e ON e.key = p.edition"
                )
            rows = self._select(
                f"""SELECT DISTINCT r.id, r.published, {spoken} FROM {editions}
                    JOIN report r ON r.id = e.report_id WHERE {seen} MATCH ?""",  # noqa: S608  # words of this module
                (language, term.expression),
            )
            return [(row[0], row[1], bool(row[2])) for row in rows]
        together, values = in_one_passage(topics, self.topic_counts)
        rows = self._select(
            f"""SELECT t.report_id, t.published, {spoken.replace("r.id", "t.report_id")} FROM report_topic t
                WHERE t.topic = ?{together}""",  # noqa: S608  # words of this module
            (language, topics[0], *values),
        )
        return [(row[0], row[1], bool(row[2])) for row in rows]

    def naming(self, topics: Collection[str], term: Term | None, place: int) -> set[str]:
        """Return the reports that name `term`, or else one of `topics`, at `place`: bits of models.NAMED_IN_…."""
        if term is not None:
            columns = " ".join(name for bit, name in _COLUMNS.items() if bit & place)
            rows = self._select(
                """SELECT e.report_id FROM edition_index i JOIN edition e ON e.key = i.rowid
                   WHERE edition_index MATCH ?""",
                (f"{{{columns}}} : ({term.expression})",),
            )
        else:
            marks = ",".join("?" * len(topics))
            rows = self._select(
                f"SELECT report_id FROM report_topic WHERE topic IN ({marks}) AND named_in & ?",  # noqa: S608  # question marks only
                (*topics, place),
            )
        return {row[0] for row in rows}

    def passages_on(
        self,
        report: str,
        day: int | None,
        topics: Sequence[str],
        term: Term | None,
        languages: Sequence[str],
        limit: int,
    ) -> list[int]:
        """Return rowids of a report's first passages on a subject, in position order.

        The subject is `term` if given: the passage contains it. Otherwise the passage mentions every one of `topics`.
        Only the editions in `languages` count; `day` is the report's ordinal day, None if unknown.
        """
        keys = [
            row[0]
            for row in self._select(
                f"""SELECT key FROM edition WHERE report_id = ?
                    AND language IN ({",".join("?" * len(languages))})""",  # noqa: S608  # question marks only
                (report, *languages),
            )
        ]
        first, last = self._rowids_of(day)
        editions = ",".join("?" * len(keys))
        if term is not None:
            rows = self._select(
                f"""SELECT p.rowid FROM passage_index i JOIN passage p ON p.rowid = i.rowid
                    WHERE passage_index MATCH ? AND i.rowid BETWEEN ? AND ? AND p.edition IN ({editions})
                    ORDER BY p.position LIMIT ?""",  # noqa: S608  # question marks only
                (term.expression, first, last, *keys, limit),
            )
            return [row[0] for row in rows]
        topic, *others = topics
        rows = self._select(
            f"""SELECT p.rowid FROM mention m JOIN passage p ON p.rowid = m.passage
                WHERE m.topic = ? AND m.passage BETWEEN ? AND ?{also_in_passage(others)} AND p.edition IN ({editions})
                ORDER BY p.position LIMIT ?""",  # noqa: S608  # question marks only
            (topic, first, last, *others, *keys, limit),
        )
        return [row[0] for row in rows]

    def passages_between(
        self, first: date, last: date, editions: Collection[int], topic: str | None, expression: str
    ) -> Iterator[tuple[int, int, str, list[str]]]:
        """Yield (rowid, edition, headings, sentences) of the passages on `topic` in some editions and days.

        Without a topic, yield those that match an FTS5 expression. Passages are read one by one, as they are consumed.
        """
        if topic is None:
            source, asked, key, rowid = "passage_index i", "passage_index MATCH ?", expression, "i.rowid"
        else:
            source, asked, key, rowid = "mention m", "m.topic = ?", topic, "m.passage"
        rows = self._select(
            f"""SELECT p.rowid, p.edition, p.content FROM {source} JOIN passage p ON p.rowid = {rowid}
                WHERE {asked} AND {rowid} BETWEEN ? AND ?""",  # noqa: S608  # words of this module
            (key, self._rowids_of(first.toordinal())[0], self._rowids_of(last.toordinal())[1]),
        )
        return self._noticed(
            (row, edition, *load_headed(kept)) for row, edition, kept in rows if edition in editions
        )

    def passage_counts(
        self, first: date, last: date, topics: Sequence[str], term: Term | None
    ) -> dict[str, int]:
        """Return the number of passages of each report of these days that contain `term`, or else mention all `topics`.

        Of several editions, the one with the most such passages counts.
        """
        if term is not None:
            source, asked, rowid, also = "passage_index i", "passage_index MATCH ?", "i.rowid", ""
            values = [term.expression]
        else:
            source, asked, rowid = "mention m", "m.topic = ?", "m.passage"
            also = also_in_passage(topics[1:])
            values = list(topics)
        rows = self._select(
            f"""SELECT e.report_id, max(held.passages) FROM
                  (SELECT p.edition, count(*) AS passages FROM {source} JOIN passage p ON p.rowid = {rowid}
                   WHERE {asked} AND {rowid} BETWEEN ? AND ?{also} GROUP BY p.edition) held
                JOIN edition e ON e.key = held.edition GROUP BY e.report_id""",  # noqa: S608  # words of this module
            (
                values[0],
                self._rowids_of(first.toordinal())[0],
                self._rowids_of(last.toordinal())[1],
                *values[1:],
            ),
        )
        return dict(rows.fetchall())

    def _rowids_of(self, day: int | None) -> tuple[int, int]:
        first = (day or 0) << DAY_SHIFT
        return first, first + (1 << DAY_SHIFT) - 1


def any_form(terms: Iterable[Term | None]) -> str:
    """Return an FTS5 expression that matches any of the terms, "" if there is none."""
    return " OR ".join(f"({term.expression})" for term in terms if term)
