"""Which reports are on a topic or a name, which of them are about it, and their passages on it. Reads library.db alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date

from bot.library.compressed import load_headed
from bot.library.rows import DAY_SHIFT, Reader
from bot.library.terms import Term


class Salience(Reader):
    """Reads reports by what they are about."""

    def reports_on(
        self, topics: Sequence[str], term: Term | None, language: str
    ) -> list[tuple[str, int | None, bool]]:
        """(report, day or None, in `language`) of each report that has every one of the topics, or that holds the term."""
        spoken = "EXISTS (SELECT 1 FROM edition o WHERE o.report_id = r.id AND o.language = ?)"
        if term is not None:
            # Words of two scripts are a name where a passage has both, as they are counted.
            seen, editions = "edition_index", "edition_index i JOIN edition e ON e.key = i.rowid"
            if len(term.runs) > 1:
                seen = "passage_index"
                editions = (
                    "passage_index i JOIN passage p ON p.rowid = i.rowid JOIN edition e ON e.key = p.edition"
                )
            rows = self._tuples(
                f"""SELECT DISTINCT r.id, r.published, {spoken} FROM {editions}
                    JOIN report r ON r.id = e.report_id WHERE {seen} MATCH ?""",  # noqa: S608  # words of this module
                (language, term.expression),
            )
            return [(row[0], row[1], bool(row[2])) for row in rows]
        first, *others = topics
        also = "".join(
            " AND EXISTS (SELECT 1 FROM report_topic o WHERE o.topic = ? AND o.report_id = t.report_id)"
            for _ in others
        )
        rows = self._tuples(
            f"""SELECT t.report_id, t.published, {spoken.replace("r.id", "t.report_id")} FROM report_topic t
                WHERE t.topic = ?{also}""",  # noqa: S608  # words of this module
            (language, first, *others),
        )
        return [(row[0], row[1], bool(row[2])) for row in rows]

    def named_in(self, column: str, expression: str) -> set[str]:
        """The reports of which an edition's `column` (title, head, or both) holds what an FTS5 expression asks for."""
        rows = self._tuples(
            """SELECT e.report_id FROM edition_index i JOIN edition e ON e.key = i.rowid
               WHERE edition_index MATCH ?""",
            (f"{{{column}}} : ({expression})",),
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
        """Rowids of a report's first passages on the topics, or that hold the term, in its editions in `languages`."""
        keys = [
            row[0]
            for row in self._tuples(
                f"""SELECT key FROM edition WHERE report_id = ?
                    AND language IN ({",".join("?" * len(languages))})""",  # noqa: S608  # question marks only
                (report, *languages),
            )
        ]
        first, last = self._rowids_of(day)
        editions = ",".join("?" * len(keys))
        if term is not None:
            rows = self._tuples(
                f"""SELECT p.rowid FROM passage_index i JOIN passage p ON p.rowid = i.rowid
                    WHERE passage_index MATCH ? AND i.rowid BETWEEN ? AND ? AND p.edition IN ({editions})
                    ORDER BY p.position LIMIT ?""",  # noqa: S608  # question marks only
                (term.expression, first, last, *keys, limit),
            )
            return [row[0] for row in rows]
        topic, *others = topics
        also = "".join(
            " AND EXISTS (SELECT 1 FROM mention o WHERE o.topic = ? AND o.passage = m.passage)"
            for _ in others
        )
        rows = self._tuples(
            f"""SELECT p.rowid FROM mention m JOIN passage p ON p.rowid = m.passage
                WHERE m.topic = ? AND m.passage BETWEEN ? AND ?{also} AND p.edition IN ({editions})
                ORDER BY p.position LIMIT ?""",  # noqa: S608  # question marks only
            (topic, first, last, *others, *keys, limit),
        )
        return [row[0] for row in rows]

    def passages_between(
        self, first: date, last: date, editions: Collection[int], topic: str | None, expression: str
    ) -> Iterator[tuple[int, int, str, list[str]]]:
        """(rowid, edition, headings, sentences) of each passage of some editions, of reports of these days, that is on a topic.

        Without a topic, of each that holds what an FTS5 expression asks for. Each is read when it is asked for.
        """
        if topic is None:
            source, asked, key, rowid = "passage_index i", "passage_index MATCH ?", expression, "i.rowid"
        else:
            source, asked, key, rowid = "mention m", "m.topic = ?", topic, "m.passage"
        rows = self._tuples(
            f"""SELECT p.rowid, p.edition, p.content FROM {source} JOIN passage p ON p.rowid = {rowid}
                WHERE {asked} AND {rowid} BETWEEN ? AND ?""",  # noqa: S608  # words of this module
            (key, self._rowids_of(first.toordinal())[0], self._rowids_of(last.toordinal())[1]),
        )
        return ((row, edition, *load_headed(kept)) for row, edition, kept in rows if edition in editions)

    def passage_counts(
        self, first: date, last: date, topics: Sequence[str], term: Term | None
    ) -> dict[str, int]:
        """In how many passages each report of these days is on all of some topics, or holds a term; of its fullest edition."""
        if term is not None:
            source, asked, rowid, also = "passage_index i", "passage_index MATCH ?", "i.rowid", ""
            values = [term.expression]
        else:
            source, asked, rowid = "mention m", "m.topic = ?", "m.passage"
            also = " AND EXISTS (SELECT 1 FROM mention o WHERE o.topic = ? AND o.passage = m.passage)"
            also *= len(topics) - 1
            values = list(topics)
        rows = self._tuples(
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
    """An FTS5 expression for what holds any of the terms; "" for none."""
    return " OR ".join(f"({term.expression})" for term in terms if term)
