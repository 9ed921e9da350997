"""Counts topics that an operator added to the glossary over a library that is there already, from its index alone.

Only what was added, changed or taken out since the last time is counted anew. What comes in later has the topics as
any others.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable

from bot.library.rows import Reader
from bot.library.terms import term_of
from bot.models import Topic
from bot.text.normalise import fold


class OwnTopics(Reader):
    """Keeps the counts of an operator's topics true."""

    def count_own_topics(self, topics: Iterable[Topic]) -> list[str]:
        """Counts the topics that differ from those of the last call, in one transaction; returns their ids."""
        wanted = {topic.id: topic for topic in topics}
        hashes = {
            name: hashlib.sha256(repr(topic).encode()).hexdigest()[:16] for name, topic in wanted.items()
        }
        row = self._store.read().execute("SELECT value FROM meta WHERE key = 'own_topics'").fetchone()
        known: dict[str, str] = json.loads(row[0]) if row else {}
        changed = sorted(name for name in {*known, *hashes} if known.get(name) != hashes.get(name))
        if not changed:
            return []
        with self._store.write() as db:
            for name in changed:
                for table in ("mention", "report_topic", "topic_count"):
                    db.execute(f"DELETE FROM {table} WHERE topic = ?", (name,))  # noqa: S608  # names of this module
                if name in wanted:
                    _count(db, wanted[name])
            for key, value in (("own_topics", json.dumps(hashes, sort_keys=True)), ("generation", "1")):
                db.execute(
                    """INSERT INTO meta VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE
                       SET value = iif(?1 = 'generation', CAST(value AS INTEGER) + 1, excluded.value)""",
                    (key, value),
                )
        return changed


def _count(db: sqlite3.Connection, topic: Topic) -> None:
    """Stores where a topic is mentioned, from the index's terms of each passage that may hold one of its forms."""
    masks: dict[int, int] = {}
    for term in filter(None, map(term_of, map(fold, topic.written()))):
        rows = db.execute(
            "SELECT rowid, terms FROM passage_index WHERE passage_index MATCH ?", (term.expression,)
        )
        for rowid, terms in rows:
            *lines, heading = terms.split("\n")
            mask = sum(term.stands_in(line) << bit for bit, line in enumerate(lines))
            if mask or term.stands_in(heading):
                masks[rowid] = masks.get(rowid, 0) | mask
    db.executemany(
        "INSERT INTO mention VALUES (?, ?, ?)", ((topic.id, rowid, mask) for rowid, mask in masks.items())
    )
    if masks:
        db.execute("INSERT INTO topic_count VALUES (?, ?)", (topic.id, len(masks)))
    db.execute(
        """INSERT INTO report_topic SELECT DISTINCT m.topic, r.id, r.published, r.origin
           FROM mention m JOIN passage p ON p.rowid = m.passage JOIN edition e ON e.key = p.edition
           JOIN report r ON r.id = e.report_id WHERE m.topic = ?""",
        (topic.id,),
    )
