"""Finds the sentences of the library that say the same as a statement, or are on the same matter."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from msgspec import Struct

from bot.library.library import Library
from bot.library.rows import DAY_SHIFT
from bot.models import IndexedPassage, Report
from bot.text.normalise import fold
from bot.text.rule_data import read_words
from bot.text.stopwords import STOPWORDS
from bot.trends.statements import SAME, Statement, Wording, cosine, sentence_id

# Words searched for: the numbers and longest words set a sentence apart, and a repetition keeps most of them; in other
# words it keeps the names, of which as many are added.
_WORDS = 8
# Passages read; those of the same day rank as high as those of the days before.
_LOOKED_AT = 16
_NEAR = 0.35
"""Cosine from which two sentences are on the same matter."""
_GOES_ON = 0.45
"""Cosine from which a later sentence continues an earlier one."""
_IN_OTHER_WORDS: Final = 0.2
"""Cosine from which two sentences with the same names in the same days are on the same matter."""
_DAYS: Final = 5
_NAMES: Final = 3
"""Names and numbers, in pieces, by which a sentence is recognised in other words: fewer may be those of a maker."""
_LABEL: Final = re.compile(r"^[^:：]{2,110}[:：]\s*")
"""An item's title before its sentence; titles capitalise every word."""
_DETAIL: Final = re.compile(r"(?<![@\w.-])[A-Z][\w.-]+|[A-Za-z]*\d[\w.]*(?:,\d{3})*", re.ASCII)
_KINDS: Final = read_words(Path(__file__).with_name("abbreviations_of_kinds.txt"))
_BETWEEN: Final = re.compile(r"[\s-]+")
_PIECE: Final = re.compile(r"[a-z]+|\d+(?:[.,]\d+)*")


class Repeat(Struct, frozen=True):
    """A sentence on the same matter as a statement: its report, its id, and the cosine of the two.

    The id is the one under which its delivery is recorded. `lacks` are the names and numbers of the statement,
    in pieces, that this sentence does not have.
    """

    report_id: str
    sentence_id: str
    likeness: float
    lacks: frozenset[str] = frozenset()
    same_names: bool = False
    """Whether it has, in the same days, all names and numbers of the statement, which has at least three."""

    @property
    def says_the_same(self) -> bool:
        """Whether it says the same in nearly the same words."""
        return self.likeness >= SAME

    @property
    def goes_before(self) -> bool:
        """Whether the statement, if it is later, continues this sentence or tells its matter in other words."""
        return self.likeness >= _GOES_ON or self.same_names


class Repeats:
    """Searches one library for repetitions."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def repeats_of(self, statement: Statement) -> tuple[Repeat, ...]:
        """Return the other sentences of the library on the same matter, in the languages of the statement.

        Only the 16 passages with the most similar words are read for each language.
        """
        own = set(statement.sentence_ids)
        repeated: dict[str, Repeat] = {}
        for wording in statement.wordings.values():
            for rowid, indexed in self._near(wording).items():
                passage = indexed.passage
                if passage.language != wording.passage.language:
                    continue
                for sentence, line in zip(passage.sentences, indexed.terms.split("\n"), strict=False):
                    likeness = cosine(wording.terms, frozenset(line.partition("\t")[0].split()))
                    same = likeness >= _IN_OTHER_WORDS and _same_days(statement.report, rowid)
                    same = same and names_all(wording.sentence.text, sentence.text)
                    if likeness >= _NEAR or same:
                        other = sentence_id(sentence.text)
                        if other not in own or passage.report_id != statement.report.id:
                            lacks = details_of(wording.sentence.text) - pieces_of(sentence.text)
                            repeated.setdefault(
                                f"{passage.report_id}.{other}",
                                Repeat(passage.report_id, other, likeness, lacks, same),
                            )
        return tuple(repeated.values())

    def _near(self, wording: Wording) -> dict[int, IndexedPassage]:
        numbers = sorted(word for word in wording.terms if word[0].isdigit())[: _WORDS // 2]
        longest = sorted(wording.terms - set(numbers), key=lambda word: (-len(word.encode()), word))
        names = sorted(wording.terms.intersection(details_of(wording.sentence.text)).difference(numbers))
        words = list(dict.fromkeys([*numbers, *longest[: _WORDS - len(numbers)], *names[:_WORDS]]))
        if not words:
            return {}
        rowids = [rowid for rowid, _ in self._library.match_passages(words, _LOOKED_AT)]
        return self._library.passages(rowids)


def details_of(text: str) -> frozenset[str]:
    """Return the names and numbers of a sentence, in pieces: gpt and 4.5 of GPT-4.5. Its label, a title, is left out.

    Single letters are left out too, since "3.5B" is "3.5 billion", and so are abbreviations that name a kind of thing.
    """
    said = _LABEL.sub("", text) or text
    pieces = (piece for detail in _DETAIL.findall(said) for piece in _PIECE.findall(fold(detail)))
    return frozenset(piece for piece in pieces if piece[0].isdigit() or len(piece) > 1) - _KINDS - STOPWORDS


def _same_days(report: Report, rowid: int) -> bool:
    """Return whether a passage was published within some days of a report."""
    day = report.published
    return day is not None and abs(day.toordinal() - (rowid >> DAY_SHIFT)) <= _DAYS


def names_all(text: str, other: str) -> bool:
    """Return whether a sentence has at least three names and numbers, and another sentence has them all."""
    details = details_of(text)
    if len(details) < _NAMES or not details <= pieces_of(other):
        return False
    # GPT-4.5 is GPT 4.5, but not GPT-4 and 3.5.
    names = [fold(name) for name in _DETAIL.findall(_LABEL.sub("", text) or text)]
    closed = _BETWEEN.sub("", fold(other))
    return all(
        _BETWEEN.sub("", name) in closed for name in names if not details.isdisjoint(_PIECE.findall(name))
    )


def pieces_of(text: str) -> frozenset[str]:
    """Return the Latin words and the numbers of a sentence."""
    return frozenset(_PIECE.findall(fold(text)))
