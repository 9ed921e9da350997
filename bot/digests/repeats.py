"""Finds where the library has said a statement before, in nearly the same words."""

from __future__ import annotations

from dataclasses import dataclass

from bot.library.library import Library
from bot.models import IndexedPassage
from bot.trends.statements import Statement, Wording, repeats, sentence_id

# The longest words of a sentence tell it from others; who repeats it has kept most of them.
_WORDS = 6
_LOOKED_AT = 8


@dataclass(frozen=True, slots=True)
class Repeat:
    """A sentence that says the same: its report, and the id under which it is recorded as delivered."""

    report_id: str
    sentence_id: str


class Repeats:
    """Searches one library."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def of(self, statement: Statement) -> tuple[Repeat, ...]:
        """The other sentences of the library, in the statement's languages, that say the same.

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
                    if repeats(wording.terms, frozenset(line.partition("\t")[0].split())):
                        other = sentence_id(sentence.text)
                        if other not in own or passage.report_id != statement.report.id:
                            repeated.setdefault(
                                f"{passage.report_id}.{other}", Repeat(passage.report_id, other)
                            )
        return tuple(repeated.values())

    def _near(self, wording: Wording) -> list[IndexedPassage]:
        words = sorted(wording.terms, key=lambda word: (-len(word.encode()), word))[:_WORDS]
        if not words:
            return []
        rowids = [rowid for rowid, _ in self._library.match_passages(words, _LOOKED_AT)]
        return list(self._library.passages(rowids).values())
