"""Compression of the values of library.db that SQL never looks into: texts, and the content of passages.

A passage's sentences, headings and index terms repeat the same text three times, so compressed together they take a
third of the space. The terms could be computed again but are stored: a search reads hundreds of passages, and
segmenting words is slow. Terms that follow from the letters of the headings are left out: many passages share their
headings, so these terms are computed once and cached.
"""

from __future__ import annotations

import bz2
import re
import zlib
from collections.abc import Sequence
from functools import lru_cache
from itertools import starmap
from operator import add
from typing import Any, Final

import msgspec

from bot.models import Figure, IndexedPassage, Sentence
from bot.sqlite.errors import Damaged
from bot.text.segment import bigrams, latin_words

_RAW: Final = -15
"""zlib's largest window, for a stream without a header: short values are numerous."""
_WINDOW: Final = -14
"""The window for writing, 16 KiB: no passage is longer, and setting up a larger one takes longer than compressing."""
_LEVEL: Final = 6
_LONG: Final = 5_000
"""Bytes of a text from which bz2 is used: it compresses better than zlib, which takes a tenth of the time."""
_BY_BZ2: Final = b"BZh"
"""The first bytes of every bz2 stream; no zlib stream begins with them."""
_FIRST_HAN: Final = "\u3400"
_OVERLAP: Final = re.compile("(?<=([\u3400-\U0010ffff])) \\1")
"""Where a Han bigram begins with the last character of the one before: the space, and that character."""
_WORDS, _PAIRS = 1, 2
"""Bits for the terms that follow from the letters of headings: their Latin words, their Han bigrams."""

_UNREADABLE: Final = (zlib.error, OSError, ValueError, msgspec.DecodeError)

_ENCODE: Final = msgspec.msgpack.Encoder().encode
_DECODE: Final = msgspec.msgpack.Decoder().decode


def compress(text: str) -> bytes:
    """Return `text` compressed: a long one with bz2, which saves a fifth over zlib; long texts are seldom read."""
    raw = text.encode("utf-8", "surrogatepass")
    return zlib.compress(raw) if len(raw) < _LONG else bz2.compress(raw)


def decompress(blob: bytes) -> str:
    """Return the text that compress() compressed."""
    try:
        raw = bz2.decompress(blob) if blob.startswith(_BY_BZ2) else zlib.decompress(blob)
        return raw.decode("utf-8", "surrogatepass")
    except _UNREADABLE as error:
        raise _damaged(error) from error


def pack(value: object) -> bytes:
    """Return a value made of lists, numbers and strings as compressed MessagePack."""
    return zlib.compress(_ENCODE(value), _LEVEL, wbits=_WINDOW)


def unpack(blob: bytes) -> Any:
    """Return the value that pack() packed."""
    try:
        return _DECODE(zlib.decompress(blob, wbits=_RAW))
    except _UNREADABLE as error:
        raise _damaged(error) from error


def _damaged(error: Exception) -> Damaged:
    return Damaged("library.db", f"{type(error).__name__} in a value")


def dump_passage(indexed: IndexedPassage) -> bytes:
    """Return the content of a passage as one compressed value: its sentences, headings and index terms."""
    passage = indexed.passage
    rows = [[s.text, s.pages, [_figure(figure) for figure in s.figures], s.whole] for s in passage.sentences]
    return dump_rows(rows, passage.headings, indexed.terms)


def dump_rows(sentences: Sequence[Sequence[Any]], headings: str, terms: str) -> bytes:
    """Return the same for sentences given as rows: [text, [page…], [figure…], whole].

    A whole sentence without pages and figures is stored as its text alone.
    """
    own, end, heading = terms.rpartition("\n")
    lines = "\n".join(map(_with_runs, own.split("\n"))) + end
    rows = [
        text if not pages and not figures and all(whole) else [text, pages, figures, *whole]
        for text, pages, figures, *whole in sentences
    ]
    # In this order zlib finds the most repetitions.
    return pack([headings, *_strip_derived(headings, heading), lines, rows])


