"""The parts of a library that SQL never looks into, as compressed values: texts, and what a passage is shown and weighed by.

A passage's sentences, headings and index terms say the same three times over, so that together they take a third. The
terms are kept although they could be made again: a search reads hundreds of passages, and cutting words is dear. What
follows from the letters of its headings is left out: many passages share them, so they are read once.
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
from bot.text.segment import bigrams, latin_words

_RAW: Final = -15
"""zlib's name for a value without a header: short values are many."""
_LEVEL: Final = 6
_LONG: Final = 5_000
"""Bytes of a text from which on bz2 makes less of it than zlib, which takes a tenth of the time."""
_BY_BZ2: Final = b"BZh"
"""What bz2 begins with, and zlib never does."""
_FIRST_HAN: Final = "\u3400"
_OVERLAP: Final = re.compile("(?<=([\u3400-\U0010ffff])) \\1")
"""Where a Han pair begins with the character that the one before ends with: the space, and that character."""
_WORDS, _PAIRS = 1, 2
"""What follows from the letters of headings: their Latin words, their Han pairs."""

_ENCODE: Final = msgspec.msgpack.Encoder().encode
_DECODE: Final = msgspec.msgpack.Decoder().decode


def compress(text: str) -> bytes:
    """A text as it is kept: a long one by bz2, which makes a fifth less of it than zlib, and is read seldom."""
    raw = text.encode("utf-8", "surrogatepass")
    return zlib.compress(raw) if len(raw) < _LONG else bz2.compress(raw)


def decompress(kept: bytes) -> str:
    """The text that compress() was given."""
    raw = bz2.decompress(kept) if kept.startswith(_BY_BZ2) else zlib.decompress(kept)
    return raw.decode("utf-8", "surrogatepass")


def pack(value: object) -> bytes:
    """Lists, numbers and texts as they are kept."""
    return zlib.compress(_ENCODE(value), _LEVEL, wbits=_RAW)


def unpack(kept: bytes) -> Any:
    """The value that pack() was given."""
    return _DECODE(zlib.decompress(kept, wbits=_RAW))


def dump_passage(indexed: IndexedPassage) -> bytes:
    """What is read of a passage as it is kept."""
    passage = indexed.passage
    rows = [[s.text, s.pages, [_figure(figure) for figure in s.figures], s.whole] for s in passage.sentences]
    return dump_rows(rows, passage.headings, indexed.terms)


def dump_rows(sentences: Sequence[Sequence[Any]], headings: str, terms: str) -> bytes:
    """The same of sentences as rows: [text, [page…], [figure…], whole], kept as their text alone where there is no more."""
    own, end, heading = terms.rpartition("\n")
    lines = "\n".join(map(_with_runs, own.split("\n"))) + end
    rows = [
        text if not pages and not figures and all(whole) else [text, pages, figures, *whole]
        for text, pages, figures, *whole in sentences
    ]
    # In this order zlib finds most of what is said again.
    return pack([headings, *_left_out(headings, heading), lines, rows])


def load_passage(kept: bytes) -> tuple[tuple[Sentence, ...], str, str]:
    """Sentences, headings and index terms of a passage."""
    headings, parts, heading, lines, rows = _loaded(kept)
    sentences = tuple([Sentence(row) if isinstance(row, str) else _sentence(*row) for row in rows])
    return sentences, headings, expand_terms(lines) + _heading_terms(headings, parts, heading)


def load_terms(kept: bytes) -> str:
    """The index terms of a passage."""
    headings, parts, heading, lines, _ = _loaded(kept)
    return expand_terms(lines) + _heading_terms(headings, parts, heading)


def load_texts(kept: bytes) -> list[str]:
    """The sentences of a passage as texts."""
    return load_headed(kept)[1]


def load_headed(kept: bytes) -> tuple[str, list[str]]:
    """The headings over a passage, and its sentences as texts."""
    headings, _, _, _, rows = _loaded(kept)
    return headings, [row if isinstance(row, str) else row[0] for row in rows]


def _loaded(kept: bytes) -> tuple[str, int, str, str, list[Any]]:
    headings, parts, heading, lines, rows = unpack(kept)
    return headings, parts, heading, lines, rows


def _sentence(text: str, pages: Sequence[int], figures: Sequence[Sequence[Any]], *whole: bool) -> Sentence:
    return Sentence(text, tuple(pages), tuple(starmap(Figure, figures)) if figures else (), *whole)


def expand_terms(kept: str) -> str:
    """The lines of terms that are kept with Han pairs as the runs that they are of."""
    if kept.isascii():  # as most of a passage in English is
        return kept
    return "\n".join([_with_pairs(line) for line in kept.split("\n")])


def _figure(f: Figure) -> tuple[object, ...]:
    told = (f.value, f.unit, f.text, f.clause, f.period, f.subject, f.modality)
    return (*told, f.quantity) if f.quantity else told


def _with_runs(line: str) -> str:
    """A line of terms with Han pairs that follow each other as the run that they are of: 人工智能 for 人工 工智 智能.

    What would be read otherwise stands as it is behind a second tab.
    """
    words, _, finding = line.partition("\t")
    if not finding or finding.isascii():
        return line
    joined = _OVERLAP.sub("", finding)
    # Pairs alone, as of most lines, are read as they were.
    same = len(finding) == 3 * finding.count(" ") + 2 or _pairs(joined) == finding
    return f"{words}\t{joined}" if same else f"{words}\t\t{finding}"


def _with_pairs(line: str) -> str:
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
def _left_out(headings: str, line: str) -> tuple[int, str]:
    """Which parts of the line of terms of these headings follow from their letters, and the line without them."""
    latin, pairs = _of_letters(headings)
    words, tab, finding = line.partition("\t")
    parts = 0
    if latin and f"{words} ".startswith(f"{latin} "):
        parts, words = _WORDS, words[len(latin) :]
    if pairs and f"{finding} ".startswith(f"{pairs} "):
        return parts | _PAIRS, f"{words}{tab}{finding[len(pairs) :]}"
    return parts, _with_runs(f"{words}{tab}{finding}")


@lru_cache(maxsize=1 << 12)
def _heading_terms(headings: str, parts: int, line: str) -> str:
    """The line of terms that _left_out() was given."""
    latin, pairs = _of_letters(headings)
    words, tab, finding = (line if parts & _PAIRS else _with_pairs(line)).partition("\t")
    return f"{latin if parts & _WORDS else ''}{words}{tab}{pairs if parts & _PAIRS else ''}{finding}"


def _of_letters(headings: str) -> tuple[str, str]:
    return " ".join(latin_words(headings.lower())), " ".join(bigrams(headings))
