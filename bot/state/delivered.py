"""What readers have been told, and which reports are news. A part of state.db."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable

from bot.models import Place
from bot.sqlite.connection import Store

_READERS = 500


class Marks:
    """Reads and writes sent marks in the file of `store`. Every time is a UTC second."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def keep(self, reader: Place, sentences: Iterable[str], at: int, delivery: str | None = None) -> None:
        """Records that a reader has been told these sentences (by hash); the first time stays.

        `delivery` names the rows of the outbox that tell them, so that the marks of one that never arrived can go.
        """
        with self._store.write() as db:
            db.executemany(
                """INSERT INTO sent_mark (chat_id, thread_id, sentence, at, delivery) VALUES (?, ?, ?, ?, ?)
                   ON CONFLICT (chat_id, thread_id, sentence) DO NOTHING""",
                [(*reader, sentence, at, delivery) for sentence in sentences],
            )

    def had(self, readers: Collection[Place], sentences: Collection[str]) -> dict[Place, frozenset[str]]:
        """Which of these sentences each reader has been told; readers who had none are left out."""
        found: dict[Place, set[str]] = defaultdict(set)
        wanted = json.dumps(sorted(sentences))
        everyone = list(readers)
        for start in range(0, len(everyone) if sentences else 0, _READERS):
            # CROSS JOIN keeps this order: one look into the primary key for each pair.
            rows = self._store.read().execute(
                """WITH r AS MATERIALIZED (
                       SELECT json_extract(value, '$[0]') AS chat_id, json_extract(value, '$[1]') AS thread_id
                       FROM json_each(?)),
                   s AS MATERIALIZED (SELECT value AS sentence FROM json_each(?))
                   SELECT m.chat_id, m.thread_id, m.sentence FROM r CROSS JOIN s CROSS JOIN sent_mark AS m
                     ON m.chat_id = r.chat_id AND m.thread_id = r.thread_id AND m.sentence = s.sentence""",
                (json.dumps(everyone[start : start + _READERS]), wanted),
            )
            for chat_id, thread_id, sentence in rows:
                found[Place(chat_id, thread_id)].add(sentence)
        return {reader: frozenset(told) for reader, told in found.items()}

    def muted(self, at: int) -> dict[Place, frozenset[str]]:
        """The queries that are left out of digests at `at`, by reader."""
        found: dict[Place, set[str]] = defaultdict(set)
        for chat_id, thread_id, query in self._store.read().execute(
            "SELECT chat_id, thread_id, query FROM mute WHERE until > ?", (at,)
        ):
            found[Place(chat_id, thread_id)].add(query)
        return {reader: frozenset(queries) for reader, queries in found.items()}

    # -- what is news ----------------------------------------------------------------------------------

    def arrivals(self, after: int) -> list[tuple[int, str]]:
        """(second, report) of the reports that first came in after a second, oldest first.

        A report that is packaged has no source and never counts: it is where a reader's backlog begins.
        """
        rows = self._store.read().execute(
            """SELECT at, report_id FROM first_seen WHERE at > ?
                 AND EXISTS (SELECT 1 FROM source WHERE source.report_id = first_seen.report_id)
               ORDER BY at, report_id""",
            (after,),
        )
        return [(row[0], row[1]) for row in rows]

    def arrived(self, until: int, *, earliest: bool = False) -> int | None:
        """When the newest such report up to `until` came in, or the earliest; None where there is none."""
        row = self._store.read().execute(
            f"""SELECT {"min" if earliest else "max"}(at) FROM first_seen WHERE at <= ?
                AND EXISTS (SELECT 1 FROM source WHERE source.report_id = first_seen.report_id)""",  # noqa: S608  # our own words
            (until,),
        )
        found: int | None = row.fetchone()[0]
        return found
