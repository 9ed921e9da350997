"""Counts operators' topics over an existing library, from its index alone.

Only topics that were added, changed or removed since the last count are counted again. Later editions are indexed with
them like with any others.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any

from msgspec.structs import asdict

from bot.library.compressed import load_terms
from bot.library.edition_index import HEAD
from bot.library.editions import put_edition_topics, put_report_topics
from bot.library.rows import Reader, next_generation
from bot.library.term_counts import count_topic
from bot.library.terms import term_of
from bot.models import NAMED_IN_HEAD, NAMED_IN_TITLE, Topic
from bot.text.normalise import fold


class OwnTopics(Reader):
    """Counts of the operators' topics, kept up to date."""

    def own_topics(self) -> tuple[Topic, ...]:
        """Return the operators' topics that the library has counted."""
        return tuple(_loaded(topic) for topic in self._counted().values() if topic)

    def _counted(self) -> dict[str, dict[str, Any] | None]:
        with self._store.storage_errors():
            return _counted(self._store.read())

    def count_own_topics(self, topics: Iterable[Topic]) -> list[str]:
        """Count the topics that differ from those counted, in one transaction; return their ids, removed ones included."""
        wanted = {topic.id: _dumped(topic) for topic in topics}
        if not _differing(self._counted(), wanted):
            return []
        with self._store.write() as db:
            changed = _differing(_counted(db), wanted)
            for name in changed:
                for table in ("mention", "edition_topic", "report_topic", "topic_count"):
                    db.execute(f"DELETE FROM {table} WHERE topic = ?", (name,))  # noqa: S608  # names of this module
                if name in wanted:
                    _count(db, _loaded(wanted[name]))
                count_topic(db, name)
            _record(db, wanted)
            next_generation(db)
        return changed


def put_in_doubt(db: sqlite3.Connection, indexed_by: Iterable[Topic]) -> None:
    """Mark the counts that no longer hold because editions were indexed by other operators' topics than those counted.

    That happens when a topic is added or removed between indexing and storing. The next count_own_topics() counts it
    again.
    """
    counted, theirs = _counted(db), {topic.id: _dumped(topic) for topic in indexed_by}
    if doubtful := _differing(counted, theirs):
        _record(db, counted | dict.fromkeys(doubtful))


def _counted(db: sqlite3.Connection) -> dict[str, dict[str, Any] | None]:
    """Return each counted topic by id, None if its count may not hold."""
    row = db.execute("SELECT value FROM meta WHERE key = 'own_topics'").fetchone()
    topics: dict[str, Any] = json.loads(row[0]) if row else {}
    return {name: topic if isinstance(topic, dict) else None for name, topic in topics.items()}


def _record(db: sqlite3.Connection, counted: Mapping[str, dict[str, Any] | None]) -> None:
    db.execute(
        "INSERT INTO meta VALUES ('own_topics', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (json.dumps(counted, sort_keys=True),),
    )


def _differing(
    counted: Mapping[str, dict[str, Any] | None], wanted: Mapping[str, dict[str, Any]]
) -> list[str]:
    return sorted(
        name for name in {*counted, *wanted} if counted.get(name) is None or counted[name] != wanted.get(name)
    )


def _dumped(topic: Topic) -> dict[str, Any]:
    """Return a topic as it comes back from JSON."""
    dumped: dict[str, Any] = json.loads(json.dumps(asdict(topic)))
    return dumped


def _loaded(dumped: dict[str, Any]) -> Topic:
    lists = {name: tuple(value) for name, value in dumped.items() if isinstance(value, list)}
    forms = {language: tuple(own) for language, own in dumped["forms"].items()}
    return Topic(**{**dumped, **lists, "forms": forms})


def _count(db: sqlite3.Connection, topic: Topic) -> None:
    """Store the mentions of a topic and where it is named, from the index terms of each passage that may contain one of its forms."""
    masks: dict[int, int] = {}
    named: dict[int, int] = {}
    for term in filter(None, map(term_of, map(fold, topic.written()))):
        rows = db.execute(
            """SELECT p.rowid, p.edition, p.start, p.content FROM passage_index i JOIN passage p ON p.rowid = i.rowid
               WHERE passage_index MATCH ?""",
            (term.expression,),
        )
        for rowid, edition, start, content in rows:
            *lines, heading = load_terms(content).split("\n")
            mask = sum(term.stands_in(line) << bit for bit, line in enumerate(lines))
            headed = term.stands_in(heading)
            if mask or headed:
                masks[rowid] = masks.get(rowid, 0) | mask
                named[edition] = named.get(edition, 0) | NAMED_IN_HEAD * (headed or start < HEAD)
        titled = db.execute(
            "SELECT rowid FROM edition_index WHERE edition_index MATCH ?", (f"title : ({term.expression})",)
        )
        for (edition,) in titled:
            named[edition] = named.get(edition, 0) | NAMED_IN_TITLE
    db.executemany(
        "INSERT INTO mention VALUES (?, ?, ?)", ((topic.id, rowid, mask) for rowid, mask in masks.items())
    )
    if masks:
        db.execute("INSERT INTO topic_count VALUES (?, ?)", (topic.id, len(masks)))
    put_edition_topics(db, ((edition, topic.id, places) for edition, places in named.items()))
    put_report_topics(db, "t.topic = ?", topic.id)
