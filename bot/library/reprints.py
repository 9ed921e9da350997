"""Which reports are reprints of one another: found by hashes of word runs that they share, then compared whole.

a text -> its runs of five Han or three words as hashes
every eighth hash is kept with its edition, of a long text fewer (run_hash)   # so that a copy is found by any part of it
a new edition: the editions that share most of the kept hashes       # a few questions to one table
    compared whole: containment of the shorter in the longer         # shortened and framed copies have little else in common

A text inside one of more than LONGEST times its length is quoted, not reprinted: a daily that quotes a hundred reports
must not make one origin of them.
"""

from __future__ import annotations

import re
import sqlite3
import struct
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from itertools import chain, filterfalse, islice
from typing import Final

from bot.library.compressed import decompress
from bot.library.rows import chunks
from bot.models import IndexedEdition

CONTAINED: Final = 0.6
"""The share of the shorter text's runs that a reprint has in common with the longer one."""
FEWEST: Final = 30
"""Runs that two texts must share: less is a phrase."""
LONGEST: Final = 4

_KEPT: Final = 8
"""Of so many hashes one is kept; of a long text, of twice, four times as many, so that the same ones are kept of its copies."""
_MOST_KEPT: Final = 512
"""Hashes of one text that are kept: more of them tell copies apart no better."""
_SHARED_HASHES: Final = 0.1
"""The share of a text's kept hashes that an edition must have to be compared with it."""
_COMPARED: Final = 4
"""Editions that one text is compared with."""
_HAN: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_WORD: Final = re.compile(r"[^\W_]+")
_NO_LETTER: Final = re.compile(r"[\W_]+")
_FIVE: Final = struct.Struct("10s")
"""Five characters in UTF-16."""
_LEAST_HAN: Final = 0.2
_LOOKED_AT: Final = 1_000
"""Letters by which the script of a text is told."""


def runs_of(text: str) -> AbstractSet[int]:
    """The hashes of the runs of a cleaned text, whose script is one already: of five Han, or of three words."""
    return set(_hashes(text))


def kept_runs(text: str) -> list[int]:
    """The hashes by which the reprints of a text are found, in order."""
    kept = set(filterfalse((_KEPT - 1).__and__, _hashes(text)))  # what _KEPT, a power of two, divides
    step = _KEPT
    while len(kept) > _MOST_KEPT:
        step *= 2
        kept = {hashed for hashed in kept if hashed % step == 0}
    return sorted(kept)


def _hashes(text: str) -> Iterator[int]:
    """The hash of each run of a text, in any order, one at a time: those of a book would fill the memory."""
    letters = _NO_LETTER.sub("", text.lower())
    if len(_HAN.findall(letters, 0, _LOOKED_AT)) > _LEAST_HAN * min(len(letters), _LOOKED_AT):
        raw = letters.encode("utf-16-le", "surrogatepass")
        # Every fifth run from each of the first five on: those side by side are cut out in one go.
        rows = (
            _FIVE.iter_unpack(raw[start : start + (len(raw) - start) // 10 * 10]) for start in range(0, 10, 2)
        )
        return map(zlib.crc32, chain.from_iterable(chain.from_iterable(rows)))
    words = " ".join(_WORD.findall(text.lower())).encode("utf-8", "surrogatepass").split(b" ")
    triples = zip(words, islice(words, 1, None), islice(words, 2, None), strict=False)
    return map(zlib.crc32, map(b" ".join, triples))


def is_reprint(runs: AbstractSet[int], others: AbstractSet[int]) -> bool:
    """Whether one of two texts is a reprint of the other, by their runs."""
    shorter, longer = sorted((len(runs), len(others)))
    shared = len(runs & others)
    return shared >= FEWEST and shared >= CONTAINED * shorter and longer <= LONGEST * shorter


def find_origin(db: sqlite3.Connection, edition: IndexedEdition, kept: list[int]) -> str | None:
    """The origin of a stored report that one with these kept runs is a reprint of, None for a text of its own."""
    shared: Counter[int] = Counter()
    for chunk in chunks(kept):
        marks = ",".join("?" * len(chunk))
        rows = db.execute(
            f"""SELECT edition, count(*) FROM run_hash WHERE hash IN ({marks})
                GROUP BY edition ORDER BY min(hash), edition""",  # noqa: S608  # question marks only
            chunk,
        )
        shared.update(dict(rows.fetchall()))
    runs: AbstractSet[int] = frozenset()
    for key, common in shared.most_common(_COMPARED):
        if common < max(2, _SHARED_HASHES * len(kept)):
            break
        other, text, origin = db.execute(
            "SELECT r.id, e.text, r.origin FROM edition e JOIN report r ON r.id = e.report_id WHERE e.key = ?",
            (key,),
        ).fetchone()
        if other == edition.report_id:
            continue
        runs = runs or runs_of(edition.document.text)
        if is_reprint(runs, runs_of(decompress(text))):
            return str(origin)
    return None


def put_runs(db: sqlite3.Connection, edition: int, kept: Iterable[int]) -> None:
    """Keeps what a later reprint of an edition is found by: see kept_runs()."""
    db.executemany("INSERT INTO run_hash VALUES (?, ?)", ((hashed, edition) for hashed in kept))


def delete_runs(db: sqlite3.Connection, edition: int, text: str) -> None:
    """Forgets what put_runs() kept of an edition with this text."""
    rows = ((hashed, edition) for hashed in kept_runs(text))
    db.executemany("DELETE FROM run_hash WHERE hash = ? AND edition = ?", rows)