def load_passage(blob: bytes) -> tuple[tuple[Sentence, ...], str, str]:
    """Return the sentences, headings and index terms of a passage's content."""
    headings, parts, heading, lines, rows = unpack(blob)
    sentences = tuple(
        [
            Sentence(row)
            if isinstance(row, str)
            else Sentence(row[0], tuple(row[1]), tuple(starmap(Figure, row[2])), *row[3:])
            for row in rows
        ]
    )
    return sentences, headings, expand_terms(lines) + _restore_derived(headings, parts, heading)


def load_terms(blob: bytes) -> str:
    """Return the index terms of a passage's content."""
    headings, parts, heading, lines, _ = unpack(blob)
    return expand_terms(lines) + _restore_derived(headings, parts, heading)


def load_texts(blob: bytes) -> list[str]:
    """Return the sentences of a passage's content as texts."""
    return load_headed(blob)[1]


def load_headed(blob: bytes) -> tuple[str, list[str]]:
    """Return the headings above a passage, and its sentences as texts."""
    headings, _, _, _, rows = unpack(blob)
    return headings, [row if isinstance(row, str) else row[0] for row in rows]


def expand_terms(blob: str) -> str:
    """Return stored lines of terms with their Han runs expanded to bigrams."""
    if blob.isascii():  # as most passages in English are
        return blob
    return "\n".join([_with_pairs(line) for line in blob.split("\n")])


def _figure(f: Figure) -> tuple[object, ...]:
    fields = (f.value, f.unit, f.text, f.clause, f.period, f.subject, f.modality)
    return (*fields, f.quantity) if f.quantity else fields


def _with_runs(line: str) -> str:
    """Return a line of terms with overlapping Han bigrams joined to the run that they come from: 人工智能 for 人工 工智 智能.

    Where expanding the runs would not give the same terms, they are kept unchanged after a second tab.
    """
    words, _, finding = line.partition("\t")
    if not finding or finding.isascii():
        return line
    joined = _OVERLAP.sub("", finding)
    # Bigrams alone, as in most lines, always expand to themselves; other terms are checked.
    same = len(finding) == 3 * finding.count(" ") + 2 or _pairs(joined) == finding
    return f"{words}\t{joined}" if same else f"{words}\t\t{finding}"


def _with_pairs(line: str) -> str:
    """Return the line that _with_runs() was given."""
    words, _, finding = line.partition("\t")
    if not finding or finding.isascii():
        return line
    return f"{words}\t{finding[1:]}" if finding[0] == "\t" else f"{words}\t{_pairs(finding)}"


def _pairs(finding: str) -> str:
    return " ".join(
        [
            " ".join(map(add, term, term[1:])) if len(term) > 2 and term[0] >= _FIRST_HAN else term
            for term in finding.split(" ")
        ]
    )


@lru_cache(maxsize=1 << 8)
def _strip_derived(headings: str, line: str) -> tuple[int, str]:
    """Return which parts of the headings' line of terms follow from their letters, and the line without them."""
    latin, pairs = _derived_terms(headings)
    words, tab, finding = line.partition("\t")
    parts = 0
    if latin and f"{words} ".startswith(f"{latin} "):
        parts, words = _WORDS, words[len(latin) :]
    if pairs and f"{finding} ".startswith(f"{pairs} "):
        return parts | _PAIRS, f"{words}{tab}{finding[len(pairs) :]}"
    return parts, _with_runs(f"{words}{tab}{finding}")


@lru_cache(maxsize=1 << 12)
def _restore_derived(headings: str, parts: int, line: str) -> str:
    """Return the line of terms that _strip_derived() was given."""
    latin, pairs = _derived_terms(headings)
    words, tab, finding = (line if parts & _PAIRS else _with_pairs(line)).partition("\t")
    return f"{latin if parts & _WORDS else ''}{words}{tab}{pairs if parts & _PAIRS else ''}{finding}"


def _derived_terms(headings: str) -> tuple[str, str]:
    return " ".join(latin_words(headings.lower())), " ".join(bigrams(headings))
