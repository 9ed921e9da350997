"""The index of whole editions, by which reports are counted and weighed: title, head (headings and beginning), body.

It keeps no copy of what it indexes, which would be a fifth of the library: the rows are made again from the terms of
the passages when an edition is deleted.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

from bot.library.compressed import decompress, load_terms

HEAD = 800
"""Characters at the beginning of a text that say what it is about."""

_MOST_TERMS = 4_000_000
"""Characters of terms by which an edition is found as a whole: those of a book of 800,000 Chinese characters.

SQLite holds all terms of a row in memory; the passages of a longer text are all found by their own.
"""


class EditionTerms(NamedTuple):
    """What an edition is found by."""

    title: str
    head: str
    body: str


def edition_terms(title: str, rest: str, passages: Iterable[tuple[int, str]]) -> EditionTerms:
    """The row of an edition: from the terms of its title and of what is in no passage, and the start and terms of each."""
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
    """Takes an edition out of the index. Its passages must still be there, with their terms."""
    title, rest = db.execute("SELECT title_terms, rest_terms FROM edition WHERE key = ?", (key,)).fetchone()
    passages = db.execute("SELECT start, content FROM passage WHERE edition = ? ORDER BY position", (key,))
    db.execute(
        "INSERT INTO edition_index (edition_index, rowid, title, head, body) VALUES ('delete', ?, ?, ?, ?)",
        (key, *edition_terms(title, decompress(rest), ((row[0], load_terms(row[1])) for row in passages))),
    )
