"""The index of whole editions, by which reports are counted and ranked: title, head (headings and beginning), body.

It stores no copy of the indexed text, which would be a fifth of the library: when an edition is deleted, its row is
made again from the terms of its passages.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

from bot.library.compressed import decompress, load_terms

HEAD = 800
"""Characters at the beginning of a text that count as its head: they say what it is about."""

_MOST_TERMS = 4_000_000
"""Maximum characters of terms in the row of an edition: those of a book of 800,000 Chinese characters.

SQLite holds all terms of a row in memory. In a longer text each passage can still be found by its own terms.
"""


class EditionTerms(NamedTuple):
    """Row of an edition in the index."""

    title: str
    head: str
    body: str


def edition_terms(title: str, rest: str, passages: Iterable[tuple[int, str]]) -> EditionTerms:
    """Return the row of an edition.

    `rest` are the terms of its text outside passages; `passages` gives the start and terms of each passage.
    """
    head: list[str] = []
    body: list[str] = []
    headings: set[str] = set()
    room = _MOST_TERMS
    for start, terms in passages:
        own, _, heading = terms.rpartition("\n")
        if heading not in headings:
            headings.add(heading)
            head.append(heading)
        if (room := room - len(own)) >= 0:
            (head if start < HEAD else body).append(own)
    if len(rest) <= room:
        body.append(rest)
    return EditionTerms(title, "\n".join(head), "\n".join(body))


def delete_edition_terms(db: sqlite3.Connection, key: int) -> None:
    """Delete an edition from the index. Its passages must still be stored, with their terms."""
    title, rest = db.execute("SELECT title_terms, rest_terms FROM edition WHERE key = ?", (key,)).fetchone()
    passages = db.execute("SELECT start, content FROM passage WHERE edition = ? ORDER BY position", (key,))
    db.execute(
        "INSERT INTO edition_index (edition_index, rowid, title, head, body) VALUES ('delete', ?, ?, ?, ?)",
        (key, *edition_terms(title, decompress(rest), ((row[0], load_terms(row[1])) for row in passages))),
    )
