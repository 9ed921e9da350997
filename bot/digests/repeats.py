"""Finds where the library has said a statement before, in nearly the same words, and what it said on the same matter."""

from __future__ import annotations

from dataclasses import dataclass

from bot.library.library import Library
from bot.models import IndexedPassage
from bot.trends.statements import SAME, Statement, Wording, cosine, sentence_id

# The longest words of a sentence tell it from others; who repeats it has kept most of them.
_WORDS = 6
_LOOKED_AT = 8
_NEAR = 0.35
"""The cosine from which two sentences are on the same matter."""


@dataclass(frozen=True, slots=True)
class Repeat:
    """A sentence on the same matter: its report, the id under which it is recorded as delivered, and the cosine."""

    report_id: str
    sentence_id: str
    likeness: float

    @property
    def says_the_same(self) -> bool:
        """Whether it says the same in nearly the same words."""
        return self.likeness >= SAME


class Repeats:
    """Searches one library."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def of(self, statement: Statement) -> tuple[Repeat, ...]:
        """The other sentences of the library, in the statement's languages, that say the same or go before it.

        Only the 8 passages nearest in words are looked at.
        """
        own = set(statement.sentence_ids)
        repeated: dict[str, Repeat] = {}
        for wording in statement.wordings.values():
            for indexed in self._near(wording):
                passage = indexed.passage
                if passage.language != wording.passage.language:
                    continue
                for sentence, line in zip(passage.sentences, indexed.terms.split("\n"), strict=False):
                    likeness = cosine(wording.terms, frozenset(line.partition("\t")[0].split()))
                    if likeness >= _NEAR:
                        other = sentence_id(sentence.text)
                        if other not in own or passage.report_id != statement.report.id:
                            repeated.setdefault(
                                f"{passage.report_id}.{other}", Repeat(passage.report_id, other, likeness)
                            )
        return tuple(repeated.values())

    def _near(self, wording: Wording) -> list[IndexedPassage]:
        words = sorted(wording.terms, key=lambda word: (-len(word.encode()), word))[:_WORDS]
        if not words:
            return []
        rowids = [rowid for rowid, _ in self._library.match_passages(words, _LOOKED_AT)]
        return list(self._library.passages(rowids).values())
