"""Finds reports that are reprints of one another: by shared hashes of word runs first, then by comparing whole texts.

a text -> hashes of its runs of five Han characters or three words
every eighth hash is stored with its edition, fewer of a long text   # so that a copy is found by any part of it
a new edition: the editions that share most of the stored hashes     # a few queries of one table, run_hash
    compared whole: containment of the shorter in the longer         # shortened, framed copies share little else

A text inside one of more than LONGEST times its length is quoted, not reprinted: a daily that quotes a hundred reports
must not merge them into one origin.
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
from bot.models import IndexedEdition

CONTAINED: Final = 0.6
"""Share of the shorter text's runs that a reprint has in common with the longer text."""
FEWEST: Final = 30
"""Minimum runs that two texts share: fewer are a common phrase."""
LONGEST: Final = 4
"""Maximum length of the longer text, as a multiple of the shorter one's, in runs."""

_KEPT: Final = 8
"""One hash in so many is stored; of long texts one in twice, four times as many, so that copies store the same ones."""
_MOST_KEPT: Final = 512
"""Maximum stored hashes of one text: more of them tell copies apart no better."""
_SHARED_HASHES: Final = 0.1
"""Share of a text's stored hashes that an edition must have to be compared with it."""
_COMPARED: Final = 4
"""Maximum editions that one text is compared with."""
_EARLIEST: Final = 100
"""Maximum editions looked up for one hash, the earliest: a footer is in thousands, a much reprinted text among them."""
_HAN: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_WORD: Final = re.compile(r"[^\W_]+")
_NO_LETTER: Final = re.compile(r"[\W_]+")
_FIVE: Final = struct.Struct("10s")
"""Five characters in UTF-16."""
_LEAST_HAN: Final = 0.2
_SCRIPT_SAMPLE: Final = 1_000
"""Number of letters that decide the script of a text."""
_BEGINNING: Final = 4 * _SCRIPT_SAMPLE
"""Characters of a text that nearly always hold so many letters."""


def runs_of(text: str) -> AbstractSet[int]:
    """Return the hashes of the runs of a cleaned text, already in one script: of five Han characters or three words."""
    return set(_hashes(text))


def kept_runs(text: str) -> list[int]:
    """Return the hashes by which the reprints of a text are found, in order."""
    kept = set(filterfalse((_KEPT - 1).__and__, _hashes(text)))  # the multiples of _KEPT, a power of two
    step = _KEPT
    while len(kept) > _MOST_KEPT:
        step *= 2
        kept = {hashed for hashed in kept if hashed % step == 0}
    return sorted(kept)


def _hashes(text: str) -> Iterator[int]:
    """Yield the hash of each run of a text, in any order, one at a time: those of a book would fill the memory."""
    if _is_chinese(text):
        raw = _NO_LETTER.sub("", text.lower()).encode("utf-16-le", "surrogatepass")
        # From each of the first five characters, every fifth run: adjacent runs are unpacked in one call.
        rows = (
            _FIVE.iter_unpack(raw[start : start + (len(raw) - start) // 10 * 10]) for start in range(0, 10, 2)
        )
        return map(zlib.crc32, chain.from_iterable(chain.from_iterable(rows)))
    words = " ".join(_WORD.findall(text.lower())).encode("utf-8", "surrogatepass").split(b" ")
    triples = zip(words, islice(words, 1, None), islice(words, 2, None), strict=False)
    return map(zlib.crc32, map(b" ".join, triples))


def _is_chinese(text: str) -> bool:
    """Return whether a text has many East Asian characters among its first letters."""
    letters = _NO_LETTER.sub("", text[:_BEGINNING].lower())
    if len(letters) < _SCRIPT_SAMPLE:
        letters = _NO_LETTER.sub("", text.lower())
    return len(_HAN.findall(letters, 0, _SCRIPT_SAMPLE)) > _LEAST_HAN * min(len(letters), _SCRIPT_SAMPLE)


def is_reprint(runs: AbstractSet[int], others: AbstractSet[int]) -> bool:
    """Return whether one of two texts is a reprint of the other, by their runs."""
    shorter, longer = sorted((len(runs), len(others)))
    shared = len(runs & others)
    return shared >= FEWEST and shared >= CONTAINED * shorter and longer <= LONGEST * shorter


def find_origin(db: sqlite3.Connection, edition: IndexedEdition, kept: list[int]) -> str | None:
    """Return the origin of the stored report that an edition is a reprint of, None for a text of its own.

    `kept` are the edition's hashes from kept_runs().
    """
    shared: Counter[int] = Counter()
    for hashed in kept:
        rows = db.execute(
            "SELECT edition FROM run_hash WHERE hash = ? ORDER BY edition LIMIT ?", (hashed, _EARLIEST)
        )
        shared.update(row[0] for row in rows)
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
    """Store the hashes by which later reprints of an edition are found: see kept_runs()."""
    db.executemany("INSERT INTO run_hash VALUES (?, ?)", ((hashed, edition) for hashed in kept))


def delete_runs(db: sqlite3.Connection, edition: int, text: str) -> None:
    """Delete what put_runs() stored for an edition with this text."""
    rows = ((hashed, edition) for hashed in kept_runs(text))
    db.executemany("DELETE FROM run_hash WHERE hash = ? AND edition = ?", rows)
