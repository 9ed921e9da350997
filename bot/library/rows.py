"""Rows of library.db as the words of the project, and back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, TypeVar

from bot.models import Figure, Passage, Sentence

_T = TypeVar("_T")

# SQLite takes 999 parameters in its older versions.
_PARAMETERS = 500
_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def dump_sentences(sentences: Iterable[Sentence]) -> str:
    """Sentences as JSON: [[text, [page…], [figure…], whole]…]."""
    rows = [[s.text, list(s.pages), [_figure(figure) for figure in s.figures], s.whole] for s in sentences]
    return _ENCODE(rows)


def _figure(f: Figure) -> tuple[object, ...]:
    return f.value, f.unit, f.text, f.clause, f.period, f.subject, f.modality


def passage_of(row: Sequence[Any]) -> Passage:
    """The passage of a row: rowid, id, report, language, position, start, end, sentences."""
    _, passage, report, language, position, start, end, dumped = row
    sentences = tuple(
        [
            Sentence(text, tuple(pages), tuple([Figure(*figure) for figure in figures]), *whole)
            for text, pages, figures, *whole in json.loads(dumped)
        ]
    )
    return Passage(passage, report, language, position, start, end, sentences)


def day_of(ordinal: int | None) -> date | None:
    """The day with this ordinal, None for none."""
    return None if ordinal is None else date.fromordinal(ordinal)


def chunks(values: list[_T]) -> Iterator[list[_T]]:
    """`values` in pieces that one statement takes as parameters."""
    for start in range(0, len(values), _PARAMETERS):
        yield values[start : start + _PARAMETERS]
