"""The parts of a library that SQL never looks into, as compressed values: texts, and what a passage is shown and weighed by.

A passage's sentences, headings and index terms say the same three times over, so that together they take a third. The
terms are kept although they could be made again: a search reads hundreds of passages, and cutting words is dear.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from itertools import starmap
from operator import add
from typing import Any, Final

import msgspec

from bot.models import Figure, IndexedPassage, Sentence

_RAW: Final = -15
"""zlib's name for a value without a header: short values are many."""
_LEVEL: Final = 6
_FIRST_HAN: Final = "\u3400"
_OVERLAP: Final = re.compile("([\u3400-\U0010ffff]) \\1")
"""Where one Han pair ends with the character that the next begins with."""

_ENCODE: Final = msgspec.msgpack.Encoder().encode
_DECODE: Final = msgspec.msgpack.Decoder().decode


def compress(text: str) -> bytes:
    """A text as it is kept."""
    return zlib.compress(text.encode("utf-8", "surrogatepass"), _LEVEL, wbits=_RAW)


def decompress(kept: bytes) -> str:
    """The text that compress() was given."""
    return zlib.decompress(kept, wbits=_RAW).decode("utf-8", "surrogatepass")


def dump_passage(indexed: IndexedPassage) -> bytes:
    """What is read of a passage as it is kept."""
    passage = indexed.passage
    rows = [[s.text, s.pages, [_figure(figure) for figure in s.figures], s.whole] for s in passage.sentences]
    return dump_rows(rows, passage.headings, indexed.terms)


def dump_rows(sentences: Sequence[object], headings: str, terms: str) -> bytes:
    """The same of sentences as rows: [text, [page…], [figure…], whole]."""
    content = _ENCODE([sentences, headings, "\n".join(map(_with_runs, terms.split("\n")))])
    return zlib.compress(content, _LEVEL, wbits=_RAW)


def load_passage(kept: bytes) -> tuple[tuple[Sentence, ...], str, str]:
    """Sentences, headings and index terms of a passage."""
    rows, headings, terms = _loaded(kept)
    sentences = tuple(
        [
            Sentence(text, tuple(pages), tuple(starmap(Figure, figures)) if figures else (), *whole)
            for text, pages, figures, *whole in rows
        ]
    )
    return sentences, headings, _terms(terms)


def load_terms(kept: bytes) -> str:
    """The index terms of a passage."""
    return _terms(_loaded(kept)[2])


def load_texts(kept: bytes) -> list[str]:
    """The sentences of a passage as texts."""
    return [row[0] for row in _loaded(kept)[0]]


def _loaded(kept: bytes) -> tuple[list[list[Any]], str, str]:
    rows, headings, terms = _DECODE(zlib.decompress(kept, wbits=_RAW))
    return rows, headings, terms


def _figure(f: Figure) -> tuple[object, ...]:
    told = (f.value, f.unit, f.text, f.clause, f.period, f.subject, f.modality)
    return (*told, f.quantity) if f.quantity else told


def _with_runs(line: str) -> str:
    """A line of terms with Han pairs that follow each other as the run that they are of: 人工智能 for 人工 工智 智能.

    What would be read otherwise stands as it is behind a second tab.
    """
    words, tab, finding = line.partition("\t")
    if not tab or not finding:
        return line
    joined = _OVERLAP.sub(r"\1", finding)
    return f"{words}\t{joined}" if _pairs(joined) == finding else f"{words}\t\t{finding}"


def _terms(kept: str) -> str:
    """The lines of terms that _with_runs() was given."""
    return "\n".join([_with_pairs(line) for line in kept.split("\n")]) if "\t" in kept else kept


def _with_pairs(line: str) -> str:
    words, _, finding = line.partition("\t")
    if not finding:
        return line
    return f"{words}\t{finding[1:]}" if finding[0] == "\t" else f"{words}\t{_pairs(finding)}"


def _pairs(finding: str) -> str:
    return " ".join(
        [
            " ".join(map(add, term, term[1:])) if len(term) > 2 and term[0] >= _FIRST_HAN else term
            for term in finding.split(" ")
        ]
    )
